"""What order alone could tell: a reader sees every group and every sitting, and counts off within the groups.

``python -m benchmarks.day.counted --seeds 64 --first 14000`` prints the share of portraits that such a
reader gives to the right person, and the share that the engine does.
"""

import argparse
from itertools import zip_longest

from benchmarks.day.line import Day
from benchmarks.day.regimes import REGIMES
from benchmarks.day.seen import see_the_day
from fieldkit.links.engine import link_frames


def counted_off(day: Day) -> tuple[int, int]:
    """Give how many portraits are the right person's when groups are counted off, and how many there are."""
    right = portraits = 0
    for group in day.groups:
        for person, sitting in zip_longest(group.persons, group.sittings):
            if sitting is not None:
                taken = sum(not shot.lost for shot in sitting.shots)
                portraits += taken
                right += taken * (person == sitting.person)
    return right, portraits


def main() -> None:
    """Read the options and print a line for each regime of order alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.day.counted")
    parser.add_argument("--seeds", type=int, default=5, help="days per regime")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    options = parser.parse_args()
    for regime, _ in REGIMES:
        if not regime.name.rpartition(": ")[2].startswith("order"):
            continue
        right = portraits = ours = 0
        for seed in range(options.first, options.first + options.seeds):
            seen = see_the_day(regime, seed)
            counted, taken = counted_off(seen.day)
            right, portraits = right + counted, portraits + taken
            ours += sum(
                (link.person or link.proposal) == seen.truth[link.frame] is not None
                for link in link_frames(seen.observations)
            )
        print(f"{regime.name:<54}{right / portraits:8.1%}{ours / portraits:8.1%}", flush=True)


if __name__ == "__main__":
    main()
