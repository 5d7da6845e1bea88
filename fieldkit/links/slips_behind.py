"""Slips that are photographed behind the portraits and not before: as a habit of the whole day."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from fieldkit.links.times import Numbers, Seconds

# Fewer slips show no habit; share of them that come sooner behind a frame than one comes behind them.
_FEWEST, _MOST_OF = 5, 0.6
# Of the usual pause behind a slip, how much is another change of people.
_AS_MUCH = 0.8


class Shown(NamedTuple):
    """Whose slips were photographed before which frame, the pause before each, and if they close sittings."""

    slips: Mapping[int, list[int]]
    gaps: Seconds
    behind: bool = False


def behind_slips(slips: Collection[int], times: Seconds, gaps: Seconds) -> tuple[Numbers, Seconds]:
    """Give the frames behind a slip, but for the first of all, and how many seconds behind it each is."""
    starts = np.array([at for at in sorted(slips) if 0 < at < times.size], np.int64)
    return starts, times[starts] - times[starts - 1] - gaps[starts]


def turned_round(shown: Shown, times: Seconds) -> Shown:
    """Put slips before the sittings that they close, on a day on which most are photographed last.

    Whose slip it was sat since the last slip, or since a change of people behind it.
    """
    inner, after = behind_slips(shown.slips, times, shown.gaps)
    before = shown.gaps[inner]
    if inner.size < _FEWEST or (before < after).mean() < _MOST_OF:
        return shown
    gaps = shown.gaps.copy()
    gaps[inner] = np.maximum(after, before)
    change = _AS_MUCH * float(np.median(after))
    slips, since = {}, 0
    for at in sorted(shown.slips):
        if at > since:
            begun = since + np.flatnonzero((gaps[since:at] > change) & (gaps[since:at] >= gaps[since]))
            slips[int(begun[-1]) if begun.size else since] = shown.slips[at]
            since = at
    return Shown(slips, gaps, behind=True)
