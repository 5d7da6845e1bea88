"""The lists that lie beside the photos: who is delivered, who is not."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fieldkit.model import Person
from fieldkit.paper.plan import LeftOut, Wanted

if TYPE_CHECKING:
    from xlsxwriter import Workbook

# These lists go to Chinese schools and registers, whatever language the crew's screen speaks.
DELIVERED = (
    "文件", "拍摄序号", "姓名", "性别", "学号", "身份证号", "考生号", "学院", "专业", "班级", "毕业年度",
    "图像",
)  # fmt: skip
NOT_DELIVERED = ("姓名", "学号", "身份证号", "学院", "班级", "拍摄序号", "原因", "人员代号")
_WIDTHS = {
    "文件": 46,
    "身份证号": 21,
    "学号": 16,
    "考生号": 18,
    "专业": 24,
    "学院": 24,
    "班级": 20,
    "图像": 24,
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Any fixed day: a workbook that says nothing new has the same bytes.
_MADE = datetime(2000, 1, 1, tzinfo=UTC)


def delivered_rows(
    delivered: Iterable[tuple[Wanted, str]], numbers: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """Give a row for each delivered file, with the camera's name of its frame, sorted by path."""
    rows = []
    for wanted, file in delivered:
        entry = wanted.person.entry
        rows.append(
            (
                wanted.path.partition("/")[2], numbers.get(wanted.person.key, ""), entry.name, entry.sex,
                entry.student_no, entry.id_number, entry.exam_no, entry.college, entry.major,
                entry.class_name, entry.year, file,
            )
        )  # fmt: skip
    return sorted(rows)


def left_rows(left: Iterable[LeftOut], numbers: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Give a row for each person who is not delivered, with the reason in words."""
    rows = []
    for one in left:
        person: Person = one.standing.person
        entry = person.entry
        rows.append(
            (
                entry.name, entry.student_no, entry.id_number, entry.college, entry.class_name,
                numbers.get(person.key, ""), one.say("zh"), person.key,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row[3], row[4], row[1], row[0], row[7]))


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a table as CSV in UTF-8 with BOM and CR LF, as Excel wants it.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([f"'{text}" if text.startswith(_FORMULA) else text for text in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def as_xlsx(sheet_name: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Write a table as a workbook of one sheet, every cell as text."""
    out = io.BytesIO()
    book = new_book(out)
    sheet = book.add_worksheet(sheet_name)
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, _WIDTHS.get(heading, 11), text)
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(number, column, plain(value), text)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    book.close()
    return out.getvalue()


def new_book(out: io.BytesIO) -> "Workbook":
    """Begin a workbook whose bytes follow from its content alone."""
    from xlsxwriter import Workbook

    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _MADE.replace(tzinfo=None), "author": "fieldkit"})
    return book


def plain(text: str) -> str:
    """Give a text that XML can hold, and no longer than a cell."""
    kept = "".join(char for char in text if char >= " " or char in "\t\n")
    return kept.encode("utf-8", "replace").decode()[:32_000]
