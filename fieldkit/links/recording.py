"""A recording: what the laptop saw of one day, one JSON object a line."""

import codecs
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fieldkit.words import Text
from fieldkit.words import links as words

Extra = Mapping[str, object]


def _no_extra() -> Extra:
    return {}


@dataclass(frozen=True, slots=True)
class Checkin:
    """The door: a person got a sequence number."""

    at: datetime
    id: str
    person: str
    seq: int
    extra: Extra = field(default_factory=_no_extra, hash=False)


@dataclass(frozen=True, slots=True)
class Seat:
    """The chair: this person, or the holder of this sequence number, sits down now."""

    at: datetime
    person: str | None = None
    seq: int | None = None
    extra: Extra = field(default_factory=_no_extra, hash=False)


@dataclass(frozen=True, slots=True)
class Next:
    """The clicker: whoever is next in line sits down."""

    at: datetime
    extra: Extra = field(default_factory=_no_extra, hash=False)


@dataclass(frozen=True, slots=True)
class Leave:
    """The operator saw the holder of a check-in go away."""

    at: datetime
    checkin: str
    extra: Extra = field(default_factory=_no_extra, hash=False)


@dataclass(frozen=True, slots=True)
class FrameTaken:
    """One exposure; ``shot`` is the camera's own clock, None for a file without a time in it."""

    at: datetime
    id: str
    body: str
    file: str
    shot: datetime | None
    extra: Extra = field(default_factory=_no_extra, hash=False)


@dataclass(frozen=True, slots=True)
class Faces:
    """How many faces a detector found in a frame."""

    at: datetime
    frame: str
    count: int
    extra: Extra = field(default_factory=_no_extra, hash=False)


@dataclass(frozen=True, slots=True)
class Slate:
    """The code of a number slip was read in a frame; its frames follow."""

    at: datetime
    frame: str
    seq: int
    extra: Extra = field(default_factory=_no_extra, hash=False)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a frame's face is like a person's reference portrait, -1 to 1."""

    at: datetime
    frame: str
    person: str
    score: float
    extra: Extra = field(default_factory=_no_extra, hash=False)


@dataclass(frozen=True, slots=True)
class Assign:
    """The operator's word: whose frame this is, None for nobody's."""

    at: datetime
    frame: str
    person: str | None
    extra: Extra = field(default_factory=_no_extra, hash=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A kind of observation that a later program wrote: kept as it came, never used."""

    kind: str
    extra: Extra = field(default_factory=_no_extra, hash=False)


Observation = Checkin | Seat | Next | Leave | FrameTaken | Faces | Slate | Likeness | Assign | Unknown


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is odd about one line, counted from 1; ``skipped`` tells whether the line was left out."""

    line: int
    reason: Text
    fields: Mapping[str, object] = field(default_factory=_no_extra, hash=False)
    skipped: bool = True


@dataclass(frozen=True, slots=True)
class ReadRecording:
    """The observations by time, and the problems by line."""

    observations: tuple[Observation, ...]
    problems: tuple[LineProblem, ...]


class _BadLineError(Exception):
    """A line that cannot be used; never leaves this module."""

    def __init__(self, reason: Text, field_name: str = "") -> None:
        super().__init__()
        self.reason = reason
        self.field_name = field_name


_MISSING: object = object()
# How cameras write a date in a file: 2026:03:16 07:28:15.
_CAMERA_DATE = re.compile(r"^(\d{4}):(\d{2}):(\d{2})[ T]", re.ASCII)
# Text in two or four bytes a character begins with one of these marks, or with a bracket and a zero.
_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def _need(raw: dict[str, Any], name: str) -> object:
    value = raw.get(name, _MISSING)
    if value is _MISSING:
        raise _BadLineError(words.FIELD_MISSING, name)
    return value


def _text(raw: dict[str, Any], name: str) -> str:
    value = _need(raw, name)
    if not isinstance(value, str) or not value:
        raise _BadLineError(words.FIELD_BAD, name)
    if not value.isascii() and any("\ud800" <= mark <= "\udfff" for mark in value):
        raise _BadLineError(words.NOT_TEXT, name)
    return value


def _number(raw: dict[str, Any], name: str) -> int:
    value = _need(raw, name)
    if isinstance(value, str):
        digits = value.rpartition("-")[2]
        if digits.isascii() and digits.isdigit() and len(digits) <= 9:
            return int(digits)
    elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
        return value
    raise _BadLineError(words.FIELD_BAD, name)


def _time(raw: dict[str, Any], name: str) -> datetime:
    value = _text(raw, name)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _BadLineError(words.FIELD_BAD, name) from error
    if not 1970 < moment.year < 2200:
        raise _BadLineError(words.FIELD_BAD, name)
    return moment


def _at(raw: dict[str, Any]) -> datetime:
    moment = _time(raw, "at")
    if moment.tzinfo is None:
        raise _BadLineError(words.TIME_WITHOUT_ZONE, "at")
    return moment


def _shot(raw: dict[str, Any]) -> datetime | None:
    written = raw.get("shot")
    if isinstance(written, str):
        raw = {"shot": _CAMERA_DATE.sub(r"\1-\2-\3 ", written)}
    try:
        return _time(raw, "shot").replace(tzinfo=None)
    except _BadLineError:
        return None


def _score(raw: dict[str, Any]) -> float:
    value = _need(raw, "score")
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _BadLineError(words.FIELD_BAD, "score")
    # Compared before it is converted: JSON's whole numbers may be too large for a float.
    if not abs(value) <= 1.001:
        raise _BadLineError(words.FIELD_BAD, "score")
    return max(-1.0, min(1.0, float(value)))


def _seat(raw: dict[str, Any], extra: Extra) -> Seat:
    person = _text(raw, "person") if raw.get("person") is not None else None
    seq = _number(raw, "seq") if raw.get("seq") is not None else None
    if person is None and seq is None:
        raise _BadLineError(words.FIELD_MISSING, "person")
    return Seat(_at(raw), person, seq, extra)


def _assign(raw: dict[str, Any], extra: Extra) -> Assign:
    person = None if _need(raw, "person") is None else _text(raw, "person")
    return Assign(_at(raw), _text(raw, "frame"), person, extra)


_Reader = Callable[[dict[str, Any], Extra], Observation]
_KINDS: Mapping[str, tuple[frozenset[str], _Reader]] = {
    "checkin": (
        frozenset({"id", "person", "seq"}),
        lambda r, x: Checkin(_at(r), _text(r, "id"), _text(r, "person"), _number(r, "seq"), x),
    ),
    "seat": (frozenset({"person", "seq"}), _seat),
    "next": (frozenset(), lambda r, x: Next(_at(r), x)),
    "leave": (frozenset({"checkin"}), lambda r, x: Leave(_at(r), _text(r, "checkin"), x)),
    "frame": (
        frozenset({"id", "body", "file", "shot"}),
        lambda r, x: FrameTaken(_at(r), _text(r, "id"), _text(r, "body"), _text(r, "file"), _shot(r), x),
    ),
    "faces": (
        frozenset({"frame", "count"}),
        lambda r, x: Faces(_at(r), _text(r, "frame"), _number(r, "count"), x),
    ),
    "slate": (
        frozenset({"frame", "seq"}),
        lambda r, x: Slate(_at(r), _text(r, "frame"), _number(r, "seq"), x),
    ),
    "likeness": (
        frozenset({"frame", "person", "score"}),
        lambda r, x: Likeness(_at(r), _text(r, "frame"), _text(r, "person"), _score(r), x),
    ),
    "assign": (frozenset({"frame", "person"}), _assign),
}
_NAME_OF = {
    Checkin: "checkin",
    Seat: "seat",
    Next: "next",
    Leave: "leave",
    FrameTaken: "frame",
    Faces: "faces",
    Slate: "slate",
    Likeness: "likeness",
    Assign: "assign",
}


def _read_line(line: str) -> tuple[Observation, dict[str, Any]]:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _BadLineError(words.NOT_JSON) from error
    if not isinstance(raw, dict):
        raise _BadLineError(words.NOT_JSON)
    kind = _text(raw, "obs")
    if kind not in _KINDS:
        return Unknown(kind, {name: raw[name] for name in raw if name != "obs"}), raw
    known, read = _KINDS[kind]
    extra = {name: raw[name] for name in raw if name not in known and name not in {"at", "obs"}}
    return read(raw, extra), raw


def recording_lines(content: bytes) -> Iterable[str] | None:
    """Give the lines of a recording's file, or None where the file as a whole is not UTF-8.

    A few bytes that are wrong in a file of UTF-8 are the matter of their lines.
    """
    if content.startswith(_OTHER_MARKS) or b"\0" in content[:4] or not _has_text(content):
        return None
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", errors="replace")


def _has_text(content: bytes) -> bool:
    return not content.strip() or any(line.strip() and _is_text(line) for line in io.BytesIO(content))


def _is_text(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read_recording(lines: Iterable[str]) -> ReadRecording:
    """Read the observations of a recording and say what is wrong with which line.

    A line that cannot be used is skipped and reported; a line out of order in time is used, put in
    its place and reported. Empty lines are passed over; unknown kinds and fields are kept. Never
    raises for the content of a line.
    """
    kept: list[tuple[float, Observation]] = []
    problems: list[LineProblem] = []
    first_use: dict[tuple[type, str], int] = {}
    latest = -math.inf
    for number, text in enumerate(lines, start=1):
        line = text.strip("\ufeff \t\r\n")
        if not line:
            continue
        try:
            seen, raw = _read_line(line)
        except _BadLineError as bad:
            fields = {"field": bad.field_name} if bad.field_name else {}
            problems.append(LineProblem(number, bad.reason, fields))
            continue
        if isinstance(seen, Unknown):
            kept.append((latest, seen))
            continue
        if isinstance(seen, Checkin | FrameTaken):
            key = (type(seen), seen.id)
            if key in first_use:
                repeated = {"first": first_use[key]}
                problems.append(LineProblem(number, words.ID_REPEATED, repeated))
                continue
            first_use[key] = number
        if isinstance(seen, FrameTaken) and seen.shot is None and raw.get("shot") is not None:
            problems.append(LineProblem(number, words.SHOT_UNREADABLE, skipped=False))
        moment = seen.at.timestamp()
        if moment < latest:
            problems.append(LineProblem(number, words.TIME_BACKWARDS, skipped=False))
        latest = max(latest, moment)
        kept.append((moment, seen))
    kept.sort(key=lambda pair: pair[0])
    return ReadRecording(tuple(seen for _, seen in kept), tuple(problems))


def write_line(observation: Observation) -> str:
    """Write one observation as a line of a recording, without the line's end."""
    if isinstance(observation, Unknown):
        return json.dumps({"obs": observation.kind, **observation.extra}, ensure_ascii=False)
    kind = _NAME_OF[type(observation)]
    row: dict[str, object] = {"at": observation.at.isoformat(), "obs": kind}
    for name in observation.__slots__:
        value = getattr(observation, name)
        if name in {"at", "extra"} or (value is None and kind == "seat"):
            continue
        row[name] = value.isoformat() if isinstance(value, datetime) else value
    return json.dumps(row | dict(observation.extra), ensure_ascii=False)
