"""The 256 bytes of text on a second-generation ID card and its siblings (pure).

UTF-16LE, every field padded with U+0020; the unit at byte 248 names the layout: space resident,
``J`` permit for Hong Kong, Macao and Taiwan residents, ``I`` foreigners 2017, ``Y`` foreigners 2023
(GA/T 490 and vendors' tables). In all four the number stands at 122 and the validity at 188 and 204.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fieldkit.devices.errors import ChipUnreadable

DocumentKind = Literal["resident", "hmt-permit", "foreign-permit"]
Span = tuple[int, int]

TEXT_BYTES = 256
LONG_TERM = "长期"

_FLAG_AT = 248
_DATES = frozenset({"born", "valid_from", "valid_to"})

_COMMON: dict[str, Span] = {"number": (122, 36), "valid_from": (188, 16), "valid_to": (204, 16)}
_HOME: dict[str, Span] = {
    **_COMMON,
    "name": (0, 30),
    "sex": (30, 2),
    "born": (36, 16),
    "address": (52, 70),
    "issuer": (158, 30),
}
LAYOUTS: dict[str, tuple[DocumentKind, dict[str, Span]]] = {
    " ": ("resident", {**_HOME, "nation": (32, 4)}),
    "J": ("hmt-permit", {**_HOME, "permit_no": (220, 18), "issue_count": (238, 4)}),
    "I": (
        "foreign-permit",
        {
            **_COMMON,
            "latin_name": (0, 120),
            "sex": (120, 2),
            "number": (122, 30),
            "nationality": (152, 6),
            "name": (158, 30),
            "born": (220, 16),
            "version": (236, 4),
            "issuer": (240, 8),
        },
    ),
    "Y": (
        "foreign-permit",
        {
            **_COMMON,
            "name": (0, 30),
            "sex": (30, 2),
            "issue_count": (32, 4),
            "born": (36, 16),
            "latin_name": (52, 70),
            "latin_rest": (220, 22),
            "nationality": (242, 6),
            "former_number": (250, 6),
        },
    ),
}


@dataclass(frozen=True, slots=True)
class ChipDocument:
    """What a card's chip says; dates as ``YYYY-MM-DD``, ``长期`` where a card never expires.

    ``private_use`` names the fields with characters of the private-use areas, which are kept as
    they are; ``damaged`` names the fields where something was not text or not a date.
    """

    kind: DocumentKind
    layout: str
    number: str = field(repr=False)
    name: str = field(default="", repr=False)
    latin_name: str = field(default="", repr=False)
    sex: str = ""
    nation: str = field(default="", repr=False)
    born: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    issuer: str = field(default="", repr=False)
    valid_from: str = ""
    valid_to: str = ""
    permit_no: str = field(default="", repr=False)
    issue_count: str = ""
    nationality: str = ""
    version: str = ""
    former_number: str = field(default="", repr=False)
    private_use: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


def read_chip_text(raw: bytes) -> ChipDocument:
    """Read the 256 bytes of a chip's text.

    Raises ChipUnreadable where the length, the layout's flag or the number is not a document's.
    """
    if len(raw) != TEXT_BYTES:
        raise ChipUnreadable
    flag = raw[_FLAG_AT : _FLAG_AT + 2].decode("utf-16-le", "replace").replace("\0", " ")
    if flag not in LAYOUTS:
        raise ChipUnreadable
    kind, spans = LAYOUTS[flag]
    fields: dict[str, str] = {}
    private: list[str] = []
    damaged: list[str] = []
    for key, (start, length) in spans.items():
        text, whole = _decode(raw[start : start + length])
        if key in _DATES:
            text, good = _date(text)
            whole = whole and good
        fields[key] = text
        if any(unicodedata.category(char) == "Co" for char in text):
            private.append(key)
        if not whole:
            damaged.append(key)
    number = fields["number"]
    if not (number.isascii() and number.isalnum()):
        raise ChipUnreadable
    # A Latin name of 35 units goes on in the second field without a space of its own.
    rest = fields.pop("latin_rest", "")
    if rest:
        start, length = spans["latin_name"]
        fields["latin_name"] = _decode(raw[start : start + length], strip=False)[0].lstrip() + rest
    return ChipDocument(
        kind=kind,
        layout=flag,
        private_use=tuple(sorted(set(private))),
        damaged=tuple(sorted(set(damaged))),
        **fields,
    )


def chip_text(flag: str, **fields: str) -> bytes:
    """Write a chip's 256 bytes, as simulated cards hold them; a field too long is cut to its units.

    Dates are given as the chip holds them (``YYYYMMDD`` or ``长期``). Raises KeyError for a field
    that the layout ``flag`` does not have.
    """
    spans = LAYOUTS[flag][1]
    raw = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))
    for key, text in fields.items():
        start, length = spans[key]
        units = text.encode("utf-16-le", "surrogatepass")[:length]
        raw[start : start + len(units)] = units
    raw[_FLAG_AT : _FLAG_AT + 2] = flag.encode("utf-16-le")
    return bytes(raw)


def _decode(units: bytes, *, strip: bool = True) -> tuple[str, bool]:
    # A character beyond the basic plane takes two units; the field's end may cut it in half.
    whole = True
    text = units.decode("utf-16-le", "surrogatepass")
    kept: list[str] = []
    for char in text:
        if unicodedata.category(char) == "Cs":
            whole = False
        elif char == "\0":
            kept.append(" ")
        elif unicodedata.category(char) == "Cc" or char in "\ufffe\uffff":
            whole = False
        else:
            kept.append(char)
    joined = "".join(kept)
    return (joined.strip(" \u3000") if strip else joined), whole


def _date(text: str) -> tuple[str, bool]:
    if text in {"", LONG_TERM}:
        return text, True
    if len(text) == 8 and text.isascii() and text.isdigit():
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat(), True
        except ValueError:
            return text, False
    return text, False
