import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.ledger import kinds
from fieldkit.ledger.errors import LedgerBroken, NothingToUndo
from fieldkit.ledger.events import GENESIS, next_hlc, read_event
from fieldkit.ledger.verify import verify_ledger
from fieldkit.ledger.views.fold import VIEWS, differing_views, view_tables

_COPY = "INSERT INTO events SELECT station,"
_REST = ", hlc, kind, visit, prev, 'h', sig, canonical FROM events WHERE seq=1"


def _events(kit):
    return kit.store.query("SELECT * FROM events ORDER BY seq")


def test_numbers_have_no_gaps_and_each_event_names_the_one_before(kit):
    kit.desk().check_in("2022010118")
    kit.chair().seat("A-0001")

    rows = _events(kit)

    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["prev"] for row in rows] == [GENESIS, *(row["hash"] for row in rows[:-1])]
    assert verify_ledger(kit.store).problems == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind='x' WHERE seq=1",
        "DELETE FROM events WHERE seq=1",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq=1",
        f"{_COPY} seq+9 {_REST}",
        f"{_COPY} (SELECT max(seq)+1 FROM events) {_REST}",
    ],
)
def test_the_store_refuses_to_change_delete_skip_or_fork_an_event(kit, statement):
    before = _events(kit)

    with pytest.raises(LedgerBroken), kit.store.write() as db:
        db.conn.execute(statement)

    assert _events(kit) == before


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [("canonical", "{}", "hash"), ("sig", b"\0" * 64, "signature"), ("kind", "seat", "columns")],
)
def test_verify_finds_what_somebody_changed_behind_the_triggers(kit, column, value, found):
    kit.desk().check_in("2022010118")
    with kit.store.write() as db:
        db.conn.execute("DROP TRIGGER events_stay")
        db.conn.execute(f"UPDATE events SET {column}=? WHERE seq=3", (value,))

    problems = verify_ledger(kit.store).problems

    assert any(f"/3: {found}" in problem for problem in problems), problems


def test_verify_finds_a_view_that_does_not_follow_from_the_events(kit):
    kit.desk().check_in("2022010118")
    with kit.store.write() as db:
        db.conn.execute("UPDATE checkins SET number=2")

    assert verify_ledger(kit.store).problems == ("view checkins",)


def test_an_act_that_fails_leaves_no_trace(kit):
    before, people = _events(kit), kit.store.query("SELECT * FROM checkins")

    with pytest.raises(RuntimeError), kit.journal.writing() as pen:
        pen.record(kinds.CHECKIN, {"letter": "A", "number": 9, "again": False, "credential": "name"})
        raise RuntimeError

    assert _events(kit) == before
    assert kit.store.query("SELECT * FROM checkins") == people


def test_undo_goes_back_act_by_act_and_never_twice_over_the_same(kit):
    kit.desk().check_in("2022010118")
    kit.chair().seat("A-0001")
    visit = kit.require_visit().key

    assert kit.journal.undo(visit).kind == kinds.SEAT
    assert kit.journal.undo(visit).kind == kinds.CHECKIN
    with pytest.raises(NothingToUndo):
        kit.journal.undo(visit)


def test_an_event_reads_back_as_it_was_written(kit):
    for row in _events(kit):
        event = read_event(row["canonical"])
        assert event.canonical() == row["canonical"]
        assert event.hash() == row["hash"]


def test_events_of_a_later_program_are_kept_and_change_no_view(kit):
    with kit.journal.writing() as pen:
        pen.record("balloon.launched", {"colour": "红"}, visit=kit.require_visit().key)

    assert verify_ledger(kit.store).problems == ()


def test_views_are_rebuilt_when_a_store_was_made_by_an_older_program(kit, open_home_kit):
    kit.desk().check_in("2022010118")
    with kit.store.write() as db:
        db.conn.execute("UPDATE meta SET value='0' WHERE name='views'")
        db.conn.execute("DELETE FROM checkins")

    again = open_home_kit()

    assert again.store.value("SELECT count(*) FROM checkins") == 1
    assert differing_views(again.store) == []


def test_every_table_whose_acts_can_be_undone_carries_its_event(kit):
    acts = {table for view in VIEWS for table in view.acts}
    assert acts <= set(view_tables())
    for table in acts:
        columns = {row["name"] for row in kit.store.query(f"SELECT name FROM pragma_table_info('{table}')")}
        assert {"station", "seq", "void"} <= columns


@given(previous=st.integers(0, 2**62), wall=st.integers(0, 2**45))
def test_the_logical_clock_never_goes_back(previous, wall):
    assert next_hlc(previous, wall) > previous
    assert next_hlc(previous, wall) >= wall << 16


_acts = st.lists(
    st.one_of(
        st.tuples(st.just("check_in"), st.sampled_from(["2022010118", "2022010233", "李明", "nobody", "zw"])),
        st.tuples(st.just("walk_in"), st.sampled_from(["9001", "9002"])),
        st.tuples(st.just("seat"), st.sampled_from(["A-0001", "2022010119", "7"])),
        st.tuples(st.just("next"), st.just("")),
        st.tuples(st.just("leave"), st.sampled_from(["2022010118", "A-0002"])),
        st.tuples(st.just("undo"), st.just("")),
        st.tuples(st.just("import"), st.integers(0, 6)),
    ),
    max_size=25,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(acts=_acts)
def test_views_equal_their_rebuild_after_any_acts(tmp_path_factory, acts):
    from fieldkit.clock import SetClock
    from fieldkit.errors import InputProblem
    from fieldkit.kit import open_kit
    from fieldkit.ledger.home import make_home
    from fieldkit.roster.intake import take_in
    from fieldkit.roster.visits import new_visit
    from tests.conftest import MORNING, PASSPHRASE, ROSTER

    path, clock = tmp_path_factory.mktemp("acts") / "home", SetClock(MORNING)
    make_home(path, "A", PASSPHRASE, clock)
    kit = open_kit(path, PASSPHRASE, clock, "en")
    visit = new_visit(kit.journal, "spring", "某大学")
    take_in(kit.journal, visit, ROSTER)
    issued: list[str] = []
    for act, value in acts:
        try:
            if act == "check_in":
                outcome = kit.desk().check_in(value)
                issued += [outcome.number] if outcome.number and outcome.status == "new" else []
            elif act == "walk_in":
                outcome = kit.desk().check_in(value, walk_in="临时")
                issued += [outcome.number] if outcome.number and outcome.status == "walk-in" else []
            elif act == "undo":
                kit.journal.undo(visit.key)
            elif act == "import":
                take_in(kit.journal, visit, ROSTER[:value])
            elif act == "next":
                kit.chair().next()
            else:
                getattr(kit.chair(), act)(value)
        except InputProblem:
            continue
    problems = verify_ledger(kit.store).problems
    kit.close()

    assert problems == ()
    assert len(issued) == len(set(issued)), "a sequence number was given twice"


def test_no_personal_data_leaves_the_encrypted_store(kit, home_path):
    kit.desk().check_in("2022010118")
    kit.close()

    for file in home_path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for canary in ("11010519491231002X", "2022010118", "张伟"):
                assert canary.encode() not in content
                assert json.dumps(canary).encode() not in content
