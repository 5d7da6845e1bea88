"""The line: who checked in under which number, who sat down, who left, and why people are missing."""

from typing import TYPE_CHECKING

from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event
from fieldkit.ledger.views.people import put_person
from fieldkit.ledger.views.view import View

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = """
CREATE TABLE checkins (
    visit TEXT NOT NULL,
    person TEXT NOT NULL,
    letter TEXT NOT NULL,
    number INTEGER NOT NULL,
    again INTEGER NOT NULL,
    credential TEXT NOT NULL,
    at TEXT NOT NULL,
    hlc INTEGER NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    void INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, seq)
) STRICT;
CREATE INDEX checkins_by_person ON checkins (visit, person);
CREATE INDEX checkins_by_number ON checkins (visit, letter, number);
CREATE TABLE chair (
    visit TEXT NOT NULL,
    what TEXT NOT NULL,
    person TEXT NOT NULL,
    number TEXT NOT NULL,
    at TEXT NOT NULL,
    hlc INTEGER NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    void INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, seq)
) STRICT;
CREATE INDEX chair_by_visit ON chair (visit, hlc);
CREATE INDEX chair_by_person ON chair (visit, person);
CREATE TABLE reasons (
    visit TEXT NOT NULL,
    person TEXT NOT NULL,
    reason TEXT NOT NULL,
    hlc INTEGER NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    void INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, seq)
) STRICT;
CREATE INDEX reasons_by_person ON reasons (visit, person);
"""


def _checkin(db: "Database", event: Event) -> None:
    body = event.body
    if body.get("adds"):
        put_person(db, event, event.subject, body["adds"]["origin"], body["adds"])
    db.conn.execute(
        "INSERT INTO checkins VALUES (?,?,?,?,?,?,?,?,?,?,0)",
        (
            event.visit, event.subject, body["letter"], body["number"], int(body["again"]),
            body["credential"], event.at, event.hlc, event.station, event.seq,
        ),
    )  # fmt: skip


def _chair(db: "Database", event: Event) -> None:
    db.conn.execute(
        "INSERT INTO chair VALUES (?,?,?,?,?,?,?,?,0)",
        (
            event.visit, event.kind, event.subject, event.body.get("number", ""), event.at, event.hlc,
            event.station, event.seq,
        ),
    )  # fmt: skip


def _reason(db: "Database", event: Event) -> None:
    db.conn.execute(
        "INSERT INTO reasons VALUES (?,?,?,?,?,?,0)",
        (event.visit, event.subject, event.body["reason"], event.hlc, event.station, event.seq),
    )


VIEW = View(
    tables=_TABLES,
    folds={
        kinds.CHECKIN: _checkin,
        kinds.SEAT: _chair,
        kinds.NEXT: _chair,
        kinds.LEAVE: _chair,
        kinds.REASON_NOTED: _reason,
    },
    acts=("checkins", "chair", "reasons"),
)
