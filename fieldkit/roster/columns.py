"""Which column of a sheet holds which field."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldkit.roster.reading import Cell
from fieldkit.roster.workbook import Sheet, cell_text

# Field code, field of RosterEntry, headings that schools write for it.
_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("Bynd", "year", "毕业年度 毕业年份 毕业年 年度 届别 毕业届别 毕业届 届"),
    ("xxmc", "school", "学校名称 学校 院校名称 院校 毕业学校 毕业院校 高校名称 培养单位"),
    ("Zymc", "major", "专业名称 专业 所学专业 毕业专业 专业名"),
    ("Bjmc", "class_name", "班级名称 班级 班 所在班级 行政班 行政班级 班级名 自然班"),
    ("Xh", "student_no", "学号 学生学号 学籍号 学生号 学生编号"),
    (
        "Sfzh",
        "id_number",
        (
            "身份证号 身份证号码 身份证 证件号码 证件号 居民身份证号 居民身份证号码 公民身份号码 "
            "公民身份证号 公民身份证号码 身份证件号 身份证件号码 有效证件号码 身份号码"
        ),
    ),
    ("Xm", "name", "姓名 学生姓名 名字 考生姓名 毕业生姓名"),
    ("Xb", "sex", "性别 学生性别 xbmc xbm"),
    ("Ksh", "exam_no", "考生号 高考考生号 考生号码 考号 高考报名号"),
    ("yxmc", "college", "学院 院系 院系名称 学院名称 二级学院 所属学院 所在学院 系别 系部 院部 院系所 xymc"),
    (
        "caijima",
        "capture_code",
        "采集码 图像采集码 照片采集码 学信网采集码 毕业生采集码 毕业生图像采集码 cjm",
    ),
    ("card", "chip_serial", "芯片号 卡号 校园卡号 一卡通号 卡芯片号 证件芯片号 物理卡号 校园卡物理卡号"),
    ("paid", "paid", "缴费 是否缴费 缴费情况 缴费状态 交费 是否交费 交费标注 缴费标注 交费情况"),
)

FIELD_OF: Mapping[str, str] = {code: field for code, field, _ in _FIELDS}
CHINESE: Mapping[str, str] = {code: headings.split()[0] for code, _, headings in _FIELDS}
EXPECTED = ("Bynd", "xxmc", "Zymc", "Bjmc", "Xh", "Sfzh", "Xm", "Xb", "Ksh")
IDENTIFYING = ("Xh", "Sfzh", "caijima", "card")
_CODE_OF: Mapping[str, str] = {
    heading.casefold(): code for code, _, headings in _FIELDS for heading in (code, *headings.split())
}
_BRACKETS = re.compile(r"^(.*?)\((.*?)\)(.*)$")
_DECORATION = re.compile(r"[\s_*:：,，.。、/\\|\-#﹡]+")
_LOOK_DOWN = 60


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands: column indices from 0 into the sheet's rows."""

    heading_row: int
    fields: Mapping[str, int]
    extra: Mapping[int, str]
    doubles: tuple[str, ...] = ()


def heading_code(heading: str) -> str | None:
    """Give the field code that a heading stands for; None where it is none of ours.

    Letter case, full width, spaces, stars and a remark in brackets do not count: ``身份证号*（18位）``.
    """
    text = unicodedata.normalize("NFKC", heading).casefold()
    bare = _DECORATION.sub("", text)
    found = _CODE_OF.get(bare)
    if found:
        return found
    parts = _BRACKETS.match(bare)
    if parts:
        return _CODE_OF.get(parts[1] + parts[3]) or _CODE_OF.get(parts[2])
    # Both at once, as in a cell with the code on one line and the Chinese heading on the next.
    words = [_CODE_OF.get(word) for word in _DECORATION.split(text) if word]
    return words[0] if words and len(set(words)) == 1 else None


def find_columns(sheet: Sheet) -> Columns | None:
    """Find the heading row, which may stand under title rows, and what its columns hold.

    Of the first rows the one with the most known headings is taken; None where there is none.
    """
    best: tuple[int, int] | None = None
    for index, cells in enumerate(sheet.cells[:_LOOK_DOWN]):
        codes = heading_codes(cells)
        if not codes or (len(codes) == 1 and not _alone(cells, codes)):
            continue
        if best is None or len(codes) > best[0]:
            best = (len(codes), index)
    return _columns(sheet, best[1]) if best else None


def heading_codes(cells: Sequence[Cell]) -> set[str]:
    """Give the field codes that a row's cells are headings of."""
    return {
        code for cell in cells if isinstance(cell, str) and cell and (code := heading_code(cell)) is not None
    }


def _alone(cells: Sequence[Cell], codes: set[str]) -> bool:
    # One heading is believed where it names people and every other cell is a short word too.
    words = [cell for cell in cells if cell != ""]
    return bool(codes & {*IDENTIFYING, "Xm"}) and all(
        isinstance(word, str) and len(word) <= 12 and not any(char.isdigit() for char in word)
        for word in words
    )


def _columns(sheet: Sheet, index: int) -> Columns:
    fields: dict[str, int] = {}
    extra: dict[int, str] = {}
    doubles: list[str] = []
    taken: set[str] = set()
    for column, cell in enumerate(sheet.cells[index]):
        heading = cell_text(cell).strip()
        code = heading_code(heading) if heading else None
        if code and code not in fields:
            fields[code] = column
            continue
        if code:
            doubles.append(code)
        if not heading:
            continue
        label = heading
        count = 1
        while label in taken:
            count += 1
            label = f"{heading} {count}"
        taken.add(label)
        extra[column] = label
    return Columns(index, fields, extra, tuple(doubles))
