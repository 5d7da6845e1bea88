"""A line that goes on far from where it was, as when a card of many frames was not read yet."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.day.regimes import REGIMES
from benchmarks.day.seen import see_the_day
from fieldkit.links.engine import link_frames
from fieldkit.links.recording import FrameTaken
from tests.links.conftest import belief_sums, linked_right

PEOPLE = 420


@pytest.mark.parametrize("witness", ["slip", "seat", "likeness"])
@pytest.mark.parametrize("missing", [100, 150, 280])
def test_the_others_are_linked_though_many_in_a_row_have_no_frames(build, turns_of, witness, missing) -> None:
    turns = turns_of(PEOPLE)
    del turns[70 : 70 + missing]
    day = build(turns, PEOPLE, witness)

    assert linked_right(day, link_frames(day.observations)) > 0.97


@pytest.mark.parametrize("witness", ["slip", "seat"])
def test_a_day_whose_first_frames_are_missing_begins_further_on(build, turns_of, witness) -> None:
    day = build(turns_of(PEOPLE)[200:], PEOPLE, witness)

    assert linked_right(day, link_frames(day.observations)) > 0.97


@pytest.mark.parametrize("witness", ["slip", "seat"])
def test_a_class_that_comes_far_out_of_turn_is_linked_too(build, turns_of, witness) -> None:
    turns = turns_of(PEOPLE)
    turns = turns[:30] + turns[340:380] + turns[30:340] + turns[380:]
    day = build(turns, PEOPLE, witness)

    assert linked_right(day, link_frames(day.observations)) > 0.97


@pytest.mark.parametrize("witness", ["slip", "seat", "likeness"])
def test_many_who_are_called_back_from_anywhere_in_line_are_no_leap(build, turns_of, witness) -> None:
    turns = turns_of(800)
    again = random.Random(1).sample(turns, 24)
    day = build(turns + again, 800, witness)

    assert linked_right(day, link_frames(day.observations)) > 0.94
    assert belief_sums(day.observations) == pytest.approx(1, abs=0.01)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(20, 200), st.integers(100, 200))
def test_beliefs_sum_to_one_over_a_leap(build, turns_of, first, missing) -> None:
    turns = turns_of(PEOPLE)
    del turns[first : first + missing]

    assert belief_sums(build(turns, PEOPLE, "seat").observations) == pytest.approx(1, abs=1e-4)


def test_somebody_called_back_from_far_behind_does_not_take_the_line_along() -> None:
    regime = next(one for one, _ in REGIMES if one.name == "seats 97 %, mostly one frame, 300 an hour")
    seen = see_the_day(regime, 1405)

    links = link_frames(seen.observations)

    assert sum(link.status == "review" for link in links) < 0.1 * len(links)


def test_a_slip_is_not_for_frames_of_long_after(build, turns_of) -> None:
    day = build(turns_of(120), 120, "slip")
    rows = [row for row in day.observations if isinstance(row, FrameTaken)]
    names = [row.id for row in rows]
    owners = [day.truth[name] for name in names]
    # One card ends behind the slip of P041, the next begins between P090's slip and portraits.
    gone = set(names[owners.index("P041") : owners.index("P090")])
    kept = [row for row in day.observations if getattr(row, "frame", getattr(row, "id", None)) not in gone]

    links = link_frames(kept)

    assert all(link.person in (None, day.truth[link.frame]) for link in links)
    assert sum(link.status == "linked" for link in links) > 0.6 * len(links)
