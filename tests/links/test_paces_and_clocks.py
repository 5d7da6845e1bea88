"""Days whose pace, clock or sittings are out of the ordinary, each with one confirmation a sitting."""

import random
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.links.chair_clock import by_chair
from fieldkit.links.engine import link_frames
from fieldkit.links.evidence import lay_out
from fieldkit.links.recording import Checkin, Faces, FrameTaken, Seat, Slate
from fieldkit.links.times import LOST, SURE, ClockWitnesses
from tests.links.conftest import Manner, Sits, linked_right, sit_down

NINE = datetime(2026, 3, 16, 9, 0, tzinfo=timezone(timedelta(hours=8)))
SECOND = timedelta(seconds=1)


class Crew:
    """Writes a day down, sitting by sitting."""

    def __init__(self, people, *, live=True, ahead=timedelta(0)):
        self.seen, self.truth, self.now, self.live, self.ahead = [], {}, NINE, live, ahead
        for place in range(people):
            at = NINE - timedelta(minutes=40) + 4 * place * SECOND
            self.seen.append(Checkin(at, f"c{place}", f"P{place}", place + 1))

    def frame(self, person, wait, faces=1):
        self.now += wait * SECOND
        number = len(self.truth) + 1
        name = f"f{number:04}"
        self.truth[name] = person
        at = self.now + SECOND if self.live else NINE + timedelta(hours=10, seconds=number / 5)
        clock = (self.now + self.ahead).replace(tzinfo=None)
        self.seen.append(FrameTaken(at, name, "b1", f"100CANON/IMG_{number:04}.JPG", clock))
        self.seen.append(Faces(at, name, faces))
        return name

    def seat(self, person, wait, before=0.0):
        self.seen.append(Seat(self.now + (wait - before) * SECOND, person))
        self.now += wait * SECOND

    def links(self, change=lambda one: one):
        return link_frames(sorted((change(one) for one in self.seen), key=lambda one: one.at))


def wrong(links, truth):
    return [link for link in links if link.status == "linked" and link.person != truth[link.frame]]


def linked(links):
    return sum(link.status == "linked" for link in links)


@pytest.mark.parametrize(("step", "each", "lead"), [(5, 2, 2), (5, 2, 4), (5, 3, 2), (10, 1, 3), (4, 2, 3)])
@pytest.mark.parametrize("people", [30, 200])
def test_frames_that_all_follow_at_one_pace_go_by_the_seats(people, step, each, lead):
    crew = Crew(people)
    for place in range(people):
        crew.seat(f"P{place}", step if place else 0, before=lead)
        for shot in range(each):
            crew.frame(f"P{place}", step if shot else 0)

    links = crew.links()

    assert wrong(links, crew.truth) == []
    assert linked(links) == len(links)


@pytest.mark.parametrize(("step", "each", "lead"), [(5, 2, 2), (5, 3, 2), (4, 2, 3)])
def test_at_one_pace_a_clock_off_by_a_frame_is_not_believed(step, each, lead):
    crew = Crew(60, live=False, ahead=timedelta(hours=-1))
    for place in range(60):
        crew.seat(f"P{place}", step if place else 0, before=lead)
        for shot in range(each):
            crew.frame(f"P{place}", step if shot else 0)

    assert wrong(crew.links(), crew.truth) == []


@pytest.mark.parametrize("live", [True, False], ids=["live", "read in later"])
@pytest.mark.parametrize("seed", range(4))
def test_somebody_who_sits_twice_running_is_linked_when_named_twice(live, seed):
    chance = random.Random(seed)
    crew = Crew(30, live=live)
    order = list(range(30))
    twice = chance.randrange(4, 25)
    order.insert(twice, twice)
    for place in order:
        crew.seat(f"P{place}", chance.uniform(12, 40))
        crew.frame(f"P{place}", chance.uniform(3, 6))
        for _ in range(chance.choice((0, 1, 2))):
            crew.frame(f"P{place}", chance.uniform(2, 4))

    links = crew.links()

    assert wrong(links, crew.truth) == []
    assert linked(links) >= 0.96 * len(links)


def ordinary(people, seed, *, live):
    chance = random.Random(seed)
    crew = Crew(people, live=live, ahead=timedelta(hours=8, seconds=55))
    for place in range(people):
        crew.seat(f"P{place}", chance.lognormvariate(0, 0.4) * 12)
        crew.frame(f"P{place}", chance.uniform(2, 6))
        for _ in range(chance.choice((0, 1, 2, 3))):
            crew.frame(f"P{place}", chance.lognormvariate(0, 0.4) * 2.2)
    return crew


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 1000),
    st.booleans(),
    st.sampled_from([-3600, -600, -45, 24, 45, 180, 600, 3600, 8 * 3600]),
    st.floats(0.15, 0.85),
)
def test_a_clock_set_at_any_moment_by_any_amount_ties_hardly_anybody_to_another(seed, live, by, where):
    crew = ordinary(90, seed, live=live)
    names = list(crew.truth)
    behind = set(names[int(where * len(names)) :])

    links = crew.links(
        lambda one: replace(one, shot=one.shot + by * SECOND) if getattr(one, "id", "") in behind else one
    )

    # In the sitting in which the clock is set a frame may stand beside the wrong seat.
    assert len(wrong(links, crew.truth)) <= 4
    assert linked(links) >= 0.8 * len(links)


def test_a_stretch_that_meets_nobody_sitting_down_is_lost_and_ties_nobody():
    crew = ordinary(120, 3, live=False)
    names = list(crew.truth)
    third = len(names) // 3
    unseen = {crew.truth[name] for name in names[third : 2 * third]}
    crew.seen = [one for one in crew.seen if not (isinstance(one, Seat) and one.person in unseen)]
    middle = set(names[third : 2 * third])

    moved = [
        replace(one, shot=one.shot + 97 * SECOND) if getattr(one, "id", "") in middle else one
        for one in crew.seen
    ]
    links = link_frames(sorted(moved, key=lambda one: one.at))

    assert wrong(links, crew.truth) == []
    trust = lay_out(moved).trust
    assert {SURE, LOST} <= set(trust.tolist())


def test_frames_that_arrived_before_anybody_sat_are_lost():
    shots = np.cumsum(np.tile([3.0, 20.0], 40))
    seats = ClockWitnesses(1e6 + 23.0 * np.arange(40), np.empty(0), {})

    laid = by_chair(shots, np.zeros(shots.size), seats, 40)

    assert set(laid.trust.tolist()) == {LOST}


def test_slips_read_in_later_are_not_held_back_by_check_ins_just_before():
    """People photographed seconds after the door: a clock that is late by a minute must not part them."""
    crew = Crew(0, live=False, ahead=timedelta(hours=8))
    chance = random.Random(2)
    for place in range(80):
        at = crew.now + (5 + 400 * (place % 20 == 0)) * SECOND
        crew.now = at
        crew.seen.append(Checkin(at, f"c{place}", f"P{place}", place + 1))
        slip = crew.frame(None, chance.uniform(5, 9), faces=0)
        crew.seen.append(Slate(crew.seen[-2].at, slip, place + 1))
        for _ in range(chance.choice((1, 2, 3))):
            crew.frame(f"P{place}", chance.uniform(2, 3))

    links = crew.links()

    portraits = [link for link in links if crew.truth[link.frame]]
    assert wrong(links, crew.truth) == []
    assert linked(portraits) >= 0.99 * len(portraits)


def test_of_two_slips_in_a_row_the_last_is_whose_frames_follow():
    crew = Crew(40)
    for place in range(40):
        slip = crew.frame(None, 14, faces=0)
        crew.seen.append(Slate(crew.seen[-2].at, slip, place + 1))
        if place != 20:
            crew.frame(f"P{place}", 3)
            crew.frame(f"P{place}", 2)

    links = {link.frame: link for link in crew.links()}

    after = [name for name, person in crew.truth.items() if person == "P21"]
    assert [links[name].person for name in after] == ["P21", "P21"]


@pytest.mark.parametrize(
    ("apart", "between", "seats"), [(3, True, 1), (9, True, 2), (9, False, 1), (20, False, 2)]
)
def test_a_seat_confirmed_again_counts_once_unless_frames_were_taken_between(apart, between, seats):
    start = datetime(2026, 3, 16, 9, tzinfo=timezone(timedelta(hours=8)))
    seen = [
        Checkin(start - timedelta(minutes=1), "c1", "P1", 1),
        Seat(start, "P1"),
        Seat(start + timedelta(seconds=apart), "P1"),
    ]
    for number, after in enumerate((apart / 2 if between else apart + 2, apart + 4)):
        at = start + timedelta(seconds=after)
        seen.append(
            FrameTaken(at, f"f{number}", "cam", f"100CANON/IMG_{number:04}.JPG", at.replace(tzinfo=None))
        )
    assert lay_out(seen).seat_persons.tolist() == [0] * seats


@pytest.mark.parametrize(
    ("cycle", "people", "share"), [(11.25, 100, 0.97), (14.4, 200, 0.9), (24.0, 150, 0.9)]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_read_in_card_of_an_even_line_goes_by_how_near_the_seats_are(cycle, people, share, seed) -> None:
    """A clock off by a person meets somebody at every start, too, but at distances that vary more."""
    chance = random.Random(seed)
    crew = Crew(people, live=False, ahead=timedelta(seconds=-2838))
    for place in range(people):
        if chance.random() < share:
            crew.seat(f"P{place}", 0.0, before=-chance.uniform(0, 1.5))
        crew.frame(f"P{place}", max(1.6, chance.gauss(4, 0.7)))
        crew.frame(f"P{place}", max(0.6, chance.gauss(2, 0.35)))
        crew.now += max(1.0, chance.gauss(cycle - 6, 1)) * SECOND
    links = crew.links(
        lambda one: replace(one, shot=one.shot.replace(microsecond=0)) if isinstance(one, FrameTaken) else one
    )
    assert not wrong(links, crew.truth)
    assert linked(links) > 0.97 * len(links)


@pytest.mark.parametrize(("cycle", "uneven", "longer", "for_people"), [(11, 2, 3, 60), (14, 3, 4, 100)])
@pytest.mark.parametrize("seed", range(4))
def test_a_way_to_the_camera_that_is_longer_for_a_while_is_no_lost_stretch(
    cycle, uneven, longer, for_people, seed
) -> None:
    chance = np.random.default_rng(seed)
    people = np.arange(450)
    chair = 1e6 + np.cumsum(np.maximum(6.0, chance.normal(cycle, uneven, people.size)))
    way = 6 + longer * np.sin(people / for_people * np.pi) + chance.normal(0, 0.8, people.size)
    shots = np.sort(np.concatenate((chair + way, chair + way + 2))) - 2838
    told = ClockWitnesses(chair[chance.random(people.size) < 0.97], np.array([]), {})

    laid = by_chair(shots, np.full(shots.size, 50_000.0), told, people.size)

    assert (laid.trust == SURE).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_clock_that_a_person_fewer_would_fit_as_well_is_not_sure(seed) -> None:
    """Seats at any time of the sitting before tell nothing of who follows: all goes to review."""
    chance = random.Random(seed)
    crew = Crew(150, live=False, ahead=timedelta(seconds=-2838))
    for place in range(150):
        crew.seat(f"P{place}", 0.0, before=chance.uniform(-6, 6))
        crew.frame(f"P{place}", 4.0)
        crew.frame(f"P{place}", 2.0)
        crew.now += timedelta(seconds=6)
    assert linked(crew.links()) == 0


@pytest.mark.parametrize("lead", [(-4.0, -2.0), (-6.0, -3.0), (-1.0, 2.0), (3.0, 6.0)])
@pytest.mark.parametrize("turn", [8.0, 14.0])
def test_seats_before_or_behind_the_first_frame_are_their_own_people_s(lead, turn) -> None:
    """On an even line seats behind the first frame gave everybody the name of the one before, at 0.999."""
    manner = Manner(change=(turn - 0.5, turn + 0.5), lead=lead, frames=(3, 3))
    for people in (20, 90):
        day = sit_down([Sits(at, "seat") for at in range(people)], people, people, manner)
        assert linked_right(day, link_frames(day.observations)) > 0.97


@pytest.mark.parametrize("seed", range(4))
def test_pauses_within_sittings_are_no_strangers_where_every_slip_is_read(seed: int) -> None:
    """A pause as long as a change of people went for somebody without a check-in; each taught the next."""
    pausing = Manner(change=(6.0, 10.0), frames=(1, 3), pause=0.08)
    day = sit_down([Sits(at, "slip") for at in range(150)], 150, seed, pausing)
    assert linked_right(day, link_frames(day.observations)) > 0.99
