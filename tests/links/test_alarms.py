from dataclasses import replace
from datetime import timedelta

import pytest

from fieldkit.links.alarms import alarms
from fieldkit.links.engine import link_frames
from fieldkit.links.outcome import Link
from fieldkit.links.recording import Checkin, FrameTaken, Leave, Seat
from tests.links.conftest import Manner, Sits, sit_down

PEOPLE = 30


def until(day, persons_after, last):
    """Cut a day off when so many turns behind a person are over."""
    owners = list(dict.fromkeys(owner for owner in day.truth.values() if owner))
    end = owners.index(last) + persons_after
    kept = {frame for frame, owner in day.truth.items() if owner in owners[: end + 1]}
    final = max(row.at for row in day.observations if isinstance(row, FrameTaken) and row.id in kept)
    return [row for row in day.observations if row.at <= final]


@pytest.mark.parametrize("witness", ["slip", "seat"])
def test_who_was_passed_is_told_two_people_later(build, turns_of, witness) -> None:
    for at in range(2, PEOPLE - 4):
        turns = turns_of(PEOPLE)
        gone = turns.pop(at)
        day = build(turns, PEOPLE, witness)
        seen = until(day, 2, f"P{at:03}")

        told = alarms(seen, link_frames(seen))

        assert ("no-frames", (gone.person,)) in [(alarm.kind, alarm.persons) for alarm in told]


@pytest.mark.parametrize("witness", ["slip", "seat", "none"])
def test_a_day_in_order_is_quiet(build, turns_of, witness) -> None:
    day = build(turns_of(150), 150, witness)

    assert alarms(day.observations, link_frames(day.observations)) == ()


def test_a_count_that_ran_away_is_told_with_the_cut(build, turns_of, turn) -> None:
    turns = turns_of(PEOPLE)
    turns[12] = turn("P013", 13, 14)
    day = build(turns, PEOPLE)

    told = alarms(day.observations, link_frames(day.observations))

    assert [alarm.kind for alarm in told] == ["many-frames"]
    assert told[0].persons == ("P013",)
    assert told[0].repair is not None
    assert {person for _, person in told[0].repair.words} == {"P014"}


def test_a_count_that_ran_away_is_cut_for_whoever_is_next_without_frames(build, turns_of, turn) -> None:
    turns = turns_of(PEOPLE)
    turns[12] = turn("P013", 13, 14)
    gone = turns.pop(13)
    day = build(turns, PEOPLE)

    told = alarms(day.observations, link_frames(day.observations))

    (many,) = [alarm for alarm in told if alarm.kind == "many-frames"]
    assert many.repair is not None
    assert {person for _, person in many.repair.words} == {gone.person}


def test_a_camera_that_fell_silent_is_told(build, turns_of) -> None:
    day = build(turns_of(PEOPLE), PEOPLE, "seat")
    cut = [row for row in day.observations if isinstance(row, FrameTaken)][40].at
    seen = [row for row in day.observations if row.at <= cut or isinstance(row, Seat)]

    told = alarms(seen, link_frames(seen))

    assert [alarm.kind for alarm in told][-1] == "no-camera"
    assert told[-1].text.zh


def frames_of(person, day):
    return [frame for frame, owner in day.truth.items() if owner == person]


@pytest.mark.parametrize("witness", ["slip", "seat"])
def test_frames_of_a_stranger_are_told_two_people_later(build, turns_of, turn, witness) -> None:
    """Everybody beside has frames of their own, so that these can be nobody's of the line."""
    turns = turns_of(PEOPLE)
    turns.insert(14, turn("X", None, 3))
    day = build(turns, PEOPLE, witness)
    seen = until(day, 2, "X")

    told = alarms(seen, link_frames(seen))

    assert [(alarm.kind, alarm.frame) for alarm in told] == [("no-person", frames_of("X", day)[0])]


@pytest.mark.parametrize("witness", ["slip", "seat"])
@pytest.mark.parametrize("silent", [{8}, {8, 9}, {8, 20}])
def test_who_was_not_confirmed_but_sat_raises_no_alarm(build, turns_of, turn, witness, silent) -> None:
    turns = [
        turn(one.person, one.seq, one.frames, told=place not in silent)
        for place, one in enumerate(turns_of(PEOPLE))
    ]
    day = build(turns, PEOPLE, witness)

    assert alarms(day.observations, link_frames(day.observations)) == ()


@pytest.mark.parametrize("doubt", [False, True])
def test_nobody_is_missed_while_frames_beside_stand_under_review(build, turns_of, doubt) -> None:
    day = build(turns_of(6), 6)
    # Taken for more frames of whoever sat before, as a missed slip makes them look.
    status, person, proposal = ("review", None, "P002") if doubt else ("linked", "P002", None)
    links = [
        Link(link.frame, status, person, proposal, 0.9, ("slate",))
        if day.truth[link.frame] == "P003"
        else link
        for link in link_frames(day.observations)
    ]

    missing = [alarm.persons for alarm in alarms(day.observations, links) if alarm.kind == "no-frames"]

    assert missing == ([] if doubt else [("P003",)])


def came_again(day, person, seconds, left):
    """Let somebody check in a second time so long after the first, and leave after one of both, or stay."""
    first = next(row for row in day.observations if isinstance(row, Checkin) and row.person == person)
    again = replace(first, at=first.at + timedelta(seconds=seconds), id="again", seq=900)
    goes = [Leave(row.at + timedelta(seconds=1), row.id) for row in (first, again)]
    return [*day.observations, again, *(goes[:1] if left == "first" else goes[1:] if left == "last" else [])]


def test_who_left_and_came_again_is_told_when_they_are_passed(build, turns_of) -> None:
    turns = turns_of(PEOPLE)
    gone = turns.pop(9)
    seen = came_again(build(turns, PEOPLE), gone.person, 2.0, "first")

    assert [("no-frames", (gone.person,))] == [
        (alarm.kind, alarm.persons) for alarm in alarms(seen, link_frames(seen))
    ]


@pytest.mark.parametrize(("seconds", "left"), [(200.0, "first"), (200.0, "none"), (2.0, "last")])
def test_who_came_again_behind_all_or_left_for_good_was_passed_by_nobody(
    build, turns_of, seconds, left
) -> None:
    turns = turns_of(PEOPLE)
    gone = turns.pop(9)
    seen = came_again(build(turns, PEOPLE), gone.person, seconds, left)

    assert alarms(seen, link_frames(seen)) == ()


def test_a_count_that_ran_away_is_cut_at_a_pause_of_one_body(build, turns_of, turn) -> None:
    turns = turns_of(PEOPLE)
    turns[12] = turn("P013", 13, 14)
    day = build(turns, PEOPLE)
    mine = frames_of("P013", day)
    later = timedelta(hours=1)
    seen = [
        replace(row, body="cam-2", file="100CANON/IMG_0001.JPG", shot=row.shot + later)
        if isinstance(row, FrameTaken) and row.id == mine[6]
        else row
        for row in day.observations
    ]
    links = link_frames(day.observations)

    (many,) = alarms(seen, links)

    assert many.repair is not None
    assert many.repair.words[0][0] not in mine[6:8]


@pytest.mark.parametrize("frames", [1, 3])
def test_who_was_confirmed_and_has_no_frame_is_told_two_people_later(turns_of, frames) -> None:
    """Their frames were lost: told after 2 to 19 people, with one frame each not at all."""
    for at in (4, 15, 40):
        manner = Manner(frames=(frames, frames))
        day = sit_down([Sits(at, "seat") for at in range(60)], 60, at, manner)
        gone = f"P{at + 1:03}"
        lost = {frame for frame, person in day.truth.items() if person == gone}
        seen = [
            row for row in until(day, 2, gone) if getattr(row, "id", getattr(row, "frame", "")) not in lost
        ]

        assert ("no-frames", (gone,)) in [(one.kind, one.persons) for one in alarms(seen, link_frames(seen))]
        assert alarms(day.observations, link_frames(day.observations)) == ()
