"""Times of exposures, how far they are trusted, and what they are found by.

Times are seconds of the laptop's clock (POSIX) in float64 arrays, one value a frame.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.recording import FrameTaken

Floats = NDArray[np.float64]
Seconds = Floats
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Trust = NDArray[np.int8]
LOST, GUESSED, SURE = 0, 1, 2
_ROUNDED = 2.0
# A camera's clock is at most a day and a time zone off, unless it lost its date.
FARTHEST: float = 40 * 3600


@dataclass(frozen=True, slots=True)
class ClockWitnesses:
    """What ties the camera's clock to the laptop's: chair events, the door, whose turn slips and faces tell.

    ``turn_door`` gives by the frames that begin somebody's turn when they checked in; ``elsewhere`` are
    the frames of stretches where those tell and nobody was confirmed at the chair.
    """

    chair: Seconds
    door: Seconds
    turn_door: Mapping[str, float]
    elsewhere: frozenset[str] = frozenset()
    zone: float = 0.0


@dataclass(frozen=True, slots=True)
class Laid:
    """What is added to each shot of a stretch, and how far that is trusted."""

    offsets: Seconds
    trust: Trust


def as_shown(moment: datetime) -> float:
    """Give what a clock showed in seconds, whatever its zone: a camera's has none."""
    return moment.replace(tzinfo=UTC).timestamp()


def shot_seconds(frame: FrameTaken) -> float | None:
    """Give what the camera's clock showed in seconds, or None; POSIX only where the camera shows UTC."""
    return as_shown(frame.shot) if frame.shot else None


def odd(told: Seconds) -> Flags:
    """Find the times of single frames that are against the order of the frames' numbers.

    Frames behind such a frame run on from those before it; had somebody set the clock they would not.
    """
    flags = np.zeros(told.size, bool)
    known = np.flatnonzero(~np.isnan(told))
    if known.size < 3:
        return flags
    shots = np.concatenate(([-np.inf] * 2, told[known], [np.inf] * 2))
    second, first, own, following, after = (shots[at : at + known.size] for at in range(5))
    runs_on = np.maximum(first, second) <= np.minimum(following, after)
    late = np.where(np.isinf(after), following, np.maximum(following, after))
    early = np.where(np.isinf(second), first, np.minimum(first, second))
    flags[known] = runs_on & ((own > late + _ROUNDED) | (own < early - _ROUNDED))
    return flags
