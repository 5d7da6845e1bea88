"""Frames without a camera time, timed by arrivals that are late by more or less from frame to frame."""

import random
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldkit.links.arrivals import jitter
from fieldkit.links.engine import link_frames
from fieldkit.links.evidence import lay_out
from fieldkit.links.recording import Checkin, Faces, FrameTaken, Observation, Seat
from fieldkit.links.times import SURE
from tests.links.conftest import MORNING

Latency = Callable[[random.Random], float]


def between(low: float, high: float) -> Latency:
    return lambda chance: chance.uniform(low, high)


def mostly(usual: float) -> Latency:
    return lambda chance: 0.5 + chance.expovariate(1 / usual)


def day(
    latency: Latency,
    every: float,
    seed: int,
    *,
    people: int = 150,
    most: int = 2,
    overtaking: bool = False,
    timed: bool = False,
) -> tuple[tuple[Observation, ...], dict[str, str]]:
    """Play an orderly day of somebody every so many seconds; frames come late by ``latency``."""
    chance = random.Random(seed)
    rows: list[Observation] = []
    truth: dict[str, str] = {}
    now, latest, number = 100.0, 0.0, 0
    for place in range(people):
        who = f"P{place:03}"
        rows.append(Checkin(MORNING + timedelta(seconds=now - 90), f"c{place}", who, place + 1))
        if chance.random() < 0.97:
            rows.append(Seat(MORNING + timedelta(seconds=now + chance.uniform(0, 1.5)), who))
        moment = now + max(1.6, chance.gauss(4, 0.7))
        for _ in range(chance.randint(min(most, 2), most)):
            number += 1
            name = f"f{number:04}"
            arrived = moment + latency(chance)
            if not overtaking:
                latest = arrived = max(latest + 0.05, arrived)
            at = MORNING + timedelta(seconds=arrived)
            shot = (MORNING + timedelta(seconds=moment)).replace(tzinfo=None) if timed else None
            rows += [FrameTaken(at, name, "cam", f"100CANON/IMG_{number:04}.JPG", shot), Faces(at, name, 1)]
            truth[name] = who
            moment += max(0.6, chance.gauss(2, 0.35))
        now += max(6.0, chance.gauss(every, 1.5))
    rows.sort(key=lambda row: row.at)  # type: ignore[union-attr]
    return tuple(rows), truth


def arrivals(rows: tuple[Observation, ...]) -> tuple[np.ndarray, np.ndarray]:
    frames = sorted((row for row in rows if isinstance(row, FrameTaken)), key=lambda row: row.file)
    came = np.array([row.at.timestamp() for row in frames])
    return came, np.array([row.at.timestamp() for row in rows if isinstance(row, Seat)])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(14, 30), st.integers(1, 4), st.floats(0.1, 5))
def test_frames_that_are_all_late_alike_are_not_called_uneven(seed, every, most, late):
    came, sat = arrivals(day(between(late, late + 0.4), every, seed, most=most)[0])

    uneven, alike = jitter(came, sat)
    assert uneven < 1.1
    assert alike < 0.5


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(12, 30), st.booleans())
def test_how_unevenly_late_frames_are_is_found(seed, every, overtaking):
    came, sat = arrivals(day(between(2, 10), every, seed, people=250, overtaking=overtaking)[0])

    uneven, alike = jitter(came, sat)
    assert uneven > 1.1 or alike > 0.65


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([10, 12, 16]))
@example(11, 10)
@example(13, 10)
@example(366593, 10)
@example(955930, 10)
@example(110, 12)
@example(68, 10)
@example(21, 10)
@example(192, 10)
@example(355640, 10)
def test_hardly_any_frame_goes_to_another_where_latency_is_as_long_as_people_are_apart(seed, every):
    rows, truth = day(between(2, 10), every, seed)

    links = link_frames(rows)

    wrong = [link for link in links if link.status == "linked" and link.person != truth[link.frame]]
    assert len(wrong) <= 0.01 * len(links)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("latency", "every"), [(mostly(2), 12), (mostly(2), 16), (mostly(4), 24), (between(2, 10), 24)]
)
def test_frames_that_are_late_now_and_then_still_go_to_their_people(latency, every, seed):
    rows, truth = day(latency, every, seed, people=200)

    links = link_frames(rows)

    linked = [link for link in links if link.status == "linked"]
    assert sum(link.person != truth[link.frame] for link in linked) <= 0.01 * len(links)
    assert len(linked) > 0.9 * len(links)
    assert sum((link.person or link.proposal) == truth[link.frame] for link in links) > 0.98 * len(links)


@pytest.mark.parametrize("every", [10, 12, 24])
@pytest.mark.parametrize("latency", [between(0.3, 0.6), between(1, 4), between(4, 4.6)])
def test_even_latency_costs_nothing(latency, every):
    rows, truth = day(latency, every, 5)

    links = link_frames(rows)

    assert (lay_out(rows).trust == SURE).all()
    assert [link for link in links if link.person not in (None, truth[link.frame])] == []
    assert sum(link.status == "linked" for link in links) >= 0.99 * len(links)


def test_the_cameras_own_clock_makes_latency_harmless():
    rows, truth = day(between(2, 10), 10, 11, timed=True)

    assert lay_out(rows).jitter == 0
    assert {link.frame: link.person for link in link_frames(rows)} == truth
