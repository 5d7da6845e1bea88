"""Torn and reordered disks: every block write of a session is written down, and crash images are made.

A disk with a volatile cache keeps what it was told to flush and any part of the rest, in any order, a
sector at a time. Such images are mounted and checked against what was acknowledged before the crash.
"""

import contextlib
import os
import random
import shutil
import struct
import subprocess
import threading
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.torture.checker import check_home
from tests.torture.figures import Figures
from tests.torture.mounts import CannotMount, make_image, mounted
from tests.torture.nursery import acknowledged
from tests.torture.strikes import Bench

TOOLS = ("nbdkit", "nbdfuse", "setpriv", "fusermount3")
SECTOR = 512
_RECORD = struct.Struct("<cQQI")
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Record:
    """One request to the disk; a flush has no content."""

    flush: bool
    stamp: int
    offset: int
    content: bytes


def lacking() -> list[str]:
    """Name the programs that are not there."""
    return [tool for tool in TOOLS if not shutil.which(tool)]


def torn_images(
    bench: Bench, kind: str, images: int, *, turns: int = 4, mutant: str | None = None
) -> Figures:
    """Record one session's block writes, and check images as a crash may leave them anywhere in it."""
    figures = Figures(f"blocks {kind}" + (f" {mutant}" if mutant else ""))
    base = bench.fresh("disk")
    make_image(base, kind)
    with mounted(base, bench.work / "mnt") as at:
        bench.stage.copy_home(at / "home")
    live, log = bench.fresh("disk"), bench.fresh("log")
    shutil.copyfile(base, live)
    with _device(live, log, bench) as device, mounted(device, bench.work / "mnt") as at:
        victim = bench.nursery.start(bench.stage, at / "home", turns=(0, turns), reopen=True, mutant=mutant)
        victim.wait()
        acks = acknowledged(victim.said())
        for one in victim.said():
            if one.get("end") != "done" and "act" not in one:
                figures.note("recording", str(one))
    records = list(_read(log))
    stamps = [record.stamp for record in records]
    figures.count("writes", sum(not record.flush for record in records))
    figures.count("flushes", sum(record.flush for record in records))
    figures.count("acknowledged", len(acks))
    crashes = sorted(_crash(bench.chance, stamps, [ack["stamp"] for ack in acks]) for _ in range(images))
    durable, applied = base, 0
    for number, crash in enumerate(crashes):
        flushed = max((at for at in range(crash) if records[at].flush), default=0)
        _apply(durable, records[applied:flushed])
        applied = max(applied, flushed)
        way = ("in order", "reordered", "torn")[number % 3]
        image = bench.fresh("disk")
        _copy_sparse(durable, image)
        _apply_some(image, records[flushed:crash], way, bench.chance)
        before = acknowledged(acks, before=stamps[crash] if crash < len(stamps) else None)
        figures.count(f"images {way}")
        try:
            _mend(image, kind, bench.work / "mnt", figures)
            with mounted(image, bench.work / "mnt", kind=kind) as at:
                turn = min(turns, bench.stage.rounds - 1)
                finding = check_home(at / "home", before, bench.stage, next_turns=range(turn))
            figures.found(f"image at request {crash} {way}", finding)
        except CannotMount as error:
            figures.note(f"image at request {crash} {way}", f"does not mount: {error}")
        image.unlink()
    bench.sweep()
    return figures


def _mend(image: Path, kind: str, at: Path, figures: Figures) -> None:
    """Do what a machine does at its start where a file system does not mount: ext4's own check.

    A superblock of two sectors that was torn is ext4's loss, not ours; what it held must be there after.
    """
    with contextlib.suppress(CannotMount), mounted(image, at, kind=kind):
        return
    if kind == "ext4":
        subprocess.run(["e2fsck", "-f", "-y", str(image)], capture_output=True, check=False)
        figures.count("mended by fsck")


def _crash(chance: random.Random, stamps: Sequence[int], told: Sequence[int]) -> int:
    """Choose a moment: half of them are right after an acknowledgement."""
    if told and chance.random() < 0.5:
        return bisect_left(stamps, chance.choice(told))
    return chance.randrange(len(stamps) + 1)


@contextlib.contextmanager
def _device(image: Path, log: Path, bench: Bench) -> Iterator[Path]:
    """Give a loop device whose every request goes through the plug-in; all of it ends with us."""
    socket, folder = bench.fresh("log"), bench.work / "nbd"
    folder.mkdir(exist_ok=True)
    with contextlib.ExitStack() as opened:
        plugin = ["python", str(_HERE / "block_plugin.py"), f"image={image}", f"log={log}"]
        _run(opened, ["nbdkit", "-f", "-U", str(socket), *plugin], socket)
        _run(opened, ["nbdfuse", str(folder / "disk"), f"nbd+unix:///?socket={socket}"], folder / "disk")
        opened.callback(subprocess.run, ["fusermount3", "-u", str(folder)], capture_output=True, check=False)
        device = subprocess.run(
            ["losetup", "--show", "-f", str(folder / "disk")], capture_output=True, text=True, check=True
        ).stdout.strip()
        opened.callback(subprocess.run, ["losetup", "-d", device], check=True)
        yield Path(device)


def _run(opened: contextlib.ExitStack, command: list[str], until: Path) -> None:
    """Start a program that dies with us, and wait until what it makes is there."""
    program = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command])

    def end() -> None:
        program.terminate()
        program.wait()

    opened.callback(end)
    for _ in range(500):
        if until.exists():
            return
        if program.poll() is not None:
            break
        threading.Event().wait(0.02)
    raise CannotMount(f"{command[0]} does not start")


def _read(log: Path) -> Iterator[Record]:
    content = memoryview(log.read_bytes())
    at = 0
    while at < len(content):
        kind, stamp, offset, length = _RECORD.unpack_from(content, at)
        at += _RECORD.size
        yield Record(kind == b"F", stamp, offset, bytes(content[at : at + length]))
        at += length


def _apply(image: Path, records: Sequence[Record]) -> None:
    descriptor = os.open(image, os.O_RDWR)
    for record in records:
        if not record.flush:
            os.pwrite(descriptor, record.content, record.offset)
    os.close(descriptor)


def _apply_some(image: Path, records: Sequence[Record], way: str, chance: random.Random) -> None:
    """Apply what may have come down of unflushed writes; of two to one place the later one wins."""
    descriptor = os.open(image, os.O_RDWR)
    for record in records:
        if way == "in order":
            os.pwrite(descriptor, record.content, record.offset)
        elif way == "reordered":
            if chance.random() < 0.5:
                os.pwrite(descriptor, record.content, record.offset)
        else:
            for start in range(0, len(record.content), SECTOR):
                if chance.random() < 0.5:
                    part = record.content[start : start + SECTOR]
                    os.pwrite(descriptor, part, record.offset + start)
    os.close(descriptor)


def _copy_sparse(source: Path, target: Path) -> None:
    subprocess.run(["cp", "--sparse=always", str(source), str(target)], check=True)
