"""Names and other Chinese text: repairs, what cannot be trusted, and a key to compare by."""

import re
import unicodedata
from dataclasses import dataclass

SEPARATOR = "·"

# The dots that keyboards, fonts and old encodings put where the national rule wants U+00B7.
SEPARATORS = "·\u0387\u16eb\u2022\u2024\u2027\u2219\u22c5\u2e31\u2e33\u30fb\uff0e\uff65\ufe52\u25cf\u318d"

# Characters that GB 18030-2022 moved out of the private use area, and those of GBK's FE row that
# older encoders left there. Codes E815 to E864 follow one another in the order of FE50 to FEA0.
_FE_ROW = (
    "⺁\U00020087\U00020089\U000200cc⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧\U000215d7龸⺪䁖䅟⺮䌷⺳⺶⺷"
    "\U0002298f䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺\U000241fe䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)
_VERTICAL = {0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11} | {
    0xE790 + step: 0xFE13 + step for step in range(7)
}
PRIVATE_USE_REPAIRS: dict[int, str] = (
    {0xE815 + step: char for step, char in enumerate(_FE_ROW)}
    | {old: chr(new) for old, new in _VERTICAL.items()}
    | {0xE7C7: "ḿ", 0xE7C8: "ǹ", 0xE7E7: "\u303e"}
    | {0xE7E8 + step: chr(0x2FF0 + step) for step in range(12)}
)

_HAN_RANGES = "\u3007\u2e80-\u2fd5\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
HAN = re.compile(f"[{_HAN_RANGES}]")
_ALL_HAN = re.compile(f"[{_HAN_RANGES}]+")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e01ef]"
)
_SPACE = re.compile("[\x20\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SPACES = re.compile(_SPACE.pattern + "+")
_OUTER = re.compile(f"^{_SPACE.pattern}+|{_SPACE.pattern}+$")
_BESIDE_LATIN = re.compile(f"(?<=[A-Za-z.,'’-])(?:{_SPACE.pattern})(?=[A-Za-z(])")
_LOST = re.compile("[\ufffd\u3013\u25a1\ufffc]|锟斤拷|烫烫烫|屯屯屯|锘")
_LOST_IN_NAME = re.compile("[?？]")
_MASK = re.compile("[*＊✱∗█■]")
_PLAIN = re.compile("[\u4e00-\u9fff0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text after repair, and the codes of what was found in it, in a fixed order."""

    text: str
    found: tuple[str, ...] = ()


def clean(raw: str, *, name: bool = False) -> Cleaned:
    """Repair a cell's text and say what was wrong with it.

    Hidden characters go, outer spaces go, private-use codes become their characters of 2022. In a
    ``name`` spaces beside hanzi go too; a space inside a Latin name stays and is no fault. Codes:
    ``hidden``, ``space``, ``private-use``, ``garbled``.
    """
    if _PLAIN.fullmatch(raw):
        return Cleaned(raw, ("garbled",)) if _is_garbled(raw, name=name) else Cleaned(raw)
    found = []
    garbled = not HAN.search(raw) and _bytes_taken_for_latin(raw)
    text = _HIDDEN.sub("", raw)
    if text != raw:
        found.append("hidden")
    tidy = _OUTER.sub("", text)
    tidy = _without_inner_spaces(tidy) if name else tidy
    if tidy != text:
        found.append("space")
    text = tidy
    if _PRIVATE.search(text):
        found.append("private-use")
        text = repair_private_use(text)
    if garbled or _is_garbled(text, name=name):
        found.append("garbled")
    # A lone surrogate cannot be written to any file or store; the mark for it is what others use.
    text = _SURROGATE.sub("\ufffd", text)
    return Cleaned(text, tuple(found))


def repair_private_use(text: str) -> str:
    """Give the characters that GB 18030-2022 has for old private-use codes; others stay.

    The table follows the 2022 edition's changed mappings and the FE row of GBK.
    """
    return text.translate(PRIVATE_USE_REPAIRS)


def has_private_use(text: str) -> bool:
    """Tell whether a private-use code is in the text, whose look depends on the font."""
    return _PRIVATE.search(text) is not None


def comparison_key(name: str) -> str:
    """Give what two spellings of one name have in common: compare by it, never show it.

    Full width, compatibility forms, dots, spaces, hidden characters and letter case do not count.
    """
    if _PLAIN.fullmatch(name):
        return name.casefold()
    # Taking a space out can bring a letter and an accent together, which the second pass composes.
    return _folded(_folded(name))


def is_masked(text: str) -> bool:
    """Tell whether part of a value is struck out with asterisks or the like."""
    return _MASK.search(text) is not None


def _folded(name: str) -> str:
    text = repair_private_use(_HIDDEN.sub("", name))
    for separator in SEPARATORS:
        if separator in text:
            text = text.replace(separator, SEPARATOR)
    text = unicodedata.normalize("NFKC", _SURROGATE.sub("\ufffd", text))
    return _SPACES.sub("", _HIDDEN.sub("", text)).casefold()


def _without_inner_spaces(text: str) -> str:
    if not _SPACE.search(text):
        return text
    if HAN.search(text) is None:
        return _SPACES.sub(" ", text)
    kept = _BESIDE_LATIN.sub("\x00", text)
    return _SPACES.sub("", kept).replace("\x00", " ")


def _is_garbled(text: str, *, name: bool) -> bool:
    if _LOST.search(text) or _SURROGATE.search(text):
        return True
    if name and _LOST_IN_NAME.search(text):
        return True
    return _utf8_taken_for_gbk(text) if HAN.search(text) else _bytes_taken_for_latin(text)


def _utf8_taken_for_gbk(text: str) -> bool:
    # Three GBK characters are six bytes, the shortest length that two hanzi of UTF-8 can have.
    if len(text) < 3:
        return False
    try:
        meant = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    return _ALL_HAN.fullmatch(meant) is not None


def _bytes_taken_for_latin(text: str) -> bool:
    if text.isascii() or len(text) < 4 or re.search("[A-Za-z]", text):
        return False
    for wrong in ("latin-1", "cp1252"):
        for right in ("utf-8", "gb18030"):
            try:
                meant = text.encode(wrong).decode(right)
            except UnicodeError:
                continue
            if _ALL_HAN.fullmatch(meant):
                return True
    return False
