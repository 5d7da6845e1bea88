"""How long it was between frames, by the one clock that tells of both."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol


class Exposure(Protocol):
    """A frame as far as pauses need it."""

    @property
    def body(self) -> str:
        """The camera body that took it."""

    @property
    def shot(self) -> datetime | None:
        """When by the camera's own clock, without a zone; None where that is not known."""

    @property
    def at(self) -> datetime:
        """When it arrived."""


def shot_time(frame: Exposure) -> datetime:
    """Give when a frame was taken by its camera's clock, else when it arrived; without a zone."""
    return frame.shot or frame.at.replace(tzinfo=None)


def pause_between(before: Exposure, after: Exposure) -> timedelta | None:
    """Give how long it was between two frames, or None where no one clock tells of both."""
    if before.body != after.body or (before.shot is None) != (after.shot is None):
        return None
    return shot_time(after) - shot_time(before)


def widest_pause(frames: Sequence[Exposure]) -> int:
    """Give the index of the frame behind the widest pause, 0 where there are not two."""
    pauses = [pause_between(before, after) for before, after in pairwise(frames)]
    known = [timedelta.min if pause is None else pause for pause in pauses]
    return 1 + max(range(len(known)), key=known.__getitem__) if known else 0
