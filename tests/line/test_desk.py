import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.clock import read_time
from fieldkit.line.errors import EmptyCredential, NobodyFound, NobodyWaits, SeveralFound
from fieldkit.model import RosterEntry
from fieldkit.roster.intake import take_in
from tests.conftest import MORNING, ROSTER


@pytest.mark.parametrize(
    "credential",
    [
        "2022010118", "２０２２０１０１１８", "11010519491231002X", "11010519491231002x", "张伟", "0118",
        "002X",
    ],
)  # fmt: skip
def test_one_person_is_found_by_each_of_their_credentials(kit, credential):
    outcome = kit.desk().check_in(credential)

    assert (outcome.status, outcome.number) == ("new", "A-0001")
    assert outcome.person.entry.name == "张伟"


def test_a_capture_code_is_kept_byte_for_byte(kit):
    assert kit.desk().check_in("a==/码\t7").person.entry.name == "张薇"
    assert kit.desk().check_in("a==/码 7").status == "unknown"


def test_a_chip_serial_pinyin_initials_and_other_dots_are_understood(kit):
    desk = kit.desk()

    assert desk.check_in("0A1B2C3D4E5F6071").person.entry.name == "章慧敏"
    assert desk.check_in("zhanghuimin").status == "again"
    assert desk.check_in("zhm").status == "again"
    assert desk.check_in("买买提•艾力江").person.entry.student_no == "2022010145"


def test_numbers_follow_each_other_and_an_undone_one_is_never_used_again(kit):
    desk = kit.desk()
    assert desk.check_in("2022010118").number == "A-0001"
    assert desk.check_in("2022010119").number == "A-0002"
    kit.journal.undo(desk.visit.key)

    assert desk.check_in("2022010119").number == "A-0003"
    assert desk.check_in("2022010118").number == "A-0001"


def test_an_ambiguous_credential_issues_nothing_and_names_the_choice(kit):
    outcome = kit.desk().check_in("李明")

    assert (outcome.status, outcome.number, len(outcome.people)) == ("unknown", None, 2)
    assert kit.desk().check_in("zw").number is None


def test_an_unknown_credential_issues_nothing_unless_as_walk_in(kit):
    desk = kit.desk()

    assert desk.check_in("9001").status == "unknown"
    assert desk.check_in("9001", walk_in="王五").status == "walk-in"
    assert desk.check_in("9001").status == "again"
    assert desk.check_in("王五").number == "A-0001"


def test_a_walk_in_who_is_listed_keeps_the_listed_person(kit):
    outcome = kit.desk().check_in("2022010118", walk_in="别人")

    assert (outcome.status, outcome.person.entry.name) == ("new", "张伟")


def test_an_undone_walk_in_is_gone(kit):
    desk = kit.desk()
    desk.check_in("9001", walk_in="王五")
    kit.journal.undo(desk.visit.key)

    assert desk.check_in("9001").status == "unknown"


def test_a_visit_without_codes_in_its_roster_takes_any_capture_code(open_home_kit):
    from fieldkit.roster.visits import new_visit

    kit = open_home_kit()
    new_visit(kit.journal, "codes only", "某大学")
    code = "QR|z9/+==\u3000"

    outcome = kit.desk().check_in(code, kind="capture-code")

    assert (outcome.status, outcome.person.entry.capture_code) == ("new", code)
    assert kit.desk().check_in(code, kind="capture-code").status == "again"


def test_notes_tell_of_names_shared_and_fees_open(kit):
    desk = kit.desk()

    assert [note.say("en") for note in desk.check_in("2022010151").notes] == [
        "2 people of this name: compare the student number"
    ]
    assert [note.say("zh") for note in desk.check_in("2022010145").notes] == ["未缴费"]


def test_a_check_in_noted_on_paper_is_back_dated(kit):
    at = read_time("07:15", MORNING)
    kit.desk().check_in("2022010118", at=at)

    assert kit.store.value("SELECT at FROM checkins") == "2026-03-16T07:15:00.000+08:00"


def test_a_newer_roster_keeps_everybodys_number_and_marks_who_is_gone(kit):
    desk = kit.desk()
    desk.check_in("2022010118")
    changed = RosterEntry(name="张炜", student_no="2022010118", class_name="计算机2203")

    done = take_in(kit.journal, desk.visit, [changed, *ROSTER[2:], RosterEntry(name="新生", student_no="7")])

    assert (done.added, done.changed, len(done.missing)) == (1, 1, 1)
    outcome = desk.check_in("2022010118")
    assert (outcome.status, outcome.number, outcome.person.entry.name) == ("again", "A-0001", "张炜")
    assert [note.say("en") for note in desk.check_in("张薇").notes] == ["no longer in the newest roster"]
    assert take_in(kit.journal, desk.visit, ROSTER).missing != ()
    assert desk.check_in("张薇").notes == ()


def test_a_changed_student_number_is_the_same_person_by_id_number(kit):
    before = kit.desk().check_in("2022010118").person.key
    renumbered = RosterEntry(name="张伟", student_no="2099", id_number="11010519491231002X")

    take_in(kit.journal, kit.require_visit(), [renumbered, *ROSTER[1:]])

    assert kit.desk().check_in("2099").person.key == before


def test_the_chair_takes_credentials_numbers_and_bare_digits(kit):
    kit.desk().check_in("2022010118")
    chair = kit.chair()

    assert chair.seat("A-0001").person.entry.name == "张伟"
    assert chair.seat("1").number == "A-0001"
    assert chair.seat("2022010119").number is None
    with pytest.raises(NobodyFound):
        chair.seat("nobody")
    with pytest.raises(SeveralFound):
        chair.seat("李明")
    with pytest.raises(EmptyCredential):
        chair.seat("  ")


def test_the_clicker_follows_the_line_past_those_who_left_or_sat_already(kit):
    desk, chair = kit.desk(), kit.chair()
    for credential in ("2022010118", "2022010119", "2022010145", "2022010151"):
        desk.check_in(credential)
    chair.seat("2022010119")
    chair.leave("2022010145")

    assert [chair.next().number, chair.next().number] == ["A-0001", "A-0004"]
    with pytest.raises(NobodyWaits):
        chair.next()
    desk.check_in("2022010145")
    assert chair.next().number == "A-0003"


def test_half_typed_text_offers_the_likeliest_first(kit):
    desk = kit.desk()

    assert [person.entry.name for person in desk.find("zhang")] == ["张伟", "张薇", "章慧敏"]
    assert [person.entry.student_no for person in desk.find("151")] == ["2022010151"]
    assert [person.entry.name for person in desk.find("章")] == ["章慧敏"]
    assert desk.find("  ") == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(min_size=1, max_size=40))
def test_whatever_is_presented_is_answered(kit, text):
    desk = kit.desk()
    if not text.strip():
        return
    outcome = desk.check_in(text)
    desk.find(text)

    assert (outcome.number is None) == (outcome.person is None)
