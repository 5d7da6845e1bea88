"""The process that reads a workbook's cells, apart from the program that asked for them.

The reading library is compiled to abort on a file that leads it astray, and it makes room for whatever a
damaged header promises. Here that ends a process with little memory allowed to it, and nothing else.
Content comes on standard input, cells go to standard output as JSON.
"""

import io
import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

Cell = str | int | float | bool | date | datetime | time | timedelta
Sheets = list[dict[str, Any]]

READ, DAMAGED, TOO_LARGE = 0, 3, 4
_MOST_MEMORY = 2 << 30
_MOST_SECONDS = 60


def read_apart(content: bytes, most_cells: int) -> Sheets | int:
    """Read all sheets in a process of its own; gives DAMAGED or TOO_LARGE where that is not possible.

    A sheet has ``name``, ``top`` (row of the first cell, from 1), ``left`` (empty columns before it),
    ``cells`` and ``merged`` (first row, first column, last row, last column; rows from 1).
    """
    command = [sys.executable, "-P", "-m", "fieldkit.roster.reading", str(most_cells)]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return DAMAGED
    if done.returncode != READ:
        return TOO_LARGE if done.returncode == TOO_LARGE else DAMAGED
    sheets: Sheets = json.loads(done.stdout, object_hook=_from_json)
    return sheets


def main() -> int:
    """Read the workbook on standard input and write its cells to standard output."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError

    try:
        sheets = _sheets(sys.stdin.buffer.read(), int(sys.argv[1]))
    except (CalamineError, OSError, ValueError, OverflowError):
        return DAMAGED
    if sheets is None:
        return TOO_LARGE
    sys.stdout.buffer.write(
        json.dumps(sheets, default=_to_json, ensure_ascii=False).encode("utf-8", "surrogatepass")
    )
    return READ


def _sheets(content: bytes, most_cells: int) -> Sheets | None:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets: Sheets = []
    left_over = most_cells
    for place, about in enumerate(book.sheets_metadata):
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(place)
        if sheet.start is None:
            continue
        left_over -= sheet.height * sheet.width
        if left_over < 0:
            return None
        merged = [
            (first[0] + 1, first[1], last[0] + 1, last[1]) for first, last in sheet.merged_cell_ranges or ()
        ]
        sheets.append(
            {
                "name": sheet.name,
                "top": sheet.start[0] + 1,
                "left": sheet.start[1],
                "cells": sheet.to_python(skip_empty_area=True),
                "merged": merged,
            }
        )
    return sheets


def _to_json(cell: object) -> dict[str, str | float]:
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    raise TypeError(type(cell).__name__)


def _from_json(found: dict[str, Any]) -> dict[str, Any] | Cell:
    if len(found) != 1:
        return found
    ((kind, value),) = found.items()
    if kind == "datetime":
        return datetime.fromisoformat(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "time":
        return time.fromisoformat(value)
    return timedelta(seconds=value)


if __name__ == "__main__":
    sys.exit(main())
