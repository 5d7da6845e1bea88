"""How well the links of a day agree with the truth."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.day.seen import SeenDay
from fieldkit.links.outcome import Link
from fieldkit.links.recording import Observation

Linker = Callable[[Sequence[Observation]], tuple[Link, ...]]
_BINS = 10


@dataclass(slots=True)
class Score:
    """Sums over days; ``rate`` makes figures of them.

    ``worst`` is the share of portraits not rightly linked on the worst day, ``seconds`` the slowest day's.
    """

    portraits: int = 0
    wrong: int = 0
    outside: int = 0
    review: int = 0
    proposed: int = 0
    lost: int = 0
    spares: int = 0
    spares_bound: int = 0
    spares_told: int = 0
    people: int = 0
    covered: int = 0
    worst: float = 0.0
    seconds: float = 0.0
    sure: list[list[float]] = field(default_factory=lambda: [[0.0, 0.0, 0.0] for _ in range(_BINS)])

    @property
    def left(self) -> int:
        """Portraits that are linked to somebody else or stand under review."""
        return self.wrong + self.review

    def rate(self, count: int) -> float:
        """Give a count per 10,000 portraits."""
        return 10_000 * count / max(1, self.portraits)

    def calibration(self) -> float:
        """Give the expected calibration error: mean distance of confidence and truth, weighted."""
        total = sum(row[0] for row in self.sure)
        return sum(abs(row[1] - row[2]) for row in self.sure) / max(1.0, total)


def measure(score: Score, seen: SeenDay, link: Linker) -> tuple[Link, ...]:
    """Link a day, add what came out to the score, and give the links."""
    began = time.process_time()
    links = link(seen.observations)
    score.seconds = max(score.seconds, time.process_time() - began)
    slates = {getattr(row, "frame", "") for row in seen.observations if type(row).__name__ == "Slate"}
    covered = set()
    before, left = score.portraits, score.left
    for one in links:
        truth = seen.truth[one.frame]
        if truth is None:
            _spare(score, one, read_slip=one.frame in slates)
            continue
        score.portraits += 1
        if one.status == "linked":
            right = one.person == truth
            if right:
                covered.add(truth)
            else:
                score.wrong += 1
                score.outside += not {truth, str(one.person)} & seen.concerned
        else:
            right = one.status == "review" and one.proposal == truth
            score.review += one.status == "review"
            score.lost += one.status == "spare"
            score.proposed += right
        _sure(score, one, right=right)
    score.people += len(seen.sat)
    score.covered += len(covered & seen.sat)
    score.worst = max(score.worst, (score.left - left) / max(1, score.portraits - before))
    return links


def _spare(score: Score, one: Link, *, read_slip: bool) -> None:
    _sure(score, one, right=one.status == "spare")
    if read_slip:
        return
    score.spares += 1
    score.spares_bound += one.status == "linked"
    score.spares_told += one.status == "spare"


def _sure(score: Score, one: Link, *, right: bool) -> None:
    row = score.sure[min(_BINS - 1, int(one.confidence * _BINS))]
    row[0] += 1
    row[1] += one.confidence
    row[2] += right
