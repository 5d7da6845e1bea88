"""The clock of a camera on a day with few people: every way of laying frames over seats is weighed.

On a long day the pattern of the pauses tells the shift by itself. With a handful of sittings it may not,
so each shift that puts some frame a usual moment after some seat is scored by what it would mean: how
long people waited for their first frame, who sat without one, who was photographed before anybody sat.
"""

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.float64]

MOST_PAIRS = 6000

_USUAL_LEAD = 6.0
_LEAD_SPREAD = 0.9
_NEW_SITTER_GAP = 25.0
_COST_NO_SEAT = 4.0
_COST_NO_FRAME = 3.0
_COST_LATE_BURST = 3.0
_HALF_HOUR = 1800.0
_LEADS = (3.0, _USUAL_LEAD, 12.0)


def few_enough(shots: Seconds, chair: Seconds) -> bool:
    """Say whether all shifts can be weighed one by one."""
    return 0 < shots.size * chair.size * len(_LEADS) <= MOST_PAIRS


def likeliest_shift(shots: Seconds, chair: Seconds, ceiling: float) -> float:
    """Give what must be added to the camera's clock, in seconds.

    ``shots`` and ``chair`` are sorted times in seconds; no shift above ``ceiling`` is possible, for no
    frame arrives before it is shot. A clock that is right, or in another time zone, is a little likelier.
    """
    pairs = (
        chair[:, None, None] + np.asarray(_LEADS, dtype=np.float64)[None, None, :] - shots[None, :, None]
    ).ravel()
    shifts: Seconds = np.unique(np.round(np.append(pairs, 0.0), 1))
    possible = shifts[shifts <= ceiling + 1.0]
    if not possible.size:
        return float(ceiling)
    scores = np.array([_score(shots + shift, chair) for shift in possible]) + _prior(possible)
    return float(possible[int(np.argmax(scores))])


def _prior(shifts: Seconds) -> Seconds:
    from_zone = np.abs((shifts + _HALF_HOUR / 2) % _HALF_HOUR - _HALF_HOUR / 2)
    weight = np.where(from_zone < 120, 1.0, 0.0)
    weight = np.where(np.abs(shifts) < 120, 2.0, weight)
    return np.where(np.abs(shifts) < 5, 3.0, weight)


def _score(moments: Seconds, chair: Seconds) -> float:
    sitting = np.searchsorted(chair, moments, side="right") - 1
    first = np.diff(sitting, prepend=-2) != 0
    paused = np.diff(moments, prepend=-np.inf) > _NEW_SITTER_GAP
    unseated = sitting < 0
    seated_first = first & ~unseated
    leads = moments[seated_first] - chair[sitting[seated_first]]
    away = (np.log(np.maximum(leads, 0.3)) - np.log(_USUAL_LEAD)) / _LEAD_SPREAD
    missed = chair.size - np.unique(sitting[~unseated]).size
    return float(
        -0.5 * np.sum(np.minimum(away**2, 24.0))
        - _COST_NO_SEAT * np.sum(unseated & (first | paused))
        - _COST_LATE_BURST * np.sum(paused & ~first & ~unseated)
        - _COST_NO_FRAME * missed
    )
