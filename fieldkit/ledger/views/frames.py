"""Frames and their files, what every card holds, and what was judged of a frame."""

import json
from typing import TYPE_CHECKING

from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event
from fieldkit.ledger.views.view import View

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = """
CREATE TABLE frames (
    visit TEXT NOT NULL,
    frame TEXT NOT NULL,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    card TEXT NOT NULL,
    folder TEXT NOT NULL,
    stem TEXT NOT NULL,
    file TEXT NOT NULL,
    shot TEXT,
    at TEXT NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (visit, frame)
) STRICT;
CREATE INDEX frames_by_stem ON frames (visit, card, folder, stem);
CREATE INDEX frames_by_station ON frames (visit, station, number);
CREATE TABLE files (
    visit TEXT NOT NULL,
    pt_sha256 TEXT NOT NULL,
    ct_sha256 TEXT NOT NULL,
    frame TEXT NOT NULL,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    ct_size INTEGER NOT NULL,
    verified INTEGER NOT NULL DEFAULT 0,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (pt_sha256)
) STRICT;
CREATE INDEX files_by_frame ON files (visit, frame);
CREATE INDEX files_by_blob ON files (ct_sha256);
CREATE TABLE card_files (
    visit TEXT NOT NULL,
    card TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    pt_sha256 TEXT NOT NULL,
    PRIMARY KEY (card, path, size, mtime_ns)
) STRICT;
CREATE TABLE card_left (
    card TEXT NOT NULL,
    path TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (card, path)
) STRICT;
CREATE TABLE card_answers (
    visit TEXT NOT NULL,
    card TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (visit, card)
) STRICT;
CREATE TABLE portraits (
    visit TEXT NOT NULL,
    frame TEXT NOT NULL,
    faces INTEGER,
    verdict TEXT NOT NULL,
    reasons TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (visit, frame)
) STRICT;
CREATE TABLE rejections (
    visit TEXT NOT NULL,
    frame TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    hlc INTEGER NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    void INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, seq)
) STRICT;
CREATE INDEX rejections_by_frame ON rejections (visit, frame);
"""


def _captured(db: "Database", event: Event) -> None:
    body = event.body
    if body["frame"]:
        db.conn.execute(
            "INSERT INTO frames VALUES (?,?,?,?,?,?,?,?,?,?,?,?) "
            # The file that a frame goes by is its JPEG, whichever of a pair was read first.
            "ON CONFLICT (visit, frame) DO UPDATE SET file=excluded.file, "
            "shot=coalesce(excluded.shot, shot), body=coalesce(nullif(excluded.body, ''), body) "
            "WHERE ?='jpeg'",
            (
                event.visit, body["frame"], body["frame_number"], body["camera"], body["card"],
                body["folder"], body["stem"], body["path"], body["shot"], event.at, event.station,
                event.seq, body["kind"],
            ),
        )  # fmt: skip
    db.conn.execute(
        "INSERT INTO files VALUES (?,?,?,?,?,?,?,?,0,?,?) "
        # The same content is kept again only where its blob was lost.
        "ON CONFLICT (pt_sha256) DO UPDATE SET ct_sha256=excluded.ct_sha256, "
        "ct_size=excluded.ct_size, verified=0",
        (
            event.visit, body["pt_sha256"], body["ct_sha256"], body["frame"], body["kind"],
            body["path"], body["size"], body["ct_size"], event.station, event.seq,
        ),
    )  # fmt: skip
    _seen(db, event)


def _seen(db: "Database", event: Event) -> None:
    body = event.body
    db.conn.execute(
        "INSERT INTO card_files VALUES (?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        (
            event.visit, body["card"], body["path"], body["size"], body["mtime_ns"],
            body["pt_sha256"],
        ),
    )  # fmt: skip


def _card_read(db: "Database", event: Event) -> None:
    card = event.body["card"]
    db.conn.execute("DELETE FROM card_left WHERE card=?", (card,))
    db.conn.executemany(
        "INSERT INTO card_left VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
        [(card, left["path"], left["state"], left["reason"]) for left in event.body["left"]],
    )
    if answer := event.body.get("answer"):
        # Whose volume nobody can name is known again by its content: its place is the next card's too.
        named = event.body.get("content") or card
        db.conn.execute(
            "INSERT INTO card_answers VALUES (?,?,?) "
            "ON CONFLICT (visit, card) DO UPDATE SET answer=excluded.answer",
            (event.visit, named, answer),
        )


def _verified(db: "Database", event: Event) -> None:
    db.conn.executemany(
        "UPDATE files SET verified=verified+1 WHERE ct_sha256=?",
        [(ct_sha256,) for ct_sha256 in event.body["blobs"]],
    )


def _judged(db: "Database", event: Event) -> None:
    body = event.body
    db.conn.execute(
        "INSERT INTO portraits VALUES (?,?,?,?,?,?) ON CONFLICT (visit, frame) DO UPDATE SET "
        "faces=excluded.faces, verdict=excluded.verdict, reasons=excluded.reasons, at=excluded.at",
        (
            event.visit, event.subject, body["faces"], body["verdict"], json.dumps(body["reasons"]),
            event.at,
        ),
    )  # fmt: skip


def _accepted(db: "Database", event: Event) -> None:
    db.conn.execute(
        "INSERT INTO rejections VALUES (?,?,?,?,?,?,0)",
        (
            event.visit, event.subject, int(event.body["accepted"]), event.hlc, event.station,
            event.seq,
        ),
    )  # fmt: skip


VIEW = View(
    tables=_TABLES,
    folds={
        kinds.FILE_CAPTURED: _captured,
        kinds.FILE_SEEN: _seen,
        kinds.FILE_VERIFIED: _verified,
        kinds.CARD_READ: _card_read,
        kinds.PORTRAIT_JUDGED: _judged,
        kinds.FRAME_JUDGED: _accepted,
    },
    acts=("rejections",),
)
