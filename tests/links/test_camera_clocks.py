"""Times of exposures against the truth: tethers that stall, cards read in part by part, several bodies."""

import math
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from fieldkit.links.clocks import time_frames
from fieldkit.links.order import shooting_order
from fieldkit.links.recording import FrameTaken
from fieldkit.links.times import GUESSED, LOST, SURE, ClockWitnesses

START = datetime(2026, 3, 16, 1, tzinfo=UTC)
ZERO = START.timestamp()
LATENCY = 1.0


@dataclass(frozen=True)
class Shot:
    """One exposure in seconds of the laptop's clock; ``told`` by the camera's, ``at`` when it arrived."""

    body: str
    true: float
    told: float | None
    at: float


class Session:
    """People who sit down and are photographed, most of them confirmed at the camera."""

    def __init__(self, people, seed, *, confirmed=0.97, pause_at=None, pause=0.0):
        chance = random.Random(seed)
        now, self.turns, self.chair = 0.0, [], []
        for place in range(people):
            now += chance.lognormvariate(0, 0.4) * 14 + (pause if place == pause_at else 0)
            if chance.random() < confirmed:
                self.chair.append(now)
            now += chance.uniform(2, 5)
            turn = [now]
            for _ in range(chance.choice((0, 1, 2, 3))):
                now += chance.lognormvariate(0, 0.4) * 2.2
                turn.append(now)
            self.turns.append(turn)

    def shots(self, body="a", offset=0.0, turns=slice(None)):
        return [
            Shot(body, true, true + offset, true + LATENCY) for turn in self.turns[turns] for true in turn
        ]

    def timed(self, shots, slips=False):
        """Give per frame how far its time is from the truth, and its trust, by the order of exposures.

        With ``slips`` nobody is confirmed; everybody's first frame holds their slip instead.
        """
        taken, number = [], {}
        for shot in sorted(shots, key=lambda shot: shot.true):
            number[shot.body] = number.get(shot.body, 0) + 1
            told = None if shot.told is None else (START + timedelta(seconds=shot.told)).replace(tzinfo=None)
            name = f"100CANON/IMG_{number[shot.body]:04}.JPG"
            at = START + timedelta(seconds=shot.at)
            taken.append(FrameTaken(at, f"{shot.true:09.3f}", shot.body, name, told))
        witnesses = ClockWitnesses(np.array(self.chair) + ZERO, np.empty(0), {})
        if slips:
            door = ZERO - 600 + 8.0 * np.arange(len(self.turns))
            holders = {f"{turn[0]:09.3f}": float(door[at]) for at, turn in enumerate(self.turns)}
            witnesses = ClockWitnesses(np.empty(0), door, holders)
        timed = time_frames(shooting_order(taken), witnesses)
        off = {
            frame.id: (when - ZERO - float(frame.id), trust)
            for frame, when, trust in zip(timed.frames, timed.times, timed.trust, strict=True)
        }
        inside = [off[frame.id] for frame in taken]
        return np.array([when for when, _ in inside]), np.array([trust for _, trust in inside])


def stalled(shots, at, long):
    """Hold back what is taken while the tether stalls, so that it comes all at once."""
    return [replace(s, at=max(s.at, at + long)) if at <= s.true < at + long else s for s in shots]


def read_in(shots, at):
    return [replace(shot, at=at + 0.2 * place) for place, shot in enumerate(shots)]


def spread(off):
    return float(np.abs(off - np.median(off)).max())


@pytest.mark.parametrize("long", [8, 30, 60, 90, 300])
@pytest.mark.parametrize("seed", range(3))
def test_frames_that_a_stalled_tether_held_back_keep_the_cameras_time(long, seed):
    session = Session(120, seed, pause_at=60, pause=1800)
    shots = session.shots(offset=-3700.0)
    around_noon = session.turns[59][0] - 20
    for at in (300, 800, around_noon, around_noon + 2500):
        shots = stalled(shots, at, long)

    off, trust = session.timed(shots)

    assert spread(off) < 1
    assert set(trust) == {SURE}


@pytest.mark.parametrize("by", [-3600, -40, 40, 3600])
@pytest.mark.parametrize("away", [-400, -60, 60, 400])
def test_a_clock_that_was_set_stays_set_though_the_tether_stalls_nearby(by, away):
    session = Session(120, 4)
    moment = (session.turns[59][-1] + session.turns[60][0]) / 2
    shots = [replace(s, told=s.told + by * (s.true > moment)) for s in session.shots()]
    shots = stalled(shots, moment + away, 45)

    off, trust = session.timed(shots)

    sure = trust == SURE
    assert spread(off[sure]) < 1.5
    assert sure.mean() > 0.95


def test_a_stall_that_is_not_over_yet_ties_nothing():
    session = Session(80, 5)
    shots = stalled(session.shots(), session.turns[-1][0] - 1, 60)

    _, trust = session.timed(shots)

    assert set(trust[:-8]) == {SURE}
    assert trust[-1] == GUESSED


@pytest.mark.parametrize("wait", [900, 1400])
def test_a_card_read_in_at_noon_and_in_the_evening_is_laid_by_one_clock(wait):
    """Also where the evening's first frame comes as late as the morning's last one did."""
    session = Session(160, 6, pause_at=130, pause=5000)
    morning = session.shots(offset=-7 * 3600, turns=slice(0, 130))
    evening = session.shots(offset=-7 * 3600, turns=slice(130, None))
    noon = morning[-1].true + wait
    for as_late in (noon - morning[-1].true, evening[-1].true - evening[0].true + wait):
        shots = read_in(morning, noon) + read_in(evening, evening[0].true + as_late)

        off, trust = session.timed(shots)

        assert spread(off) < 1
        assert set(trust) == {SURE}


@pytest.mark.parametrize("confirmed", [0.97, 0.7, 0.5])
def test_a_card_is_sure_though_few_are_confirmed(confirmed):
    session = Session(300, 7, confirmed=confirmed)
    shots = read_in([replace(s, told=math.floor(s.told)) for s in session.shots(offset=900.0)], 40_000)

    off, trust = session.timed(shots)

    assert spread(off) < 1
    assert set(trust) == {SURE}


@pytest.mark.parametrize("confirmed", [0.97, 0.7])
@pytest.mark.parametrize("by", [3600, 40, -40, -3600])
def test_a_clock_set_in_the_pause_is_found_on_a_card(by, confirmed):
    session = Session(300, 8, confirmed=confirmed, pause_at=170, pause=3000)
    moment = session.turns[170][0] - 500
    shots = [replace(s, told=s.told + by * (s.true > moment)) for s in session.shots(offset=50_000.0)]

    off, trust = session.timed(read_in(shots, 40_000))

    sure = trust == SURE
    assert spread(off[sure]) < 2
    assert sure.mean() > 0.9


def test_the_few_frames_of_a_second_body_find_whom_the_first_one_did_not_photograph():
    session = Session(300, 9)
    first = session.shots(turns=slice(0, 140)) + session.shots(turns=slice(155, None))
    second = read_in(session.shots("b", 20_000.0, slice(140, 155)), 40_000)

    off, trust = session.timed(read_in(first, 41_000) + second)

    assert spread(off) < 2
    assert set(trust) == {SURE}


def test_a_card_is_laid_as_far_behind_the_seats_as_live_frames_are():
    session = Session(300, 10)
    for place in range(300):
        session.turns[place] = [when + 2.5 for when in session.turns[place]]
    live, later = session.shots(turns=slice(0, 150)), session.shots("b", -5000.0, slice(150, None))

    off, _ = session.timed(live + read_in(later, 40_000))

    assert spread(off) < 1.2


def test_a_cards_three_frames_are_not_taken_for_live_ones():
    session = Session(200, 11)
    session.turns[100] = [session.turns[100][0] + after for after in (0, 1.2, 2.4)]
    others = session.shots(turns=slice(0, 100)) + session.shots(turns=slice(101, None))
    few = read_in(session.shots("b", 300.0, slice(100, 101)), session.turns[150][0] + 1)

    _, trust = session.timed(others + few)

    assert list(trust).count(SURE) == len(trust) - 3


def test_a_frame_without_a_time_ties_nothing_where_its_neighbours_leave_room():
    session = Session(120, 12)
    shots = read_in(session.shots(offset=500.0), 40_000)
    gaps = {at: shots[at + 1].true - shots[at - 1].true for at in range(20, 300 if len(shots) > 320 else 200)}
    wide, tight = max(gaps, key=gaps.get), min(gaps, key=gaps.get)
    for at in (wide, tight):
        shots[at] = replace(shots[at], told=None)

    _, trust = session.timed(shots)

    assert trust[wide] == LOST
    assert trust[tight] == SURE
    assert list(trust).count(LOST) == 1


def test_a_cards_few_frames_that_fit_anywhere_stand_among_nobodys():
    session = Session(200, 14)
    others = session.shots(turns=slice(0, 100)) + session.shots(turns=slice(101, None))
    session.turns[100] = [session.turns[100][0] + after for after in (0, 3, 6)]
    few = read_in(session.shots("b", 9000.0, slice(100, 101)), 40_000)

    off, trust = session.timed(others + few)

    assert list(trust).count(LOST) == 3
    assert off[trust == LOST].min() > 100


@pytest.mark.parametrize("bodies", [2, 3])
@pytest.mark.parametrize("live", [True, False], ids=["one live", "all read in later"])
def test_slips_bring_the_bodies_together(bodies, live):
    """The door lies an hour off at the end of the line, but who stands next to whom is known."""
    session = Session(240, 13)
    shots = [[] for _ in range(bodies)]
    for stint, first in enumerate(range(0, 240, 30)):
        body = stint % bodies
        shots[body] += session.shots("abc"[body], -9000.0 * body, slice(first, first + 30))
    known = shots[0] if live else read_in(shots[0], 40_000)

    off, _ = session.timed(known + [shot for body in shots[1:] for shot in read_in(body, 40_000)], slips=True)

    assert np.ptp(off) < 20
