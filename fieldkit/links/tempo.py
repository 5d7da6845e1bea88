"""A photographer's tempo over the day: gaps as they would be at the day's usual pace."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from fieldkit.links.times import Seconds

_AROUND = 101
_QUICK, _SLOW = 0.3, 0.75
_STEADY, _PLAIN = 0.15, 0.3
_SHORTEST, _LONGEST = 0.3, 60.0


def at_one_tempo(gaps: Seconds) -> Seconds:
    """Stretch gaps where the whole work goes quicker than usual, and shorten them where it goes slower.

    Only where frames of one person and people alike follow faster, or slower, is it the tempo; what a
    few gaps more or less of either kind may do is left alone. Few gaps have one tempo.
    """
    if gaps.size < 3 * _AROUND:
        return gaps
    logs = np.log(np.clip(gaps, _SHORTEST, _LONGEST))
    around = sliding_window_view(np.pad(logs, _AROUND // 2, mode="reflect"), _AROUND)
    quick, slow = np.quantile(around, (_QUICK, _SLOW), axis=1)
    quick, slow = quick - np.median(quick), slow - np.median(slow)
    both = np.where(quick * slow > 0, np.sign(quick) * np.minimum(np.abs(quick), np.abs(slow)), 0.0)
    told = np.clip((np.abs(both) - _STEADY) / (_PLAIN - _STEADY), 0.0, 1.0)
    return np.asarray(gaps * np.exp(-both * told))
