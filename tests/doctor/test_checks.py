from pathlib import Path

import pytest

from fieldkit.clock import SystemClock
from fieldkit.doctor import laptop
from fieldkit.doctor.ready import commit_ms, examine
from fieldkit.words import doctor as words


@pytest.mark.parametrize(
    ("columns", "lines", "encoding", "state", "step"),
    [
        (80, 24, "utf-8", "ok", None),
        (79, 24, "utf-8", "failure", words.TERMINAL_SMALL),
        (200, 20, "UTF-8", "failure", words.TERMINAL_SMALL),
        (80, 24, "ascii", "failure", words.TERMINAL_UTF8),
    ],
)
def test_a_terminal_that_is_too_small_or_has_no_chinese_is_told(columns, lines, encoding, state, step):
    found = laptop.terminal(columns, lines, encoding, there=True)

    assert (found.state, found.next_step) == (state, step)


def _block(sysfs: Path, name: str, uuid: str = "", below: tuple[str, ...] = ()) -> Path:
    node = sysfs / "class" / "block" / name
    (node / "slaves").mkdir(parents=True)
    if uuid:
        (node / "dm").mkdir()
        (node / "dm" / "uuid").write_text(uuid)
    for lower in below:
        (node / "slaves" / lower).symlink_to(sysfs / "class" / "block" / lower)
    return node


@pytest.mark.parametrize(
    ("swaps", "state", "found"),
    [
        ("Filename Type Size\n", "ok", words.NO_SWAP),
        ("Filename Type Size\n/dev/zram0 partition 1\n", "ok", words.ENCRYPTED),
        ("Filename Type Size\n/dev/dm-1 partition 1\n", "ok", words.ENCRYPTED),
        ("Filename Type Size\n/dev/sda2 partition 1\n", "warning", words.NOT_ENCRYPTED),
        ("Filename Type Size\n/dev/dm-1 p 1\n/swapfile file 1\n", "warning", words.NOT_ENCRYPTED),
    ],
)
def test_swap_that_may_hold_keys_is_told(tmp_path, swaps, state, found):
    _block(tmp_path, "dm-0", "CRYPT-LUKS2-abc")
    _block(tmp_path, "dm-1", "LVM-xyz", ("dm-0",))
    _block(tmp_path, "sda2")

    finding = laptop.swap(swaps, tmp_path)

    assert (finding.state, finding.found) == (state, found)


def test_a_commit_is_measured_on_the_disk_and_leaves_nothing(tmp_path):
    assert commit_ms(tmp_path) > 0
    assert list(tmp_path.iterdir()) == []


def test_every_finding_that_is_not_well_says_what_to_do_in_both_languages(kit, home_path):
    found = examine(home_path, kit.home, SystemClock(), exists=True)

    assert {"home", "store", "commit", "space", "disk", "swap", "clock", "font", "readers"} <= {
        finding.name for finding in found
    }
    assert {finding.name: finding.state for finding in found}["store"] == "ok"
    for finding in found:
        for lang in ("zh", "en"):
            row = finding.row(lang)
            assert row["found"]
            assert finding.state == "ok" or row["next"], finding.name


def test_a_damaged_store_is_a_failure(kit, home_path):
    kit.store.query("SELECT count(*) FROM events")
    kit.store.wipe_freed_pages()
    store = home_path / "ledger.db"
    content = bytearray(store.read_bytes())
    content[20_000] ^= 1
    store.write_bytes(content)

    found = {finding.name: finding for finding in examine(home_path, kit.home, SystemClock(), exists=True)}

    assert found["store"].state == "failure"
