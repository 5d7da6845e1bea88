"""``python -m tests.fuzz``: gives damaged input of every kind to the real entry points."""

import argparse
import json
import sys

from tests.fuzz.kinds import KINDS
from tests.fuzz.running import chance_of, feed_all

LONG = 100_000


def main() -> int:
    arguments = _arguments()
    names = [arguments.kind] if arguments.kind else list(KINDS)
    if arguments.only is not None:
        print(KINDS[names[0]].prepare()(chance_of(names[0], arguments.seed, arguments.only)))
        return 0
    clean = True
    for name in names:
        kind = KINDS[name]
        inputs = kind.short if arguments.short else max(1, round(arguments.n * kind.share))
        fed = feed_all(name, kind, inputs, arguments.seed)
        clean = clean and not fed.findings
        print(json.dumps(fed.row(), ensure_ascii=False), flush=True)
    return 0 if clean else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("kind", nargs="?", choices=list(KINDS), help="only this kind")
    parser.add_argument("-n", type=int, default=LONG, help="inputs of a kind; of slow kinds a share of it")
    parser.add_argument("--short", action="store_true", help="the short form of the tests")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="make this one input again, and show what it raises")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
