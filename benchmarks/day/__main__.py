"""Print, regime by regime, how the links of made-up days agree with the truth."""

import argparse
from collections.abc import Sequence

from benchmarks.day.baselines import kth_photo, since_last_scan
from benchmarks.day.live import HEAD as LIVE_HEAD
from benchmarks.day.live import LiveScore, watch
from benchmarks.day.measure import Score, measure
from benchmarks.day.regimes import REGIMES, Bounds
from benchmarks.day.seen import see_the_day
from fieldkit.links.engine import link_frames
from fieldkit.links.outcome import Link
from fieldkit.links.recording import Observation

_NAMES = max(len(regime.name) for regime, _ in REGIMES)
_HEAD = (
    f"{'regime':<{_NAMES}}{'wrong':>7}{'out':>5}{'spares':>8}{'told':>6}{'review':>8}{'worst':>7}{'spared':>8}"
    f"{'covered':>9}{'propos.':>9}{'calib.':>8}{'s':>6}{'  k-th':>8}{'scan':>7}  limits"
)


def _ours(observations: Sequence[Observation]) -> tuple[Link, ...]:
    return link_frames(observations)


def _row(name: str, score: Score, counted: Score, scanned: Score, bounds: Bounds) -> str:
    proposals = score.proposed / max(1, score.review)
    covered = score.covered / max(1, score.people)
    review = score.review / max(1, score.portraits)
    told = score.spares_told / max(1, score.spares)
    bad = [
        label
        for label, broken in (
            ("wrong", score.rate(score.wrong) > bounds.wrong),
            ("spares", score.rate(score.spares_bound) > 6),
            ("told", told < 0.4),
            ("review", bounds.review is not None and review > bounds.review),
            ("covered", bounds.covered is not None and covered < bounds.covered),
            ("proposals", bounds.proposals is not None and proposals < bounds.proposals),
            ("outside", score.outside > 0),
        )
        if broken
    ]
    return (
        f"{name:<{_NAMES}}{score.rate(score.wrong):7.1f}{score.outside:5}"
        f"{score.rate(score.spares_bound):8.1f}{told:6.0%}{review:8.2%}{score.worst:7.1%}"
        f"{score.rate(score.lost):8.1f}{covered:9.2%}{proposals:9.1%}{score.calibration():8.4f}"
        f"{score.seconds:6.2f}{counted.wrong / max(1, counted.portraits):8.0%}"
        f"{scanned.wrong / max(1, scanned.portraits):7.0%}  {' '.join(bad) or 'held'}"
    )


def main() -> None:
    """Read the options and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.day")
    parser.add_argument("--seeds", type=int, default=5, help="days per regime")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--live", type=int, default=1, help="days per regime that are watched as they happen")
    parser.add_argument("--only", default="", help="regimes whose name holds this")
    options = parser.parse_args()
    print(_HEAD)
    whole = Score()
    for regime, bounds in REGIMES:
        if options.only not in regime.name:
            continue
        scores = Score(), Score(), Score()
        for seed in range(options.first, options.first + options.seeds):
            seen = see_the_day(regime, seed)
            for score, linker in zip(scores, (_ours, kth_photo, since_last_scan), strict=True):
                measure(score, seen, linker)
        print(_row(regime.name, *scores, bounds), flush=True)
        for total, row in zip(whole.sure, scores[0].sure, strict=True):
            total[:] = [a + b for a, b in zip(total, row, strict=True)]
    _as_it_happens(options.first, options.live, options.only)
    print("\nconfidence given and found, all regimes")
    for count, given, found in whole.sure:
        if count:
            print(f"{given / count:8.4f}{found / count:8.4f}{count:9.0f}")


def _as_it_happens(first: int, days: int, only: str) -> None:
    print(f"\n{'as it happens':<{_NAMES}}{LIVE_HEAD}")
    for regime, _ in REGIMES:
        named = regime.witnesses.slip or regime.witnesses.seat or regime.witnesses.likeness
        if only not in regime.name or regime.camera.read_in_later or not named or not days:
            continue
        score = LiveScore()
        for seed in range(first, first + days):
            watch(score, see_the_day(regime, seed))
        print(f"{regime.name:<{_NAMES}}{score.row()}", flush=True)


if __name__ == "__main__":
    main()
