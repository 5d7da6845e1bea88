"""What the torture found once, each held by a small test of its own."""

import errno
import os
from pathlib import Path

import pytest

from fieldkit import disk
from fieldkit.errors import CannotWork
from fieldkit.frames import blobs
from fieldkit.frames.blobs import BlobStore
from fieldkit.frames.errors import BlobUnsafe
from fieldkit.ledger import store
from fieldkit.ledger.errors import HomeNotWritable, KeySlotsDamaged, StoreUnsafe
from fieldkit.ledger.home import is_home, make_home, open_home
from fieldkit.ledger.keys import new_age_key
from fieldkit.ledger.read import frames as read_frames
from fieldkit.studio.reading import read_in
from tests.conftest import PASSPHRASE
from tests.torture.stage import build_stage


def failing(*_given, **_named):
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_store_of_originals_that_could_not_be_entered_can_be_entered_again(tmp_path, monkeypatch):
    originals = BlobStore(tmp_path, [new_age_key().recipient])
    with monkeypatch.context() as patched:
        patched.setattr(BlobStore, "empty_spool", failing)
        with pytest.raises(BlobUnsafe), originals:
            raise AssertionError("it was entered")

    with originals:
        assert originals.add([b"photo"]).pt_size == 5


def test_the_name_of_a_folder_that_a_crash_left_is_synced_before_it_is_relied_on(tmp_path, monkeypatch):
    (tmp_path / "blobs" / "ab").mkdir(parents=True)
    (tmp_path / "spool").mkdir()
    synced = []
    for module in (blobs, disk):
        monkeypatch.setattr(module, "sync_folder", synced.append)

    with BlobStore(tmp_path, [new_age_key().recipient]):
        assert {tmp_path, tmp_path / "blobs"} <= set(synced)


def test_a_store_whose_folder_cannot_be_synced_is_not_opened(home_path, clock, monkeypatch):
    monkeypatch.setattr(store, "sync_folder", failing)

    with pytest.raises(StoreUnsafe):
        open_home(home_path, PASSPHRASE, clock)


def test_every_folder_that_a_home_needs_is_synced_into_its_parent(tmp_path, clock, monkeypatch):
    synced = []
    monkeypatch.setattr(disk, "sync_folder", synced.append)

    make_home(tmp_path / "a" / "b" / "home", "A", PASSPHRASE, clock)

    assert {tmp_path, tmp_path / "a", tmp_path / "a" / "b"} <= set(synced)


def test_a_photo_whose_blob_was_set_aside_is_taken_anew_as_the_same_frame(tmp_path, kit):
    card = build_stage(tmp_path / "stage", 1).card(0)
    visit = kit.require_visit()
    assert read_in(kit.home, visit, card).new == 2
    before = read_frames.frames(kit.store, visit.key)
    originals = BlobStore(kit.home.path)
    spoilt = read_frames.files(kit.store, visit.key)[0].ct_sha256
    originals.set_aside(spoilt)

    again = read_in(kit.home, visit, card)

    assert (again.new, again.known) == (1, 1)
    assert read_frames.frames(kit.store, visit.key) == before
    assert spoilt not in read_frames.blobs(kit.store)
    assert read_in(kit.home, visit, card).new == 0


def test_pages_that_were_torn_while_the_log_was_brought_in_are_no_damage(kit, home_path):
    kit.desk().check_in("2022010118")
    log, page = home_path / "ledger.db-wal", 4096
    named = {int.from_bytes(frame[:4], "big") for frame in _frames(log.read_bytes(), page)}
    file = home_path / "ledger.db"
    whole = file.read_bytes()
    torn = min(named - {1}) - 1
    file.write_bytes(whole[: torn * page + 512] + os.urandom(512) + whole[torn * page + 1024 :])
    with kit.store.translated():
        assert kit.store.db.conn.execute("PRAGMA cipher_integrity_check").fetchall()

    assert kit.store.check_pages() == []


def _frames(log, page):
    """The heads of a log's frames: 32 bytes, then 24 before each page (SQLite, fileformat2 section 4)."""
    return [log[at : at + 24] for at in range(32, len(log), 24 + page)]


def test_a_disk_that_does_not_answer_is_told_and_never_taken_for_an_empty_one(
    home_path, clock, kit, monkeypatch
):
    kit.close()
    before = {path.name: path.read_bytes() for path in home_path.iterdir()}
    with monkeypatch.context() as patched:
        patched.setattr(Path, "stat", failing)
        with pytest.raises(HomeNotWritable):
            is_home(home_path)
        with pytest.raises(HomeNotWritable):
            make_home(home_path, "A", PASSPHRASE, clock)
        with pytest.raises(BlobUnsafe):
            BlobStore(home_path).holds("0" * 64)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_text", failing)
        with pytest.raises(KeySlotsDamaged):
            open_home(home_path, PASSPHRASE, clock)

    assert {path.name: path.read_bytes() for path in home_path.iterdir()} == before


@pytest.mark.parametrize(
    "told",
    [
        "locking protocol", "database is locked", "disk I/O error", "database or disk is full",
        "unable to open database file", "attempt to write a readonly database",
        "database disk image is malformed", "file is not a database",
    ],
)  # fmt: skip
def test_whatever_a_disk_makes_sqlite_say_is_an_error_of_ours(kit, told):
    with pytest.raises(CannotWork) as raised, kit.store.translated():
        raise kit.store._sqlite.OperationalError(told)

    assert raised.value.next_step("zh")
