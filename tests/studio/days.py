"""Days at a school written straight into a ledger, so that a test has its people and frames at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from fieldkit.kit import Kit
from fieldkit.ledger import kinds
from fieldkit.ledger.read.people import all_people
from fieldkit.model import RosterEntry
from fieldkit.roster.intake import take_in

AHEAD = timedelta(seconds=37)


@dataclass(frozen=True, slots=True)
class Did:
    """One thing that happened ``second`` after the beginning; ``who`` is a place in the roster."""

    second: float
    what: Literal["checkin", "seat", "next", "leave", "frame"]
    who: int | None = None
    number: int = 0


def people(count: int) -> list[RosterEntry]:
    """Invent people."""
    return [
        RosterEntry(name=f"学生{place:03d}", student_no=f"20220{place:05d}", class_name="软件2203")
        for place in range(count)
    ]


def enrol(kit: Kit, count: int) -> list[str]:
    """Put people on the roster and give their keys in its order."""
    take_in(kit.journal, kit.require_visit(), people(count))
    return [person.key for person in all_people(kit.store, kit.require_visit().key)][-count:]


def usual(
    count: int, rng: Random, *, seated: float = 1.0, missed: Sequence[int] = (), frames: int = 3
) -> list[Did]:
    """Write a half day: everybody checks in ten minutes ahead and sits down in turn.

    ``seated`` is the share that is confirmed at the chair; ``missed`` get no frame.
    """
    did, now = [], 600.0
    for who in range(count):
        did.append(Did(who * 12.0, "checkin", who))
        now += rng.uniform(12, 20)
        if rng.random() < seated:
            did.append(Did(now, "seat", who))
        if who in missed:
            continue
        for _ in range(frames):
            now += rng.uniform(2, 4)
            did.append(Did(now, "frame", who))
    return numbered(did)


def numbered(did: Sequence[Did]) -> list[Did]:
    """Put what happened in order and number the frames."""
    ordered, number = [], 0
    for one in sorted(did, key=lambda one: one.second):
        if one.what == "frame":
            number += 1
        ordered.append(Did(one.second, one.what, one.who, number if one.what == "frame" else 0))
    return ordered


def write(
    kit: Kit,
    keys: Sequence[str],
    did: Sequence[Did],
    begin: datetime,
    *,
    read_in: datetime | None = None,
    set_from: int | None = None,
    set_by: timedelta = timedelta(0),
) -> None:
    """Write what happened into the open visit, in one transaction.

    Frames arrive at once at ``read_in`` where it is given; from frame ``set_from`` on the camera's clock is
    ahead by ``set_by`` more.
    """
    visit = kit.require_visit()
    letter = kit.journal.station.letter
    with kit.journal.writing() as pen:
        for one in did:
            at = begin + timedelta(seconds=one.second)
            subject = keys[one.who] if one.who is not None else ""
            body: dict[str, object] = {}
            if one.what == "checkin":
                assert one.who is not None
                body = {"letter": letter, "number": one.who + 1, "again": False, "credential": "name"}
            elif one.what == "frame":
                subject = f"f{letter}{one.number:06d}"
                later = set_by if set_from is not None and one.number >= set_from else timedelta(0)
                body = captured(subject, one.number, (at + AHEAD + later).replace(tzinfo=None))
                at = read_in or at
            kind = kinds.FILE_CAPTURED if one.what == "frame" else one.what
            pen.record(kind, body, visit=visit.key, school=visit.school, subject=subject, at=at)


def captured(frame: str, number: int, shot: datetime) -> dict[str, object]:
    """Give what is written down of one file from the camera."""
    return {
        "frame": frame, "frame_number": number, "card": "card-1",
        "path": f"100CANON/IMG_{8700 + number:04d}.JPG", "folder": "100CANON",
        "stem": f"IMG_{8700 + number:04d}", "kind": "jpeg", "size": 1000, "mtime_ns": number,
        "pt_sha256": f"{number:064x}", "ct_sha256": f"{number + 2**64:064x}", "ct_size": 1200,
        "shot": shot.isoformat(timespec="milliseconds"), "camera": "b1",
    }  # fmt: skip
