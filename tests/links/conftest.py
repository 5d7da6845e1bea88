"""A small made-up day whose every turn is known, for tests of links."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest

from fieldkit.links.engine import reason
from fieldkit.links.evidence import lay_out
from fieldkit.links.outcome import Link
from fieldkit.links.recording import Checkin, Faces, FrameTaken, Likeness, Observation, Seat, Slate
from fieldkit.links.times import Floats

MORNING = datetime(2026, 3, 16, 0, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Turn:
    """Who sits down, with how many frames; ``seq`` None for somebody without a check-in."""

    person: str | None
    seq: int | None
    frames: int = 3
    told: bool = True


@dataclass(frozen=True)
class Day:
    observations: tuple[Observation, ...]
    truth: dict[str, str | None]
    line: tuple[str, ...]


Builder = Callable[..., Day]


def turns_of(people: int) -> list[Turn]:
    return [Turn(f"P{at:03}", at, 2 + at % 3) for at in range(1, people + 1)]


def build(turns: Sequence[Turn], people: int, witness: str = "slip", offset: float = -3600.0) -> Day:
    """Play turns one after the other; gaps vary a little, by a fixed rule.

    With likeness each portrait is compared with whoever sits there and the next in line.
    """
    line = tuple(f"P{at:03}" for at in range(1, people + 1))
    rows: list[Observation] = []
    truth: dict[str, str | None] = {}
    for at in range(1, people + 1):
        moment = MORNING + timedelta(seconds=4.5 * at)
        rows.append(Checkin(moment, f"c{at}", f"P{at:03}", at))
    now, number = 400.0, 0

    def shoot(person: str | None, slip: int | None = None) -> None:
        nonlocal number
        number += 1
        name = f"f{number:04}"
        moment = MORNING + timedelta(seconds=now)
        shot = (moment + timedelta(seconds=offset)).replace(tzinfo=None)
        arrived = moment + timedelta(seconds=0.7 + number * 7 % 5 / 10)
        rows.append(FrameTaken(arrived, name, "cam-1", f"100CANON/IMG_{number:04}.JPG", shot))
        rows.append(Faces(arrived, name, int(person is not None)))
        if person in line and witness == "likeness":
            beside = line[(line.index(person) + 1) % people]
            rows.extend((Likeness(arrived, name, person, 0.62), Likeness(arrived, name, beside, 0.06)))
        if slip is not None:
            rows.append(Slate(arrived, name, slip))
        truth[name] = person

    for place, turn in enumerate(turns):
        now += 11.0 + place * 13 % 7
        if turn.seq is not None and turn.told and witness == "slip":
            shoot(None, turn.seq)
            now += 3.0
        if turn.seq is not None and turn.told and witness == "seat":
            rows.append(Seat(MORNING + timedelta(seconds=now - 4 - place % 3), seq=turn.seq))
        for frame in range(turn.frames):
            now += (1.6 + (place + frame) * 5 % 4 / 2) if frame else 0.0
            shoot(turn.person)
    rows.sort(key=lambda row: row.at)  # type: ignore[union-attr]
    return Day(tuple(rows), truth, line)


@dataclass(frozen=True)
class Sits:
    """Who sits down, by place in line, what tells of them, and which body takes them."""

    at: int
    witness: str
    body: int = 0


@dataclass(frozen=True)
class Manner:
    """How the crew of a day works: ranges of seconds, of frames a person, and how far bodies are off.

    Before a share of frames within a sitting they ``pause``, for 6 to 12 seconds.
    """

    change: tuple[float, float] = (8.0, 16.0)
    lead: tuple[float, float] = (2.0, 4.0)
    frames: tuple[int, int] = (2, 3)
    pause: float = 0.0
    faces: bool = True
    read_in_later: bool = False
    bodies: tuple[float, ...] = (-3600.0, 500.0)


def sit_down(sits: Sequence[Sits], people: int, seed: int, manner: Manner = Manner()) -> Day:
    """Let people sit down one after the other, in any order; all have checked in hours before.

    A slip is photographed before the first frame, a seat given ``lead`` seconds before it; with
    likeness each frame is compared with its own person and one other of the line.
    """
    chance = Random(seed)
    line = tuple(f"P{at:03}" for at in range(1, people + 1))
    rows: list[Observation] = [
        Checkin(MORNING + timedelta(seconds=4.5 * at - 10_000), f"c{at}", who, at + 1)
        for at, who in enumerate(line)
    ]
    truth: dict[str, str | None] = {}
    shots: list[tuple[float, int, str | None, int | None, bool]] = []
    now = 0.0
    for one in sits:
        start = now + chance.uniform(*manner.change)
        if one.witness == "slip":
            shots.append((start - chance.uniform(2.0, 3.0), one.body, None, one.at + 1, False))
        if one.witness == "seat":
            rows.append(Seat(MORNING + timedelta(seconds=start - chance.uniform(*manner.lead)), line[one.at]))
        for frame in range(chance.randint(*manner.frames)):
            pauses = manner.pause and chance.random() < manner.pause
            now = now + chance.uniform(*((6.0, 12.0) if pauses else (1.2, 2.4))) if frame else start
            shots.append((now, one.body, line[one.at], None, one.witness == "likeness"))
    numbers = [0] * len(manner.bodies)
    for at, body, person, slip, compared in shots:
        numbers[body] += 1
        name = f"f{len(truth):04}"
        truth[name] = person
        moment = MORNING + timedelta(seconds=at)
        shot = (moment + timedelta(seconds=manner.bodies[body])).replace(tzinfo=None)
        arrived = moment + timedelta(seconds=1.0)
        if manner.read_in_later:
            arrived = MORNING + timedelta(seconds=now + 1800 + 600 * body + 0.2 * numbers[body])
        file = f"100CANON/IMG_{numbers[body]:04}.JPG"
        rows.append(FrameTaken(arrived, name, f"cam-{body + 1}", file, shot))
        if manner.faces:
            rows.append(Faces(arrived, name, int(person is not None)))
        if slip is not None:
            rows.append(Slate(arrived, name, slip))
        if compared:
            other = chance.choice([who for who in line if who != person])
            rows.append(Likeness(arrived, name, person, chance.gauss(0.6, 0.08)))
            rows.append(Likeness(arrived, name, other, chance.gauss(0.05, 0.08)))
    rows.sort(key=lambda row: row.at)  # type: ignore[union-attr]
    return Day(tuple(rows), truth, line)


def linked_right(day: Day, links: Iterable[Link]) -> float:
    """Give the share of portraits that are linked, after none is found to be somebody else's."""
    portraits = [link for link in links if day.truth[link.frame] is not None]
    assert [link for link in portraits if link.person not in (None, day.truth[link.frame])] == []
    return sum(link.status == "linked" for link in portraits) / len(portraits)


def belief_sums(observations: Sequence[Observation]) -> Floats:
    """Sum up what is believed of each burst of a day."""
    _, _, found = reason(lay_out(observations))
    guests = np.array([sum(shares.values()) for shares in found.guest])
    return np.asarray(found.entry.sum(axis=1) + guests + found.nobody)


@pytest.fixture(name="build")
def build_fixture() -> Builder:
    return build


@pytest.fixture(name="turns_of")
def turns_of_fixture() -> Callable[[int], list[Turn]]:
    return turns_of


@pytest.fixture(name="turn")
def turn_fixture() -> type[Turn]:
    return Turn
