"""Ways to break the program on purpose, inside the tortured process only; each must be caught."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from fieldkit import disk
from fieldkit.frames import blobs
from fieldkit.ledger import home, store

Tell = Callable[..., None]


def _normal(_tell: Tell) -> None:
    """Commit without syncing the write-ahead log."""
    _after_open("PRAGMA synchronous = NORMAL")


def _off(_tell: Tell) -> None:
    """Never sync the store at all."""
    _after_open("PRAGMA synchronous = OFF")


def _after_open(pragma: str) -> None:
    real = store.Store._assert_safe

    def weaker(self: store.Store, connection: Any) -> None:
        real(self, connection)
        connection.execute(pragma)

    store.Store._assert_safe = weaker  # type: ignore[method-assign]


def _no_blob_sync(_tell: Tell) -> None:
    """Rename originals into place without syncing them."""
    blobs.os = _os_with(fsync=lambda _descriptor: None)  # type: ignore[attr-defined]


def _no_folder_sync(_tell: Tell) -> None:
    """Never sync a folder of our own."""
    for module in (blobs, disk, home, store):
        if hasattr(module, "sync_folder"):
            module.sync_folder = lambda _folder: None


def _early(tell: Tell) -> None:
    """Acknowledge what is written before it is committed."""

    @contextmanager
    def write(self: store.Store) -> Iterator[Any]:
        with self.translated():
            self.db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                row = self.one("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
                tell(act="early", **(row or {}))
                self.db.conn.execute("COMMIT")
            except BaseException:
                if self.db.conn.in_transaction:
                    self.db.conn.execute("ROLLBACK")
                raise

    store.Store.write = write  # type: ignore[method-assign]


def _deaf(_tell: Tell) -> None:
    """Take a failed sync of an original for a good one."""

    def fsync(descriptor: int) -> None:
        try:
            os.fsync(descriptor)
        except OSError:
            return

    blobs.os = _os_with(fsync=fsync)  # type: ignore[attr-defined]


def _event_first(_tell: Tell) -> None:
    """Write the event of an original before the original is on the disk under its name."""
    from fieldkit.frames import ingest

    real = blobs.BlobStore.keep
    waiting: list[Callable[[], Any]] = []

    def keep(self: blobs.BlobStore, spooled: blobs.Spooled) -> blobs.StoredBlob:
        waiting.append(lambda: real(self, spooled))
        return blobs.StoredBlob(spooled.ct_sha256, spooled.ct_size, spooled.pt_sha256, spooled.pt_size)

    start = ingest._ReadBack.start

    def later(self: Any, ct_sha256: str) -> None:
        while waiting:
            waiting.pop()()
        start(self, ct_sha256)

    blobs.BlobStore.keep = keep  # type: ignore[method-assign]
    ingest._ReadBack.start = later  # type: ignore[method-assign]


def _os_with(**replaced: Any) -> Any:
    return SimpleNamespace(**{name: getattr(os, name) for name in dir(os)} | replaced)


def _no_log_name(_tell: Tell) -> None:
    """Leave the name of the write-ahead log to SQLite, which says nothing where its sync fails."""
    store.Store._sync_names = lambda _self: None  # type: ignore[method-assign]


MUTANTS: dict[str, Callable[[Tell], None]] = {
    "normal": _normal,
    "off": _off,
    "no-blob-sync": _no_blob_sync,
    "no-folder-sync": _no_folder_sync,
    "early": _early,
    "deaf": _deaf,
    "event-first": _event_first,
    "no-log-name": _no_log_name,
}
