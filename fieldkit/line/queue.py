"""The line between door and chair: who waits, in which order, who sits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fieldkit.ledger.read.line import ChairAct, CheckedIn


@dataclass(frozen=True, slots=True)
class Line:
    """Who sits now, who waits in order, who has sat; people by key."""

    sitting: str | None
    waiting: tuple[CheckedIn, ...]
    served: tuple[str, ...]


class LiningUp:
    """A line that is worked out act by act.

    A check-in puts a person at the end, sitting down takes them out wherever they stood, leaving takes
    them out until they check in again. Nobody else moves.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, CheckedIn] = {}
        self._served: list[str] = []
        self._sitting: str | None = None
        self._newest: tuple[datetime, int] | None = None

    def take(self, checkins: Sequence[CheckedIn], chair: Sequence[ChairAct]) -> bool:
        """Take acts in; False, and nothing taken, where one lies before what was taken already."""
        acts: list[CheckedIn | ChairAct] = [*checkins, *chair]
        acts.sort(key=_when)
        if acts and self._newest is not None and _when(acts[0]) < self._newest:
            return False
        for act in acts:
            self._one(act)
            self._newest = _when(act)
        return True

    def line(self) -> Line:
        """Give the line as it stands."""
        return Line(self._sitting, tuple(self._waiting.values()), tuple(self._served))

    def _one(self, act: CheckedIn | ChairAct) -> None:
        person = act.person
        if isinstance(act, CheckedIn):
            self._waiting.setdefault(person, act)
            return
        self._waiting.pop(person, None)
        if act.what != "leave":
            if self._sitting and self._sitting != person:
                self._served.append(self._sitting)
            self._sitting = person or self._sitting


def _when(act: CheckedIn | ChairAct) -> tuple[datetime, int]:
    return act.at, act.hlc
