"""Reading text tables: csv, tsv and txt in the encodings that schools' programs write."""

import codecs
import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import Literal

from fieldkit.roster.errors import DamagedWorkbook, NotAWorkbook

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DELIMITERS = "\t,;|，"
_SAMPLE_LINES = 20
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_MARKUP = re.compile(r"\s*<(?:\?xml|!doctype|html|table|head|meta|workbook|div|style)\b", re.IGNORECASE)
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f]")
_LINE_END = re.compile("[\r\n]+")
_MOST_LOST = 0.05


def decode(content: bytes) -> str:
    """Decode by byte order mark, else as UTF-8, else as GB 18030.

    What neither can read becomes U+FFFD where least is lost, so that a check can name the row.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    tries = []
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            text = content.decode(encoding, errors="replace")
            tries.append((text.count("\ufffd"), text))
    return min(tries, key=lambda attempt: attempt[0])[1]


def read_table(path: Path, content: bytes) -> tuple[list[int], list[list[str]]]:
    """Read a text table; a row's number counts records, as a spreadsheet shows them.

    Raises NotAWorkbook where the content is no table, DamagedWorkbook where it cannot be split.
    """
    text = decode(content)
    if not _is_text(text):
        raise NotAWorkbook(path=path.name)
    delimiter = _delimiter(text)
    try:
        records = _records(text, delimiter, csv.QUOTE_MINIMAL)
    except csv.Error:
        # A stray quote: without quoting each line stands for itself and nothing is swallowed.
        try:
            records = _records(text, delimiter, csv.QUOTE_NONE)
        except csv.Error as error:
            raise DamagedWorkbook(path=path.name) from error
    return list(records), list(records.values())


def _records(text: str, delimiter: str, quoting: Literal[0, 3]) -> dict[int, list[str]]:
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)
    return {
        number: [_unwrapped(cell) for cell in record]
        for number, record in enumerate(reader, start=1)
        if any(record)
    }


def _is_text(text: str) -> bool:
    if "\0" in text or _MARKUP.match(text):
        return False
    lost = text.count("\ufffd") + len(_CONTROL.findall(text))
    return lost <= 2 or lost / len(text) <= _MOST_LOST


def _delimiter(text: str) -> str:
    # The one that splits the most of the first lines, the heading among them, into the same number.
    lines = [line for line in _LINE_END.split(text[: 1 << 16])[:_SAMPLE_LINES] if line.strip()]
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines)
        counts.pop(0, None)
        score = max((count * times for count, times in counts.items()), default=0)
        if score > most:
            best, most = delimiter, score
    return best


def _unwrapped(cell: str) -> str:
    if cell[:1] not in "=\"'":
        return cell
    wrapped = _FORMULA_TEXT.fullmatch(cell)
    return wrapped[1] if wrapped else cell
