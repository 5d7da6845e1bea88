"""The script of a made-up half day: who comes when, who sits when, what the camera sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from fieldkit.model import RosterEntry
from fieldkit.rehearsal.school import walk_in_number

GROUP = 10


@dataclass(frozen=True, slots=True)
class Arrives:
    """Somebody presents a credential at the door; ``walk_in`` is their name where no roster holds them."""

    at: datetime
    credential: str
    walk_in: str | None = None


@dataclass(frozen=True, slots=True)
class Leaves:
    """Somebody goes out of the line."""

    at: datetime
    credential: str


@dataclass(frozen=True, slots=True)
class Sits:
    """Somebody sits down and shows a credential at the camera."""

    at: datetime
    credential: str


@dataclass(frozen=True, slots=True)
class Shoots:
    """The camera makes one exposure; ``sitter`` is the place in the cast, None for an empty chair."""

    at: datetime
    sitter: int | None
    number: int


Act = Arrives | Leaves | Sits | Shoots


@dataclass(frozen=True, slots=True)
class Script:
    """A half day: the acts by time, the cast, and how far the camera's clock is off."""

    acts: tuple[Act, ...]
    cast: tuple[RosterEntry, ...]
    camera_ahead: timedelta


def write_script(entries: Sequence[RosterEntry], start: datetime, rng: Random) -> Script:
    """Write a half day with the usual disorder.

    Some never come, one is not on the roster, neighbours swap, some leave and come back, some are
    photographed twice, and now and then the camera fires at an empty chair.
    """
    cast = [*entries, RosterEntry(name="临时同学", student_no=walk_in_number(1))]
    present = [place for place in range(len(cast)) if place == len(cast) - 1 or rng.random() > 0.03]
    scene = _Scene(cast, len(entries), start, rng)
    scene.expose(None)
    for first in range(0, len(present), GROUP):
        scene.group(present[first : first + GROUP])
    scene.stragglers()
    return Script(tuple(sorted(scene.acts, key=lambda act: act.at)), tuple(cast), scene.camera_ahead)


class _Scene:
    """The half day while it is being written."""

    def __init__(self, cast: Sequence[RosterEntry], listed: int, start: datetime, rng: Random) -> None:
        self.acts: list[Act] = []
        self.camera_ahead = timedelta(seconds=rng.choice((-3757, 62, 28800)))
        self._cast = cast
        self._listed = listed
        self._rng = rng
        self._now = start
        self._exposures = 0
        self._away: list[int] = []

    def group(self, members: Sequence[int]) -> None:
        """Let a group in, have it check in, then photograph it one by one."""
        door = self._now - timedelta(seconds=12 * len(members))
        for member in members:
            door += timedelta(seconds=self._rng.uniform(5, 11))
            self._arrive(member, door)
        self._now = max(self._now, door + timedelta(seconds=5))
        order = list(members)
        for place in range(len(order) - 1):
            if self._rng.random() < 0.04:
                order[place], order[place + 1] = order[place + 1], order[place]
        for member in order:
            if self._rng.random() < 0.03:
                self.acts.append(Leaves(self._now, self._credential(member)))
                self._away.append(member)
            else:
                self._sit(member)
                if self._rng.random() < 0.01:
                    self.expose(None)
        for member in order:
            if self._rng.random() < 0.01 and member not in self._away:
                self._sit(member)

    def stragglers(self) -> None:
        """Let those who left come back and be photographed."""
        for member in self._away:
            self._now += timedelta(seconds=self._rng.uniform(20, 90))
            self._arrive(member, self._now)
            self._now += timedelta(seconds=self._rng.uniform(8, 20))
            self._sit(member)

    def expose(self, sitter: int | None) -> None:
        """Fire the camera."""
        self._exposures += 1
        self.acts.append(Shoots(self._now, sitter, self._exposures))
        self._now += timedelta(seconds=self._rng.uniform(2.5, 5))

    def _sit(self, member: int) -> None:
        self._now += timedelta(seconds=self._rng.uniform(5, 9))
        self.acts.append(Sits(self._now, self._credential(member)))
        self._now += timedelta(seconds=self._rng.uniform(3, 6))
        for _ in range(self._rng.choice((1, 1, 1, 2, 2, 3))):
            self.expose(member)

    def _arrive(self, member: int, at: datetime) -> None:
        name = self._cast[member].name if member >= self._listed else None
        credential = self._cast[member].student_no if name else self._shown(member)
        self.acts.append(Arrives(at, credential, name))

    def _shown(self, member: int) -> str:
        entry = self._cast[member]
        return entry.id_number if self._rng.random() < 0.6 else entry.student_no

    def _credential(self, member: int) -> str:
        return self._cast[member].student_no
