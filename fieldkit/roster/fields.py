"""One cell of a roster: the value to keep, and what is wrong with how it was written."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fieldkit.roster.columns import CHINESE
from fieldkit.roster.documents import normalise_number
from fieldkit.roster.names import clean, has_private_use
from fieldkit.roster.problems import Severity
from fieldkit.roster.reading import Cell
from fieldkit.roster.workbook import cell_text, is_exact
from fieldkit.words import Text
from fieldkit.words import roster as words

# Codes and numbers, which lose spaces and full width; a spreadsheet may have cut their digits.
NUMBERS = frozenset(("Xh", "Sfzh", "Ksh", "card"))
_OPAQUE = "caijima"
_FORGIVING = frozenset(("Bynd", "paid", "Xb", ""))
_SEX = {
    "男": "男", "女": "女", "男性": "男", "女性": "女", "男生": "男", "女生": "女", "m": "男", "f": "女",
    "male": "男", "female": "女", "1": "男", "2": "女", "01": "男", "02": "女", "男男": "男",
}  # fmt: skip

Finding = tuple[str, Severity, Text]


@dataclass(frozen=True, slots=True)
class Value:
    """A cell's value after repair, and its findings as (code, severity, message)."""

    text: str
    findings: tuple[Finding, ...] = ()


def read_cell(code: str, cell: Cell) -> Value:
    """Read a cell of a field: repair what can be repaired and say what was found.

    A capture code is kept byte for byte. Extra columns have the empty code and are never at fault.
    """
    if isinstance(cell, str):
        return _text(code, cell)
    text = cell_text(cell)
    if not code:
        return Value(text)
    if isinstance(cell, (date, datetime, time, timedelta)):
        lost: Severity = "warning" if code in _FORGIVING else "error"
        if code == "Bynd" and isinstance(cell, (date, datetime)):
            return Value(str(cell.year), (("not-text", "warning", words.VALUE_NOT_TEXT),))
        return Value(text, (("not-text", lost, words.DATE_NOT_TEXT),))
    if is_exact(cell):
        return Value(
            sex_of(text) if code == "Xb" else text,
            (("not-text", "warning", words.NUMBER_NOT_TEXT),),
        )
    if isinstance(cell, bool):
        worst: Severity = "error" if code in NUMBERS else "warning"
        return Value(text, (("not-text", worst, words.VALUE_NOT_TEXT),))
    return Value(text, (("not-text", "error", words.DIGITS_LOST),))


def sex_of(text: str) -> str:
    """Give 男 or 女 for what schools write, codes of GB/T 2261.1 included; else the text itself."""
    return _SEX.get(text.casefold(), text)


def heading(code: str) -> str:
    """Give the Chinese heading of a field code, as messages name it."""
    return CHINESE.get(code, code)


def _text(code: str, raw: str) -> Value:
    if not code:
        return Value(clean(raw).text)
    if code == _OPAQUE:
        return _opaque(raw)
    cleaned = clean(raw, name=code == "Xm")
    text, found = cleaned.text, cleaned.found
    if code in NUMBERS:
        text, found = _number(code, text, found)
    elif code == "Xb":
        text = sex_of("".join(text.split()))
    if not found:
        return Value(text)
    return Value(text, tuple(_finding(code, text) for code in found))


def _opaque(raw: str) -> Value:
    # A code is compared byte for byte with what the scanner reads: nothing is taken out of it.
    found = clean(raw).found
    kept = {"space": words.SPACE_KEPT, "hidden": words.HIDDEN_KEPT}
    if not raw.strip():
        return Value("")
    findings = tuple((code, "warning", kept[code]) if code in kept else _finding(code, raw) for code in found)
    return Value(raw, findings)  # type: ignore[arg-type]


def _number(code: str, text: str, found: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    if text.isascii() and text.isalnum():
        return text, found
    upper = normalise_number(text)
    if any(char.isspace() for char in text) and "space" not in found:
        found = (*found, "space")
    if code == "Sfzh":
        return upper, found
    # Other numbers keep their dashes and letter case: they are printed as the school writes them.
    narrow = text.translate({place: place - 0xFEE0 for place in range(0xFF01, 0xFF5F)})
    return "".join(narrow.split()).lstrip("'"), found


def _finding(code: str, text: str) -> Finding:
    if code == "private-use":
        kept = has_private_use(text)
        return code, "warning", words.PRIVATE_KEPT if kept else words.PRIVATE_REPAIRED
    return _FINDINGS[code]


_FINDINGS: dict[str, Finding] = {
    "space": ("space", "warning", words.SPACE),
    "hidden": ("hidden", "warning", words.HIDDEN),
    "garbled": ("garbled", "error", words.GARBLED),
}
