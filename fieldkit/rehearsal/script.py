"""The script of a made-up half day: who comes when, who sits when, what the camera sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from fieldkit.model import RosterEntry
from fieldkit.rehearsal.school import make_walk_in

GROUP = 10
Shows = Literal["id-card", "student-no"]


@dataclass(frozen=True, slots=True)
class Arrives:
    """Somebody presents a credential at the door; ``who`` is a place in the cast."""

    at: datetime
    who: int
    shows: Shows


@dataclass(frozen=True, slots=True)
class WalksIn:
    """The door operator takes in somebody whom the roster does not hold."""

    at: datetime
    who: int


@dataclass(frozen=True, slots=True)
class Leaves:
    """Somebody goes out of the line."""

    at: datetime
    who: int


@dataclass(frozen=True, slots=True)
class Sits:
    """Somebody sits down and shows a credential at the camera."""

    at: datetime
    who: int
    shows: Shows


@dataclass(frozen=True, slots=True)
class Shoots:
    """The camera makes one exposure; ``sitter`` is the place in the cast, None for an empty chair."""

    at: datetime
    sitter: int | None
    number: int


@dataclass(frozen=True, slots=True)
class ChangesCard:
    """The photographer takes the camera's card out and puts an empty one in."""

    at: datetime


Act = Arrives | WalksIn | Leaves | Sits | Shoots | ChangesCard


@dataclass(frozen=True, slots=True)
class Script:
    """A half day: the acts by time, the cast, and how far the camera's clock is off."""

    acts: tuple[Act, ...]
    cast: tuple[RosterEntry, ...]
    camera_ahead: timedelta


def write_script(entries: Sequence[RosterEntry], start: datetime, rng: Random) -> Script:
    """Write a half day with the usual disorder.

    Some never come, one is not on the roster, neighbours swap, some leave and come back, some are
    photographed twice, now and then the camera fires at an empty chair, and its card is changed once.
    """
    cast = [*entries, make_walk_in()]
    present = [place for place in range(len(cast)) if place == len(cast) - 1 or rng.random() > 0.03]
    scene = _Scene(len(entries), start, rng)
    scene.expose(None)
    groups = [present[first : first + GROUP] for first in range(0, len(present), GROUP)]
    for place, group in enumerate(groups):
        if place and place == len(groups) // 2:
            scene.change_card()
        scene.group(group)
    scene.stragglers()
    return Script(tuple(sorted(scene.acts, key=lambda act: act.at)), tuple(cast), scene.camera_ahead)


class _Scene:
    """The half day while it is being written."""

    def __init__(self, listed: int, start: datetime, rng: Random) -> None:
        self.acts: list[Act] = []
        self.camera_ahead = timedelta(seconds=rng.choice((-3757, 62, 28800)))
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
                self.acts.append(Leaves(self._now, member))
                self._away.append(member)
            else:
                self._sit(member)
                if self._rng.random() < 0.01:
                    self.expose(None)
        for member in order:
            if self._rng.random() < 0.01 and member not in self._away:
                self._sit(member)

    def change_card(self) -> None:
        """Change the camera's card while nobody sits."""
        self.acts.append(ChangesCard(self._now))

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
        # The sign-in sheet and the slip hold a student's number; a walk-in has only a card to show.
        self.acts.append(Sits(self._now, member, "student-no" if self._is_listed(member) else "id-card"))
        self._now += timedelta(seconds=self._rng.uniform(3, 6))
        for _ in range(self._rng.choice((1, 1, 1, 2, 2, 3))):
            self.expose(member)

    def _arrive(self, member: int, at: datetime) -> None:
        if self._is_listed(member):
            shows: Shows = "id-card" if self._rng.random() < 0.6 else "student-no"
            self.acts.append(Arrives(at, member, shows))
            return
        self.acts.append(Arrives(at, member, "id-card"))
        if member not in self._away:
            self.acts.append(WalksIn(at + timedelta(seconds=4), member))

    def _is_listed(self, member: int) -> bool:
        return member < self._listed
