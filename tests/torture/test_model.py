"""The weakest disk itself, and the reading of what strace writes."""

import random
from pathlib import Path

import pytest

from tests.torture.model import PAGE, Disk, NotModelled
from tests.torture.tracing import Begun, Call, points, read_log


def shown(text):
    """As strace -xx shows it."""
    content = text if isinstance(text, bytes) else str(text).encode()
    return '"' + "".join(f"\\x{byte:02x}" for byte in content) + '"'


class Program:
    """Makes calls on a disk as a traced program would."""

    def __init__(self, root):
        self.root = root
        self.disk = Disk(root)
        self.next = 3

    def call(self, name, arguments, result=0, injected=False, thread=1):
        return list(self.disk.run([Call(thread, name, arguments, result, injected)]))

    def open(self, name, flags="O_RDWR|O_CREAT"):
        self.next += 1
        self.call("openat", f"AT_FDCWD, {shown(self.root / name)}, {flags}", self.next)
        return self.next

    def write(self, descriptor, content, at):
        self.call("pwrite64", f"{descriptor}, {shown(content)}, {len(content)}, {at}", len(content))

    def sync(self, descriptor, result=0):
        self.call("fsync", f"{descriptor}", result, injected=result < 0)

    def state(self, tmp_path, chance=None):
        out = tmp_path / f"state{random.random()}"
        self.disk.write_out(out, chance)
        return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture
def program(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "old").write_bytes(b"old")
    return Program(root)


def test_what_was_there_before_stays(program, tmp_path):
    assert program.state(tmp_path) == {"old": b"old"}


def test_bytes_without_a_sync_and_names_without_a_sync_of_their_folder_are_gone(program, tmp_path):
    old, new = program.open("old"), program.open("new")
    program.write(old, b"OLD", 0)
    program.write(new, b"new", 0)
    program.sync(new)
    assert program.state(tmp_path) == {"old": b"old"}

    program.sync(program.open("", "O_RDONLY|O_DIRECTORY"))
    assert program.state(tmp_path) == {"old": b"old", "new": b"new"}

    program.sync(old)
    assert program.state(tmp_path) == {"old": b"OLD", "new": b"new"}


def test_a_rename_counts_once_both_bytes_and_folder_are_synced(program, tmp_path):
    new = program.open("part")
    program.write(new, b"new", 0)
    program.call("rename", f"{shown(program.root / 'part')}, {shown(program.root / 'old')}")
    program.sync(program.open("", "O_RDONLY|O_DIRECTORY"))
    assert program.state(tmp_path) == {"old": b""}

    program.sync(new)
    assert program.state(tmp_path) == {"old": b"new"}


def test_what_a_failed_sync_left_behind_no_later_sync_brings_down(program, tmp_path):
    old = program.open("old")
    program.write(old, b"OLD", 0)
    program.sync(old, -1)
    program.write(old, b"far", PAGE)
    program.sync(old)

    kept = program.state(tmp_path)["old"]
    assert kept[:3] == b"old"
    assert kept[PAGE:] == b"far"


def test_what_is_written_while_a_sync_is_under_way_is_not_counted(program, tmp_path):
    old = program.open("old")
    program.write(old, b"OLD", 0)
    list(program.disk.run([Begun(Call(1, "fsync", f"{old}", 0))]))
    program.call("pwrite64", f"{old}, {shown(b'far')}, 3, {PAGE}", 3, thread=2)
    program.sync(old)

    assert program.state(tmp_path)["old"] == b"OLD"


def test_random_states_hold_each_unsynced_change_now_and_then(program, tmp_path):
    new = program.open("new")
    program.write(new, b"new", 0)
    chance = random.Random(1)
    states = [program.state(tmp_path, chance).get("new") for _ in range(40)]

    # A size may come down without the bytes: then they read as zeros.
    assert set(states) == {None, b"", b"new", b"\0\0\0"}


def test_a_call_that_the_model_does_not_know_is_no_silent_pass(program):
    with pytest.raises(NotModelled):
        program.call("link", f"{shown(program.root / 'old')}, {shown(program.root / 'other')}")


def test_acknowledgements_stop_the_disk(program):
    assert program.call("writev", f"9, [{{iov_base={shown(b'told')}, iov_len=4}}], 1", 4) == [b"told"]


LOG = f"""\
7 openat(AT_FDCWD, {shown("/h/a")}, O_RDWR) = 4
8 openat(AT_FDCWD, {shown("/elsewhere")}, O_RDONLY) = 5
7 fsync(4 <unfinished ...>
8 pwrite64(4, {shown("x")}, 1, 0) = 1
7 <... fsync resumed>) = 0
7 fsync(4) = -1 EIO (Input/output error) (INJECTED)
7 fsync(4) = ?
8 +++ exited with 0 +++
"""


def test_what_strace_writes_is_read_with_interrupted_calls_in_two(tmp_path):
    log = tmp_path / "log"
    log.write_text(LOG)
    steps = list(read_log(log))

    assert [type(step).__name__ for step in steps] == ["Call", "Call", "Begun", "Call", "Call", "Call"]
    assert steps[4] == Call(7, "fsync", "4", 0)
    assert (steps[5].result, steps[5].injected) == (-1, True)
    assert steps[3].texts() == [b"x"]


def test_points_are_numbered_within_their_thread_and_touch_the_home_alone(tmp_path):
    log = tmp_path / "log"
    log.write_text(LOG)
    found = points(log, Path("/h"), ("openat", "fsync", "pwrite64"))

    assert [(point.call, point.nth) for point in found] == [
        ("openat", 1), ("pwrite64", 1), ("fsync", 1), ("fsync", 2),
    ]  # fmt: skip
    assert found[0].about == "/a"
