"""What schools write into timetable cells: times, days, lists of classes, numbers of people."""

import re
from datetime import date, datetime, time, timedelta

from fieldkit.roster.reading import Cell
from fieldkit.roster.workbook import cell_text

_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1B)}
_TIME = re.compile(
    r"(上午|下午|晚上?|中午|早上)?\s*(?<![0-9])([0-9]{1,2})\s*"
    r"(?::\s*([0-9]{2})(?::[0-9]{2})?|[点时]\s*(?:([0-9]{1,2})分?|(半))?)"
)
_LATE = re.compile("下午|晚")
_NOON = "中午"
_FULL_DAY = re.compile(r"([0-9]{4})\s*[年/.-]\s*([0-9]{1,2})\s*[月/.-]\s*([0-9]{1,2})")
_MONTH_DAY = re.compile(r"(?<![0-9])([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?")
_DOTTED = re.compile(r"\s*([0-9]{1,2})[./-]([0-9]{1,2})(?![0-9:])")
_DAY = re.compile(r"(?<![0-9])([0-9]{1,2})\s*[日号]")
_YEAR_MONTH = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月")
_COUNT = re.compile(r"\s*([0-9]{1,5})\s*(?:人|名)?\s*")
_HEADS = re.compile(r"\s*[(（]\s*([0-9]{1,5})\s*[人名]\s*[)）]\s*")
_SEPARATOR = re.compile(r"[、,，;；\n\r/]+|\s{2,}")
_BRACKET = re.compile(r"[(（][^()（）]*[)）]")
_BARE = re.compile(r"([0-9]+)(\D*)")
_STEM = re.compile(r"(.*?\D)([0-9]+)(\D*)", re.DOTALL)
_RANGE = re.compile(r"(.*?)([0-9]+)\s*[-—–~～至]\s*([0-9]+)(班)")
_MOST_IN_RANGE = 40


def read_times(cell: Cell, period: str = "") -> tuple[time | None, time | None] | None:
    """Read a start and an end; an afternoon named in the cell or the period turns 1:30 to 13:30.

    None where there is text without any time in it. The end is None where only one time is given.
    """
    moment = clock_time(cell)
    if moment is not None:
        return moment, None
    text = cell_text(cell).translate(_WIDE)
    if not text.strip():
        return None, None
    found: list[time] = []
    late = _LATE.search(period) is not None
    noon = _NOON in period
    for match in _TIME.finditer(text):
        word = match[1] or ""
        if word:
            late, noon = _LATE.match(word) is not None, word == _NOON
        hour = int(match[2])
        minute = int(match[3] or match[4] or (30 if match[5] else 0))
        if (late and hour < 12) or (noon and hour < 5):
            hour += 12
        if hour > 23 or minute > 59:
            return None
        found.append(time(hour, minute))
    if not found:
        return None
    return found[0], found[1] if len(found) > 1 else None


def clock_time(cell: Cell) -> time | None:
    """Give the time of a cell that the spreadsheet holds as one, else None."""
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    seconds = -1.0
    if isinstance(cell, timedelta):
        seconds = cell.total_seconds()
    elif isinstance(cell, float) and 0 < cell < 1:
        seconds = cell * 86_400
    if not 0 <= seconds < 86_400:
        return None
    minutes = min(round(seconds / 60), 1439)
    return time(minutes // 60, minutes % 60)


def read_day(cell: Cell, near: date | None) -> date | None:
    """Read a day; where the year or the month is not written it is that of ``near``."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = cell_text(cell).translate(_WIDE)
    year, month = (near.year, near.month) if near else (0, 0)
    match = _FULL_DAY.search(text)
    if match:
        return _date(*map(int, match.groups()))
    match = _MONTH_DAY.search(text) or _DOTTED.match(text)
    if match:
        return _date(year, int(match[1]), int(match[2]))
    match = _DAY.search(text)
    return _date(year, month, int(match[1])) if match else None


def names_a_day(text: str) -> bool:
    """Tell whether a text means to name a day, whether or not the day can be worked out."""
    wide = text.translate(_WIDE)
    return any(form.search(wide) for form in (_FULL_DAY, _MONTH_DAY, _DAY))


def read_month(text: str) -> date | None:
    """Find the year and month that a title names, as the first of that month."""
    match = _YEAR_MONTH.search(text.translate(_WIDE))
    return _date(int(match[1]), int(match[2]), 1) if match else None


def read_count(cell: Cell) -> int | None:
    """Read a number of people; None where it is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return int(cell) if 0 <= cell < 100_000 and float(cell).is_integer() else None
    match = _COUNT.fullmatch(cell_text(cell).translate(_WIDE))
    return int(match[1]) if match else None


def read_college(text: str) -> tuple[str, int | None]:
    """Split ``商学院（386人）`` into the college and its number of people."""
    match = _HEADS.search(text.translate(_WIDE))
    name = _HEADS.sub("", text.translate(_WIDE)) if match else text
    return " ".join(name.split()), int(match[1]) if match else None


def split_classes(text: str) -> tuple[str, ...]:
    """Split a cell into classes: ``小教全科171、172`` are 小教全科171 and 小教全科172.

    A bare number takes the stem before it; what follows the last number (``181、182高``) belongs to
    all. Separators inside brackets do not split.
    """
    shielded: list[str] = []

    def shield(match: re.Match[str]) -> str:
        shielded.append(match[0])
        return f"\ue000{len(shielded) - 1}\ue001"

    parts = [part.strip() for part in _SEPARATOR.split(_BRACKET.sub(shield, text)) if part.strip()]
    classes: list[str] = []
    bare_since = 0
    stem = ""
    for part in parts:
        bare = _BARE.fullmatch(part)
        if bare and stem:
            ending = bare[2]
            if ending:
                for place in range(bare_since, len(classes)):
                    if not classes[place].endswith(ending) and classes[place][-1].isdigit():
                        classes[place] += ending
            classes.append(f"{stem}{part}")
            continue
        spread = _spread(part)
        bare_since = len(classes)
        classes += spread
        found = _STEM.fullmatch(spread[-1])
        stem = found[1] if found and "\ue000" not in spread[-1] else ""
    restored = (
        re.sub("\ue000([0-9]+)\ue001", lambda match: shielded[int(match[1])], name) for name in classes
    )
    return tuple(dict.fromkeys(" ".join(name.split()) for name in restored))


def _spread(part: str) -> list[str]:
    match = _RANGE.fullmatch(part)
    if match and len(match[2]) == len(match[3]):
        first, last = int(match[2]), int(match[3])
        if 0 < last - first < _MOST_IN_RANGE:
            width = len(match[2])
            return [f"{match[1]}{number:0{width}d}{match[4]}" for number in range(first, last + 1)]
    return [part]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
