"""Who is left over where photographing stops: hardly anybody. That holds a line in place."""

from collections.abc import Mapping

import numpy as np

from fieldkit.links.evidence import Evidence
from fieldkit.links.rates import QUEUE, Rates
from fieldkit.links.sittings import Sittings
from fieldkit.links.times import Floats, Numbers

_OVER = 0.5
_PAUSE = 1200.0


def pauses(day: Sittings) -> Numbers:
    """Give the bursts behind long pauses."""
    behind = np.flatnonzero(day.gap > _PAUSE)
    return np.asarray(behind[behind > 0])


def came_by(evidence: Evidence, frame: int) -> int:
    """Count the check-ins by the time of a frame."""
    return int(np.searchsorted(evidence.entry_times, evidence.times[frame]))


def came_before_pauses(evidence: Evidence, day: Sittings) -> Mapping[int, int]:
    """Count the check-ins before each long pause, by the burst behind it."""
    return {burst: came_by(evidence, int(day.first[burst]) - 1) for burst in pauses(day).tolist()}


def left_over(rates: Rates, left: Numbers) -> Floats:
    """Weigh that so many are left over when photographing stops; it may also go on, with some waiting."""
    gone = np.where(left >= 0, rates.skip ** np.clip(left, 0, QUEUE), 0.0)
    return np.asarray(_OVER * gone + (1 - _OVER) / QUEUE)
