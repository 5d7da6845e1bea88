"""Who follows whom out of turn, learned from whom the witnesses name one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.times import Numbers

_FEWEST, _ONWARD = 20, 8
_BOTH_WAYS, _SOME, _MOST, _MOST_LEFT = 1.5, 0.1, 0.6, 0.85
_FARTHEST, _NEAR, _HELD = 60, 4.0, 10.0
_PLEASE, _FEW_JUMP = 0.25, 0.98


@dataclass(frozen=True, slots=True)
class Steps:
    """How likely who sits out of turn stands so many entries behind whom a witness named last."""

    share: NDArray[np.float64]

    def __call__(self, step: int) -> float:
        """Give the share of a step along the line, negative towards its beginning."""
        return float(self.share[step + _FARTHEST]) if abs(step) <= _FARTHEST else 0.0


def as_they_please(entries: Sequence[int]) -> bool:
    """Tell people who sit in no order of the line, by the entries that are named in a row."""
    steps = _steps(entries)
    return steps.size >= _FEWEST and float((steps < 0).mean()) > _PLEASE


def _steps(entries: Sequence[int]) -> Numbers:
    """Give the steps along the line between those who follow one another; who is named twice takes none."""
    steps = np.diff(np.array(entries, np.int64))
    return np.asarray(steps[steps != 0])


class Followed(NamedTuple):
    """How people follow one another: the share who sit out of turn, the share passed over, and the steps."""

    out_of_turn: float
    passed_over: float
    steps: Steps


def followed(
    named: Sequence[Sequence[int]], spoken: Sequence[float | None], entries_of: Sequence[Sequence[int]]
) -> Followed:
    """Tell how people follow one another by the persons that each witness names in a row.

    ``spoken`` is how often each witness speaks of who sits down, None where that is not known: it
    cannot tell how many were passed over.
    """
    rows = [[entries_of[who][0] for who in persons if who >= 0 and entries_of[who]] for persons in named]
    by_row = [_steps(row) for row in rows]
    steps = np.concatenate(by_row)
    odd = steps[(steps < 0) | (steps > _ONWARD)]
    seen = np.bincount(odd[np.abs(odd) <= _FARTHEST] + _FARTHEST, minlength=2 * _FARTHEST + 1)
    base = np.exp(-np.abs(np.arange(-_FARTHEST, _FARTHEST + 1)) / _NEAR)
    learned = Steps((seen + _HELD * base / base.sum()) / (odd.size + _HELD))
    if steps.size < _FEWEST:
        return Followed(0.0, 0.0, learned)
    out = float((steps < 0).mean())
    sat = came = 0.0
    for row, often in zip(by_row, spoken, strict=True):
        # On from somebody called back is no step of the line.
        onward = np.sort(row[1:][(row[1:] > 0) & (row[:-1] > 0)])
        onward = onward[: int(_FEW_JUMP * onward.size)]
        if often is not None and onward.size >= _FEWEST:
            sat, came = sat + onward.size / often, came + float(onward.sum())
    passed = 1 - sat / came if came else 0.0
    # Of people who sit as they please it does not tell who is missing.
    return Followed(
        float(np.clip(_BOTH_WAYS * out - _SOME, 0.0, _MOST)),
        float(np.clip(passed, 0.0, _MOST_LEFT)) if out < _SOME else 0.0,
        learned,
    )
