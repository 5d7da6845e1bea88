"""Choosing the sheet of a workbook that is the roster."""

from pathlib import Path

from fieldkit.roster.columns import find_columns
from fieldkit.roster.workbook import Sheet, read_sheets


def read_grid(path: Path, password: str | None = None) -> Sheet:
    """Read the first sheet that has roster headings, else the first that has any cell at all.

    Raises what ``read_sheets`` raises.
    """
    filled = [sheet for sheet in read_sheets(path, password) if sheet.rows]
    return next((sheet for sheet in filled if find_columns(sheet) is not None), filled[0])
