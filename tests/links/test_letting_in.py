"""A door that lets in by the chair, told by order alone."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.day.regime import Disorder, Pace, Regime
from benchmarks.day.seen import see_the_day
from fieldkit.links.engine import link_frames
from fieldkit.links.recording import Checkin, Faces, FrameTaken, Observation

_CALM = Disorder(*[0.0] * 11)
_MORNING = datetime(2026, 3, 16, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("early", [0, 1, 2])
def test_a_line_in_order_is_proposed_in_order_however_many_wait_when_the_next_come(early: int) -> None:
    pace = Pace(people=150, let_in="free", group=(2, 4), early=early, lunch=False)
    day = see_the_day(Regime(f"in order, {early} wait", pace=pace, disorder=_CALM), 1)
    links = link_frames(day.observations)
    portraits = [link for link in links if day.truth[link.frame]]
    assert not any(link.status == "linked" for link in links)
    right = sum(link.proposal == day.truth[link.frame] for link in portraits)
    assert right > 0.9 * len(portraits)


def test_nothing_is_said_to_be_sure_where_only_order_speaks() -> None:
    pace = Pace(people=120, let_in="single")
    day = see_the_day(Regime("one by one", pace=replace(pace, lunch=False)), 3)
    assert all(link.confidence < 1 for link in link_frames(day.observations) if link.status == "review")


def _comes(entry: int, door: float) -> Checkin:
    return Checkin(_MORNING + timedelta(seconds=door), f"c{entry}", f"P{entry:03}", entry + 1)


def _taken(truth: dict[str, int], at: int, now: float) -> FrameTaken:
    """Take the next frame, of whoever is so far in line."""
    name, number = f"f{len(truth):04}", len(truth) + 1
    truth[name] = at
    when = _MORNING + timedelta(seconds=now)
    return FrameTaken(when, name, "a", f"100A/IMG_{number:04}.JPG", when.replace(tzinfo=None))


def _classes_that_wait(people: int, seed: int) -> tuple[list[Observation], dict[str, int]]:
    """Let in a class whenever the line is nearly empty; all sit in order, for one to four uneven frames."""
    chance = random.Random(seed)
    rows: list[Observation] = []
    truth: dict[str, int] = {}
    door, now, come = 0.0, 60.0, 0
    for at in range(people):
        if come - at <= 4:
            door = max(door, now - chance.uniform(0, 60))
            for entry in range(come, min(people, come + chance.randint(22, 52))):
                door += chance.uniform(3, 7)
                rows.append(_comes(entry, door))
                come = entry + 1
        now += 16.0 * chance.lognormvariate(0, 0.3)
        for frame in range(chance.choice((1, 2, 2, 2, 3, 4))):
            now += 2.5 * chance.lognormvariate(0, 0.6) if frame else 0.0
            rows.append(_taken(truth, at, now))
    return rows, truth


@pytest.mark.parametrize("seed", [2, 3, 9])
def test_a_line_that_waits_is_never_thought_to_be_at_quite_another_place(seed: int) -> None:
    rows, truth = _classes_that_wait(250, seed)
    offsets = [int(link.proposal[1:]) - truth[link.frame] for link in link_frames(rows) if link.proposal]
    assert len(offsets) > 0.8 * len(truth)
    assert max(map(abs, offsets)) <= 6


def _in_order(doors: list[float], seed: int) -> tuple[list[Observation], dict[str, int]]:
    """Let everybody sit in turn, two frames each, as soon as they have come and the chair is free."""
    chance = random.Random(seed)
    rows: list[Observation] = []
    truth: dict[str, int] = {}
    now = 60.0
    for at, door in enumerate(doors):
        rows.append(_comes(at, door))
        now = max(now, door + chance.uniform(2, 4)) + max(2.0, chance.gauss(4, 1))
        for frame in range(2):
            now += chance.uniform(1.6, 2.8) * frame
            rows.append(_taken(truth, at, now))
        now += max(2.0, chance.gauss(11.8, 2))
    return rows, truth


@pytest.mark.parametrize("seed", [1, 2, 4, 6])
def test_people_who_come_as_they_please_are_not_thought_to_be_let_in(seed: int) -> None:
    chance = random.Random(seed)
    doors, moment = [], 0.0
    for _ in range(250):
        moment += chance.expovariate(1 / 18)
        doors.append(moment)
    rows, truth = _in_order(doors, seed)
    right = sum(link.proposal == f"P{truth[link.frame]:03}" for link in link_frames(rows))
    assert right > 0.7 * len(truth)


@pytest.mark.parametrize("seed", [2, 3, 4, 5, 6])
def test_a_door_that_is_a_group_ahead_tells_where_the_line_stands(seed: int) -> None:
    """Whenever a group of ten begins to sit, the one after the next is let in."""
    pace = Pace(people=250, let_in="free", group=(10, 10), early=10, lunch=False)
    calm = see_the_day(Regime("a group ahead", pace=pace, disorder=_CALM), seed)
    links = [link for link in link_frames(calm.observations) if calm.truth[link.frame]]
    assert sum(link.proposal == calm.truth[link.frame] for link in links) > 0.9 * len(links)


def _from_the_empty_chair(
    people: int, frames: tuple[int, int], way: tuple[float, float], seed: int
) -> tuple[list[Observation], dict[str, int]]:
    """Let the next check in as soon as the chair is empty; nobody waits and nothing is out of order."""
    chance = random.Random(seed)
    rows: list[Observation] = []
    truth: dict[str, int] = {}
    now = 0.0
    for at in range(people):
        door = now + chance.uniform(1, 4)
        rows.append(_comes(at, door))
        now = door + chance.uniform(*way)
        for frame in range(chance.randint(*frames)):
            now += chance.uniform(2, 3) if frame else 0.0
            taken = _taken(truth, at, now)
            rows.extend((taken, Faces(taken.at + timedelta(seconds=1), taken.id, 1)))
    return rows, truth


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("way", [(8.0, 14.0), (16.0, 30.0)], ids=["a short way", "a long way"])
@pytest.mark.parametrize("frames", [(1, 1), (1, 4), (3, 3)], ids=["one frame", "one to four", "three"])
def test_a_day_on_which_nobody_waits_is_not_a_person_off(frames, way, seed) -> None:
    rows, truth = _from_the_empty_chair(100, frames, way, seed)
    right = sum(link.proposal == f"P{truth[link.frame]:03}" for link in link_frames(rows))
    assert right > 0.95 * len(truth)
