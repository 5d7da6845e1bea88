"""All views together: folding events into them, undoing acts, rebuilding, comparing."""

from typing import TYPE_CHECKING

from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event, read_event
from fieldkit.ledger.schema import run_script
from fieldkit.ledger.store import Store, memory_store
from fieldkit.ledger.views import deliveries, frames, line, links, people, visits
from fieldkit.ledger.views.view import View

if TYPE_CHECKING:
    from sqlite_utils import Database

# Raised by one whenever a table or a fold changes: an older store then rebuilds its views when opened.
VIEWS_VERSION = "7"

_ACTS_TABLE = """
CREATE TABLE acts (
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    visit TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, seq)
) STRICT;
CREATE INDEX acts_last ON acts (visit, station, undone, seq);
"""

VIEWS: tuple[View, ...] = (
    View(tables=_ACTS_TABLE, folds={}),
    visits.VIEW,
    people.VIEW,
    line.VIEW,
    frames.VIEW,
    links.VIEW,
    deliveries.VIEW,
)


def fold(db: "Database", event: Event) -> None:
    """Bring every view up to date with one more event; kinds that are not known change nothing."""
    if event.kind == kinds.UNDO:
        _undo(db, event)
        return
    if event.kind in kinds.UNDOABLE:
        db.conn.execute(
            "INSERT INTO acts VALUES (?,?,?,?,?,?,0)",
            (event.station, event.seq, event.visit, event.kind, event.subject, event.at),
        )
    for view in VIEWS:
        if event.kind in view.folds:
            view.folds[event.kind](db, event)


def _undo(db: "Database", event: Event) -> None:
    station, seq = event.body["station"], event.body["seq"]
    db.conn.execute("UPDATE acts SET undone=1 WHERE station=? AND seq=?", (station, seq))
    for view in VIEWS:
        for table in view.acts:
            db.conn.execute(
                f"UPDATE {table} SET void=1 WHERE station=? AND seq=?",
                (station, seq),
            )
        if view.after_undo:
            view.after_undo(db, event.visit, station, seq)


def make_views(db: "Database") -> None:
    """Make the views' empty tables."""
    for view in VIEWS:
        run_script(db, view.tables)


def drop_views(db: "Database") -> None:
    """Throw the views' tables away."""
    for table in view_tables():
        db.conn.execute(f"DROP TABLE IF EXISTS {table}")


def view_tables() -> list[str]:
    """Name the tables that are views."""
    scratch = memory_store()
    try:
        with scratch.write() as db:
            make_views(db)
        return [
            row["name"]
            for row in scratch.query("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")
        ]
    finally:
        scratch.close()


def fold_all(source: Store, db: "Database") -> None:
    """Fold every event of a store, in the order all stations agree on, into empty views."""
    for row in source.each("SELECT canonical FROM events ORDER BY hlc, station, seq"):
        fold(db, read_event(row["canonical"]))


def ready_views(store: Store) -> None:
    """Make the views, or rebuild them where an older program made them."""
    if store.value("SELECT value FROM meta WHERE name='views'") == VIEWS_VERSION:
        return
    with store.write() as db:
        drop_views(db)
        make_views(db)
        fold_all(store, db)
        db.conn.execute(
            "INSERT INTO meta VALUES ('views', ?) ON CONFLICT (name) DO UPDATE SET value=excluded.value",
            (VIEWS_VERSION,),
        )


def differing_views(store: Store) -> list[str]:
    """Name the views whose rows differ from what the events alone give."""
    rebuilt = memory_store()
    try:
        with rebuilt.write() as db:
            make_views(db)
            fold_all(store, db)
        return [table for table in view_tables() if _rows(store, table) != _rows(rebuilt, table)]
    finally:
        rebuilt.close()


def _rows(store: Store, table: str) -> list[tuple[object, ...]]:
    rows = [tuple(row.values()) for row in store.query(f"SELECT * FROM {table}")]
    return sorted(rows, key=repr)
