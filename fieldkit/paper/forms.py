"""Forms that leave on paper: the list of those who were not photographed, for each class."""

import errno
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from fieldkit.disk import write_file_safely
from fieldkit.errors import REFUSALS
from fieldkit.paper.day import Day
from fieldkit.paper.errors import (
    FormFailed,
    NobodyToPrint,
    NoChineseFont,
    NotWritable,
    WrongEnding,
    disk_error,
)
from fieldkit.paper.reconcile import Standing, batches_of, find_batch, standings
from fieldkit.paper.tables import new_book, plain

MISSING_TITLE = "未参加图像采集学生统计表"
MISSING_COLUMNS = ("序号", "姓名", "学号", "身份证号", "原因")
SERIF_FONTS = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun", "AR PL UMing CN")
SANS_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    "Microsoft YaHei", "SimHei", "Droid Sans Fallback",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MissingTable:
    """One class: who should have come, how many came, and a row for each who is missing."""

    school: str
    college: str
    class_name: str
    due: int
    came: int
    rows: tuple[tuple[str, ...], ...]


def missing_tables(day: Day, school: str, batch: str | None = None) -> list[MissingTable]:
    """Give a table for each college and class that somebody is missing from.

    Where nobody is missing at all, every class gets its table, without rows. Raises NoSuchBatch,
    NobodyToPrint.
    """
    wanted = None if batch is None else find_batch(day, batch)
    groups: dict[tuple[str, str], list[Standing]] = {}
    for one in standings(day, batches_of(day)):
        if wanted in (None, one.batch):
            entry = one.person.entry
            groups.setdefault((entry.college, entry.class_name), []).append(one)
    if not groups:
        raise NobodyToPrint
    made = [_table(school, college, name, due) for (college, name), due in groups.items()]
    return [table for table in made if table.rows] or made


def print_missing(tables: Sequence[MissingTable], out: Path) -> None:
    """Write the form as PDF or workbook, by the ending of the file's name.

    Raises WrongEnding, NoChineseFont, FormFailed, NoRoom, NotWritable.
    """
    writers = {".pdf": missing_pdf, ".xlsx": missing_xlsx}
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise WrongEnding(path=out)
    try:
        if out.is_dir() or not out.parent.is_dir():
            raise NotWritable(path=out, reason=REFUSALS[errno.EISDIR if out.is_dir() else errno.ENOENT])
        write_file_safely(out, writer(tables), 0o644)
    except OSError as error:
        raise disk_error(error, out) from error
    except ValueError as error:
        raise WrongEnding(path=out) from error


def missing_pdf(tables: Iterable[MissingTable]) -> bytes:
    """Set the form on A4. Raises NoChineseFont, FormFailed."""
    content = {
        "title": MISSING_TITLE,
        "columns": list(MISSING_COLUMNS),
        "tables": [
            {
                "school": table.school,
                "college": table.college,
                "class": table.class_name,
                "due": table.due,
                "came": table.came,
                "rows": table.rows,
            }
            for table in tables
        ],
    }
    return set_form("missing.typ", content)


def set_form(template: str, content: Mapping[str, object]) -> bytes:
    """Set a template of this room as PDF; what it shows goes in as JSON and is never read as markup.

    Raises NoChineseFont, FormFailed.
    """
    import typst

    fonts = typst.Fonts(include_system_fonts=True)
    there = set(fonts.families())
    serif = [name for name in (*SERIF_FONTS, *SANS_FONTS) if name in there]
    sans = [name for name in (*SANS_FONTS, *SERIF_FONTS) if name in there]
    if not serif:
        raise NoChineseFont
    source = (resources.files("fieldkit.paper") / "templates" / template).read_bytes()
    inputs = {"content": json.dumps(_settable({**content, "serif": serif, "sans": sans}))}
    try:
        return typst.compile(source, font_paths=fonts, sys_inputs=inputs, format="pdf", timestamp=0)
    except typst.TypstError as error:
        raise FormFailed(reason=error.message) from error


def _settable(value: object) -> object:
    """Give a value whose texts hold nothing that cannot be set, such as half a character."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {name: _settable(one) for name, one in value.items()}
    return [_settable(one) for one in value] if isinstance(value, (list, tuple)) else value


def missing_xlsx(tables: Sequence[MissingTable]) -> bytes:
    """Write the form as a workbook, one sheet a class, ready to print on A4."""
    out = io.BytesIO()
    book = new_book(out)
    faces = {
        name: book.add_format({"font_name": "宋体", "font_size": 11, "valign": "vcenter", **extra})
        for name, extra in (
            ("title", {"font_size": 18, "bold": True, "align": "center"}),
            ("school", {"font_size": 12, "align": "center"}),
            ("left", {"align": "left", "shrink": True}),
            ("head", {"bold": True, "align": "center", "border": 1}),
            ("cell", {"align": "center", "border": 1, "num_format": "@", "text_wrap": True}),
            ("text", {"align": "left", "border": 1, "num_format": "@", "text_wrap": True}),
            ("right", {"align": "right"}),
        )
    }
    names: set[str] = set()
    for number, table in enumerate(tables, 1):
        sheet = book.add_worksheet(_sheet_name(table, number, names))
        for column, width in enumerate((6, 16, 18, 24, 24)):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页  共 &N 页")
        sheet.set_row(0, 32)
        sheet.merge_range(0, 0, 0, 4, MISSING_TITLE, faces["title"])
        subtitle = "  ".join(part for part in (table.school, table.class_name) if part)
        sheet.merge_range(1, 0, 1, 4, plain(subtitle), faces["school"])
        sheet.set_row(2, 24)
        sheet.merge_range(2, 0, 2, 2, f"学院（公章）：{plain(table.college)}", faces["left"])
        sheet.write_string(2, 3, f"应到人数：{table.due}", faces["left"])
        sheet.write_string(2, 4, f"实到人数：{table.came}", faces["left"])
        sheet.repeat_rows(0, 3)
        for column, heading in enumerate(MISSING_COLUMNS):
            sheet.write_string(3, column, heading, faces["head"])
        row = 4
        for values in table.rows or [("", "无", "", "", "")]:
            sheet.set_row(row, 22 if max(map(len, values)) <= 18 else 36)
            for column, value in enumerate(values):
                sheet.write_string(row, column, plain(value), faces["text" if column == 4 else "cell"])
            row += 1
        sheet.set_row(row, 30)
        sheet.merge_range(row, 0, row, 1, "负责老师（签名）：", faces["left"])
        sheet.write_string(row, 3, "联系电话：", faces["left"])
        sheet.set_row(row + 1, 30)
        sheet.merge_range(row + 1, 0, row + 1, 1, "学院领导：", faces["left"])
        sheet.write_string(row + 1, 4, "年      月      日", faces["right"])
        sheet.print_area(0, 0, row + 1, 4)
    book.close()
    return out.getvalue()


def _table(school: str, college: str, class_name: str, due: Sequence[Standing]) -> MissingTable:
    missing = [one for one in due if not one.taken]
    rows = tuple(
        (
            str(number),
            one.person.entry.name,
            one.person.entry.student_no,
            one.person.entry.id_number,
            one.say("zh"),
        )
        for number, one in enumerate(missing, 1)
    )
    return MissingTable(school, college, class_name, len(due), len(due) - len(missing), rows)


def _sheet_name(table: MissingTable, number: int, taken: set[str]) -> str:
    """Give a sheet a name that Excel takes: 31 characters at most, some not allowed, none twice."""
    bare = "".join("_" if char in "[]:*?/\\'" else char for char in plain(table.class_name)).strip()
    name = bare[:28] or f"表{number}"
    if name.casefold() in taken or name.casefold() == "history":
        name = f"{name[:24]} {number}"
    taken.add(name.casefold())
    return name
