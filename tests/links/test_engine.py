from dataclasses import replace
from datetime import timedelta

import pytest

from fieldkit.links.engine import link_frames
from fieldkit.links.recording import Assign, Checkin, Faces, FrameTaken, Likeness, Next, Seat, Slate

PEOPLE = 24
FAULTS = ("swap", "leave", "late", "call-back", "stranger", "spare", "no slip")


def disordered(turns, turn, fault, at):
    """Put one fault at a place; give the turns and the persons concerned."""
    turns = list(turns)
    one, other = turns[at], turns[at + 1]
    if fault == "swap":
        turns[at], turns[at + 1] = other, one
        return turns, {one.person, other.person}
    if fault == "leave":
        del turns[at]
        return turns, {one.person}
    if fault == "late":
        turns.insert(min(at + 5, len(turns)), turns.pop(at))
        return turns, {one.person}
    if fault == "call-back":
        back = turns[max(0, at - 6)]
        turns.insert(at + 1, back)
        return turns, {back.person}
    if fault == "stranger":
        turns.insert(at + 1, turn("X", None, 3))
        return turns, {one.person, "X"}
    if fault == "spare":
        turns.insert(at + 1, turn(None, None, 2))
        return turns, set()
    turns[at] = turn(one.person, one.seq, one.frames, told=False)
    return turns, {one.person}


@pytest.mark.parametrize("witness", ["slip", "seat"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_anywhere_moves_no_one_elses_link(build, turns_of, turn, fault, witness) -> None:
    for at in range(1, PEOPLE - 2):
        turns, concerned = disordered(turns_of(PEOPLE), turn, fault, at)
        day = build(turns, PEOPLE, witness)

        links = link_frames(day.observations)

        assert [link.frame for link in links] == list(day.truth)
        for link in links:
            owner = day.truth[link.frame]
            if link.status == "linked" and link.person != owner:
                assert {link.person, owner} & concerned, (fault, at, link, owner)


@pytest.mark.parametrize("witness", ["slip", "seat"])
@pytest.mark.parametrize("offset", [-3600.0, 8 * 3600.0 + 41, -86000.0])
def test_a_day_in_order_is_linked_whole(build, turns_of, witness, offset) -> None:
    day = build(turns_of(60), 60, witness, offset)

    links = link_frames(day.observations)

    portraits = [link for link in links if day.truth[link.frame]]
    assert all(link.person in {None, day.truth[link.frame]} for link in portraits)
    assert sum(link.status == "linked" for link in portraits) >= 0.98 * len(portraits)
    assert all(link.status == "spare" for link in links if not day.truth[link.frame])


def test_order_alone_ties_nothing(build, turns_of) -> None:
    day = build(turns_of(40), 40, "none")

    links = link_frames(day.observations)

    assert {link.status for link in links} <= {"review", "spare"}
    assert all(link.person is None for link in links)


def test_the_result_does_not_depend_on_the_order_of_observations(build, turns_of) -> None:
    day = build(turns_of(20), 20, "seat")

    assert link_frames(day.observations[::-1]) == link_frames(day.observations)


def test_a_card_read_in_hours_later_is_laid_over_the_seats(build, turns_of) -> None:
    day = build(turns_of(80), 80, "seat", 8 * 3600.0)
    rows = []
    for place, row in enumerate(day.observations):
        if isinstance(row, FrameTaken):
            late = row.at.replace(hour=12, minute=0, second=0) + timedelta(seconds=place * 0.1)
            rows.append(FrameTaken(late, row.id, row.body, row.file, row.shot))
        else:
            rows.append(row)

    links = link_frames(rows)

    linked = [link for link in links if link.status == "linked"]
    assert len(linked) > 0.95 * sum(owner is not None for owner in day.truth.values())
    assert all(link.person == day.truth[link.frame] for link in linked)


def test_the_operators_word_and_the_seal_stand(build, turns_of) -> None:
    day = build(turns_of(12), 12)
    before = link_frames(day.observations)
    mine = [link.frame for link in before if link.person == "P005"]
    word = Assign(day.observations[-1].at, mine[0], "P009")
    nobody = Assign(day.observations[-1].at, mine[1], None)

    after = link_frames((*day.observations, word, nobody), sealed={mine[1]: "P005"})

    changed = {new.frame: new for old, new in zip(before, after, strict=True) if old != new}
    assert set(changed) == set(mine[:2])
    assert (changed[mine[0]].person, changed[mine[0]].why) == ("P009", ("operator",))
    assert (changed[mine[1]].person, changed[mine[1]].why) == ("P005", ("sealed",))


def test_faces_that_are_like_somebody_tie_without_any_other_witness(build, turns_of) -> None:
    day = build(turns_of(40), 40, "none")
    rows = list(day.observations)
    for frame, owner in day.truth.items():
        place = int(owner[1:])
        moment = next(row.at for row in rows if isinstance(row, FrameTaken) and row.id == frame)
        for near in range(max(1, place - 2), min(40, place + 2) + 1):
            score = 0.6 if near == place else 0.05 * (near % 3)
            rows.append(Likeness(moment, frame, f"P{near:03}", score))

    links = link_frames(rows)

    linked = [link for link in links if link.status == "linked"]
    assert len(linked) > 0.95 * len(links)
    assert all(link.person == day.truth[link.frame] for link in linked)
    assert all("likeness" in link.why for link in linked)


def _only(kind, day):
    return [row for row in day.observations if isinstance(row, kind)]


@pytest.mark.parametrize(
    "kinds",
    [
        (),
        (FrameTaken,),
        (Checkin,),
        (Seat, Checkin),
        (FrameTaken, Slate),
        (FrameTaken, Seat),
        (FrameTaken, Faces),
    ],
)
def test_a_day_with_whole_kinds_missing_gives_a_result(build, turns_of, kinds) -> None:
    day = build(turns_of(8), 8, "slip")
    other = build(turns_of(8), 8, "seat")
    rows = [row for kind in kinds for row in (*_only(kind, day), *_only(kind, other))]
    seen = {row.id: row for row in rows if isinstance(row, FrameTaken)}

    links = link_frames([*seen.values(), *(row for row in rows if not isinstance(row, FrameTaken))])

    assert {link.frame for link in links} == set(seen)


def test_frames_without_any_time_and_wild_times_give_a_result(build, turns_of) -> None:
    day = build(turns_of(8), 8, "seat")
    rows = [
        FrameTaken(row.at, row.id, row.body, row.file, None) if isinstance(row, FrameTaken) else row
        for row in day.observations
    ]
    wild = [
        FrameTaken(row.at, row.id, row.body, row.file, row.at.replace(tzinfo=None, year=1971 + place % 200))
        if isinstance(row, FrameTaken)
        else row
        for place, row in enumerate(day.observations)
    ]

    assert len(link_frames(rows)) == len(link_frames(wild)) == len(day.truth)


def test_clicks_cut_sittings_but_name_nobody(build, turns_of) -> None:
    day = build(turns_of(30), 30, "seat")
    rows = [Next(row.at) if isinstance(row, Seat) else row for row in day.observations]

    links = link_frames(rows)

    assert all(link.status != "linked" for link in links)
    right = sum(link.proposal == day.truth[link.frame] for link in links)
    assert right > 0.8 * len(links)


def test_all_witnesses_that_speak_for_a_frame_are_named_strongest_first(build, turns_of) -> None:
    day = build(turns_of(40), 40)
    seats = [
        Seat(row.at - timedelta(seconds=3), seq=row.seq) for row in day.observations if isinstance(row, Slate)
    ]

    links = link_frames([*day.observations, *seats])

    portraits = [link for link in links if day.truth[link.frame]]
    assert all(link.why[:2] == ("slate", "seat") for link in portraits)


def test_a_click_speaks_for_the_sitting_that_it_was_made_for(build, turns_of) -> None:
    day = build(turns_of(60), 60, "seat")
    seats = [row for row in day.observations if isinstance(row, Seat)]
    clicks = [Next(row.at) for row in seats[::2]]

    links = link_frames([*(row for row in day.observations if not isinstance(row, Seat)), *clicks])

    clicked = {f"P{row.seq:03}" for row in seats[::2]}
    told = [
        ("clicker" in link.why) == (day.truth[link.frame] in clicked)
        for link in links
        if day.truth[link.frame]
    ]
    assert sum(told) >= 0.98 * len(told)


def without_frames_of(day, person):
    """Give the observations but for a person's own frames."""
    gone = {name for name, owner in day.truth.items() if owner == person}
    return [
        seen
        for seen in day.observations
        if {getattr(seen, "id", ""), getattr(seen, "frame", "")}.isdisjoint(gone)
    ]


def test_who_is_called_back_behind_a_slip_without_frames_gets_their_own(build, turns_of, turn) -> None:
    """Their frames went to whose slip came before, and whose own frame was deleted in the camera."""
    for at in range(15, 50, 5):
        turns = turns_of(60)
        turns.insert(at + 1, turn(f"P{at - 9:03}", at - 9, 3))
        day = build(turns, 60)
        seen = without_frames_of(day, f"P{at + 1:03}")
        for link in link_frames(seen):
            assert link.person in {None, day.truth[link.frame]}, (at, link)


def test_frames_long_behind_a_slip_are_looked_at_where_some_show_none(build, turns_of) -> None:
    """Whoever sat next without a slip got them linked to whose own frames were deleted."""
    for at in range(15, 50, 5):
        turns = [replace(one, told=one.seq % 10 != (at + 2) % 10) for one in turns_of(120)]
        day = build(turns, 120)
        seen = without_frames_of(day, f"P{at + 1:03}")
        for link in link_frames(seen):
            assert link.person in {None, day.truth[link.frame]}, (at, link)
