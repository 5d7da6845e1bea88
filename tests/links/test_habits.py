"""How a crew confirms and photographs slips all day long: what the day's ends and pauses tell of it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.links.companions import beside
from fieldkit.links.confirming import confirmed_ahead
from fieldkit.links.engine import link_frames
from fieldkit.links.outcome import Link
from fieldkit.links.recording import Checkin, Faces, FrameTaken, Next, Observation, Seat, Slate
from fieldkit.links.slips_behind import Shown, turned_round
from tests.links.conftest import MORNING, Day, linked_right

Shots = list[float]
Confirm = Callable[[Random, Sequence[Shots], int], float]


def _sittings(chance: Random, people: int, *, slow: bool = False) -> list[Shots]:
    """Give the moments of everybody's frames: two to four within seconds, and 5 to 14 s to the next.

    A ``slow`` camera takes nearly as long between frames as people do, and now and then one more.
    """
    sittings, now = [], 600.0
    change, within = ((4.0, 15.0), (2.4, 3.6)) if slow else ((5.0, 14.0), (1.2, 2.6))
    for _ in range(people):
        now += chance.uniform(*change)
        shots = [now]
        for _ in range(chance.randint(1, 3)):
            shots.append(shots[-1] + chance.uniform(*within))
        if slow and chance.random() < 0.15:
            shots.append(shots[-1] + chance.uniform(5.0, 8.0))
        sittings.append(shots)
        now = shots[-1]
    return sittings


def _amid_the_one_before(chance: Random, sittings: Sequence[Shots], at: int) -> float:
    if not at:
        return sittings[0][0] - 6.0
    return chance.uniform(sittings[at - 1][0] + 0.2, sittings[at - 1][-1] - 0.1)


def _as_the_one_before_rises(chance: Random, sittings: Sequence[Shots], at: int) -> float:
    return (sittings[at - 1][-1] if at else sittings[0][0] - 9.0) + chance.uniform(0.2, 1.5)


def _amid_their_own(chance: Random, sittings: Sequence[Shots], at: int) -> float:
    return chance.uniform(sittings[at][0] + 1.6, sittings[at][-1] + 0.4)


def _as_they_sit_down(chance: Random, sittings: Sequence[Shots], at: int) -> float:
    way = sittings[at][0] - (sittings[at - 1][-1] if at else 590.0)
    return sittings[at][0] - chance.uniform(0.2, 0.7) * way


def _half_and_half(chance: Random, sittings: Sequence[Shots], at: int) -> float:
    ahead = at < len(sittings) / 2
    return (_amid_the_one_before if ahead else _amid_their_own)(chance, sittings, at)


def _day(
    seed: int,
    *,
    people: int = 120,
    confirm: Confirm | None = None,
    slip_last: bool = False,
    slips: bool = False,
    clicks: bool = False,
    slow: bool = False,
    absent: frozenset[int] = frozenset(),
    left: frozenset[int] = frozenset(),
    beside_by: float | None = None,
) -> Day:
    """Photograph people in line; ``absent`` never check in, a second camera is ``beside_by`` seconds off."""
    chance = Random(seed)
    sittings = _sittings(chance, people, slow=slow)
    rows: list[Observation] = []
    truth: dict[str, str | None] = {}
    numbers = {"cam-1": 0, "cam-2": 0}

    def shoot(
        moment: float, person: str | None, slip: int | None = None, *, off: float | None = None
    ) -> None:
        body = "cam-1" if off is None else "cam-2"
        numbers[body] += 1
        name = f"{body}-{numbers[body]:04}"
        at = MORNING + timedelta(seconds=moment)
        shot = (at + timedelta(seconds=off or -3600.0)).replace(tzinfo=None)
        arrived = (
            at + timedelta(seconds=0.8) if off is None else MORNING + timedelta(hours=9, seconds=len(truth))
        )
        rows.append(FrameTaken(arrived, name, body, f"100CANON/IMG_{numbers[body]:04}.JPG", shot))
        rows.append(Faces(arrived, name, int(person is not None)))
        if slip is not None:
            rows.append(Slate(arrived, name, slip))
        truth[name] = person

    for at, shots in enumerate(sittings):
        who = f"P{at:03}"
        if at not in absent:
            rows.append(Checkin(MORNING + timedelta(seconds=2.0 * at), f"c{at}", who, at + 1))
        if at in left:
            continue
        if confirm is not None:
            rows.append(Seat(MORNING + timedelta(seconds=confirm(chance, sittings, at)), who))
        if clicks:
            rows.append(Next(MORNING + timedelta(seconds=shots[0] - chance.uniform(1.0, 3.0))))
        if slips and not slip_last:
            shoot(shots[0] - 2.2, None, at + 1)
        for moment in shots:
            shoot(moment, who)
            if beside_by is not None and chance.random() < 0.5:
                shoot(moment + chance.uniform(0.1, 0.5), who, off=beside_by)
        if slip_last:
            shoot(shots[-1] + 1.8, None, at + 1)
    rows.sort(key=lambda row: row.at)  # type: ignore[union-attr]
    return Day(tuple(rows), truth, tuple(f"P{at:03}" for at in range(people)))


def _wrong(day: Day, links: Sequence[Link]) -> list[Link]:
    return [link for link in links if link.status == "linked" and link.person != day.truth[link.frame]]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("confirm", [_amid_the_one_before, _as_the_one_before_rises, _amid_their_own])
def test_seats_amid_frames_are_whose_the_ends_of_the_day_say(confirm: Confirm, seed: int) -> None:
    """Who confirmed the next ahead all day gave everybody's frames to the next, at .999."""
    day = _day(seed, confirm=confirm)

    assert linked_right(day, link_frames(day.observations)) > 0.85


@pytest.mark.parametrize("seed", [1, 2])
def test_who_confirms_one_way_and_then_the_other_is_looked_at(seed: int) -> None:
    day = _day(seed, confirm=_half_and_half)

    assert _wrong(day, link_frames(day.observations)) == []


@given(st.integers(0, 1000), st.floats(0.8, 1.0))
def test_either_habit_is_told_by_first_and_last(seed: int, confirmed: float) -> None:
    chance = Random(seed)
    sittings = _sittings(chance, 60)
    frames = np.array([moment for shots in sittings for moment in shots])
    starts = np.array([shots[0] for shots in sittings])
    for confirm, ahead in ((_amid_the_one_before, True), (_amid_their_own, False)):
        whole = [confirm(chance, sittings, at) for at in range(60)]
        inner = [one for one in whole[1:-1] if chance.random() < confirmed]
        seats = np.sort([whole[0], *inner, whole[-1]])

        habit = confirmed_ahead(seats, starts, frames, min(confirmed, 0.98))

        assert (habit.ahead > 0.5) == ahead
        assert habit.delays.min() > 0


@pytest.mark.parametrize("seed", [1, 2])
def test_the_first_frame_behind_a_seat_is_its_own_though_the_pause_is_short(seed: int) -> None:
    """Where changing takes hardly longer than a second frame, and some frames come later still."""
    day = _day(seed, confirm=_as_they_sit_down, clicks=True, slow=True)

    assert linked_right(day, link_frames(day.observations)) > 0.9


@pytest.mark.parametrize("seed", [1, 2])
def test_slips_photographed_last_are_turned_round_and_looked_at(seed: int) -> None:
    """Each slip gave the next one's frames to whose it was, at .999."""
    day = _day(seed, slips=True, slip_last=True)
    links = link_frames(day.observations)

    assert _wrong(day, links) == []
    portraits = [link for link in links if day.truth[link.frame] is not None]
    right = sum(day.truth[link.frame] in (link.person, link.proposal) for link in portraits)
    assert right > 0.97 * len(portraits)


@given(st.integers(0, 1000))
def test_slips_photographed_first_stay_where_they_are(seed: int) -> None:
    sittings = _sittings(Random(seed), 30)
    times = np.array([moment for shots in sittings for moment in shots])
    begins = np.cumsum([0] + [len(shots) for shots in sittings[:-1]])
    gaps = np.diff(times, prepend=times[0])
    gaps[begins[1:]] -= 2.2
    shown = Shown({int(at): [place] for place, at in enumerate(begins)}, gaps)

    assert turned_round(shown, times) is shown


def test_a_slip_whose_number_nobody_holds_names_no_neighbour() -> None:
    """Whoever was next in line and had left was given the frames, at .98."""
    for seed in range(4):
        day = _day(seed, slips=True, absent=frozenset({20, 50, 80}), left=frozenset({21, 51, 81}))
        links = link_frames(day.observations)

        assert _wrong(day, links) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_second_camera_of_the_same_people_follows_the_first_one_s_clock(seed: int) -> None:
    """Nothing but the frames beside it tells its clock: all its frames were some people off."""
    day = _day(seed, slips=True, beside_by=2838.0)
    links = link_frames(day.observations)

    assert _wrong(day, links) == []
    first = [link for link in links if link.frame.startswith("cam-1") and day.truth[link.frame]]
    assert sum(link.status == "linked" for link in first) > 0.9 * len(first)


@pytest.mark.parametrize("seed", [1, 2])
def test_two_chairs_at_once_are_looked_at(seed: int) -> None:
    """A seat says at neither of two chairs who sat down: .9995 for whoever was there sooner."""
    chance = Random(seed)
    rows: list[Observation] = []
    truth: dict[str, str | None] = {}
    free = [600.0, 605.0]
    for at in range(120):
        body = free.index(min(free))
        sits, who = free[body] + chance.uniform(3.0, 8.0), f"P{at:03}"
        rows.append(Checkin(MORNING + timedelta(seconds=2.0 * at), f"c{at}", who, at + 1))
        rows.append(Seat(MORNING + timedelta(seconds=sits), who))
        moment = sits + chance.uniform(3.0, 8.0)
        for _ in range(chance.randint(2, 4)):
            name = f"f{len(truth):04}"
            shot = MORNING + timedelta(seconds=moment)
            file = f"100CANON/IMG_{len(truth) + 1:04}.JPG"
            arrived = shot + timedelta(seconds=0.8)
            rows.append(FrameTaken(arrived, name, f"cam-{body + 1}", file, shot.replace(tzinfo=None)))
            truth[name] = who
            moment += chance.uniform(1.5, 3.5)
        free[body] = moment
    rows.sort(key=lambda row: row.at)  # type: ignore[union-attr]
    day = Day(tuple(rows), truth, tuple(f"P{at:03}" for at in range(120)))

    assert _wrong(day, link_frames(day.observations)) == []


@given(st.integers(0, 1000), st.floats(-40_000, 40_000))
def test_frames_that_come_with_another_camera_s_are_moved_to_them(seed: int, off: float) -> None:
    chance = np.random.default_rng(seed)
    others = np.cumsum(chance.lognormal(1.2, 0.8, 600))
    own = np.sort(others[chance.random(600) < 0.4] + chance.uniform(0, 0.5, 600)[chance.random(600) < 1][0])

    moved = beside(own + off, others)

    assert moved is not None
    assert abs(moved + off) < 1.0


@given(st.integers(0, 200))
def test_frames_of_other_people_are_not_moved(seed: int) -> None:
    chance = np.random.default_rng(seed)
    turns = np.cumsum(chance.uniform(8, 20, 300))
    shots = np.sort(np.concatenate((turns, turns + 2.0, turns + 4.5)))
    first, second = shots[: shots.size // 2], shots[shots.size // 2 :]

    assert beside(second - 900.0, first) is None


@given(
    st.lists(st.floats(-1e12, 1e12), min_size=20, max_size=40),
    st.lists(st.floats(-1e12, 1e12), min_size=20, max_size=40),
)
def test_times_of_no_day_are_compared_with_nothing(frames: list[float], others: list[float]) -> None:
    moved = beside(np.array(frames), np.array(others))

    assert moved is None or max(*frames, *others) - min(*frames, *others) < 2**21
