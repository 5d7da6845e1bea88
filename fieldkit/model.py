"""Plain values that every room may use; nothing here reads, writes or asks the time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

CredentialKind = Literal[
    "capture-code", "id-card", "chip-serial", "student-no", "id-number", "sequence-number", "name"
]
CheckinStatus = Literal["new", "again", "walk-in", "unknown"]
Origin = Literal["roster", "walk-in", "capture-code"]


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One row of a school's roster after checking; empty text where the school gave nothing."""

    name: str = ""
    student_no: str = ""
    id_number: str = ""
    sex: str = ""
    class_name: str = ""
    major: str = ""
    college: str = ""
    school: str = ""
    exam_no: str = ""
    year: str = ""
    capture_code: str = ""
    chip_serial: str = ""
    paid: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a visit: a roster row, a walk-in or an opaque capture code, under a stable key."""

    key: str
    origin: Origin
    entry: RosterEntry
    pinyin: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True)
class CredentialRead:
    """What a reader, a scanner or the keyboard presented at the door, byte for byte."""

    kind: CredentialKind
    value: str
    name: str = ""
    source: str = "keyboard"
    at: datetime | None = None
    photo: bytes = field(default=b"", repr=False)
