"""Writing a roster workbook as schools send it: one heading row, every cell as text."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from fieldkit.model import RosterEntry
from fieldkit.roster.columns import CHINESE, EXPECTED, FIELD_OF


def make_roster_workbook(
    path: Path,
    entries: Iterable[RosterEntry],
    headings: Literal["codes", "chinese"] = "codes",
) -> None:
    """Write entries into an xlsx with the register's nine columns and those others that are in use.

    Raises OSError where the file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    people = list(entries)
    optional = [
        code
        for code, field in FIELD_OF.items()
        if code not in EXPECTED and any(getattr(person, field) for person in people)
    ]
    codes = [*EXPECTED, *optional]
    extras = list(dict.fromkeys(label for person in people for label in person.extra))
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Sheet1")
    text = book.add_format({"num_format": "@"})
    titles = [CHINESE[code] if headings == "chinese" else code for code in codes]
    for column, title in enumerate([*titles, *extras]):
        sheet.write_string(0, column, title, text)
    for row, person in enumerate(people, start=1):
        values = [getattr(person, FIELD_OF[code]) for code in codes]
        values += [person.extra.get(label, "") for label in extras]
        for column, value in enumerate(values):
            sheet.write_string(row, column, value, text)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error
