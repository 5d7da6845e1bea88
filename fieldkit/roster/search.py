"""Finding people by what an operator types: pinyin of names, and what typed text can mean."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from fieldkit.roster.documents import examine, normalise_number
from fieldkit.roster.names import HAN, SEPARATORS, comparison_key, is_masked

MeaningKind = Literal[
    "sequence-number",
    "id-number",
    "masked-id-number",
    "student-no",
    "student-no-tail",
    "id-number-tail",
    "name",
    "initials",
    "pinyin",
    "capture-code",
]

# Readings that a character has as a surname and that differ from its commonest one.
_SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "区": "ou", "查": "zha", "翟": "zhai",
    "朴": "piao", "盖": "ge", "缪": "miao", "覃": "qin", "员": "yun", "秘": "bi", "乐": "yue",
    "种": "chong", "黑": "he", "折": "she", "召": "shao", "洗": "xian", "繁": "po", "薄": "bo",
    "卜": "bu", "乜": "nie", "祭": "zhai", "句": "gou", "阚": "kan", "隗": "wei", "郇": "xun",
    "藏": "zang", "都": "du", "重": "chong", "炅": "gui", "粘": "nian",
}  # fmt: skip
_DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "澹台": ("tan", "tai"),
    "单于": ("chan", "yu"), "鲜于": ("xian", "yu"), "乐正": ("yue", "zheng"), "令狐": ("ling", "hu"),
    "亓官": ("qi", "guan"), "宿勤": ("su", "qin"), "拓跋": ("tuo", "ba"), "宰父": ("zai", "fu"),
    "夏侯": ("xia", "hou"), "呼延": ("hu", "yan"), "淳于": ("chun", "yu"), "皇甫": ("huang", "fu"),
    "赫连": ("he", "lian"), "纳兰": ("na", "lan"), "吐谷": ("tu", "yu"), "可频": ("ke", "pin"),
}  # fmt: skip
# Readings that given names take, where a dictionary begins with another.
_GIVEN = {"晟": "sheng", "长": "chang", "重": "chong", "伽": "jia"}
_TONES = str.maketrans(
    "āáǎàēéěèếềễểêīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ",
    "aaaaeeeeeeeeeiiiioooouuuuvvvvvnnnm",
    "\u0300\u0304\u030c",
)
_SEQUENCE = re.compile(r"([A-Z])-?0*([0-9]{1,6})")
_PINYIN = re.compile(r"[a-z' ]+")
_LIKE_CODE = re.compile(r"\S{6,}")
_SEPARATORS = frozenset(SEPARATORS)
TAIL = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that typed text can be, in the form in which the store holds it."""

    kind: MeaningKind
    value: str


def pinyin_keys(name: str) -> tuple[str, str]:
    """Give a name's pinyin without tones or spaces, ü as v, and its initials.

    Surnames take their own readings. A character without a known reading stands for itself.
    """
    syllables = _syllables(name)
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def pinyin_query(typed: str) -> tuple[str, ...]:
    """Give the forms of typed pinyin that names may be stored under: ü is typed v, u, yu or ü."""
    text = re.sub("[' ]", "", typed.casefold()).translate(_TONES)
    text = re.sub("(?<=[ln])yu", "v", text)
    other = re.sub("(?<=[ln])u(?=$|e|[^aeiou])", "v", text)
    return (text,) if other == text else (text, other)


def meanings(typed: str) -> tuple[Meaning, ...]:
    """Tell what typed or scanned text can mean, likeliest first.

    Numbers may be in full width; a capture code is the text as it came, byte for byte.
    """
    text = normalise_number(typed)
    if not text:
        return ()
    found: list[Meaning] = []
    sequence = _SEQUENCE.fullmatch(text)
    if sequence and int(sequence[2]):
        found.append(Meaning("sequence-number", f"{sequence[1]}-{int(sequence[2]):04d}"))
    if HAN.search(typed):
        found.append(Meaning("name", comparison_key(typed)))
        return tuple(found)
    if is_masked(text):
        return (*found, Meaning("masked-id-number", text))
    found += _numbers(text)
    key = comparison_key(typed)
    if _PINYIN.fullmatch(key):
        for form in pinyin_query(key):
            found += [Meaning("initials", form), Meaning("pinyin", form)]
        found.append(Meaning("name", key))
    if _LIKE_CODE.fullmatch(typed.strip()):
        found.append(Meaning("capture-code", typed))
    return tuple(found)


def _numbers(text: str) -> list[Meaning]:
    if not text.isascii() or not any(char.isdigit() for char in text):
        return []
    document = examine(text)
    found = []
    if document.valid:
        found.append(Meaning("id-number", document.number))
    found.append(Meaning("student-no", text))
    if not document.valid and document.kind not in ("unknown", "none"):
        found.append(Meaning("id-number", document.number))
    if len(text) >= TAIL and text[:-1].isdigit():
        found += [Meaning("student-no-tail", text), Meaning("id-number-tail", text)]
    return found


def _syllables(name: str) -> list[str]:
    text = comparison_key(name)
    minority = not _SEPARATORS.isdisjoint(name)
    if not minority and text[:2] in _DOUBLE_SURNAMES and len(text) > 2:
        return [*_DOUBLE_SURNAMES[text[:2]], *_given(text[2:])]
    if not minority and text[:1] in _SURNAMES:
        return [_SURNAMES[text[0]], *_given(text[1:])]
    if not HAN.search(text):
        # A Latin name: its words are its syllables, and they were joined for comparison.
        words = re.split(r"[\s·.,'’-]+", name.casefold())
        return [word for word in words if word]
    return _given(text)


def _given(text: str) -> list[str]:
    return [reading for char in text if (reading := reading_of(char))]


@cache
def _dictionary() -> Mapping[int, str]:
    # Of its words nothing is asked here; they would take three quarters of its time and 44 MB.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    return cast("Mapping[int, str]", pinyin_dict)


@cache
def reading_of(char: str) -> str:
    """Give the reading of one character without tone; a letter, digit or unknown hanzi is itself."""
    if char in _GIVEN:
        return _GIVEN[char]
    if HAN.fullmatch(char):
        readings = _dictionary().get(ord(char), "")
        return readings.split(",")[0].translate(_TONES) if readings else char
    return char if char.isalnum() else ""
