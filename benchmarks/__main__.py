"""Print every budget that exists so far, measured now, with the machine."""

import sys
from itertools import chain

from benchmarks.budgets import ROWS, machine
from benchmarks.screen import key_rows


def main() -> int:
    """Measure row after row; a budget that is not held is marked and ends with exit code 1."""
    print(machine())
    held = True
    for row in chain((measure() for measure in ROWS), key_rows()):
        held &= row.held
        print(f"{'■' if row.held else '×'} {row.what:<58} {row.figure:<62} {row.budget}", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
