"""Who has which number, who waits, who sits, why somebody is missing."""

from dataclasses import dataclass
from datetime import datetime

from fieldkit.ledger.store import Row, Store

LAST = 2**62


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """One check-in that stands; ``id`` names it in recordings."""

    id: str
    person: str
    letter: str
    number: int
    again: bool
    at: datetime
    hlc: int

    @property
    def sequence_number(self) -> str:
        """Give the number as it stands on the slip."""
        return sequence_number(self.letter, self.number)


@dataclass(frozen=True, slots=True)
class ChairAct:
    """One act at the chair that stands: ``what`` is seat, next or leave; ``person`` empty for next."""

    what: str
    person: str
    number: str
    at: datetime
    hlc: int


def sequence_number(letter: str, number: int) -> str:
    """Write a sequence number: station letter and at least four digits."""
    return f"{letter}-{number:04d}"


def next_number(store: Store, visit: str, letter: str) -> int:
    """Give the next free number of a station letter; undone numbers are never used again."""
    last = store.value("SELECT max(number) FROM checkins WHERE visit=? AND letter=?", (visit, letter))
    return 1 + int(last or 0)


def checkins(store: Store, visit: str, person: str | None = None) -> list[CheckedIn]:
    """Give the check-ins that stand, of everybody or of one person, in the order they were written."""
    where, params = ("", ()) if person is None else (" AND person=?", (person,))
    rows = store.query(
        f"SELECT * FROM checkins WHERE visit=? AND void=0{where} ORDER BY hlc, station, seq",
        (visit, *params),
    )
    return [_checked_in(row) for row in rows]


def station_checkins(
    store: Store, visit: str, station: str, *, after: int = 0, upto: int = LAST
) -> list[CheckedIn]:
    """Give the check-ins of one station that stand, in the order they were written.

    ``after`` and ``upto`` name the events they lie between.
    """
    rows = store.query(
        "SELECT * FROM checkins WHERE visit=? AND void=0 AND station=? AND seq>? AND seq<=? ORDER BY seq",
        (visit, station, after, upto),
    )
    return [_checked_in(row) for row in rows]


def last_standing(store: Store, visit: str, station: str) -> tuple[int, int]:
    """Give the newest act of a station that stands, and how many were undone: both change with any act."""
    row = store.one(
        "SELECT (SELECT max(seq) FROM acts WHERE visit=:visit AND station=:station AND undone=0) AS last, "
        "(SELECT count(*) FROM acts WHERE visit=:visit AND station=:station AND undone=1) AS undone",
        {"visit": visit, "station": station},
    )
    return (row["last"] or 0, row["undone"]) if row else (0, 0)


def person_of_number(store: Store, visit: str, letter: str, number: int) -> str | None:
    """Give the key of the person who holds a number, or None."""
    found = store.value(
        "SELECT person FROM checkins WHERE visit=? AND letter=? AND number=? AND void=0 LIMIT 1",
        (visit, letter, number),
    )
    return None if found is None else str(found)


def numbers(store: Store, visit: str) -> dict[str, str]:
    """Give everybody's sequence number by key: the first they were given."""
    return {entry.person: entry.sequence_number for entry in reversed(checkins(store, visit))}


def chair_acts(
    store: Store, visit: str, station: str | None = None, *, after: int = 0, upto: int = LAST
) -> list[ChairAct]:
    """Give the acts at the chair that stand, in order; of one station where it is named.

    ``after`` and ``upto`` name the events they lie between.
    """
    where, params = ("", ()) if station is None else (" AND station=?", (station,))
    rows = store.query(
        f"SELECT * FROM chair WHERE visit=? AND void=0 AND seq>? AND seq<=?{where} "
        "ORDER BY hlc, station, seq",
        (visit, after, upto, *params),
    )
    return [
        ChairAct(row["what"], row["person"], row["number"], datetime.fromisoformat(row["at"]), row["hlc"])
        for row in rows
    ]


def reasons(store: Store, visit: str) -> dict[str, str]:
    """Give why people are not taken, by key, where somebody noted it."""
    rows = store.query(
        "SELECT person, reason FROM reasons WHERE visit=? AND void=0 ORDER BY hlc, station, seq", (visit,)
    )
    return {row["person"]: row["reason"] for row in rows}


def count_checked_in(store: Store, visit: str) -> int:
    """Count the people who have checked in."""
    return int(store.value("SELECT count(DISTINCT person) FROM checkins WHERE visit=? AND void=0", (visit,)))


def _checked_in(row: Row) -> CheckedIn:
    return CheckedIn(
        id=f"c{row['letter']}{row['seq']}",
        person=row["person"],
        letter=row["letter"],
        number=row["number"],
        again=bool(row["again"]),
        at=datetime.fromisoformat(row["at"]),
        hlc=row["hlc"],
    )
