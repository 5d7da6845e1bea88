"""Whether people confirmed while others are photographed sit there already, or are the next to sit.

Both look alike all day long but where photographing begins and ends: who confirms the next ahead does so
before any frame is taken, and has nobody to confirm at the last.
"""

import math
from typing import NamedTuple

import numpy as np

from fieldkit.links.times import Seconds

# Seconds without a frame that part photographing, and that a seat in them is away from the last frame.
_PAUSE, _AWAY = 300.0, 8.0
# Seconds from a seat to the first frame that it may be for; and in which a frame comes with it, as clocks go.
_SOON, _AT_ONCE = 45.0, 1.5
# Share of the usual time from a seat to the next start from which frames behind the last seat are another's.
_ANOTHER = 0.8
# Log odds that a seat is of whoever's first frame is the next frame of all.
_NATURALLY = 1.0
# Chance of what either habit hardly does.
_HARDLY = 0.02


class Habit(NamedTuple):
    """How likely the next are confirmed ahead, how long before their first frame, how often amid frames."""

    ahead: float
    delays: Seconds
    amid: float


def confirmed_ahead(
    seats: Seconds, starts: Seconds, frames: Seconds, seat: float, *, over: bool = True
) -> Habit:
    """Weigh where photographing begins and ends whether seats amid frames are the next one's.

    Moments in seconds, each ascending; ``starts`` are those of first frames, ``seat`` how often people
    are confirmed. Only when all is ``over`` does the last seat tell anything.
    """
    after = np.searchsorted(starts, seats + _AT_ONCE)
    met = after < starts.size
    delays = starts[after[met]] - seats[met]
    begin = np.searchsorted(frames, seats + _AT_ONCE)
    since = seats - np.append(-np.inf, frames)[begin]
    until = np.append(frames, np.inf)[begin] - seats
    pauses = frames[:-1][np.diff(frames) > _PAUSE]
    begun = np.append(True, np.diff(np.searchsorted(pauses, seats)) > 0)
    # Who is confirmed before anybody was photographed, or in a pause, is confirmed ahead.
    hints = [math.log(seat / _HARDLY)] * int((begun & (since > _AWAY) & (until < _SOON)).sum())
    if since[0] <= _AWAY:
        hints.append(math.log(_HARDLY + 1 - seat))
    another = _ANOTHER * float(np.median(delays)) if delays.size else np.inf
    left = bool(met[-1]) or frames[-1] - seats[-1] > another
    if over:
        hints.append(math.log(seat / (1 - seat)) if left else math.log(_HARDLY))
    # Where nobody is photographed between a seat and the next start, that is whose it most naturally is.
    amid = float((until[met] < delays).mean()) if delays.size else 0.0
    hints.append(_NATURALLY * (1 - amid))
    return Habit(1 / (1 + math.exp(-sum(hints))), delays, amid)
