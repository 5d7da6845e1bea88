"""Check-ins that stand later than the chair: the door's clock is ahead, or they were typed in afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.links.engine import link_frames
from fieldkit.links.recording import Checkin, FrameTaken, Likeness

PEOPLE = 40


def scored(day):
    rows = list(day.observations)
    for frame in [row for row in rows if isinstance(row, FrameTaken)]:
        owner = day.truth[frame.id]
        if owner is not None:
            other = day.line[(day.line.index(owner) + 1) % len(day.line)]
            rows += [Likeness(frame.at, frame.id, owner, 0.62), Likeness(frame.at, frame.id, other, 0.06)]
    return rows


def observed(build, turns, witness):
    day = build(turns, PEOPLE, witness)
    return day, scored(day) if witness == "likeness" else list(day.observations)


def first_frames(day, rows):
    found = {}
    for row in rows:
        if isinstance(row, FrameTaken) and day.truth[row.id] is not None:
            found.setdefault(day.truth[row.id], row.at)
    return found


def checked_in(rows, moments):
    """Let those who are named have checked in at these moments."""
    return [
        replace(row, at=moments[row.person]) if isinstance(row, Checkin) and row.person in moments else row
        for row in rows
    ]


def shares(day, links):
    portraits = [link for link in links if day.truth[link.frame] is not None]
    wrong = [link for link in portraits if link.person not in (None, day.truth[link.frame])]
    return len(wrong), sum(link.status == "linked" for link in portraits) / len(portraits)


@pytest.mark.parametrize("witness", ["slip", "seat", "likeness"])
@pytest.mark.parametrize("ahead", [20, 90])
def test_a_door_whose_clock_is_ahead_moves_nobodys_frames(build, turns_of, witness, ahead) -> None:
    day, rows = observed(build, turns_of(PEOPLE), witness)
    moments = {person: at + timedelta(seconds=ahead - 12) for person, at in first_frames(day, rows).items()}

    wrong, linked = shares(day, link_frames(checked_in(rows, moments)))

    assert wrong == 0
    assert linked > 0.95


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(3, PEOPLE - 3), max_size=4), st.sampled_from(["slip", "seat"]))
def test_whoever_is_typed_in_later_keeps_their_frames_and_the_others_theirs(
    build, turns_of, typed, witness
) -> None:
    day, rows = observed(build, turns_of(PEOPLE), witness)
    sat = first_frames(day, rows)
    moments = {day.line[at]: sat[day.line[at]] + timedelta(minutes=20) for at in typed}

    wrong, linked = shares(day, link_frames(checked_in(rows, moments)))

    assert wrong == 0
    assert linked > 0.7
