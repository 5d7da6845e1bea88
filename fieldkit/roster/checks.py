"""Checking a roster to the character, and turning its rows into entries.

An error means that the row cannot be trusted to name its person: nothing to recognise them by, digits
lost or wrong, a number that somebody else has, unreadable characters. What was repaired without loss,
or is merely missing or odd, is a warning. Masked names and numbers are no fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from fieldkit.model import RosterEntry
from fieldkit.roster.columns import (
    EXPECTED,
    FIELD_OF,
    IDENTIFYING,
    Columns,
    find_columns,
    heading_code,
)
from fieldkit.roster.documents import Document, examine, is_damaged_resident
from fieldkit.roster.fields import NUMBERS, Value, heading, read_cell
from fieldkit.roster.names import is_masked
from fieldkit.roster.problems import Problem, Severity, has_errors
from fieldkit.roster.reading import Cell
from fieldkit.roster.workbook import Sheet, cell_text
from fieldkit.words import Lang, Text
from fieldkit.words import roster as words

_FOOT = ("合计", "总计", "小计", "共计", "备注", "说明", "注：", "注:", "制表", "填表")
_UNIQUE: tuple[tuple[str, Severity], ...] = (
    ("Xh", "error"),
    ("Sfzh", "error"),
    ("caijima", "error"),
    ("card", "error"),
    ("Ksh", "warning"),
)
_YOUNGEST, _OLDEST = 14, 90
# Past this many remembered spellings of a column its cells do not repeat and memory is better spent.
_MOST_REMEMBERED = 4_000


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """An entry that may be imported, with the row number that the spreadsheet shows."""

    row: int
    entry: RosterEntry


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What a roster holds and what is wrong with it; rows with an error are not accepted."""

    rows: int
    accepted: tuple[AcceptedRow, ...]
    problems: tuple[Problem, ...]

    @property
    def entries(self) -> tuple[RosterEntry, ...]:
        """Give the accepted entries alone, in the order of the sheet."""
        return tuple(row.entry for row in self.accepted)

    @property
    def has_errors(self) -> bool:
        """Tell whether an import must refuse the file unless it takes the valid rows alone."""
        return has_errors(self.problems)

    def as_json(self, lang: Lang) -> dict[str, object]:
        """Give the object of ``roster check --json``."""
        return {
            "rows": self.rows,
            "accepted": len(self.accepted),
            "problems": [problem.as_json(lang) for problem in self.problems],
        }


def check(grid: Sheet) -> RosterReport:
    """Check every cell of a roster sheet and give the entries that may be imported."""
    columns = find_columns(grid)
    if columns is None:
        top = grid.rows[0] if grid.rows else 1
        missing = Problem(top, "Xh", "missing-column", "error", words.NO_HEADINGS)
        return RosterReport(0, (), (missing,))
    problems = _column_problems(grid.rows[columns.heading_row], columns)
    checker = _Checker(columns)
    accepted = []
    rows = 0
    for index in range(columns.heading_row + 1, len(grid.rows)):
        cells = grid.cells[index]
        if not any(cells) or _is_no_person(cells, columns):
            continue
        values = checker.read(cells)
        if not any(values.values()):
            continue
        rows += 1
        row = grid.rows[index]
        found = len(problems)
        entry = checker.entry(row, cells, values, problems)
        if all(problem.severity != "error" for problem in problems[found:]):
            accepted.append(AcceptedRow(row, entry))
    return RosterReport(rows, tuple(accepted), tuple(problems))


def _column_problems(row: int, columns: Columns) -> list[Problem]:
    problems = [
        Problem(row, code, "duplicate", "warning", words.DOUBLE_COLUMN, _named(code))
        for code in columns.doubles
    ]
    nobody = not any(code in columns.fields for code in IDENTIFYING)
    if nobody:
        problems.append(Problem(row, "Xh", "missing-column", "error", words.NO_IDENTITY))
    problems += [
        Problem(row, code, "missing-column", "warning", words.NO_COLUMN, _named(code))
        for code in EXPECTED
        if code not in columns.fields and not (nobody and code == "Xh")
    ]
    return problems


def _is_no_person(cells: Sequence[Cell], columns: Columns) -> bool:
    """Tell a repeated heading, a total or a remark from a person's row."""
    first = next((cell for cell in cells if cell != ""), "")
    if not isinstance(first, str):
        return False
    word = first.strip()
    if word.startswith(_FOOT):
        return not any(
            cell_text(cells[place]).strip()
            for code in ("Xh", "Sfzh", "caijima", "Xm")
            if (place := columns.fields.get(code)) is not None
            and place < len(cells)
            and cells[place] is not first
        )
    for code, place in islice(columns.fields.items(), 2):
        cell = cells[place] if place < len(cells) else ""
        if not isinstance(cell, str) or cell[-1:].isdigit() or heading_code(cell) != code:
            return False
    return True


class _Checker:
    """Checks row after row, remembering what may not come twice."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._fields: list[tuple[str, int, bool, dict[str, Value]]] = [
            (code, place, code in NUMBERS, {}) for code, place in columns.fields.items()
        ]
        self._seen: dict[str, dict[str, tuple[int, str, str]]] = {code: {} for code, _ in _UNIQUE}
        self._found: dict[str, Value] = {}

    def read(self, cells: Sequence[Cell]) -> dict[str, str]:
        """Give the repaired text of each field of a row, by field code."""
        texts: dict[str, str] = {}
        found = self._found
        found.clear()
        width = len(cells)
        for code, place, number, known in self._fields:
            cell = cells[place] if place < width else ""
            if isinstance(cell, str):
                if not cell or (number and cell.isascii() and cell.isalnum()):
                    texts[code] = cell
                    continue
                value = known.get(cell)
                if value is None:
                    value = read_cell(code, cell)
                    if len(known) < _MOST_REMEMBERED:
                        known[cell] = value
            else:
                value = read_cell(code, cell)
            texts[code] = value.text
            if value.findings:
                found[code] = value
        return texts

    def entry(
        self, row: int, cells: Sequence[Cell], texts: dict[str, str], problems: list[Problem]
    ) -> RosterEntry:
        """Check a row that was just read and give its entry."""
        for code, value in self._found.items():
            for problem, severity, message in value.findings:
                problems.append(_problem(row, code, problem, severity, message))
        number = texts.get("Sfzh", "")
        lost = self._lost() if self._found else frozenset()
        document = examine(number) if number and "Sfzh" not in lost else None
        if document is not None:
            texts["Sfzh"] = document.number
            problems += _document_problems(row, document, texts)
        problems += _sex_problems(row, texts.get("Xb", ""))
        problems += _empty_problems(row, texts)
        problems += self._duplicates(row, texts, lost)
        extra = {
            label: text
            for place, label in self._columns.extra.items()
            if place < len(cells) and (text := read_cell("", cells[place]).text)
        }
        return RosterEntry(extra=extra, **{FIELD_OF[code]: text for code, text in texts.items()})

    def _lost(self) -> frozenset[str]:
        # A number whose digits the spreadsheet lost would only fail its check character once more.
        return frozenset(
            code
            for code, value in self._found.items()
            if any(what == "not-text" and how == "error" for what, how, _ in value.findings)
        )

    def _duplicates(self, row: int, texts: Mapping[str, str], lost: frozenset[str]) -> list[Problem]:
        problems = []
        student, capture = texts.get("Xh", ""), texts.get("caijima", "")
        for code, severity in _UNIQUE:
            text = texts.get(code, "")
            if not text or code in lost or (code != "caijima" and is_masked(text)):
                continue
            first = self._seen[code].setdefault(
                text if code == "caijima" else text.upper(), (row, student, capture)
            )
            if first[0] == row:
                continue
            fields = {**_named(code), "first": first[0]}
            # One person enrolled twice has one ID number, and a student number and code for each.
            apart = all(a and b and a != b for a, b in zip(first[1:], (student, capture), strict=True))
            twice = code == "Sfzh" and apart
            problems.append(
                Problem(row, code, "duplicate", "warning", words.DUPLICATE_PERSON, fields)
                if twice
                else Problem(row, code, "duplicate", severity, words.DUPLICATE, fields)
            )
        return problems


def _named(code: str) -> dict[str, object]:
    return {"heading": heading(code), "column": code}


def _problem(row: int, code: str, problem: str, severity: Severity, message: Text) -> Problem:
    return Problem(row, code, problem, severity, message, _named(code))


def _document_problems(row: int, document: Document, texts: Mapping[str, str]) -> list[Problem]:
    problem = document.problem
    if problem == "unknown-document":
        if document.kind == "resident":
            return [Problem(row, "Sfzh", problem, "warning", words.UNKNOWN_PROVINCE)]
        if is_damaged_resident(document.number):
            length = {"length": len(document.number)}
            return [Problem(row, "Sfzh", problem, "error", words.DAMAGED_NUMBER, length)]
        return [Problem(row, "Sfzh", problem, "warning", words.UNKNOWN_DOCUMENT)]
    if problem:
        message = words.CHECKSUM if problem == "checksum" else words.BIRTH_DATE
        return [Problem(row, "Sfzh", problem, "error", message)]
    problems = []
    year = texts.get("Bynd", "")[:4]
    if document.birth and year.isascii() and len(year) == 4 and year.isdigit():
        age = int(year) - document.birth.year
        if not _YOUNGEST <= age <= _OLDEST:
            problems.append(Problem(row, "Sfzh", "birth-date", "warning", words.BIRTH_DATE_ODD, {"age": age}))
    sex = texts.get("Xb", "")
    if document.sex and sex in ("男", "女") and sex != document.sex:
        says = {"sex_zh": document.sex, "sex_en": "male" if document.sex == "男" else "female"}
        problems.append(Problem(row, "Xb", "sex-mismatch", "warning", words.SEX_MISMATCH, says))
    return problems


def _sex_problems(row: int, sex: str) -> list[Problem]:
    if sex in ("", "男", "女") or is_masked(sex) or sex in ("0", "9", "未知", "未说明"):
        return []
    return [Problem(row, "Xb", "garbled", "warning", words.SEX_UNKNOWN)]


def _empty_problems(row: int, texts: Mapping[str, str]) -> list[Problem]:
    if not any(texts.get(code) for code in IDENTIFYING):
        column = next((code for code in IDENTIFYING if code in texts), "Xh")
        problems = [Problem(row, column, "empty", "error", words.NOBODY)]
    else:
        column = ""
        problems = []
    for code in EXPECTED:
        if texts.get(code, "-") or code == column:
            continue
        nameless = code == "Xm" and not texts.get("caijima")
        problems.append(
            Problem(row, code, "empty", "error", words.NAMELESS)
            if nameless
            else _problem(row, code, "empty", "warning", words.EMPTY)
        )
    return problems
