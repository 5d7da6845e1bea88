"""Reading a school's timetable: which class comes when, to which room and station.

Timetables are written by people for people: several tables on a sheet, cells merged over rows, classes
lumped together, times that overlap or run backwards. All of it is read and what looks wrong is named.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path

from fieldkit.roster.errors import NoTimetable
from fieldkit.roster.problems import Problem
from fieldkit.roster.reading import Cell
from fieldkit.roster.slottext import (
    names_a_day,
    read_college,
    read_count,
    read_day,
    read_month,
    read_times,
    split_classes,
)
from fieldkit.roster.workbook import Sheet, cell_text, read_sheets
from fieldkit.words import Text
from fieldkit.words import roster as words

_HEADINGS: Mapping[str, str] = {
    heading: column
    for column, headings in (
        ("date", "日期 拍摄日期 采集日期 date"),
        ("period", "时间段 时段 半天 上下午"),
        ("time", "拍摄时间 时间 采集时间 拍摄时段 时间安排 具体时间 time"),
        ("start", "开始时间 开始 起始时间 start from"),
        ("end", "结束时间 结束 截止时间 end to"),
        ("college", "二级学院 学院 院系 院部 系部 系别 学院名称 所属学院 college yxmc"),
        ("count", "人数 应到人数 学生人数 拍摄人数 采集人数 headcount"),
        ("class", "班级 拍摄班级 班级名称 专业班级 班 class bjmc"),
        ("room", "地点 拍摄地点 教室 场地 采集地点 room"),
        ("station", "机位 机器 机号 组别 拍摄组 拍摄小组 组 station"),
        ("remark", "备注 说明"),
    )
    for heading in headings.split()
}
_SHOWN = {
    "date": "日期", "period": "时间段", "time": "拍摄时间", "start": "开始时间", "end": "结束时间",
    "college": "二级学院", "count": "人数", "class": "班级", "room": "地点", "station": "机位",
}  # fmt: skip
_FILLED_DOWN = ("date", "period", "college", "room", "station")
_TOTAL = re.compile("小计|合计|总计|共计")
_LABEL_ROOM = re.compile(r"(?:地点|教室|场地)\s*[:：]\s*(.+)")
_LABEL_STATION = re.compile(r"(?:^|[^A-Za-z])([A-Za-z])\s*(?:组|机位|号机)|机位\s*([A-Za-z])")


@dataclass(frozen=True, slots=True)
class Slot:
    """One class at one time: a batch.

    ``headcount`` is None where a number was given for several classes together; that number is
    ``together``. ``ends`` is None where no end is given or it lies before the start.
    """

    batch: str
    class_name: str
    day: date | None
    starts: time | None
    ends: time | None
    college: str
    headcount: int | None
    together: int | None
    room: str
    station: str
    row: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """The slots in the order of the sheet, and what looks wrong; nothing of it is an error."""

    slots: tuple[Slot, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Block:
    """One table of a sheet: from its heading row to the next heading row."""

    columns: dict[str, int]
    room: str = ""
    station: str = ""
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    row: int
    classes: tuple[str, ...]
    day: date | None
    starts: time | None
    ends: time | None
    college: str
    count: int | None
    room: str
    station: str
    block: int


def read_timetable(path: Path, password: str | None = None, first_day: date | None = None) -> Timetable:
    """Read every timetable in a workbook; ``first_day`` completes days written without year or month.

    Raises NoTimetable where no sheet has timetable headings, and what ``read_sheets`` raises.
    """
    blocks: list[_Block] = []
    month = first_day
    for sheet in read_sheets(path, password):
        blocks += _blocks(sheet)
        month = month or _titled_month(sheet)
    if not blocks:
        raise NoTimetable(path=path.name)
    return _timetable(blocks, month)


def _titled_month(sheet: Sheet) -> date | None:
    texts = (cell for row in sheet.cells for cell in row if isinstance(cell, str) and "年" in cell)
    return next((month for text in texts if (month := read_month(text))), None)


def _heading(cell: Cell) -> str | None:
    if not isinstance(cell, str) or len(cell) > 20:
        return None
    bare = re.sub(r"[\s*:：]+", "", unicodedata.normalize("NFKC", cell)).casefold()
    return _HEADINGS.get(bare) or _HEADINGS.get(re.sub(r"\(.*\)$", "", bare))


def _heading_columns(cells: Sequence[Cell]) -> dict[str, int] | None:
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = _heading(cell)
        if column and column not in columns:
            columns[column] = place
    if not {"time", "start", "period"} & columns.keys():
        return None
    if "class" not in columns and "remark" in columns and "count" in columns:
        # A table whose last column was headed "remarks" while it lists the classes.
        columns["class"] = columns["remark"]
    return columns if {"class", "college"} & columns.keys() else None


def _blocks(sheet: Sheet) -> list[_Block]:
    blocks: list[_Block] = []
    above: tuple[str, str] = ("", "")
    labelled_above = False
    for row, cells in zip(sheet.rows, _filled(sheet), strict=True):
        columns = _heading_columns(cells)
        if columns:
            block = _Block(columns, *above)
            labelled_above = any(above)
            blocks.append(block)
            above = ("", "")
            continue
        label = _label(cells)
        if label is None:
            if blocks and any(cell != "" for cell in cells):
                blocks[-1].rows.append((row, cells))
        elif blocks and not labelled_above and blocks[-1].rows:
            # Under a table that had none above it: the label is that table's own.
            blocks[-1].room, blocks[-1].station = label
            labelled_above = True
        else:
            above = label
    return blocks


def _filled(sheet: Sheet) -> list[list[Cell]]:
    cells = [list(row) for row in sheet.cells]
    place = {row: index for index, row in enumerate(sheet.rows)}
    for first_row, column, last_row, _ in sheet.merged:
        top = place.get(first_row)
        if top is None or column >= len(cells[top]) or isinstance(cells[top][column], float):
            continue
        for row in range(first_row + 1, min(last_row, sheet.rows[-1]) + 1):
            index = place.get(row)
            if index is not None and column < len(cells[index]):
                cells[index][column] = cells[top][column]
    return cells


def _label(cells: Sequence[Cell]) -> tuple[str, str] | None:
    texts = {cell_text(cell).strip() for cell in cells if cell != ""}
    if len(texts) != 1:
        return None
    text = texts.pop()
    room, station = _LABEL_ROOM.search(text), _LABEL_STATION.search(text)
    if room is None and (station is None or len(text) > 12):
        return None
    letter = (station[1] or station[2]).upper() if station else ""
    return (room[1].strip() if room else "", letter)


def _timetable(blocks: Sequence[_Block], month: date | None) -> Timetable:
    problems: list[Problem] = []
    lines: list[_Line] = []
    for number, block in enumerate(blocks):
        lines += _read_block(number, block, month, problems)
    problems += _overlaps(lines)
    problems.sort(key=lambda problem: problem.row)
    return Timetable(_slots(lines), tuple(problems))


def _read_block(number: int, block: _Block, month: date | None, problems: list[Problem]) -> list[_Line]:
    lines: list[_Line] = []
    above: dict[str, Cell] = {}
    totals: dict[str, tuple[int, int]] = {}
    for row, cells in block.rows:
        if any(isinstance(cell, str) and _TOTAL.search(cell) for cell in cells):
            _compare_total(row, block, cells, sum(line.count or 0 for line in lines), problems)
            continue
        values = {name: cells[place] if place < len(cells) else "" for name, place in block.columns.items()}
        if all(cell_text(value).strip() == "" for value in values.values()):
            continue
        for name in _FILLED_DOWN:
            if cell_text(values.get(name, "")).strip() != "":
                above[name] = values[name]
            elif name in values:
                values[name] = above.get(name, "")
        college, heads = read_college(cell_text(values.get("college", "")))
        if heads is not None:
            totals.setdefault(college, (row, heads))
        line = _read_line(row, values, college, month, problems)
        if line is not None:
            room = line.room or block.room
            lines.append(_placed(line, room, line.station or block.station, number))
    for college, (row, heads) in totals.items():
        counted = sum(line.count or 0 for line in lines if line.college == college)
        if counted and counted != heads:
            problems.append(_total(row, "college", heads, counted))
    return lines


def _placed(line: _Line, room: str, station: str, block: int) -> _Line:
    return _Line(
        line.row, line.classes, line.day, line.starts, line.ends, line.college, line.count, room,
        station, block,
    )  # fmt: skip


def _read_line(
    row: int,
    values: Mapping[str, Cell],
    college: str,
    month: date | None,
    problems: list[Problem],
) -> _Line | None:
    classes = split_classes(cell_text(values.get("class", "")))
    if not classes and not college:
        problems.append(_problem(row, "class", "no-class", words.NO_CLASS))
        return None
    starts, ends = _times(row, values, problems)
    day = _day(row, values, month, problems)
    count = read_count(values.get("count", ""))
    if count is None and cell_text(values.get("count", "")).strip():
        problems.append(_problem(row, "count", "headcount", words.BAD_COUNT))
    room = " ".join(cell_text(values.get("room", "")).split())
    station = cell_text(values.get("station", "")).strip()
    letter = _LABEL_STATION.search(station)
    if letter:
        station = (letter[1] or letter[2]).upper()
    return _Line(row, classes, day, starts, ends, college, count, room, station.upper()[:12], 0)


def _times(row: int, values: Mapping[str, Cell], problems: list[Problem]) -> tuple[time | None, time | None]:
    period = cell_text(values.get("period", ""))
    if "time" in values:
        column, found = "time", read_times(values["time"], period)
    elif "start" in values:
        column, begin = "start", read_times(values["start"], period)
        finish = read_times(values.get("end", ""), period)
        found = None if begin is None or finish is None else (begin[0], begin[1] or finish[0])
    else:
        column, found = "period", read_times(values["period"], period)
    if found is None:
        problems.append(_problem(row, column, "bad-time", words.BAD_TIME))
        return None, None
    starts, ends = found
    if starts is None:
        problems.append(_problem(row, column, "no-time", words.NO_TIME))
    elif ends is not None and ends <= starts:
        times = {"start": f"{starts:%H:%M}", "end": f"{ends:%H:%M}"}
        problems.append(_problem(row, column, "end-before-start", words.END_FIRST, times))
        ends = None
    return starts, ends


def _day(row: int, values: Mapping[str, Cell], month: date | None, problems: list[Problem]) -> date | None:
    for column in ("date", "period", "time", "start"):
        cell = values.get(column, "")
        day = None
        if column == "date" or isinstance(cell, str):
            day = read_day(cell, month) if column == "date" or names_a_day(cell_text(cell)) else None
        if day:
            return day
        text = cell_text(cell).strip()
        if text and (column == "date" or names_a_day(text)):
            problems.append(_problem(row, column, "bad-date", words.BAD_DATE))
            return None
    return None


def _compare_total(
    row: int, block: _Block, cells: Sequence[Cell], counted: int, problems: list[Problem]
) -> None:
    place = block.columns.get("count")
    written = read_count(cells[place]) if place is not None and place < len(cells) else None
    if written is not None and counted and written != counted:
        problems.append(_total(row, "count", written, counted))


def _total(row: int, column: str, written: int, counted: int) -> Problem:
    numbers = {"written": written, "counted": counted}
    return _problem(row, column, "total", words.COUNT_DIFFERS, numbers)


def _problem(
    row: int, column: str, code: str, message: Text, fields: Mapping[str, object] | None = None
) -> Problem:
    return Problem(row, _SHOWN[column], code, "warning", message, fields or {})


def _overlaps(lines: Sequence[_Line]) -> list[Problem]:
    problems = []
    places: dict[tuple[object, ...], list[_Line]] = {}
    for line in lines:
        if line.starts is None:
            continue
        place = (line.day, line.room, line.station) if line.room or line.station else (line.day, line.block)
        before = places.setdefault(place, [])
        clash = next((other for other in before if _meet(other, line)), None)
        if clash and clash.row != line.row:
            first = {"first": clash.row}
            problems.append(_problem(line.row, "time", "overlap", words.OVERLAP, first))
        before.append(line)
    return problems


def _meet(one: _Line, other: _Line) -> bool:
    if one.starts is None or other.starts is None:
        return False
    # The same times in two rows are one slot for two groups, not a slip of the pen.
    if (one.starts, one.ends) == (other.starts, other.ends):
        return False
    one_ends, other_ends = one.ends or one.starts, other.ends or other.starts
    return one.starts < other_ends and other.starts < one_ends


def _slots(lines: Sequence[_Line]) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    taken: set[str] = set()
    for line in lines:
        alone = len(line.classes) <= 1
        when = [f"{line.day:%m%d}"] if line.day else []
        when += [f"{line.starts:%H%M}"] if line.starts else []
        for class_name in line.classes or ("",):
            name = batch = "-".join([*when, class_name or line.college])
            count = 1
            while batch in taken:
                count += 1
                batch = f"{name}-{count}"
            taken.add(batch)
            slots.append(
                Slot(
                    batch, class_name, line.day, line.starts, line.ends, line.college,
                    line.count if alone else None, line.count, line.room, line.station, line.row,
                )
            )  # fmt: skip
    return tuple(slots)
