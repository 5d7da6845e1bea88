import pytest

from fieldkit.ledger import kinds
from fieldkit.ledger.read.frames import sealed, sealed_batches
from fieldkit.ledger.views.fold import differing_views
from fieldkit.paper.day import read_day
from fieldkit.paper.errors import BatchSealed, NoSuchBatch, NothingToSeal
from fieldkit.paper.reconcile import reconcile
from fieldkit.paper.seal import seal


def sign_off(school, batch=None):
    return seal(school.kit.journal, school.visit, school.kit.links, batch)


def figures(school):
    return reconcile(read_day(school.kit.store, school.visit.key, school.kit.links()))


def test_a_seal_fixes_every_linked_frame_of_the_batch_and_nothing_else(school, student):
    first, second, third = school.roster(student(1), student(2), student(3, "计科2202"))
    good, spoilt = school.shoot(person=first), school.shoot(verdict="bad", person=first)
    school.shoot()
    other = school.shoot(person=third)
    (done,) = sign_off(school, "计科2201")

    rows = sealed(school.kit.store, school.visit.key)
    assert {name: (row.person, row.batch, row.status) for name, row in rows.items()} == {
        good: (first, "计科2201", "linked"),
        spoilt: (first, "计科2201", "linked"),
    }
    assert done.row() == {
        "batch": "计科2201", "due": 2, "taken": 1, "not_taken": 1, "walk_ins": 0, "review": 0, "frames": 2,
        "open": [],
    }  # fmt: skip
    assert [one.sealed for one in figures(school).batches] == [True, False]
    assert second not in {row.person for row in rows.values()}
    assert other not in rows
    assert differing_views(school.kit.store) == []


def test_without_a_batch_all_open_ones_with_somebody_taken_are_sealed_at_once(school, student):
    first, _, third = school.roster(student(1), student(2, "计科2202"), student(3, "计科2203"))
    school.shoot(person=first)
    school.shoot(person=third)
    done = sign_off(school)

    assert [one.figures.batch for one in done] == ["计科2201", "计科2203"]
    assert sealed_batches(school.kit.store, school.visit.key) == {"计科2201", "计科2203"}
    with pytest.raises(NothingToSeal):
        sign_off(school)


def test_what_cannot_be_sealed_is_refused_and_changes_nothing(school, student):
    (first,) = school.roster(student(1))
    for batch, error in (("没有", NoSuchBatch), ("计科2201", NothingToSeal)):
        with pytest.raises(error):
            sign_off(school, batch)
    school.shoot(person=first)
    sign_off(school)
    with pytest.raises(BatchSealed):
        sign_off(school, "计科2201")
    assert school.events(kinds.BATCH_SEALED) == 1


def test_what_stays_open_is_named(school, student):
    first, second, third, _ = school.roster(*(student(place) for place in (1, 2, 3, 4)))
    school.shoot(person=first)
    school.shoot(verdict="bad", person=second)
    school.check_in("2022000003")
    (done,) = sign_off(school)

    assert [(one.person.key, one.code) for one in done.open] == [(second, "rejected"), (third, "no-frame")]


def test_after_the_seal_no_new_evidence_moves_a_link(school, student):
    first, second = school.roster(student(1), student(2))
    school.check_in("2022000001")
    school.check_in("2022000002")
    one, two = school.shoot(person=first), school.shoot(person=second)
    sign_off(school)
    before = {link.frame.frame: link.person for link in school.kit.links()}
    # The words that the links stood on are taken back, and seats contradict them.
    visit = school.visit.key
    for event in school.kit.store.query("SELECT station, seq FROM events WHERE kind=?", (kinds.LINKS_SAID,)):
        with school.kit.journal.writing() as pen:
            pen.record(kinds.UNDO, {"station": event["station"], "seq": event["seq"]}, visit=visit)
    for typed in ("2022000002", "2022000001"):
        school.kit.chair().seat(typed)
    late = school.shoot()

    after = {link.frame.frame: link.person for link in school.kit.links()}
    assert {name: after[name] for name in (one, two)} == before == {one: first, two: second}
    assert late in after
    school.say(one, second)
    assert {link.frame.frame: link.person for link in school.kit.links()}[one] == second
    assert [batch.sealed for batch in figures(school).batches] == [True]
    assert differing_views(school.kit.store) == []


def test_a_corrected_class_does_not_take_sealed_frames_along(school, student):
    from fieldkit.paper.corrections import correct

    first, second = school.roster(student(1), student(2, "计科2202"))
    school.shoot(person=first)
    sign_off(school)
    correct(school.kit.journal, school.visit, first, "Bjmc", "计科2202")
    school.shoot(person=second)
    (done,) = sign_off(school)

    assert (done.figures.batch, done.frames) == ("计科2202", 1)
    assert [(one.batch, one.taken) for one in figures(school).batches] == [("计科2201", 1), ("计科2202", 1)]
