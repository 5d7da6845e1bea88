"""Whatever was observed, in whatever mixture: every frame gets one link, and nothing breaks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.links.alarms import alarms
from fieldkit.links.engine import link_frames
from fieldkit.links.recording import (
    Assign,
    Checkin,
    Faces,
    FrameTaken,
    Leave,
    Likeness,
    Next,
    Seat,
    Slate,
    Unknown,
)

START = datetime(2026, 3, 16, 1, tzinfo=UTC)
moments = st.integers(-90_000, 90_000).map(lambda second: START + timedelta(seconds=second / 3))
shots = st.none() | st.integers(-200_000, 200_000).map(
    lambda second: (START + timedelta(seconds=second / 2)).replace(tzinfo=None)
)
frames = st.integers(0, 15).map(lambda place: f"f{place}")
persons = st.integers(0, 6).map(lambda place: f"P{place}")
numbers = st.integers(0, 8)
files = st.integers(1, 40).map(lambda at: f"10{at % 2}CANON/IMG_{at * 271 % 9999 + 1:04}.JPG")
rows = st.one_of(
    st.builds(Checkin, moments, st.uuids().map(str), persons, numbers),
    st.builds(Seat, moments, st.none() | persons, numbers),
    st.builds(Next, moments),
    st.builds(Leave, moments, st.just("c1")),
    st.builds(Faces, moments, frames, st.integers(0, 5)),
    st.builds(Slate, moments, frames, numbers),
    st.builds(Likeness, moments, frames, persons, st.floats(-1, 1)),
    st.builds(Assign, moments, frames, st.none() | persons),
    st.builds(Unknown, st.just("fan")),
)


@st.composite
def days(draw):
    taken = [
        FrameTaken(draw(moments), f"f{at}", draw(st.sampled_from("ab")), draw(files), draw(shots))
        for at in range(draw(st.integers(0, 14)))
    ]
    return [*taken, *draw(st.lists(rows, max_size=25))]


@settings(max_examples=120, deadline=None)
@given(days())
def test_every_frame_of_any_day_gets_one_link(day) -> None:
    links = link_frames(day)

    taken = [row.id for row in day if isinstance(row, FrameTaken)]
    words = {row.frame: row.person for row in day if isinstance(row, Assign)}
    assert sorted(link.frame for link in links) == sorted(taken)
    for link in links:
        assert 0.0 <= link.confidence <= 1.0
        assert (link.status == "linked") == (link.person is not None)
        assert link.proposal is None or link.status == "review"
        assert link.why
        if link.frame in words:
            assert link.person == words[link.frame]
    assert alarms(day, links) is not None


@settings(max_examples=80, deadline=None)
@given(days(), st.randoms(use_true_random=False))
def test_the_order_of_what_was_seen_does_not_matter_but_for_what_the_operator_said(day, chance) -> None:
    said = [row for row in day if isinstance(row, Assign)]
    seen = [row for row in day if not isinstance(row, Assign)]
    otherwise = chance.sample(seen, len(seen))

    assert link_frames([*otherwise, *said]) == link_frames([*seen, *said])


@pytest.mark.parametrize("witness", ["slip", "seat", "likeness", "none"])
def test_a_whole_day_in_any_order_has_the_same_links(build, turns_of, witness) -> None:
    day = build(turns_of(60), 60, witness)
    again = [
        replace(row, at=row.at + timedelta(seconds=9))
        for row in day.observations
        if isinstance(row, Slate | Likeness)
    ]
    seen = [*day.observations, *again, Likeness(START, "f0009", "Z9", 0.3), Seat(START, "Z3")]
    otherwise = Random(7).sample(seen, len(seen))

    assert link_frames(otherwise) == link_frames(seen)
