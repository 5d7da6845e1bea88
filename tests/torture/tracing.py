"""Runs a victim under strace and reads the log back: every call that can change a disk, with its bytes."""

import contextlib
import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.torture.nursery import Victim

# The calls that change names and bytes, and those that bring them to stable storage.
CALLS = (
    "openat", "open", "creat", "close", "dup", "dup2", "dup3", "fcntl", "read", "readv", "lseek",
    "write", "writev", "pwrite64", "pwritev", "pwritev2", "ftruncate", "truncate", "fallocate",
    "copy_file_range", "sendfile", "fsync", "fdatasync", "sync", "syncfs", "sync_file_range", "msync",
    "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat",
    "mkdir", "mkdirat", "rmdir", "fchmod", "fchown", "pread64", "newfstatat", "getdents64", "flock",
    "stat", "lstat", "fstat", "fadvise64",
)  # fmt: skip
MOST_BYTES = 1 << 21
# What was read is of no interest: only its length.
_RAW = "read,pread64,readv,getdents64"
# Far longer than any session takes, even on a busy machine.
PATIENCE = 60
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+|\?|0x[0-9a-f]+)(.*)")
_HEAD = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
_TAIL = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)")


class Hung(Exception):
    """The victim had to be killed: it waited for ever."""


@dataclass(frozen=True)
class Call:
    """One system call; ``arguments`` as strace prints them, ``result`` negative where it failed."""

    thread: int
    name: str
    arguments: str
    result: int
    injected: bool = False

    def parts(self) -> list[str]:
        """Split the arguments; nothing that strace prints in hex holds a comma."""
        return [part.strip() for part in self.arguments.split(",")]

    def descriptor(self) -> int:
        """Give the file descriptor that it is called on, or -1."""
        found = re.match(r"\s*(0x[0-9a-f]+|\d+)", self.arguments)
        return int(found[1], 0) if found else -1

    def texts(self) -> list[bytes]:
        return [bytes.fromhex(found.replace("\\x", "")) for found in re.findall(r'"([^"]*)"', self.arguments)]


@dataclass(frozen=True)
class Begun:
    """A call that another thread's calls interrupt in the log: its end follows later."""

    call: Call


Step = Call | Begun


def traced(victim: Victim, log: Path, inject: str = "") -> int:
    """Let a gated victim go under strace and give its wait status; ``inject`` as strace takes it."""
    options = [
        "-e",
        f"trace={','.join(CALLS)}",
        "-e",
        f"raw={_RAW}",
        *(["-e", f"inject={inject}"] if inject else []),
    ]
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(victim.pid), "-xx", "-s", str(MOST_BYTES), "-o", str(log), *options],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr is not None
    line = tracer.stderr.readline()
    if "attached" not in line:
        victim.kill()
        victim.wait()
        raise RuntimeError(f"strace cannot attach: {line}")
    victim.let_go()
    watch = threading.Timer(PATIENCE, victim.kill)
    watch.start()
    with contextlib.closing(tracer.stderr):
        status = victim.wait()
        hung = watch.finished.is_set()
        watch.cancel()
        tracer.stderr.read()
        tracer.wait()
    if hung:
        raise Hung(inject)
    return status


def read_log(log: Path) -> Iterator[Step]:
    """Give the calls in the order in which they ended, and the beginnings of those that were interrupted."""
    begun: dict[int, str] = {}
    for text in log.read_text(encoding="ascii").splitlines():
        line = text
        if head := _HEAD.fullmatch(line):
            begun[int(head[1])] = head[3]
            yield Begun(Call(int(head[1]), head[2], head[3], 0))
            continue
        if tail := _TAIL.fullmatch(line):
            thread = tail[1]
            line = f"{thread} {tail[2]}({begun.pop(int(thread), '')}{tail[3]}"
        if found := _LINE.fullmatch(line):
            if found[4] == "?":
                continue
            result = int(found[4], 0)
            yield Call(int(found[1]), found[2], found[3].rstrip(), result, "(INJECTED)" in found[5])


@dataclass(frozen=True)
class Point:
    """A place to strike: the n-th call of a name by any one thread, and what it was about."""

    call: str
    nth: int
    about: str


def points(log: Path, home: Path, names: Sequence[str]) -> list[Point]:
    """Give every call of the given names that touches the home, by its number within its thread."""
    counts: dict[tuple[int, str], int] = {}
    files: dict[int, bytes] = {}
    found: dict[tuple[str, int], Point] = {}
    inside = bytes(home)
    for step in read_log(log):
        if isinstance(step, Begun):
            continue
        key = step.thread, step.name
        counts[key] = counts.get(key, 0) + 1
        texts = step.texts()
        if step.name == "openat":
            files[step.result] = texts[0]
        at = step.descriptor()
        about = files.get(at, b"") if at >= 0 else b" ".join(texts)
        if step.name in names and inside in about:
            point = Point(step.name, counts[key], _short(about, inside))
            found.setdefault((point.call, point.nth), point)
        if step.name == "close":
            files.pop(at, None)
    return list(found.values())


def _short(about: bytes, home: bytes) -> str:
    inside = re.sub(rb"/blobs/[0-9a-f]{2}\b", b"/blobs/*", about.replace(home, b""))
    return re.sub(rb"[0-9a-f]{32,}", b"*", inside).decode("utf-8", "replace")
