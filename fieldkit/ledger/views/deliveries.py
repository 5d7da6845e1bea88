"""What was made of frames for delivery, and which file of whom it was written to."""

import json
from typing import TYPE_CHECKING

from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event
from fieldkit.ledger.views.view import View

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = """
CREATE TABLE crops (
    visit TEXT NOT NULL,
    crop TEXT NOT NULL,
    frame TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    problems TEXT NOT NULL,
    PRIMARY KEY (visit, crop)
) STRICT;
CREATE TABLE deliveries (
    visit TEXT NOT NULL,
    person TEXT NOT NULL,
    path TEXT NOT NULL,
    frame TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at TEXT NOT NULL,
    hlc INTEGER NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (station, seq, person)
) STRICT;
CREATE INDEX deliveries_of ON deliveries (visit, person);
"""


def _made(db: "Database", event: Event) -> None:
    for crop in event.body["crops"]:
        db.conn.execute(
            "INSERT INTO crops VALUES (?,?,?,?,?) ON CONFLICT (visit, crop) DO UPDATE SET "
            "frame=excluded.frame, sha256=excluded.sha256, problems=excluded.problems",
            (event.visit, crop["crop"], crop["frame"], crop["sha256"], json.dumps(crop["problems"])),
        )
    for file in event.body["files"]:
        db.conn.execute(
            "INSERT INTO deliveries VALUES (?,?,?,?,?,?,?,?,?)",
            (
                event.visit, file["person"], file["path"], file["frame"], file["sha256"], event.at,
                event.hlc, event.station, event.seq,
            ),
        )  # fmt: skip


VIEW = View(tables=_TABLES, folds={kinds.DELIVERY_MADE: _made})
