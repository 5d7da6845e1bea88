import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.roster.documents import check_character
from fieldkit.roster.search import Meaning, meanings, pinyin_keys, pinyin_query


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("单小红", "shanxiaohong", "sxh"),
        ("仇明", "qiuming", "qm"),
        ("解语", "xieyu", "xy"),
        ("曾文", "zengwen", "zw"),
        ("区明", "ouming", "om"),
        ("查文", "zhawen", "zw"),
        ("翟明", "zhaiming", "zm"),
        ("尉迟明", "yuchiming", "ycm"),
        ("万俟雪", "moqixue", "mqx"),
        ("欧阳明", "ouyangming", "oym"),
        ("吕明", "lvming", "lm"),
        ("阿依古丽·买买提", "ayigulimaimaiti", "ayglmmt"),
        ("John Smith", "johnsmith", "js"),
        ("李\U0002a6d6", None, None),
        ("", "", ""),
        ("·", "", ""),
    ],
)
def test_pinyin_and_initials(name, pinyin, initials):
    found = pinyin_keys(name)

    if pinyin is None:
        assert found[0].startswith("li")
        assert len(found[1]) == 2
    else:
        assert found == (pinyin, initials)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=10))
def test_each_hanzi_gives_one_initial_of_plain_letters(name):
    pinyin, initials = pinyin_keys(name)

    assert len(initials) == len(name)
    assert pinyin.isalnum()
    assert pinyin[0] == initials[0]


def test_u_with_dots_is_found_however_it_is_typed():
    stored, _ = pinyin_keys("吕布")

    for typed in ("lvbu", "lubu", "lyubu", "lübu", "LV BU"):
        assert stored in pinyin_query(typed)


@given(st.text())
def test_any_text_means_something_or_nothing_but_never_breaks(typed):
    found = meanings(typed)
    pinyin_keys(typed)

    assert len(set(found)) == len(found)
    assert all(meaning.value for meaning in found)


@pytest.mark.parametrize("typed", ["A-0123", "a123", "ａ１２３", "a0123", " A-123 "])
def test_a_sequence_number_in_any_dress(typed):
    assert meanings(typed)[0] == Meaning("sequence-number", "A-0123")


def test_an_id_number_comes_first_and_in_its_stored_form():
    number = "11010519491231002X"
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number.lower())

    assert meanings(number)[0] == Meaning("id-number", number)
    assert meanings(wide)[0] == Meaning("id-number", number)


@given(st.integers(0, 10**12).map(str))
def test_digits_may_be_a_student_number_or_its_end(digits):
    found = {meaning.kind: meaning.value for meaning in meanings(digits)}

    assert found["student-no"] == digits
    assert found.get("student-no-tail") == (digits if len(digits) >= 3 else None)


def test_letters_may_be_initials_or_pinyin_and_hanzi_a_name():
    assert [meaning.kind for meaning in meanings("zs")] == ["initials", "pinyin", "name"]
    assert meanings("张 三") == (Meaning("name", "张三"),)
    assert meanings("110105********0021")[0].kind == "masked-id-number"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=80))
def test_a_capture_code_stays_byte_for_byte(code):
    found = [meaning for meaning in meanings(code) if meaning.kind == "capture-code"]

    assert all(meaning.value == code for meaning in found)
    assert found or "*" in code or not code.strip("-'`")


def test_a_valid_number_is_not_taken_for_a_sequence_number():
    number = "11010520030101001"

    kinds = [meaning.kind for meaning in meanings(number + check_character(number))]
    assert "sequence-number" not in kinds
