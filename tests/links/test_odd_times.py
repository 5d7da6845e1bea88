"""Camera times that are odd or missing: they decide nothing for the frames around them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldkit.links.engine import link_frames
from fieldkit.links.evidence import lay_out
from fieldkit.links.order import shooting_order
from fieldkit.links.outcome import Link
from fieldkit.links.recording import Checkin, FrameTaken, Observation, Seat
from fieldkit.links.times import LOST, odd
from tests.links.conftest import MORNING, Day, build, turns_of

PEOPLE = 60
SECOND = timedelta(seconds=1)
ODD = (-5 * 365 * 86400, -86400, -3600, -60, -25, 25, 60, 3600, 86400, 3 * 365 * 86400)


def changed(
    seen: Iterable[Observation], change: Callable[[FrameTaken], FrameTaken]
) -> tuple[Observation, ...]:
    return tuple(change(one) if isinstance(one, FrameTaken) else one for one in seen)


def read_in(seen: Iterable[Observation], names: Iterable[str], at: datetime) -> tuple[Observation, ...]:
    """Let frames, and what was found in them, come from a card."""
    come = {name: at + place * 0.2 * SECOND for place, name in enumerate(sorted(names))}
    later = [
        replace(one, at=come[name])
        if (name := getattr(one, "frame", getattr(one, "id", ""))) in come
        else one
        for one in seen
    ]
    return tuple(sorted(later, key=lambda one: one.at))


def told(links: Iterable[Link]) -> dict[str, tuple[str, str | None]]:
    return {link.frame: (link.status, link.person) for link in links}


@cache
def day(witness: str, later: bool) -> tuple[Day, tuple[Observation, ...], dict[str, tuple[str, str | None]]]:
    made = build(turns_of(PEOPLE), PEOPLE, witness, offset=-8 * 3600)
    seen = made.observations
    if later:
        seen = read_in(seen, made.truth, MORNING + timedelta(minutes=50))
    return made, seen, told(link_frames(seen))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["slip", "seat"]), st.booleans(), st.floats(0, 1), st.sampled_from(ODD))
@example("slip", True, 0.5, 86400)
@example("slip", True, 1.0, 3600)
@example("seat", True, 0.0, 3600)
def test_the_odd_time_of_any_one_frame_changes_no_other_frames_link(witness, later, where, by) -> None:
    made, seen, before = day(witness, later)
    name = sorted(made.truth)[round(where * (len(made.truth) - 1))]

    links = link_frames(
        changed(seen, lambda one: replace(one, shot=one.shot + by * SECOND) if one.id == name else one)
    )

    after = told(links)
    assert {other for other in after if other != name and after[other] != before[other]} == set()


def test_odd_times_of_many_frames_do_not_put_the_others_out_of_order() -> None:
    frames = [
        FrameTaken(
            MORNING,
            f"f{at:03}",
            "cam",
            f"100CANON/IMG_{at:04}.JPG",
            MORNING.replace(tzinfo=None) + (5 * at + 3600 * (at % 9 == 4)) * SECOND,
        )
        for at in range(1, 60)
    ]

    assert shooting_order(reversed(frames)) == {"cam": tuple(frames)}


@pytest.mark.parametrize(
    ("shots", "which"),
    [
        ([0, 5, 9, 4000, 16, 20, 25], [3]),
        ([0, 5, 9, -4000, 16, 20, 25], [3]),
        ([900, 5, 9, 16], [0]),
        ([0, 5, 9, 900, 14], [3]),
        ([0, 5, 9, 900], []),
        ([0, 5, 9, 14, -100, -95, -90], []),
        ([0, 5, 5, 4, 9, 9], []),
        ([0, 100, 5, 105, 10, 110], []),
        ([900, 5], []),
        ([0, 5, 10, -600], [3]),
        ([np.nan, 0, 5, np.nan, 800, 9, np.nan, 16], [4]),
    ],
)
def test_only_a_time_that_the_frames_on_both_sides_contradict_is_odd(shots, which) -> None:
    assert np.flatnonzero(odd(np.array(shots, float))).tolist() == which


def reviewed(links: Iterable[Link], names: set[str]) -> int:
    return sum(link.status == "review" for link in links if link.frame in names)


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(["slip", "seat"]), st.sets(st.integers(0, 170), max_size=12), st.sampled_from([0, *ODD])
)
@example("seat", {90}, 0)
def test_the_few_times_known_among_many_unknown_decide_nothing(witness, known, by) -> None:
    made, seen, _ = day(witness, later=False)
    names = sorted(made.truth)
    with_time = {names[at % len(names)] for at in known}

    def keep(one: FrameTaken) -> FrameTaken:
        shot = one.shot + by * SECOND if one.shot and one.id in with_time else None
        return replace(one, shot=shot)

    without = told(link_frames(changed(seen, lambda one: replace(one, shot=None))))

    assert told(link_frames(changed(seen, keep))) == without
    assert without == {
        name: ("linked", person) if person else without[name] for name, person in made.truth.items()
    }


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_a_morning_read_in_without_times_leaves_the_live_afternoon_alone(share) -> None:
    made, seen, _ = day("seat", later=False)
    names = sorted(made.truth)
    morning, afternoon = names[: int(share * len(names))], set(names[int(share * len(names)) + 12 :])
    pause = timedelta(hours=1)
    half = next(one.at for one in seen if isinstance(one, FrameTaken) and one.id == names[len(morning)])
    parted = [
        one if isinstance(one, Checkin) or one.at < half - 6 * SECOND else replace(one, at=one.at + pause)
        for one in seen
    ]
    links = link_frames(
        changed(read_in(parted, morning, half + pause / 2), lambda one: replace(one, shot=None))
    )

    assert [link for link in links if link.status == "linked" and link.person != made.truth[link.frame]] == []
    assert reviewed(links, afternoon) <= 0.05 * len(afternoon)


def test_frames_without_times_that_came_at_once_are_lost_and_go_on_with_those_who_sat() -> None:
    made, seen, _ = day("seat", later=False)
    names = sorted(made.truth)
    seats = sorted(one.at for one in seen if isinstance(one, Seat))
    card = changed(
        read_in(seen, names[:80], MORNING + timedelta(hours=3)), lambda one: replace(one, shot=None)
    )

    evidence = lay_out(card)

    lost = evidence.trust == LOST
    assert [name for name, is_lost in zip(evidence.frames, lost, strict=True) if is_lost] == names[:80]
    assert evidence.times[0] == pytest.approx(seats[0].timestamp(), abs=1)
    assert evidence.times[79] < evidence.times[80]
