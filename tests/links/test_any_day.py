"""Whatever was observed, in whatever mixture: every frame gets one link, and nothing breaks."""

from datetime import UTC, datetime, timedelta

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
