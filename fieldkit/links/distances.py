"""How alike distances are: frames lie about one distance behind the chair events that are theirs."""

from typing import NamedTuple

import numpy as np

from fieldkit.links.times import Seconds

_ANYWHERE = 30.0
_WIDE, _NARROWEST = 2.0, 0.5
_MET, _MOST_MET, _FEWEST_MET = 0.8, 0.97, 0.1
_ROUNDS = 4


class _Bell(NamedTuple):
    """How dense distances are about one of them, the density in all, and that one, by row."""

    own: Seconds
    density: Seconds
    middle: Seconds


def about_one_distance(apart: Seconds) -> tuple[Seconds, Seconds]:
    """Give by row how well distances lie about one of them, as a log likelihood, and that one, in seconds.

    Some starts meet nobody: distances are one bell over some that are anything.
    """
    bell = _fitted(apart)
    return np.log(bell.density).sum(axis=-1), bell.middle[..., 0]


def belongs(apart: Seconds) -> Seconds:
    """Give of each distance how likely it is the one that most have."""
    bell = _fitted(apart)
    return np.asarray(bell.own / bell.density)


def _fitted(apart: Seconds) -> _Bell:
    """Fit a bell to each row by expectation-maximisation."""
    middle = np.median(apart, axis=-1, keepdims=True)
    spread, share = np.full_like(middle, _WIDE), np.full_like(middle, _MET)
    for _ in range(_ROUNDS):
        bell = np.exp(np.square(apart - middle) * (-0.5 / spread**2))
        bell *= share / (spread * np.sqrt(2 * np.pi))
        density = bell + (1 - share) / _ANYWHERE
        own = bell / density
        total = own.sum(axis=-1, keepdims=True) + 1e-9
        middle = (own * apart).sum(axis=-1, keepdims=True) / total
        squares = (own * np.square(apart - middle)).sum(axis=-1, keepdims=True)
        spread = np.maximum(_NARROWEST, np.sqrt(squares / total))
        share = np.clip(total / apart.shape[-1], _FEWEST_MET, _MOST_MET)
    return _Bell(bell, bell + (1 - share) / _ANYWHERE, middle)


def to_nearest(moments: Seconds, others: Seconds) -> Seconds:
    """Give how long behind the nearest of others each moment is, in rows as given.

    Neither may be empty, others ascend.
    """
    place = np.clip(np.searchsorted(others, moments), 1, max(1, others.size - 1))
    before, after = moments - others[place - 1], moments - others[np.minimum(place, others.size - 1)]
    return np.asarray(np.where(np.abs(before) < np.abs(after), before, after))
