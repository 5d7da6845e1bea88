"""Repairs through the ledger: one event, undoable, and nobody else's link changes."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.ledger import kinds
from fieldkit.ledger.errors import NothingToUndo
from fieldkit.ledger.read.line import chair_acts
from fieldkit.links.repairs import assign, whose
from fieldkit.paper.seal import seal
from fieldkit.studio.errors import FrameSealed, NoSuchFrame, NothingToRepair, NothingToSwap, SamePerson
from tests.conftest import MORNING
from tests.studio.days import enrol, usual, write

FAST = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def day(kit):
    """Give a half day of eight people with three frames each, and their keys."""
    keys = enrol(kit, 8)
    write(kit, keys, usual(8, Random(1)), MORNING)
    return keys


def by_frame(kit):
    return {link.frame.frame: link.link for link in kit.links()}


def people_of(kit):
    return {frame: whose(link) for frame, link in by_frame(kit).items()}


def event_count(kit):
    return kit.store.value("SELECT count(*) FROM events")


def acts_on(repairs, keys, frame, links, rng):
    one, other = rng.sample(keys, 2)
    return {
        "assign": lambda: repairs.assign(frame, one),
        "unassign": lambda: repairs.unassign(frame),
        "swap": lambda: repairs.swap(one, other),
        "split": lambda: repairs.split(frame, one, seen=links),
        "merge": lambda: repairs.merge(one, other, seen=links),
        "shift": lambda: repairs.shift(frame, rng.choice((-1, 1)), seen=links),
        "say": lambda: repairs.say(assign([frame], other)),
    }


@FAST
@given(seed=st.integers(0, 10**6), seated=st.sampled_from([0.0, 0.6, 1.0]))
def test_at_every_position_of_a_day_only_named_frames_change_and_undo_brings_all_back(
    kit_of_its_own, seed, seated
):
    rng = Random(seed)
    with kit_of_its_own() as kit:
        keys = enrol(kit, 7)
        missed = (rng.randrange(7),)
        write(kit, keys, usual(7, rng, seated=seated, missed=missed, frames=2), MORNING)
        repairs = kit.repairs()
        before = by_frame(kit)
        for frame in before:
            acts = acts_on(repairs, keys, frame, kit.links(), rng)
            name = rng.choice(sorted(acts))
            count = event_count(kit)
            try:
                acts[name]()
            except (NothingToRepair, NothingToSwap):
                assert event_count(kit) == count
                continue
            assert event_count(kit) == count + 1
            event = kit.journal.event(kit.journal.station.id, kit.store.value("SELECT max(seq) FROM events"))
            assert event.kind == kinds.LINKS_SAID
            named = event.body["frames"]
            after = by_frame(kit)
            assert {f: link for f, link in after.items() if f not in named} == {
                f: link for f, link in before.items() if f not in named
            }
            assert {f: after[f].person for f in named} == named
            repairs.undo()
            assert by_frame(kit) == before


def test_a_sitting_is_split_merged_and_shifted(kit, day):
    repairs = kit.repairs()
    frames = [link.frame.frame for link in kit.links() if link.person == day[3]]

    assert repairs.split(frames[1], day[7]) == {frames[1]: day[7], frames[2]: day[7]}
    assert repairs.merge(day[3], day[7]).keys() > set(frames[1:])
    repairs.undo()
    repairs.undo()
    shifted = repairs.shift(frames[0], 1)
    assert shifted == dict.fromkeys(frames, day[4])


def test_a_camera_clock_that_was_set_is_put_right_from_a_frame_on(kit):
    keys, ahead = enrol(kit, 24), timedelta(seconds=45)
    did = usual(24, Random(3), frames=2)
    end = MORNING + timedelta(hours=2)
    write(kit, keys, did, MORNING, read_in=end, set_from=25, set_by=ahead)
    truth = {f"fA{one.number:06d}": keys[one.who] for one in did if one.what == "frame"}
    before = by_frame(kit)
    doubtful = {frame for frame, link in before.items() if link.status == "review"}
    assert doubtful

    settled = kit.repairs().clock("fA000025", ahead)

    after = by_frame(kit)
    assert settled.keys() <= doubtful
    assert len(settled) > len(doubtful) / 2
    assert {frame: person for frame, person in settled.items() if person != truth[frame]} == {}
    assert {f: link for f, link in after.items() if f not in settled} == {
        f: link for f, link in before.items() if f not in settled
    }
    kit.repairs().undo()
    assert by_frame(kit) == before


def test_undo_takes_back_repairs_and_leaves_what_the_door_did_since(kit, day):
    repairs = kit.repairs()
    first = next(iter(by_frame(kit)))
    repairs.unassign(first)
    kit.desk().check_in("2022010118")

    assert repairs.undo().body["frames"] == {first: None}
    assert by_frame(kit)[first].person == day[0]
    with pytest.raises(NothingToUndo):
        repairs.undo()


def test_somebody_seen_to_leave_is_undone_as_well(kit, day):
    assert kit.repairs().left(day[2]).key == day[2]
    kit.repairs().undo()

    assert all(act.what != "leave" for act in chair_acts(kit.store, kit.require_visit().key))


def test_undo_leaves_alone_whom_the_chair_saw_leave(kit, day):
    repairs, first = kit.repairs(), next(iter(by_frame(kit)))
    repairs.unassign(first)
    kit.chair().leave(day[2])

    assert repairs.undo().body["frames"] == {first: None}
    with pytest.raises(NothingToUndo):
        repairs.undo()
    assert [act.person for act in chair_acts(kit.store, kit.require_visit().key) if act.what == "leave"] == [
        day[2]
    ]


def test_what_undo_would_take_back_is_known_however_much_the_door_did_since(kit, day):
    repairs, first = kit.repairs(), next(iter(by_frame(kit)))
    repairs.unassign(first)
    for _ in range(60):
        kit.desk().check_in("2022010118")

    (standing,) = repairs.standing(4)

    assert standing.body["frames"] == {first: None}
    assert repairs.undo() == standing
    assert repairs.standing(4) == []


@pytest.fixture
def signed_off(kit, day):
    """Accept every frame and sign the batches off."""
    visit = kit.require_visit()
    with kit.journal.writing() as pen:
        for frame in by_frame(kit):
            pen.record(
                kinds.FRAME_JUDGED, {"accepted": True}, visit=visit.key, school=visit.school, subject=frame
            )
    seal(kit.journal, kit.require_visit(), kit.links)
    return day


def test_a_signed_off_frame_changes_by_a_word_that_names_it(kit, signed_off):
    frames = [frame for frame, person in people_of(kit).items() if person == signed_off[0]]
    before = by_frame(kit)

    kit.repairs().assign(frames[0], signed_off[1])

    after = by_frame(kit)
    assert after.pop(frames[0]).person == signed_off[1]
    before.pop(frames[0])
    assert after == before


def test_signed_off_frames_never_change_along_with_others(kit, signed_off):
    repairs, one, other = kit.repairs(), signed_off[0], signed_off[1]
    frame = next(frame for frame, person in people_of(kit).items() if person == one)
    before = by_frame(kit)

    for act in (
        lambda: repairs.swap(one, other),
        lambda: repairs.merge(one, other),
        lambda: repairs.say(assign([frame], other)),
    ):
        with pytest.raises(FrameSealed):
            act()
    for act in (lambda: repairs.split(frame, other), lambda: repairs.shift(frame, 1)):
        with pytest.raises(NothingToRepair):
            act()
    assert by_frame(kit) == before


def test_what_makes_no_sense_says_so(kit, day):
    repairs = kit.repairs()

    with pytest.raises(SamePerson):
        repairs.merge(day[0], day[0])
    with pytest.raises(NoSuchFrame):
        repairs.split("f0", day[0])
    with pytest.raises(NothingToSwap):
        repairs.swap("2022010118", "2022010233")
