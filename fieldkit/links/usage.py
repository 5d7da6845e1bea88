"""Where in the day a witness is in use: a crew may show slips first and confirm at the chair later."""

from dataclasses import dataclass

import numpy as np

from fieldkit.links.times import Numbers, Seconds

_FEWEST = 5
_SWITCH = np.log(0.01)
_FEW_SPOKEN, _FEW_FRAMES = 1.0, 4.0
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Usage:
    """How likely each witness is in use, by frame."""

    slips: Seconds
    seats: Seconds
    clicks: Seconds


def in_use(marks: Numbers, frames: int) -> Seconds:
    """Give for each frame how likely a witness that spoke at these frames is in use there.

    Where it is, it speaks at a steady share of the frames; a silence in which it would have spoken
    some ten times is a stretch without it.
    """
    use = np.ones(frames)
    spoken = np.unique(marks[(marks >= 0) & (marks < frames)])
    if spoken.size < _FEWEST:
        return use
    edges = np.concatenate(([-1], spoken, [frames]))
    silent = np.diff(edges) - 1
    # Into a silence between two words, and out of it; at the day's ends only one of both.
    switches = np.full(silent.size, 2.0)
    switches[[0, -1]] = 1.0
    off = np.zeros(silent.size)
    for _ in range(_ROUNDS):
        rate = (spoken.size + _FEW_SPOKEN) / (frames - float(off @ silent) + _FEW_FRAMES)
        odds = np.minimum(switches * _SWITCH - silent * np.log1p(-min(rate, 0.95)), 50.0)
        off = 1 / (1 + np.exp(-odds))
    within = np.ones(frames, bool)
    within[spoken] = False
    use[within] = np.repeat(1 - off, silent)
    return use
