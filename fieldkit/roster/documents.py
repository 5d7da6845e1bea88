"""Numbers of identity documents: which document, whose birth date and sex, and what is wrong.

Resident numbers follow GB 11643-1999 with the check of ISO 7064 MOD 11-2, which residence permits
of Hong Kong, Macao and Taiwan and the foreigners' card of 2023 share. The foreigners' card of 2017
carries the 7-3-1 check of ICAO Doc 9303.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from fieldkit.roster.names import is_masked

DocumentKind = Literal[
    "none",
    "resident",
    "hmt-permit",
    "foreign-permit",
    "hm-travel-permit",
    "taiwan-travel-permit",
    "passport",
    "masked",
    "unknown",
]
DocumentProblem = Literal["checksum", "birth-date", "unknown-document"]

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BESIDE = re.compile(r"[\s'`‘’\-–—]+")
_CHECKS = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_FOREIGN_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")
_HM_TRAVEL = re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})")
_TAIWAN_TRAVEL = re.compile(r"[0-9]{8}|[0-9]{10}")
_PASSPORT = re.compile(r"(?=.*[0-9])(?=.*[A-Z])[A-Z0-9]{5,17}|[0-9]{6,9}")
_MOSTLY_DIGITS = 12
PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)
_PERMITS = ("810000", "820000", "830000")


@dataclass(frozen=True, slots=True)
class Document:
    """What a number says; ``number`` is the form to store: half width, upper case, 18 digits."""

    number: str
    kind: DocumentKind
    birth: date | None = None
    sex: str = ""
    problem: DocumentProblem | None = None
    checked: bool = False

    @property
    def valid(self) -> bool:
        """Tell whether the number's own check character and date prove it to be a document's."""
        return self.checked and self.problem is None


def normalise_number(typed: str) -> str:
    """Give a typed or pasted number in half width and upper case without spaces and dashes."""
    return _BESIDE.sub("", typed.translate(_WIDE)).upper()


def examine(typed: str) -> Document:
    """Say which document a number belongs to, and the first thing that is wrong with it.

    A masked number is recognised and is no fault. A 15-digit resident number comes back with 18.
    """
    if _EIGHTEEN.fullmatch(typed):
        return _eighteen(typed)
    number = normalise_number(typed)
    if not number:
        return Document("", "none")
    if is_masked(number):
        return Document(number, "masked")
    for form, read in _FORMS:
        if form.fullmatch(number):
            return read(number)
    return Document(number, "unknown", problem="unknown-document")


def check_character(first_17: str) -> str:
    """Give the 18th character of a resident number by ISO 7064 MOD 11-2."""
    # The weights are the powers of two modulo 11, and 13 is 2 modulo 11: the weighted sum is the
    # number read in base 13, times two for the place of the check itself.
    return _CHECKS[2 * int(first_17, 13) % 11]


def icao_check(text: str) -> str:
    """Give the check digit of ICAO Doc 9303: weights 7, 3, 1; letters count from A = 10."""
    return str(sum(int(char, 36) * (7, 3, 1)[place % 3] for place, char in enumerate(text)) % 10)


def is_damaged_resident(number: str) -> bool:
    """Tell whether an unknown number looks like a resident number with characters lost or added."""
    return sum(char.isdigit() for char in number) >= _MOSTLY_DIGITS


def _eighteen(number: str) -> Document:
    kind: DocumentKind = "resident"
    if number.startswith("9"):
        kind = "foreign-permit"
    elif number.startswith(_PERMITS):
        kind = "hmt-permit"
    sex = "男" if number[16] in "13579" else "女"
    birth = _date(number[6:14])
    problem: DocumentProblem | None = None
    if check_character(number[:17]) != number[17]:
        problem = "checksum"
    elif birth is None:
        problem = "birth-date"
    elif kind == "resident" and number[:2] not in PROVINCES:
        problem = "unknown-document"
    return Document(number, kind, birth, sex, problem, checked=True)


def _fifteen(number: str) -> Document:
    first_17 = f"{number[:6]}19{number[6:]}"
    return replace(_eighteen(first_17 + check_character(first_17)), checked=False)


def _foreign_2017(number: str) -> Document:
    # Two digits of the year: these cards were given to nobody born before 1930.
    year = int(number[7:9])
    birth = _date(f"{19 if year >= 30 else 20}{number[7:13]}")
    sex = {"1": "男", "2": "女"}.get(number[13], "男" if number[13] in "3579" else "女")
    problem: DocumentProblem | None = None
    if icao_check(number[:14]) != number[14]:
        problem = "checksum"
    elif birth is None:
        problem = "birth-date"
    return Document(number, "foreign-permit", birth, sex, problem, checked=True)


def _travel_or_passport(kind: DocumentKind) -> Callable[[str], Document]:
    return lambda number: Document(number, kind)


def _passport(number: str) -> Document:
    if is_damaged_resident(number):
        return Document(number, "unknown", problem="unknown-document")
    return Document(number, "passport")


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], Document]], ...] = (
    (_EIGHTEEN, _eighteen),
    (_FIFTEEN, _fifteen),
    (_FOREIGN_2017, _foreign_2017),
    (_HM_TRAVEL, _travel_or_passport("hm-travel-permit")),
    (_TAIWAN_TRAVEL, _travel_or_passport("taiwan-travel-permit")),
    (_PASSPORT, _passport),
)


def _date(digits: str) -> date | None:
    try:
        found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return found if 1900 <= found.year < 2100 else None
