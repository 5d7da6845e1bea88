from datetime import date, time

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.roster.errors import NoTimetable
from fieldkit.roster.slottext import read_day, read_times, split_classes
from fieldkit.roster.timetable import read_timetable

HEADINGS = ["时间段", "拍摄时间", "二级学院", "人数", "班级"]


@pytest.fixture
def table(tmp_path):
    def write(rows, merges=()):
        path = tmp_path / "times.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell != "":
                        sheet.write(row, column, cell)
            for first_row, column, last_row in merges:
                sheet.merge_range(first_row, column, last_row, column, rows[first_row][column])
        return path

    return write


def test_a_school_s_table_with_its_slips(table):
    rows = [
        ["某学院2026届毕业生图像采集时间安排表（2025年9月）"],
        HEADINGS,
        ["13日\n上午", "8:30-8:55", "甲学院\n（170人）", 49, "建工181高"],
        ["", "8:55-9:25", "", 63, "社工181、182高"],
        ["", "9:20-9:55", "", 58, "文秘（中英、中日）181"],
        ["13日\n下午", "1:30-13:20", "乙学院", 54, "化工171、172"],
        ["", "", "小计", 224, ""],
        ["A组拍摄地点：11B-103"],
        ["B组，拍摄地点：11B105"],
        HEADINGS,
        ["14日上午", "8:30-9:25", "丙学院", "二十", "财务171"],
    ]
    found = read_timetable(table(rows, merges=[(2, 0, 4), (2, 2, 4)]))

    assert [(slot.row, slot.class_name, slot.college) for slot in found.slots] == [
        (3, "建工181高", "甲学院"),
        (4, "社工181高", "甲学院"),
        (4, "社工182高", "甲学院"),
        (5, "文秘（中英、中日）181", "甲学院"),
        (6, "化工171", "乙学院"),
        (6, "化工172", "乙学院"),
        (11, "财务171", "丙学院"),
    ]
    first, _, shared = found.slots[:3]
    assert (first.batch, first.day, first.starts, first.ends) == (
        "0913-0830-建工181高", date(2025, 9, 13), time(8, 30), time(8, 55),
    )  # fmt: skip
    assert (first.headcount, shared.headcount, shared.together) == (49, None, 63)
    assert {slot.room for slot in found.slots[:6]} == {"11B-103"}
    assert (found.slots[6].room, found.slots[6].station) == ("11B105", "B")
    assert found.slots[4].ends is None
    assert [(p.row, p.column, p.code) for p in found.problems] == [
        (5, "拍摄时间", "overlap"),
        (6, "拍摄时间", "end-before-start"),
        (11, "人数", "headcount"),
    ]
    assert all(p.severity == "warning" for p in found.problems)


def test_colleges_without_classes_and_a_time_that_is_none(table):
    rows = [
        ["学  院", "人数", "时 间", "地点"],
        ["甲学院", 104, "3月29日\n上午8:30-9:20", "东楼\nB119"],
        ["", 107, "另行安排", ""],
        ["乙学院", 331, "3月29日下午1:30-3:30", "东楼B115"],
    ]
    found = read_timetable(table(rows), first_day=date(2026, 3, 1))

    assert [(s.college, s.class_name, s.day, s.starts, s.ends, s.room) for s in found.slots] == [
        ("甲学院", "", date(2026, 3, 29), time(8, 30), time(9, 20), "东楼 B119"),
        ("甲学院", "", None, None, None, "东楼 B119"),
        ("乙学院", "", date(2026, 3, 29), time(13, 30), time(15, 30), "东楼B115"),
    ]
    assert [(p.row, p.code) for p in found.problems] == [(3, "bad-time")]


def test_plain_columns_with_spreadsheet_times_and_stations(tmp_path):
    path = tmp_path / "times.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        clock = book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, ["日期", "开始时间", "结束时间", "班级", "人数", "地点", "机位"])
        for row, (hour, station) in enumerate([(8, "A"), (8, "b组"), (9, "A")], start=1):
            sheet.write_datetime(row, 0, date(2026, 3, 16), day)
            sheet.write_datetime(row, 1, time(hour, 0), clock)
            sheet.write_datetime(row, 2, time(hour, 40), clock)
            sheet.write_row(row, 3, [f"软件{row}班", 40, "体育馆", station])
    found = read_timetable(path)

    assert found.problems == ()
    assert [(s.batch, s.ends, s.headcount, s.station) for s in found.slots] == [
        ("0316-0800-软件1班", time(8, 40), 40, "A"),
        ("0316-0800-软件2班", time(8, 40), 40, "B"),
        ("0316-0900-软件3班", time(9, 40), 40, "A"),
    ]


def test_the_same_class_twice_gets_two_batches(table):
    rows = [["拍摄时间", "班级"], ["8:30", "一班"], ["8:30", "一班"], ["8:30", "一班-2"]]
    batches = [slot.batch for slot in read_timetable(table(rows)).slots]

    assert len(set(batches)) == 3


def test_totals_that_do_not_add_up_are_named(table):
    rows = [HEADINGS, ["", "8:30-9:00", "甲学院（50人）", 49, "一班"], ["", "", "合计", 48, ""]]

    assert [(p.row, p.column, p.code) for p in read_timetable(table(rows)).problems] == [
        (2, "二级学院", "total"),
        (3, "人数", "total"),
    ]


def test_a_roster_is_no_timetable(table):
    with pytest.raises(NoTimetable):
        read_timetable(table([["学号", "姓名"], ["1", "王小明"]]))


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("", ()),
        ("体教17", ("体教17",)),
        ("小教全科171、172", ("小教全科171", "小教全科172")),
        ("社工181、182高", ("社工181高", "社工182高")),
        ("学前17、学前专升本19", ("学前17", "学前专升本19")),
        ("园艺17、园艺专升本191、192", ("园艺17", "园艺专升本191", "园艺专升本192")),
        ("艺术设计（青瓷、石雕）19高", ("艺术设计（青瓷、石雕）19高",)),
        ("护理1-3班", ("护理1班", "护理2班", "护理3班")),
        ("软件2020-1班", ("软件2020-1班",)),
        ("一班\n二班", ("一班", "二班")),
    ],
)
def test_classes_in_one_cell(text, classes):
    assert split_classes(text) == classes


@given(st.lists(st.integers(100, 999), min_size=1, max_size=6, unique=True), st.sampled_from("、,，;"))
def test_numbers_after_a_stem_are_classes_of_that_stem(numbers, separator):
    text = "财务" + separator.join(map(str, numbers))

    assert split_classes(text) == tuple(f"财务{number}" for number in numbers)


@pytest.mark.parametrize(
    ("text", "period", "times"),
    [
        ("8:30-8:55", "", (time(8, 30), time(8, 55))),
        ("８：３０～９：００", "", (time(8, 30), time(9, 0))),
        ("8点半至9点", "", (time(8, 30), time(9, 0))),
        ("1:30-3:30", "13日下午", (time(13, 30), time(15, 30))),
        ("3月29日上午8:30-9:20", "", (time(8, 30), time(9, 20))),
        ("上午11:30-下午1:30", "", (time(11, 30), time(13, 30))),
        ("14:00", "", (time(14, 0), None)),
        ("", "", (None, None)),
        ("待定", "", None),
        ("25:00-26:00", "", None),
    ],
)
def test_times_as_schools_write_them(text, period, times):
    assert read_times(text, period) == times


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年3月16日", date(2026, 3, 16)),
        ("2026-03-16", date(2026, 3, 16)),
        ("3月16日（周一）", date(2026, 3, 16)),
        ("3.16", date(2026, 3, 16)),
        ("16日上午", date(2026, 3, 16)),
        ("2月30日", None),
        ("待定", None),
    ],
)
def test_days_as_schools_write_them(text, day):
    assert read_day(text, date(2026, 3, 1)) == day


@given(st.text(), st.text())
def test_any_text_is_read_or_refused(text, period):
    read_times(text, period)
    read_day(text, None)

    assert all(name.strip() for name in split_classes(text))
