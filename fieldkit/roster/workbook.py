"""Reading workbooks and text tables into plain cells under the row numbers a spreadsheet shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from fieldkit.errors import reason_of
from fieldkit.roster import protection, reading, textfile
from fieldkit.roster.errors import (
    DamagedWorkbook,
    EmptyFile,
    FileTooLarge,
    FileUnreadable,
    NoSuchFile,
    NotAFile,
    NotAWorkbook,
)
from fieldkit.roster.reading import Cell

MOST_BYTES = 64 << 20
MOST_CELLS = 8_000_000
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What else begins with a signature and is no table: PDF, pictures, archives, programs, old BIFF streams.
_OTHERS = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM\x36", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b",
    b"\x7fELF", b"MZ\x90", b"SQLite format 3", b"\x09\x08", b"\x09\x04", b"\x09\x02", b"{\\rtf",
)  # fmt: skip
_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells of one sheet, row by row; ``rows[i]`` is the number that the spreadsheet shows.

    Merged ranges are (first row, first column, last row, last column), row numbers as shown and
    columns from 0. An empty cell is an empty text.
    """

    name: str
    rows: Sequence[int]
    cells: Sequence[Sequence[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()


def read_sheets(path: Path, password: str | None = None) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook or text table, known by its content and never by its ending.

    Raises a leaf of fieldkit.roster.errors for everything that a file can be but a table.
    """
    content = _content(path)
    if content.startswith(_OLE):
        content = protection.opened(path, content, password)
    if content.startswith(_ZIP):
        protection.refuse_zip_bomb(path, content, MOST_CELLS)
        sheets = _workbook(path, content)
    elif content.startswith(_OLE):
        sheets = _workbook(path, content)
    elif content.startswith(_OTHERS):
        raise NotAWorkbook(path=path.name)
    else:
        rows, cells = textfile.read_table(path, content)
        sheets = (Sheet("", rows, cells),)
    if not any(sheet.rows for sheet in sheets):
        raise EmptyFile(path=path.name)
    return sheets


def cell_text(cell: Cell) -> str:
    """Give a cell as the text that was most likely typed: 2022010118.0 is ``2022010118``."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)


def is_exact(cell: Cell) -> bool:
    """Tell whether a cell's number still is what was typed: a spreadsheet keeps 15 digits."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int):
        return abs(cell) < _EXACT
    return isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT


def _content(path: Path) -> bytes:
    try:
        if path.is_dir() or (path.exists() and not path.is_file()):
            raise NotAFile(path=path.name)
        if (size := path.stat().st_size) > MOST_BYTES:
            raise FileTooLarge(path=path.name, found=f"{size >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise NoSuchFile(path=str(path)) from error
    except OSError as error:
        raise FileUnreadable(path=path.name, reason=reason_of(error)) from error
    if not content.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise EmptyFile(path=path.name)
    return content


def _workbook(path: Path, content: bytes) -> tuple[Sheet, ...]:
    found = reading.read_apart(content, MOST_CELLS)
    if found == reading.TOO_LARGE:
        raise FileTooLarge(path=path.name, found=f"> {MOST_CELLS}", limit=f"{MOST_CELLS}")
    if isinstance(found, int):
        raise DamagedWorkbook(path=path.name)
    return tuple(_sheet(about) for about in found)


def _sheet(about: Mapping[str, Any]) -> Sheet:
    cells = about["cells"]
    if about["left"]:
        padding = [""] * about["left"]
        cells = [[*padding, *row] for row in cells]
    top = about["top"]
    merged = tuple((a, b, c, d) for a, b, c, d in about["merged"])
    return Sheet(about["name"], range(top, top + len(cells)), cells, merged)
