"""Taking a timetable into the ledger."""

from datetime import date, time
from typing import Any

from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Journal
from fieldkit.ledger.read.visits import Slot as KeptSlot
from fieldkit.ledger.read.visits import Visit, slots
from fieldkit.roster.timetable import Slot, Timetable


def take_timetable(journal: Journal, visit: Visit, timetable: Timetable) -> list[KeptSlot]:
    """Make a timetable the visit's own, in place of an older one, and give its slots as they are kept."""
    body: dict[str, Any] = {"slots": [_row(slot) for slot in timetable.slots]}
    with journal.writing() as pen:
        pen.record(kinds.TIMETABLE_SET, body, visit=visit.key, school=visit.school)
    return slots(journal.store, visit.key)


def first_day(visit: Visit) -> date | None:
    """Give the day that completes days which a timetable writes without year or month."""
    return date.fromisoformat(visit.day_from) if visit.day_from else None


def _row(slot: Slot) -> dict[str, Any]:
    return {
        "batch": slot.batch,
        "class": slot.class_name,
        "day": slot.day.isoformat() if slot.day else "",
        "from": _clock(slot.starts),
        "to": _clock(slot.ends),
        "college": slot.college,
        "headcount": slot.headcount,
        "room": slot.room,
        "station": slot.station,
    }


def _clock(moment: time | None) -> str:
    return moment.isoformat("minutes") if moment else ""
