"""Which visits there are, which is open, and its timetable."""

from dataclasses import dataclass
from decimal import Decimal

from fieldkit.ledger.store import Row, Store


@dataclass(frozen=True, slots=True)
class Visit:
    """One school on one or several days; days are ISO dates or empty."""

    key: str
    name: str
    school: str
    day_from: str
    day_to: str
    price: Decimal | None
    profile: str
    salt: bytes


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of the timetable: a class at a time in a room; its batch is what is reconciled."""

    batch: str
    class_name: str
    day: str
    starts: str
    ends: str
    college: str
    headcount: int | None
    room: str
    station: str


def visits(store: Store) -> list[Visit]:
    """Give every visit in the order they were made."""
    return [_visit(row) for row in store.query("SELECT * FROM visits ORDER BY hlc, visit")]


def visit_by_name(store: Store, name: str) -> Visit | None:
    """Give the visit of a name, or None."""
    row = store.one("SELECT * FROM visits WHERE name=? ORDER BY hlc LIMIT 1", (name,))
    return _visit(row) if row else None


def open_visit(store: Store, station: str) -> Visit | None:
    """Give the visit that is open on a station, or None."""
    row = store.one(
        "SELECT visits.* FROM visits JOIN open_visits USING (visit) WHERE open_visits.station=?", (station,)
    )
    return _visit(row) if row else None


def slots(store: Store, visit: str) -> list[Slot]:
    """Give the timetable of a visit in its own order."""
    rows = store.query("SELECT * FROM batches WHERE visit=? ORDER BY place", (visit,))
    return [
        Slot(
            row["batch"], row["class_name"], row["day"], row["starts"], row["ends"], row["college"],
            row["headcount"], row["room"], row["at_station"],
        )
        for row in rows
    ]  # fmt: skip


def _visit(row: Row) -> Visit:
    return Visit(
        key=row["visit"],
        name=row["name"],
        school=row["school"],
        day_from=row["day_from"],
        day_to=row["day_to"],
        price=Decimal(row["price"]) if row["price"] else None,
        profile=row["profile"],
        salt=bytes.fromhex(row["salt"]),
    )
