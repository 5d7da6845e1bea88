"""Print every budget that exists so far, measured now, with the machine."""

import sys

from benchmarks.budgets import ROWS, machine


def main() -> int:
    """Measure row after row; a budget that is not held is marked and ends with exit code 1."""
    print(machine())
    held = True
    for measure in ROWS:
        row = measure()
        held &= row.held
        print(f"{'■' if row.held else '×'} {row.what:<58} {row.figure:<62} {row.budget}", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
