from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model import RosterEntry
from fieldkit.roster.checks import check
from fieldkit.roster.columns import EXPECTED, FIELD_OF, find_columns, heading_code
from fieldkit.roster.documents import check_character
from fieldkit.roster.grid import read_grid
from fieldkit.roster.workbook import Sheet
from fieldkit.roster.writing import make_roster_workbook

ROW = {
    "Bynd": "2026", "xxmc": "某某大学", "Zymc": "软件工程", "Bjmc": "软件1班", "Xh": "2022010101",
    "Xm": "王小明", "Xb": "男", "Ksh": "22110101",
}  # fmt: skip


def number_of(sequence, birth="20030101"):
    first_17 = f"110105{birth}{sequence:03d}"
    return first_17 + check_character(first_17)


def wrong_number():
    number = number_of(5)
    return number[:-1] + ("1" if number[-1] == "0" else "0")


ROW["Sfzh"] = number_of(5)


def report(*rows, headings=None):
    columns = list(dict.fromkeys(headings or [key for row in (ROW, *rows) for key in row]))
    cells = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return check(Sheet("", range(1, len(cells) + 1), cells))


def found(*rows, headings=None):
    return [
        (problem.row, problem.column, problem.code, problem.severity)
        for problem in report(*rows, headings=headings).problems
    ]


def test_a_row_without_fault_has_no_problem_and_becomes_an_entry():
    result = report(ROW)

    assert result.problems == ()
    assert result.accepted[0].row == 2
    assert result.entries == (
        RosterEntry(
            name="王小明", student_no="2022010101", id_number=number_of(5), sex="男",
            class_name="软件1班", major="软件工程", school="某某大学", exam_no="22110101", year="2026",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"Ksh": ""}, ("Ksh", "empty", "warning")),
        ({"Xm": ""}, ("Xm", "empty", "error")),
        ({"Xm": "王 小明"}, ("Xm", "space", "warning")),
        ({"Xh": "2022010101 "}, ("Xh", "space", "warning")),
        ({"Sfzh": f"\u3000{number_of(5)}"}, ("Sfzh", "space", "warning")),
        ({"Xm": "王\u200b小明"}, ("Xm", "hidden", "warning")),
        ({"Sfzh": f"\t{number_of(5)}"}, ("Sfzh", "hidden", "warning")),
        ({"Xh": 2022010101.0}, ("Xh", "not-text", "warning")),
        ({"Sfzh": 1.1010520030101e17}, ("Sfzh", "not-text", "error")),
        ({"Bjmc": date(2026, 3, 1)}, ("Bjmc", "not-text", "error")),
        ({"Bynd": 2026.0}, ("Bynd", "not-text", "warning")),
        ({"Xm": "王?"}, ("Xm", "garbled", "error")),
        ({"Bjmc": "锟斤拷"}, ("Bjmc", "garbled", "error")),
        ({"Xm": "王\ue81e"}, ("Xm", "private-use", "warning")),
        ({"Xm": "王\ue001"}, ("Xm", "private-use", "warning")),
        ({"Sfzh": wrong_number()}, ("Sfzh", "checksum", "error")),
        ({"Sfzh": number_of(5, "20030230")}, ("Sfzh", "birth-date", "error")),
        ({"Sfzh": number_of(5, "20200101")}, ("Sfzh", "birth-date", "warning")),
        ({"Xb": "女"}, ("Xb", "sex-mismatch", "warning")),
        ({"Sfzh": number_of(5)[:-1]}, ("Sfzh", "unknown-document", "error")),
        ({"Sfzh": "军字1"}, ("Sfzh", "unknown-document", "warning")),
    ],
)
def test_each_code_with_its_row_and_column(change, problem):
    row = ROW | change
    result = report(row)

    assert found(row) == [(2, *problem)]
    assert len(result.accepted) == (problem[2] != "error")
    assert result.has_errors == (problem[2] == "error")


@pytest.mark.parametrize("change", [
    {"Xm": "王*", "Sfzh": "1101**********0058"},
    {"Xb": "1"},
    {"Xm": "阿依古丽·买买提"},
    {"Xm": "John Smith", "Sfzh": "E12345678"},
    {"Sfzh": "H12345678"},
])  # fmt: skip
def test_masked_and_foreign_rows_are_no_fault(change):
    assert found(ROW | change) == []


def test_lower_case_and_full_width_numbers_are_stored_normally():
    number = next(number for number in map(number_of, range(1, 99, 2)) if number.endswith("X"))
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number.lower())

    assert report(ROW | {"Sfzh": number.lower()}).entries[0].id_number == number
    assert report(ROW | {"Sfzh": wide}).entries[0].id_number == number
    assert report(ROW | {"Xh": "２０２２"}).entries[0].student_no == "2022"


def test_a_duplicate_points_at_the_second_row_and_names_the_first():
    other = ROW | {"Xh": "2022010102", "Sfzh": number_of(7), "Ksh": "2"}
    same_number = ROW | {"Xh": "2022010103", "Ksh": "3", "Xm": "李四"}
    same_student = ROW | {"Sfzh": number_of(9), "Ksh": "4"}
    result = report(ROW, other, same_number, same_student)

    assert [(p.row, p.column, p.code, p.severity) for p in result.problems] == [
        (4, "Sfzh", "duplicate", "error"),
        (5, "Xh", "duplicate", "error"),
    ]
    assert all("2" in problem.say("zh") for problem in result.problems)
    assert [row.row for row in result.accepted] == [2, 3]


def test_one_person_with_two_enrolments_is_a_question_and_no_error():
    first = ROW | {"caijima": "code-one"}
    second = ROW | {"caijima": "code-two", "Xh": "2022010109", "Ksh": "9"}

    assert found(first, second) == [(3, "Sfzh", "duplicate", "warning")]
    assert found(first, second | {"caijima": "code-one"})[-1] == (3, "caijima", "duplicate", "error")


def test_same_names_and_same_masks_are_no_fault():
    first = ROW | {"Sfzh": "1101**********0058"}

    assert found(first, first | {"Xh": "2", "Ksh": "2"}) == []


def test_a_capture_code_is_kept_byte_for_byte():
    result = report({"采集码": " aB+/=\u200b１ "}, headings=["采集码"])

    assert result.entries[0].capture_code == " aB+/=\u200b１ "
    assert {p.code for p in result.problems if p.row == 2} == {"space", "hidden"}


def test_a_roster_of_capture_codes_alone_is_enough():
    result = check(Sheet("", range(1, 4), [["采集码"], ["aaa="], ["bbb="]]))

    assert not result.has_errors
    assert len(result.accepted) == 2
    assert {p.code for p in result.problems} == {"missing-column"}


def test_a_roster_with_headings_only_is_empty_and_no_error():
    result = check(Sheet("", range(1, 2), [list(EXPECTED)]))

    assert (result.rows, result.accepted, result.problems) == (0, (), ())


def test_missing_columns_are_named_and_only_those_that_identify_are_errors():
    lacking = found({"Xh": "1", "Xm": "王小明"}, headings=["Xh", "Xm"])
    nobody = found({"Xm": "王小明"}, headings=["Xm", "Bjmc"])

    assert {row[1] for row in lacking} == set(EXPECTED) - {"Xh", "Xm"}
    assert {row[3] for row in lacking} == {"warning"}
    assert (1, "Xh", "missing-column", "error") in nobody


def test_a_sheet_without_headings_is_a_missing_column():
    result = check(Sheet("", range(4, 6), [["a", "b"], ["c", "d"]]))

    assert [(p.row, p.code, p.severity) for p in result.problems] == [(4, "missing-column", "error")]


def test_a_row_that_names_nobody_is_an_error():
    assert (2, "Xh", "empty", "error") in found(ROW | {"Xh": "", "Sfzh": ""})


def test_titles_totals_repeated_headings_and_unknown_columns():
    cells = [
        ["某某大学2026届毕业生名单", "", "", ""],
        ["序号", "学　号", "姓 名*", "身份证号（18位）"],
        ["1", "001", "王小明", number_of(5)],
        ["序号", "学号", "姓名", "身份证号"],
        ["2", "002", "李四", number_of(7)],
        ["合计：2人", "", "", ""],
    ]
    result = check(Sheet("", range(1, 7), cells))

    assert result.rows == 2
    assert [(row.row, row.entry.name, row.entry.extra) for row in result.accepted] == [
        (3, "王小明", {"序号": "1"}),
        (5, "李四", {"序号": "2"}),
    ]


def test_codes_over_chinese_headings_are_one_heading():
    cells = [["Xh", "Xm"], ["学号", "姓名"], ["001", "王小明"]]
    result = check(Sheet("", range(1, 4), cells))

    assert [row.row for row in result.accepted] == [3]


@given(st.sampled_from(sorted(FIELD_OF)), st.booleans(), st.sampled_from(["", " ", "\u3000"]), st.booleans())
def test_a_field_code_is_known_in_any_dress(code, upper, space, wide):
    text = code.upper() if upper else code.lower()
    text = space + space.join(text) + space
    if wide:
        text = "".join(chr(ord(char) + 0xFEE0) if char.isalpha() else char for char in text)

    assert heading_code(text) == code


@given(st.permutations(EXPECTED))
def test_columns_are_found_in_any_order(order):
    columns = find_columns(Sheet("", range(1, 2), [list(order)]))

    assert columns is not None
    assert {code: order[place] for code, place in columns.fields.items()} == {c: c for c in EXPECTED}


@pytest.mark.parametrize("headings", ["codes", "chinese"])
def test_what_is_written_reads_back(tmp_path, headings):
    people = [
        RosterEntry(
            name="王小明", student_no="001", id_number=number_of(5), sex="男", class_name="软件1班",
            major="软件", school="某某大学", exam_no="1", year="2026", college="信息学院",
            capture_code="abc==", chip_serial="0A0B", paid="是", extra={"备注": "转专业"},
        ),
        RosterEntry(
            name="李四", student_no="002", id_number=number_of(6), sex="女", class_name="软件1班",
            major="软件", school="某某大学", exam_no="2", year="2026",
        ),
    ]  # fmt: skip
    make_roster_workbook(tmp_path / "a.xlsx", people, headings)
    result = check(read_grid(tmp_path / "a.xlsx"))

    assert result.problems == ()
    assert list(result.entries) == people


def test_the_report_as_json_names_no_person():
    row = ROW | {"Sfzh": wrong_number(), "Xm": "王 小明"}
    for lang in ("zh", "en"):
        written = report(row).as_json(lang)

        assert written["rows"] == 1
        assert written["accepted"] == 0
        assert [set(problem) for problem in written["problems"]] == [
            {"row", "column", "code", "severity", "message"}
        ] * 2
        assert "王" not in str(written)
        assert "110105" not in str(written)
