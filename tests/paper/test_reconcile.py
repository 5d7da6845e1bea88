from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.ledger.read.frames import FrameRow, PortraitRow, SealedRow
from fieldkit.ledger.read.line import ChairAct, CheckedIn
from fieldkit.ledger.read.visits import Slot
from fieldkit.links.outcome import Link
from fieldkit.model import Person, RosterEntry
from fieldkit.paper.day import Day, read_day
from fieldkit.paper.errors import NoSuchBatch
from fieldkit.paper.reconcile import find_batch, reconcile, standings

AT = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Linked:
    link: Link
    frame: FrameRow


def linked(name, person=None, proposal=None, status=None):
    status = status or ("linked" if person else "review")
    row = FrameRow(name, "A", "body", "card", f"100CANON/{name}.JPG", None, AT)
    return Linked(Link(name, status, person, proposal, 0.9, ("seat",)), row)


def person(key, class_name="一班", origin="roster", college=""):
    return Person(key, origin, RosterEntry(name=key, class_name=class_name, college=college))


def slot(batch, class_name, starts, ends, college=""):
    return Slot(batch, class_name, "2026-03-16", starts, ends, college, None, "", "")


def day(people, links=(), verdicts=None, **changes):
    verdicts = verdicts or {}
    portraits = {
        one.frame.frame: PortraitRow(one.frame.frame, 1, verdicts.get(one.frame.frame, "good"), (), AT)
        for one in links
        if verdicts.get(one.frame.frame, "good")
    }
    plain = Day(
        people=people, links=links, unlisted=frozenset(), slots=(), checkins=(), chair=(), reasons={},
        accepted={}, portraits=portraits, sealed={}, sealed_batches=frozenset(),
    )  # fmt: skip
    return replace(plain, **changes)


def came(key, minutes=0, number=1):
    return CheckedIn(
        id=f"c{number}", person=key, letter="A", number=number, again=False,
        at=AT + timedelta(minutes=minutes), hlc=number,
    )  # fmt: skip


def reasons(found, batch="一班"):
    figures = next(one for one in found.batches if one.batch == batch)
    return {one.person.key: one.reason for one in figures.not_taken}


def test_every_reason_has_its_code():
    keys = ("absent", "left", "back", "none", "review", "bad", "raw", "noted", "ok")
    people = [person(key) for key in keys]
    links = [
        linked("f1", proposal="review"), linked("f2", "bad"), linked("f3", "raw"), linked("f4", "ok"),
        linked("f5", "bad", status="spare"), linked("f6"),
    ]  # fmt: skip
    checkins = [came(key, number=n) for n, key in enumerate(("left", "back", "none", "review"), 1)]
    checkins.append(came("back", minutes=9))
    chair = [ChairAct("leave", key, "", AT + timedelta(minutes=3), 0) for key in ("left", "back")]

    found = reconcile(
        day(
            people, links, {"f2": "bad", "f3": None}, checkins=checkins, chair=chair,
            reasons={"noted": " 参军 ", "ok": "nothing"},
        )
    )  # fmt: skip

    assert reasons(found) == {
        "absent": "absent", "left": "left", "back": "no-frame", "none": "no-frame", "review": "review",
        "bad": "rejected", "raw": "unjudged", "noted": "参军",
    }  # fmt: skip
    (figures,) = found.batches
    assert (figures.due, figures.taken, figures.walk_ins, figures.review) == (9, 1, 0, 1)
    assert found.total() == {"due": 9, "taken": 1, "not_taken": 8, "walk_ins": 0, "review": 2}


def test_the_word_by_hand_beats_the_verdict():
    links = [linked("f1", "a"), linked("f2", "b")]
    found = reconcile(
        day([person("a"), person("b")], links, {"f1": "bad"}, accepted={"f1": True, "f2": False})
    )

    assert reasons(found) == {"b": "rejected"}


def test_walk_ins_count_apart_when_taken_and_as_missing_when_not():
    people = [
        person("roster"), person("walk", "", "walk-in"), person("gone", "", "walk-in"),
        person("code", "", "capture-code"),
    ]  # fmt: skip
    links = [linked("f1", "roster"), linked("f2", "walk"), linked("f3", "code")]
    found = reconcile(day(people, links, checkins=[came("gone")]))
    nameless = found.batches[-1]

    assert [one.batch for one in found.batches] == ["一班", ""]
    assert (nameless.taken, nameless.walk_ins, nameless.due) == (1, 1, 3)
    assert reasons(found, "") == {"gone": "no-frame"}


def test_who_is_no_longer_listed_is_due_only_with_a_frame():
    links = [linked("f1", "a")]
    found = reconcile(day([person("a"), person("b"), person("c")], links, unlisted=frozenset("ab")))

    assert standings(day([person("b")], unlisted=frozenset("b"))) == []
    assert found.batches[0].due == 2
    assert reasons(found) == {"c": "absent"}


def test_batches_follow_the_timetable_then_the_roster():
    slots = [
        slot("B2", "二班", "10:00", "10:30"),
        slot("B1", "一 班", "09:00", ""),
        slot("B9", "九班", "", ""),
    ]
    people = [person("a", "三班"), person("b", "一班"), person("c", "二班"), person("d", "")]
    found = reconcile(day(people, slots=slots))

    assert [one.batch for one in found.batches] == ["B2", "B1", "B9", "三班", ""]
    assert [one.due for one in found.batches] == [1, 1, 0, 1, 1]


def test_a_class_with_two_slots_is_divided_by_when_people_came():
    slots = [slot("early", "一班", "09:00", "09:30"), slot("late", "一班", "14:00", "14:30")]
    people = [person(key) for key in "abcd"]
    checkins = [came("a", 10), came("b", 5 * 60 + 10), came("c", 45)]
    found = {one.person.key: one.batch for one in standings(day(people, slots=slots, checkins=checkins))}

    assert found == {"a": "early", "b": "late", "c": "early", "d": "late"}


def test_a_slot_without_class_takes_the_whole_college():
    slots = [
        slot("信息学院 上午", "", "09:00", "12:00", "信息学院"),
        slot("一班", "一班", "13:00", "14:00", "文学院"),
    ]
    people = [person("a", college="信息学院"), person("b", college="文学院"), person("c", college="理学院")]
    found = {one.person.key: one.batch for one in standings(day(people, slots=slots))}

    assert found == {"a": "信息学院 上午", "b": "一班", "c": "一班"}


def test_a_sealed_person_stays_in_the_sealed_batch():
    sealed = {"f1": SealedRow("f1", "old", "a", "linked", 1.0)}
    found = reconcile(
        day([person("a", "new")], [linked("f1", "a")], sealed=sealed, sealed_batches=frozenset(["old"]))
    )

    assert [(one.batch, one.taken, one.sealed) for one in found.batches] == [("old", 1, True)]


def test_a_batch_is_found_by_name_or_by_its_only_class():
    slots = [
        slot("计科 8:30", "计科", "08:30", ""),
        slot("x1", "两场", "1:0", ""),
        slot("x2", "两场", "", ""),
    ]
    some = day([person("a", "三班")], slots=slots)

    assert find_batch(some, "计科 8:30") == find_batch(some, "计科") == "计科 8:30"
    assert find_batch(some, "三班") == "三班"
    for typed in ("两场", "", "四班"):
        with pytest.raises(NoSuchBatch) as raised:
            find_batch(some, typed)
        assert "三班" in raised.value.next_step("zh")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["一班", "二班", ""]),
            st.sampled_from(["roster", "walk-in", "capture-code"]),
            st.sampled_from([None, "good", "bad", ""]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_due_is_always_taken_and_not_taken_and_walk_ins(rows):
    people, links, verdicts, checkins = [], [], {}, []
    for n, (class_name, origin, verdict, present) in enumerate(rows):
        people.append(person(f"p{n}", class_name, origin))
        if verdict is not None:
            links.append(linked(f"f{n}", f"p{n}"))
            verdicts[f"f{n}"] = verdict or None
        if present:
            checkins.append(came(f"p{n}", number=n))
    found = reconcile(day(people, links, verdicts, checkins=checkins))
    total = found.total()

    assert total["due"] == len(people) == total["taken"] + total["not_taken"] + total["walk_ins"]
    assert total["taken"] + total["walk_ins"] == sum(verdict == "good" for _, _, verdict, _ in rows)
    for one in found.batches:
        assert one.due == one.taken + len(one.not_taken) + one.walk_ins
        assert reconcile(day(people, links, verdicts, checkins=checkins), one.batch).batches == (one,)


def test_the_figures_follow_from_the_ledger(school, student):
    first, second, third = school.roster(student(1), student(2), student(3, "计科2202"))
    walk = school.check_in("临时", walk_in="临时")
    school.check_in("2022000002")
    school.shoot(person=first)
    school.shoot(person=walk)
    bad = school.shoot(verdict="bad", person=third)
    row = reconcile(read_day(school.kit.store, school.visit.key, school.kit.links())).row()

    assert row == {
        "batches": [
            {
                "batch": "计科2201", "due": 2, "taken": 1, "walk_ins": 0, "review": 0, "sealed": False,
                "not_taken": [{"person": second, "reason": "no-frame"}],
            },
            {
                "batch": "计科2202", "due": 1, "taken": 0, "walk_ins": 0, "review": 0, "sealed": False,
                "not_taken": [{"person": third, "reason": "rejected"}],
            },
            {
                "batch": "", "due": 1, "taken": 0, "walk_ins": 1, "review": 0, "sealed": False,
                "not_taken": [],
            },
        ],
        "total": {"due": 4, "taken": 1, "not_taken": 2, "walk_ins": 1, "review": 0},
    }  # fmt: skip
    school.accept(bad)
    school.note(second, "出国")
    later = reconcile(read_day(school.kit.store, school.visit.key, school.kit.links()))
    assert later.total()["taken"] == 2
    assert reasons(later, "计科2201") == {second: "出国"}
