"""Check-ins that stand later than the chair: the door's clock is ahead, or they were typed in afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.links.engine import link_frames
from fieldkit.links.recording import Checkin, FrameTaken
from tests.links.conftest import linked_right

PEOPLE = 40


def first_frames(day):
    found = {}
    for row in day.observations:
        if isinstance(row, FrameTaken) and day.truth[row.id] is not None:
            found.setdefault(day.truth[row.id], row.at)
    return found


def checked_in(rows, moments):
    """Let those who are named have checked in at these moments."""
    return [
        replace(row, at=moments[row.person]) if isinstance(row, Checkin) and row.person in moments else row
        for row in rows
    ]


@pytest.mark.parametrize("witness", ["slip", "seat", "likeness"])
@pytest.mark.parametrize("ahead", [20, 90])
def test_a_door_whose_clock_is_ahead_moves_nobodys_frames(build, turns_of, witness, ahead) -> None:
    day = build(turns_of(PEOPLE), PEOPLE, witness)
    moments = {person: at + timedelta(seconds=ahead - 12) for person, at in first_frames(day).items()}

    assert linked_right(day, link_frames(checked_in(day.observations, moments))) > 0.95


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(3, PEOPLE - 3), max_size=4), st.sampled_from(["slip", "seat"]))
def test_whoever_is_typed_in_later_keeps_their_frames_and_the_others_theirs(
    build, turns_of, typed, witness
) -> None:
    day = build(turns_of(PEOPLE), PEOPLE, witness)
    sat = first_frames(day)
    moments = {day.line[at]: sat[day.line[at]] + timedelta(minutes=20) for at in typed}

    assert linked_right(day, link_frames(checked_in(day.observations, moments))) > 0.7
