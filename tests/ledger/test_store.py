import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from fieldkit.ledger import kinds
from fieldkit.ledger.errors import (
    HomeExists,
    KeySlotsDamaged,
    NoHome,
    StoreDamaged,
    StoreFull,
    StoreNewer,
    WrongPassphrase,
)
from fieldkit.ledger.home import make_home, open_home
from fieldkit.ledger.keys import open_with_escrow, read_slots
from fieldkit.ledger.store import Store
from fieldkit.ledger.verify import verify_ledger
from tests.conftest import PASSPHRASE


def test_a_store_answers_that_it_survives_a_power_cut(kit):
    assert kit.store.value("PRAGMA journal_mode") == "wal"
    assert kit.store.value("PRAGMA synchronous") == 2
    assert kit.store.value("PRAGMA secure_delete") == 1


def test_opening_a_store_loads_no_numpy_and_keeps_nobody_from_it():
    code = (
        "import sys\n"
        "from fieldkit.ledger.store import memory_store\n"
        "memory_store()\n"
        "memory_store()\n"
        "assert not {'numpy', 'pandas'} & set(sys.modules)\n"
        "import numpy\n"
        "memory_store()\n"
        "assert sys.modules['numpy'] is numpy\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_home_opens_with_its_passphrase_alone(home_path, clock):
    with pytest.raises(WrongPassphrase):
        open_home(home_path, "another", clock)
    with pytest.raises(NoHome):
        open_home(home_path / "nowhere", PASSPHRASE, clock)

    open_home(home_path, PASSPHRASE, clock).close()


def test_the_escrow_key_opens_the_store_when_the_passphrase_is_lost(tmp_path, clock):
    escrow = make_home(tmp_path / "h", "A", PASSPHRASE, clock)

    key = open_with_escrow(read_slots(tmp_path / "h"), escrow)

    Store(tmp_path / "h" / "ledger.db", key).close()


def test_one_damaged_copy_of_the_key_slots_does_not_lock_anybody_out(home_path, clock):
    (home_path / "keyslots.json").write_bytes(b"\0" * 100)
    open_home(home_path, PASSPHRASE, clock).close()

    (home_path / "keyslots.copy.json").write_text("{}")
    with pytest.raises(KeySlotsDamaged):
        open_home(home_path, PASSPHRASE, clock)


def test_a_home_is_never_made_over_another(home_path, clock):
    before = {path: path.read_bytes() for path in home_path.iterdir()}

    with pytest.raises(HomeExists):
        make_home(home_path, "B", "other", clock)

    assert {path: path.read_bytes() for path in home_path.iterdir()} == before


def test_a_file_that_is_no_store_and_a_flipped_bit_are_told(home_path, clock):
    store = home_path / "ledger.db"
    whole = store.read_bytes()
    store.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    with pytest.raises(StoreDamaged):
        home = open_home(home_path, PASSPHRASE, clock)
        wrong = home.store.check_pages()
        home.close()
        raise StoreDamaged if wrong else AssertionError("the flipped bit went unseen")
    store.write_bytes(b"this is not a store" * 999)
    with pytest.raises(StoreDamaged):
        open_home(home_path, PASSPHRASE, clock)


def test_a_store_of_a_newer_program_is_left_alone(kit, home_path, clock):
    with kit.store.write() as db:
        db.conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('fieldkit', 'of the future', '2031-01-01')"
        )

    with pytest.raises(StoreNewer):
        open_home(home_path, PASSPHRASE, clock)


def test_two_programs_write_to_one_store_without_losing_an_event(kit, open_home_kit):
    other = open_home_kit()
    for turn in range(20):
        (kit if turn % 2 else other).desk().check_in("2022010118")

    assert verify_ledger(kit.store).problems == ()
    assert kit.store.value("SELECT count(*) FROM checkins") == 20


_WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from fieldkit.clock import SystemClock
    from fieldkit.kit import open_kit
    kit = open_kit(Path(sys.argv[1]), sys.argv[2], SystemClock(), "en")
    desk = kit.desk()
    while True:
        print(desk.check_in("2022010118").number, flush=True)
""")


def test_a_kill_at_any_moment_loses_no_acknowledged_check_in(kit, home_path, open_home_kit):
    kit.close()
    acknowledged = 0
    for lines in (1, 7, 23):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(home_path), PASSPHRASE], stdout=subprocess.PIPE, text=True
        )
        for _ in range(lines):
            acknowledged += bool(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        acknowledged += len(writer.stdout.read().splitlines())
        writer.stdout.close()
        writer.wait()

    again = open_home_kit()

    assert again.store.value("SELECT count(*) FROM checkins") >= acknowledged >= 31
    assert verify_ledger(again.store).problems == ()


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk_is_told_and_changes_nothing(tmp_path, clock):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True)
    try:
        make_home(disk / "home", "A", PASSPHRASE, clock)
        home = open_home(disk / "home", PASSPHRASE, clock)
        events = 0
        with pytest.raises(StoreFull):
            while True:
                with home.journal.writing() as pen:
                    pen.record(kinds.REASON_NOTED, {"reason": "x" * 50_000}, subject=f"P{events}")
                events += 1
        assert home.store.value("SELECT count(*) FROM reasons") == events > 3
        home.close()
        again = open_home(disk / "home", PASSPHRASE, clock)
        assert again.store.value("SELECT count(*) FROM reasons") == events
        again.close()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_home_that_does_not_fit_leaves_nothing_behind(tmp_path, clock):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=True)
    try:
        with pytest.raises(StoreFull):
            make_home(disk / "home", "A", PASSPHRASE, clock)
        assert list(Path(disk).iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_freed_secrets_leave_no_copy_in_the_files(kit, home_path):
    kit.home.sealing_recipients()
    assert kit.home.opening_secrets()
    with kit.store.write() as db:
        db.conn.execute("UPDATE keyring SET secret=NULL WHERE name LIKE 'day %'")
    kit.store.wipe_freed_pages()

    assert kit.home.opening_secrets() == []
    assert (home_path / "ledger.db-wal").stat().st_size == 0


@pytest.mark.parametrize("field", ["student_no", "id_number", "capture_code", "chip_serial", "name_key"])
def test_a_credential_is_looked_up_by_its_own_index(kit, field):
    from fieldkit.ledger.read import people

    plan = kit.store.query(
        f"EXPLAIN QUERY PLAN SELECT * FROM people WHERE {people.STANDING} AND {field}=? LIMIT 2", ("v", "x")
    )

    assert f"{field}=?" in plan[0]["detail"]
    assert "USING INDEX" in plan[0]["detail"]
