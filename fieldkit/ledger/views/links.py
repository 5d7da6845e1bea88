"""What people said about links, what was sealed, and the acts that can be undone."""

import json
from typing import TYPE_CHECKING

from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event
from fieldkit.ledger.views.view import View

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = """
CREATE TABLE said (
    visit TEXT NOT NULL,
    frame TEXT NOT NULL,
    person TEXT,
    at TEXT NOT NULL,
    hlc INTEGER NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    void INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, seq, frame)
) STRICT;
CREATE INDEX said_by_frame ON said (visit, frame);
CREATE TABLE seals (
    visit TEXT NOT NULL,
    batch TEXT NOT NULL,
    at TEXT NOT NULL,
    figures TEXT NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (visit, batch)
) STRICT;
CREATE TABLE sealed (
    visit TEXT NOT NULL,
    frame TEXT NOT NULL,
    batch TEXT NOT NULL,
    person TEXT,
    status TEXT NOT NULL,
    confidence REAL NOT NULL,
    hlc INTEGER NOT NULL,
    PRIMARY KEY (visit, frame)
) STRICT;
"""


def _said(db: "Database", event: Event) -> None:
    for frame, person in event.body["frames"].items():
        db.conn.execute(
            "INSERT INTO said VALUES (?,?,?,?,?,?,?,0)",
            (event.visit, frame, person, event.at, event.hlc, event.station, event.seq),
        )


def _sealed(db: "Database", event: Event) -> None:
    body = event.body
    db.conn.execute(
        "INSERT INTO seals VALUES (?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        (
            event.visit, event.subject, event.at, json.dumps(body["figures"], sort_keys=True),
            event.station, event.seq,
        ),
    )  # fmt: skip
    for link in body["links"]:
        db.conn.execute(
            "INSERT INTO sealed VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
            (
                event.visit, link["frame"], event.subject, link["person"], link["status"],
                float(link["confidence"]), event.hlc,
            ),
        )  # fmt: skip


VIEW = View(
    tables=_TABLES,
    folds={kinds.LINKS_SAID: _said, kinds.BATCH_SEALED: _sealed},
    acts=("said",),
)
