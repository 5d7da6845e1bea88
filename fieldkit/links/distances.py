"""How alike distances are: frames lie about one distance behind the chair events that are theirs."""

from typing import NamedTuple

import numpy as np

from fieldkit.links.times import Seconds

_ANYWHERE = 30.0
_WIDE, _NARROWEST = 2.0, 0.5
_MET, _MOST_MET, _FEWEST_MET = 0.8, 0.97, 0.1
_ROUNDS = 4


class _Bell(NamedTuple):
    """How dense distances are about one of them, the density in all, and that one."""

    own: Seconds
    density: Seconds
    middle: float


def about_one_distance(apart: Seconds) -> tuple[float, float]:
    """Give how well distances lie about one of them, as a log likelihood, and that one, in seconds.

    Some starts meet nobody: distances are one bell over some that are anything.
    """
    bell = _fitted(apart)
    return float(np.log(bell.density).sum()), bell.middle


def belongs(apart: Seconds) -> Seconds:
    """Give of each distance how likely it is the one that most have."""
    bell = _fitted(apart)
    return np.asarray(bell.own / bell.density)


def _fitted(apart: Seconds) -> _Bell:
    """Fit a bell by expectation-maximisation."""
    middle, spread, share = float(np.median(apart)), _WIDE, _MET
    for _ in range(_ROUNDS):
        bell = share * np.exp(-0.5 * ((apart - middle) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
        own = bell / (bell + (1 - share) / _ANYWHERE)
        total = float(own.sum()) + 1e-9
        middle = float(own @ apart) / total
        spread = max(_NARROWEST, float(np.sqrt(own @ (apart - middle) ** 2 / total)))
        share = float(np.clip(total / apart.size, _FEWEST_MET, _MOST_MET))
    return _Bell(bell, bell + (1 - share) / _ANYWHERE, middle)


def to_nearest(moments: Seconds, others: Seconds) -> Seconds:
    """Give how long behind the nearest of others each moment is; neither may be empty, others ascend."""
    place = np.clip(np.searchsorted(others, moments), 1, max(1, others.size - 1))
    before, after = moments - others[place - 1], moments - others[np.minimum(place, others.size - 1)]
    return np.asarray(np.where(np.abs(before) < np.abs(after), before, after))
