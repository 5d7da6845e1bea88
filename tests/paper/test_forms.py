import io
from dataclasses import replace
from pathlib import Path

import pytest

from fieldkit.paper import forms
from fieldkit.paper.day import read_day
from fieldkit.paper.errors import NobodyToPrint, NoChineseFont, NoSuchBatch, NotWritable, WrongEnding
from fieldkit.paper.forms import MissingTable, missing_pdf, missing_tables, missing_xlsx, print_missing

TABLE = MissingTable(
    "江东示范大学",
    "信息学院",
    "计科2201",
    3,
    2,
    (("1", "王小明", "2022000001", "11010120000101001X", "未到"),),
)


def text_of(pdf: bytes) -> list[str]:
    from pdfminer.high_level import extract_pages

    return [
        "".join(part.get_text() for part in page if hasattr(part, "get_text"))
        for page in extract_pages(io.BytesIO(pdf))
    ]


def sheets_of(content: bytes):
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content)).worksheets


def tables_of(school, batch=None):
    day = read_day(school.kit.store, school.visit.key, school.kit.links())
    return missing_tables(day, school.visit.school, batch)


def test_one_table_for_each_class_that_somebody_is_missing_from(school, student):
    first, second, third, _ = school.roster(
        student(1), student(2), student(3, "计科2202"), student(4, "会计2201", college="商学院")
    )
    school.shoot(person=first)
    school.shoot(person=third)
    school.note(second, "参军")

    assert tables_of(school) == [
        MissingTable(
            school.visit.school, "信息学院", "计科2201", 2, 1,
            (("1", student(2).name, "2022000002", student(2).id_number, "参军"),),
        ),
        MissingTable(
            school.visit.school, "商学院", "会计2201", 1, 0,
            (("1", student(4).name, "2022000004", student(4).id_number, "未到"),),
        ),
    ]  # fmt: skip
    assert [table.class_name for table in tables_of(school, "计科2202")] == ["计科2202"]
    assert tables_of(school, "计科2202")[0].rows == ()
    with pytest.raises(NoSuchBatch):
        tables_of(school, "没有")


def test_without_people_there_is_nothing_to_print(school):
    with pytest.raises(NobodyToPrint):
        tables_of(school)


def test_the_pdf_has_every_part_of_the_form():
    (page,) = text_of(missing_pdf([TABLE]))
    bare = "".join(page.split())

    for part in (
        "未参加图像采集学生统计表", "学院（公章）：信息学院", "应到人数：3人", "实到人数：2人",
        "序号", "姓名", "学号", "身份证号", "原因", "王小明", "2022000001", "11010120000101001X", "未到",
        "负责老师（签名）", "联系电话", "学院领导", "江东示范大学", "计科2201",
    ):  # fmt: skip
        assert part in bare
    assert [bare.count(part) for part in "年月日"] == [1, 1, 1]


def test_the_head_stands_on_every_page_and_each_class_begins_one():
    rows = tuple((str(n), f"学生{n}", f"2022{n:06d}", "11010120000101001X", "未到") for n in range(1, 61))
    pages = text_of(missing_pdf([replace(TABLE, rows=rows), TABLE]))

    assert len(pages) == 4
    assert all("未参加图像采集学生统计表" in page and "身份证号" in page for page in pages)
    assert sum(page.count("负责老师") for page in pages) == 2
    assert "学生60" in "".join("".join(pages).split())


@pytest.mark.parametrize(
    "odd",
    ["#panic()", "*x* _y_ $z$ @a <b> [c] \\", "\x00\x1f\ud800", "买买提·阿不都热合曼·吐尔逊江·艾合买提",
     "龘𠮷𬀩",
     "W" * 200, "", '"]}'],
)  # fmt: skip
def test_odd_texts_are_set_as_they_are(odd):
    rows = ((odd, odd, odd, odd, odd), TABLE.rows[0])
    table = replace(TABLE, college=odd, class_name=odd, rows=rows)
    shown = "".join("".join(text_of(missing_pdf([table]))).split())

    assert "王小明" in shown
    if odd.startswith(("#", "*")):
        assert "".join(odd.split()).replace("\\", "") in shown.replace("\\", "").replace("\u200b", "")
    cells = [cell.value for row in sheets_of(missing_xlsx([table]))[0].iter_rows() for cell in row]
    assert "王小明" in cells


def test_the_workbook_is_ready_to_print():
    one, two, three = sheets_of(
        missing_xlsx([TABLE, replace(TABLE, rows=()), replace(TABLE, class_name="a/b?")])
    )
    texts = [str(cell.value) for row in one.iter_rows() for cell in row if cell.value is not None]

    assert texts[:5] == [
        "未参加图像采集学生统计表", "江东示范大学  计科2201", "学院（公章）：信息学院", "应到人数：3",
        "实到人数：2",
    ]  # fmt: skip
    assert texts[5:15] == ["序号", "姓名", "学号", "身份证号", "原因", *TABLE.rows[0]]
    assert texts[15:18] == ["负责老师（签名）：", "联系电话：", "学院领导："]
    assert "".join(texts[18].split()) == "年月日"
    assert one.print_title_rows == "$1:$4"
    assert (one.page_setup.paperSize, one.page_setup.fitToHeight) == (9, 0)
    assert [sheet.title for sheet in (one, two, three)] == ["计科2201", "计科2201 2", "a_b_"]
    assert missing_xlsx([TABLE]) == missing_xlsx([TABLE])


def test_the_ending_says_which_format(tmp_path: Path):
    for name, begins in (("f.pdf", b"%PDF"), ("F.PDF", b"%PDF"), ("f.xlsx", b"PK")):
        print_missing([TABLE], tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert len(list(tmp_path.iterdir())) == 3
    for name in ("f", "f.doc", "f.pdf.txt"):
        with pytest.raises(WrongEnding):
            print_missing([TABLE], tmp_path / name)
    (tmp_path / "folder.pdf").mkdir()
    for path in (tmp_path / "folder.pdf", tmp_path / "none" / "f.pdf", Path("/proc/f.xlsx")):
        with pytest.raises(NotWritable):
            print_missing([TABLE], path)


def test_without_a_chinese_font_the_hint_names_the_package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forms, "SERIF_FONTS", ("No Such Font",))
    monkeypatch.setattr(forms, "SANS_FONTS", ("No Such Font Either",))
    with pytest.raises(NoChineseFont) as raised:
        missing_pdf([TABLE])
    assert "fonts-noto-cjk" in raised.value.next_step("zh")
