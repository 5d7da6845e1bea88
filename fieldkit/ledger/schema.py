"""Tables that are not views: the events, the station's own keys. Migrations are only ever added."""

from typing import TYPE_CHECKING

from fieldkit.ledger.errors import StoreNewer
from fieldkit.ledger.store import Store

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

_FIRST = """
CREATE TABLE events (
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hlc INTEGER NOT NULL,
    kind TEXT NOT NULL,
    visit TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    sig BLOB NOT NULL,
    canonical TEXT NOT NULL,
    PRIMARY KEY (station, seq)
) STRICT;
CREATE INDEX events_by_time ON events (hlc, station, seq);

CREATE TRIGGER events_stay BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'ledger: an event is never changed'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'ledger: an event is never deleted'); END;
CREATE TRIGGER events_follow BEFORE INSERT ON events
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM events WHERE station = NEW.station), 0)
  OR NEW.prev <> coalesce(
    (SELECT hash FROM events WHERE station = NEW.station ORDER BY seq DESC LIMIT 1),
    '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'ledger: an event must follow the last one of its station'); END;

CREATE TABLE keyring (
    name TEXT PRIMARY KEY,
    public TEXT NOT NULL,
    secret TEXT,
    made_at TEXT NOT NULL,
    destroyed_at TEXT
) STRICT;

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
"""

_MIGRATION_NAMES = {"first"}


def migrations() -> "Migrations":
    """Give every change of the tables since the first release, in order."""
    from sqlite_utils import Migrations

    steps = Migrations("fieldkit")

    @steps()
    def first(db: "Database") -> None:
        run_script(db, _FIRST)

    return steps


def migrate(store: Store) -> None:
    """Bring the tables up to date.

    Raises StoreNewer where the store knows a migration that this program does not.
    """
    steps = migrations()
    if store.value("SELECT 1 FROM sqlite_master WHERE name='_sqlite_migrations'"):
        applied = {row["name"] for row in store.query("SELECT name FROM _sqlite_migrations")}
        if applied - _MIGRATION_NAMES:
            raise StoreNewer
    with store.translated():
        pending = steps.pending(store.db)
    if pending:
        with store.write() as db:
            steps.apply(db)


def run_script(db: "Database", script: str) -> None:
    """Run several statements inside the open transaction, which ``executescript`` would end."""
    import sqlcipher3.dbapi2 as sqlite

    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if statement.strip() and sqlite.complete_statement(statement):
            db.conn.execute(statement)
            statement = ""
