"""The people of a visit: roster rows, walk-ins, capture codes, and what was corrected of them."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event
from fieldkit.ledger.views.view import View, milliseconds

if TYPE_CHECKING:
    from sqlite_utils import Database

FIELDS = (
    "name", "student_no", "id_number", "sex", "class_name", "major", "college", "school", "exam_no",
    "year", "capture_code", "chip_serial", "paid", "name_key", "pinyin", "initials",
)  # fmt: skip

_TABLES = f"""
CREATE TABLE people (
    visit TEXT NOT NULL,
    person TEXT NOT NULL,
    origin TEXT NOT NULL,
    listed INTEGER NOT NULL,
    base TEXT NOT NULL,
    {" ".join(f"{name} TEXT NOT NULL DEFAULT ''," for name in FIELDS)}
    extra TEXT NOT NULL DEFAULT '{{}}',
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    void INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (visit, person)
) STRICT;
CREATE INDEX people_by_student_no ON people (visit, student_no);
CREATE INDEX people_by_student_no_end ON people (visit, substr(student_no, -3));
CREATE INDEX people_by_id_number_end ON people (visit, substr(id_number, -3));
CREATE INDEX people_by_id_number ON people (visit, id_number);
CREATE INDEX people_by_capture_code ON people (visit, capture_code);
CREATE INDEX people_by_chip ON people (visit, chip_serial);
CREATE INDEX people_by_name ON people (visit, name_key);
CREATE INDEX people_by_pinyin ON people (visit, pinyin);
CREATE INDEX people_by_initials ON people (visit, initials);
CREATE INDEX people_standing ON people (visit, void);
CREATE INDEX people_by_class ON people (visit, class_name);
CREATE TABLE corrections (
    visit TEXT NOT NULL,
    person TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    hlc INTEGER NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    void INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, seq, field)
) STRICT;
CREATE INDEX corrections_of ON corrections (visit, person);
CREATE TABLE chips (
    visit TEXT NOT NULL,
    chip_serial TEXT NOT NULL,
    person TEXT NOT NULL,
    hlc INTEGER NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    void INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, seq)
) STRICT;
CREATE INDEX chips_by_serial ON chips (visit, chip_serial);
CREATE TABLE imports (
    visit TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (station, seq)
) STRICT;
"""

_COLUMNS = (
    "visit",
    "person",
    "origin",
    "listed",
    "base",
    *FIELDS,
    "extra",
    "station",
    "seq",
    "void",
)
_RENEWED = ("origin", "listed", "base", *FIELDS, "extra", "station", "seq", "void")
_PUT = (
    f"INSERT INTO people ({','.join(_COLUMNS)}) VALUES ({','.join('?' * len(_COLUMNS))}) "
    "ON CONFLICT (visit, person) DO UPDATE SET " + ",".join(f"{name}=excluded.{name}" for name in _RENEWED)
)


def put_person(db: "Database", event: Event, person: str, origin: str, entry: Mapping[str, Any]) -> None:
    """Add a person, or give one that is there a newer roster row under the same key."""
    put_people(db, event, [(person, origin, entry)])


def put_people(db: "Database", event: Event, people: list[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Add or renew many people; corrections made by hand stay over a newer roster row."""
    rows = [
        (
            event.visit, person, origin, 1, _text(entry),
            *(entry.get(name, "") for name in FIELDS),
            _text(entry.get("extra")),
            event.station, event.seq, 0,
        )
        for person, origin, entry in people
    ]  # fmt: skip
    db.conn.executemany(_PUT, rows)
    corrected = db.conn.execute(
        "SELECT DISTINCT person FROM corrections WHERE visit=?", (event.visit,)
    ).fetchall()
    for (person,) in corrected:
        _refresh(db, event.visit, person)


def _text(fields: Mapping[str, Any] | None) -> str:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True) if fields else "{}"


def _refresh(db: "Database", visit: str, person: str) -> None:
    row = db.conn.execute("SELECT base FROM people WHERE visit=? AND person=?", (visit, person)).fetchone()
    if row is None:
        return
    base = json.loads(row[0])
    fields = {name: base.get(name, "") for name in FIELDS}
    for name, value in db.conn.execute(
        "SELECT field, value FROM corrections WHERE visit=? AND person=? AND void=0 "
        "ORDER BY hlc, station, seq",
        (visit, person),
    ).fetchall():
        fields[name] = value
    db.conn.execute(
        f"UPDATE people SET {','.join(f'{name}=?' for name in fields)} WHERE visit=? AND person=?",
        (*fields.values(), visit, person),
    )


def _roster_people(db: "Database", event: Event) -> None:
    put_people(db, event, [(entry["person"], "roster", entry) for entry in event.body["people"]])


def _roster_imported(db: "Database", event: Event) -> None:
    body = event.body
    for listed, keys in ((0, body["missing"]), (1, body["back"])):
        db.conn.executemany(
            "UPDATE people SET listed=? WHERE visit=? AND person=?",
            [(listed, event.visit, person) for person in keys],
        )
    db.conn.execute(
        "INSERT INTO imports VALUES (?,?,?,?,?,?,?,?)",
        (
            event.visit, milliseconds(event.at), body["rows"], body["added"], body["changed"],
            len(body["missing"]), event.station, event.seq,
        ),
    )  # fmt: skip


def _correction(db: "Database", event: Event) -> None:
    for name, value in event.body["fields"].items():
        if name in FIELDS:
            db.conn.execute(
                "INSERT INTO corrections VALUES (?,?,?,?,?,?,?,0)",
                (event.visit, event.subject, name, value, event.hlc, event.station, event.seq),
            )
    _refresh(db, event.visit, event.subject)


def _after_undo(db: "Database", visit: str, station: str, seq: int) -> None:
    for (person,) in db.conn.execute(
        "SELECT DISTINCT person FROM corrections WHERE station=? AND seq=?", (station, seq)
    ).fetchall():
        _refresh(db, visit, person)


def _chip_bound(db: "Database", event: Event) -> None:
    # A check-in may bind the chip that was presented before anybody knew whose it is.
    if event.body.get("chip_serial"):
        db.conn.execute(
            "INSERT INTO chips VALUES (?,?,?,?,?,?,0)",
            (
                event.visit, event.body["chip_serial"], event.subject, event.hlc, event.station, event.seq,
            ),
        )  # fmt: skip


VIEW = View(
    tables=_TABLES,
    folds={
        kinds.ROSTER_PEOPLE: _roster_people,
        kinds.ROSTER_IMPORTED: _roster_imported,
        kinds.CORRECTION_MADE: _correction,
        kinds.CHIP_BOUND: _chip_bound,
        kinds.CHECKIN: _chip_bound,
    },
    acts=("people", "corrections", "chips"),
    after_undo=_after_undo,
)
