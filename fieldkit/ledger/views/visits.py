"""Visits, which of them is open on which station, and their timetables."""

from typing import TYPE_CHECKING

from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event
from fieldkit.ledger.views.view import View

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = """
CREATE TABLE visits (
    visit TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    school TEXT NOT NULL,
    day_from TEXT NOT NULL,
    day_to TEXT NOT NULL,
    price TEXT NOT NULL,
    profile TEXT NOT NULL,
    salt TEXT NOT NULL,
    hlc INTEGER NOT NULL
) STRICT;
CREATE TABLE open_visits (
    station TEXT PRIMARY KEY,
    visit TEXT NOT NULL
) STRICT;
CREATE TABLE batches (
    visit TEXT NOT NULL,
    place INTEGER NOT NULL,
    batch TEXT NOT NULL,
    class_name TEXT NOT NULL,
    day TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    college TEXT NOT NULL,
    headcount INTEGER,
    room TEXT NOT NULL,
    at_station TEXT NOT NULL,
    PRIMARY KEY (visit, place)
) STRICT;
"""


def _made(db: "Database", event: Event) -> None:
    body = event.body
    db.conn.execute(
        "INSERT INTO visits VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        (
            event.visit, body["name"], event.school, body["from"], body["to"], body["price"],
            body["profile"], body["salt"], event.hlc,
        ),
    )  # fmt: skip


def _opened(db: "Database", event: Event) -> None:
    db.conn.execute(
        "INSERT INTO open_visits VALUES (?,?) ON CONFLICT (station) DO UPDATE SET visit=excluded.visit",
        (event.station, event.visit),
    )


def _timetable(db: "Database", event: Event) -> None:
    db.conn.execute("DELETE FROM batches WHERE visit=?", (event.visit,))
    for place, slot in enumerate(event.body["slots"]):
        db.conn.execute(
            "INSERT INTO batches VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                event.visit, place, slot["batch"], slot["class"], slot["day"], slot["from"],
                slot["to"], slot["college"], slot["headcount"], slot["room"], slot["station"],
            ),
        )  # fmt: skip


def _begun(db: "Database", event: Event) -> None:
    # The public key must be known before any event of the station can be checked.
    db.conn.execute(
        "INSERT INTO known_stations VALUES (?,?,?)",
        (event.station, event.body["letter"], event.body["verify_key"]),
    )


VIEW = View(
    tables=_TABLES
    + """
CREATE TABLE known_stations (
    station TEXT PRIMARY KEY,
    letter TEXT NOT NULL,
    verify_key TEXT NOT NULL
) STRICT;
""",
    folds={
        kinds.STATION_BEGUN: _begun,
        kinds.VISIT_MADE: _made,
        kinds.VISIT_OPENED: _opened,
        kinds.TIMETABLE_SET: _timetable,
    },
)
