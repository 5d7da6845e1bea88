"""What happened to one person or one frame, event by event."""

from dataclasses import dataclass
from datetime import datetime

from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event, read_event
from fieldkit.ledger.store import Store


@dataclass(frozen=True, slots=True)
class Happened:
    """One event that names somebody, and whether it was undone."""

    event: Event
    undone: bool


@dataclass(frozen=True, slots=True)
class Act:
    """An act that an undo would take back; ``again`` marks a check-in that was not the first."""

    kind: str
    subject: str
    at: datetime
    again: bool
    seq: int


def last_acts(store: Store, visit: str, station: str, most: int) -> list[Act]:
    """Give a station's newest acts that stand, in the order in which undo takes them back."""
    rows = store.query(
        "SELECT seq, acts.kind, acts.subject, acts.at, coalesce(checkins.again, 0) AS again FROM acts "
        "LEFT JOIN checkins USING (station, seq) "
        "WHERE acts.visit=? AND acts.station=? AND undone=0 ORDER BY seq DESC LIMIT ?",
        (visit, station, most),
    )
    return [
        Act(row["kind"], row["subject"], datetime.fromisoformat(row["at"]), bool(row["again"]), row["seq"])
        for row in rows
    ]


def last_repairs(store: Store, visit: str, station: str, most: int) -> list[Event]:
    """Give a station's newest repairs that stand, newest first.

    They are its words about links, and who was seen to have left while links were repaired: what was
    done at door or chair is none of them.
    """
    rows = store.query(
        "SELECT canonical FROM acts JOIN events USING (station, seq) "
        "WHERE acts.visit=? AND acts.station=? AND undone=0 AND (acts.kind=? OR "
        "(acts.kind=? AND json_extract(canonical, '$.body.desk')=?)) ORDER BY seq DESC LIMIT ?",
        (visit, station, kinds.LINKS_SAID, kinds.LEAVE, kinds.ALIGN_DESK, most),
    )
    return [read_event(row["canonical"]) for row in rows]


def history(store: Store, visit: str, key: str) -> list[Happened]:
    """Give the events of a visit that name a person's key, in the order all stations agree on."""
    rows = store.query(
        "SELECT canonical, coalesce(undone, 0) AS undone FROM events "
        "LEFT JOIN acts USING (station, seq) WHERE events.visit=? AND instr(canonical, ?) "
        "ORDER BY hlc, station, seq",
        (visit, f'"{key}"'),
    )
    return [Happened(read_event(row["canonical"]), bool(row["undone"])) for row in rows]
