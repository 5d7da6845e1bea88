"""The store: one SQLCipher file, opened so that what it acknowledges survives a power cut.

Write-ahead log and ``synchronous=FULL`` are asked for and the answers checked: SQLite reports a refused
pragma by its answer, not by an error. Writing starts with ``BEGIN IMMEDIATE``, so that what is read inside
a transaction is still true when it commits, whichever other program has the store open.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fieldkit.disk import sync_folder
from fieldkit.errors import reason_of
from fieldkit.ledger.errors import (
    LedgerBroken,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreUnsafe,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

STORE_NAME = "ledger.db"
BUSY_MS = 10_000
# Older SQLite may corrupt a write-ahead log that two programs reset at once (fixed in 3.51.3).
OLDEST_SQLITE = (3, 51, 3)

Row = dict[str, Any]
Params = Sequence[Any] | dict[str, Any]

_ERRORS = (
    (re.compile(r"disk is full"), StoreFull),
    (re.compile(r"locked|locking protocol"), StoreBusy),
    (re.compile(r"readonly|read-only|unable to open"), StoreReadOnly),
    (re.compile(r"not a database|malformed|hmac|corrupt"), StoreDamaged),
    (re.compile(r"disk I/O error"), StoreUnsafe),
    (re.compile(r"ledger: "), LedgerBroken),
)


class Store:
    """An open store; it belongs to the thread that opened it."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the store at ``path``, making an empty one where there is none.

        ``key`` is the 32-byte raw key. Raises StoreDamaged (also for a wrong key), StoreUnsafe or
        StoreReadOnly.
        """
        self.path = path
        self._key = key
        self._sqlite = _sqlite()
        with self.translated():
            self.db = self._connect()

    def again(self) -> "Store":
        """Open the same store once more, for another thread."""
        return Store(self.path, self._key)

    def elsewhere(self) -> Callable[[], "Store"]:
        """Give what opens the same store in another process; it holds the key."""
        return partial(Store, self.path, self._key)

    def close(self) -> None:
        """Close the connection; what was committed stays."""
        self.db.conn.close()

    def query(self, sql: str, params: Params = ()) -> list[Row]:
        """Read rows."""
        with self.translated():
            return list(self.db.query(sql, params))

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """Read the first row, or None."""
        rows = self.query(sql, params)
        return rows[0] if rows else None

    def value(self, sql: str, params: Params = ()) -> Any:
        """Read the first column of the first row, or None."""
        row = self.one(sql, params)
        return next(iter(row.values())) if row else None

    def each(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """Read rows one by one, for what would not fit in memory."""
        with self.translated():
            yield from self.db.query(sql, params)

    @contextmanager
    def write(self) -> Iterator["Database"]:
        """Write in one transaction that commits at the end, or leaves everything as it was.

        Raises StoreFull, StoreBusy, StoreReadOnly, StoreUnsafe; then nothing was written.
        """
        with self.translated():
            self.db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.conn.execute("COMMIT")
            except BaseException:
                if self.db.conn.in_transaction:
                    self.db.conn.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read several things as they stood at one moment, whatever others write meanwhile."""
        with self.translated():
            self.db.conn.execute("BEGIN")
            try:
                yield
            finally:
                self.db.conn.execute("ROLLBACK")

    def wipe_freed_pages(self) -> None:
        """Bring the whole log into the file and cut it, so that deleted secrets leave no copy."""
        with self.translated():
            self.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def check_pages(self) -> list[str]:
        """Give what SQLite and the cipher find wrong with the file; nothing where it is sound."""
        with self.translated():
            wrong = [row[0] for row in self.db.conn.execute("PRAGMA integrity_check").fetchall()]
            cipher = self.db.conn.execute("PRAGMA cipher_integrity_check").fetchall()
            if cipher:
                # It reads the file alone. What a power cut tore while the log was brought in is whole in
                # the log, and is right once it was brought in again.
                self.db.conn.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
                cipher = self.db.conn.execute("PRAGMA cipher_integrity_check").fetchall()
        return [text for text in wrong if text != "ok"] + [row[0] for row in cipher]

    def _connect(self) -> "Database":
        connection = self._sqlite.connect(str(self.path), timeout=BUSY_MS / 1000, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            self._assert_safe(connection)
            self._sync_names()
        except BaseException:
            connection.close()
            raise
        return _database(connection)

    def _assert_safe(self, connection: Any) -> None:
        version = tuple(int(part) for part in self._sqlite.sqlite_version.split("."))
        if version < OLDEST_SQLITE:
            raise StoreUnsafe(reason=f"SQLite {self._sqlite.sqlite_version}")
        wanted = (
            ("journal_mode", "WAL", "wal"),
            ("synchronous", "FULL", 2),
            ("secure_delete", "ON", 1),
            ("recursive_triggers", "ON", 1),
        )
        for name, value, expected in wanted:
            answer = connection.execute(f"PRAGMA {name} = {value}").fetchone()
            answer = answer or connection.execute(f"PRAGMA {name}").fetchone()
            if answer[0] != expected:
                raise StoreUnsafe(reason=f"{name}={answer[0]}")

    def _sync_names(self) -> None:
        """Bring the log's own name to stable storage: SQLite tries too, but says nothing where it fails."""
        try:
            sync_folder(self.path.parent)
        except OSError as error:
            raise StoreUnsafe(reason=reason_of(error)) from error

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what SQLite raises into leaves of our own tree."""
        try:
            yield
        except self._sqlite.DatabaseError as error:
            text = str(error)
            for pattern, leaf in _ERRORS:
                if pattern.search(text):
                    raise leaf(path=self.path, reason=text, where=text) from error
            raise


def make_store(path: Path, key: bytes) -> Store:
    """Make a store and bring its folder entries to stable storage.

    Raises what Store raises.
    """
    store = Store(path, key)
    sync_folder(path.parent)
    return store


def memory_store() -> Store:
    """Open an empty store in memory, to rebuild views in."""
    store = Store.__new__(Store)
    store.path = Path(":memory:")
    store._key = b""
    store._sqlite = _sqlite()
    connection = store._sqlite.connect(":memory:", isolation_level=None)
    store.db = _database(connection)
    return store


def _database(connection: Any) -> "Database":
    # It loads numpy and pandas, where it finds them, for types that no table here has: numpy takes longer
    # than all the rest of it and stays in the app's memory. What stands for None cannot be imported.
    names = () if "sqlite_utils" in sys.modules else ("numpy", "pandas")
    kept_out = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(kept_out))  # type: ignore[arg-type]
    try:
        import sqlite_utils
    finally:
        for name in kept_out:
            del sys.modules[name]
    return sqlite_utils.Database(connection, execute_plugins=False)


def _sqlite() -> ModuleType:
    # sqlite-utils looks for ``pysqlite3`` before the standard library's SQLite; under that name it
    # shares the exception classes of the SQLCipher build, which it must be able to catch.
    import sqlcipher3
    from sqlcipher3 import dbapi2

    sys.modules.setdefault("pysqlite3", sqlcipher3)
    sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)
    return dbapi2  # type: ignore[no-any-return]
