import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.ledger import kinds
from fieldkit.ledger.read.people import person_by_key
from fieldkit.ledger.views.fold import differing_views
from fieldkit.model import Person
from fieldkit.paper.corrections import checked_value, correct, field_code
from fieldkit.paper.errors import BadValue, NoSuchPerson, SameValue, UnknownField, ValueTaken
from fieldkit.roster.columns import FIELD_OF
from fieldkit.roster.documents import check_character


def id_number(place):
    first_17 = f"11010120000101{place:03d}"
    return first_17 + check_character(first_17)


def fix(school, key, field, value):
    return correct(school.kit.journal, school.visit, key, field, value)


def entry(school, key):
    return person_by_key(school.kit.store, school.visit.key, key).entry


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Xm", "Xm"), ("xM", "Xm"), ("SFZH", "Sfzh"), ("身份证号码", "Sfzh"), ("班级", "Bjmc"),
     ("采集码", "caijima"),
     ("CARD", "card"), (" xh ", "Xh"), ("学院", "yxmc"), ("缴费", "paid")],
)  # fmt: skip
def test_fields_are_known_by_code_and_heading(typed, code):
    assert field_code(typed) == code


@pytest.mark.parametrize("typed", ["", "foo", "person", "name_key", "备注"])
def test_an_unknown_field_is_answered_with_those_there_are(typed):
    with pytest.raises(UnknownField) as raised:
        field_code(typed)
    assert all(code in raised.value.next_step("en") for code in FIELD_OF)


def test_a_corrected_name_is_found_at_the_door_and_undo_takes_it_back(school, student):
    (key,) = school.roster(student(1, name="王小明"))
    done = fix(school, key, "xm", " 欧阳 小明 ")

    assert (done.old, done.new, done.warnings) == ("王小明", "欧阳小明", ())
    for typed in ("欧阳小明", "ouyangxiaoming", "oyxm"):
        assert [person.key for person in school.kit.desk().find(typed)] == [key]
    assert school.kit.desk().find("王小明") == []
    assert school.events(kinds.CORRECTION_MADE) == 1
    school.kit.journal.undo(school.visit.key)
    assert entry(school, key).name == "王小明"
    assert [person.key for person in school.kit.desk().find("wxm")] == [key]
    assert differing_views(school.kit.store) == []


def test_values_are_kept_as_the_roster_keeps_them(school, student):
    (key,) = school.roster(student(1))
    new = id_number(7)
    spread = "".join(chr(ord(char) + 0xFEE0) for char in new[:6]) + " " + new[6:].lower()

    assert fix(school, key, "Sfzh", spread).new == new
    assert fix(school, key, "Xb", "女").new == "女"
    assert fix(school, key, "caijima", "a/B+ =x").new == "a/B+ =x"
    assert fix(school, key, "Sfzh", "").new == ""
    assert entry(school, key).id_number == ""
    again = school.roster(student(1))
    assert again == [key]
    assert entry(school, key).id_number == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [("Sfzh", id_number(1)[:-1] + "Z"), ("Sfzh", id_number(1)[:17]), ("Sfzh", "11010120001301123X"),
     ("Xm", ""), ("Xm", "   "), ("Xm", "锟斤拷"), ("Xm", "王?明"), ("Xb", "狗"), ("Zymc", "字" * 300)],
)  # fmt: skip
def test_a_value_that_breaks_the_rules_is_refused(school, field, value, student):
    (key,) = school.roster(student(1))
    with pytest.raises(BadValue) as raised:
        fix(school, key, field, value)
    for lang in ("zh", "en"):
        assert raised.value.what(lang)
    assert school.events(kinds.CORRECTION_MADE) == 0


def test_somebody_elses_number_is_refused(school, student):
    key, _ = school.roster(student(1), student(2, capture_code="CODE2", chip_serial="04AABB"))
    for field, value in (
        ("Xh", "2022000002"),
        ("Sfzh", id_number(2)),
        ("caijima", "CODE2"),
        ("card", "04AABB"),
    ):
        with pytest.raises(ValueTaken):
            fix(school, key, field, value)
    with pytest.raises(SameValue):
        fix(school, key, "Xh", "2022000001")
    with pytest.raises(NoSuchPerson):
        fix(school, "PNOBODY", "Xh", "1")
    assert fix(school, key, "Bjmc", "计科2202").new == "计科2202"


def test_a_sex_that_the_number_denies_is_told(school, student):
    (key,) = school.roster(student(1))
    found = fix(school, key, "Xb", "f")

    assert found.new == entry(school, key).sex == "女"
    assert [problem.code for problem in found.warnings] == ["sex-mismatch"]
    number = fix(school, key, "Sfzh", id_number(3))
    assert [problem.code for problem in number.warnings] == ["sex-mismatch"]


@given(code=st.sampled_from(sorted(FIELD_OF)), typed=st.text(max_size=60))
def test_no_text_breaks_the_check(code, typed, student):
    person = Person("P1", "roster", student(1))
    try:
        text, _ = checked_value(person, code, typed)
    except BadValue:
        text = None
    if text is not None:
        assert checked_value(person, code, text)[0] == text
