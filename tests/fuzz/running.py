"""Feeds a kind of input in a process of its own, and finds what raises, hangs, prints or dies.

Every input follows from seed, kind and number, so ``--only NUMBER`` makes it again.
"""

import faulthandler
import json
import mmap
import os
import random
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.torture.stage import memory_with

# Of the processor's time, so that a busy machine hangs nobody; and of the wall's, for who waits.
PATIENCE_S = 10
WAITING_PATIENCE_S = 600
# In C code no alarm is heard: then the process is ended from outside.
LAST_PATIENCE_S = 900
MOST_SHOWN = 6
MOST_FINDINGS = 8

Feed = Callable[[random.Random], str]
"""Makes one input, gives it to the real thing, checks what came and names it in one word."""


@dataclass(frozen=True)
class Kind:
    """One kind of input: ``prepare`` builds the good ones once, ``share`` is its part of ``-n``."""

    prepare: Callable[[], Feed]
    short: int
    share: float = 1.0
    memory_mib: int = 1024


@dataclass
class Fed:
    """What became of the inputs of one kind."""

    kind: str
    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    first: list[str] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)
    seconds: float = 0.0

    def note(self, number: int, what: str) -> None:
        self.findings += 1
        if len(self.first) < MOST_SHOWN:
            self.first.append(f"{self.kind} {number}: {what}")

    def row(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "inputs": self.inputs, "outcomes": dict(self.outcomes.most_common()),
            "findings": self.findings, "first": self.first, "seconds": round(self.seconds),
            "slowest": {"ms": round(self.slowest[0] * 1000), "input": self.slowest[1]},
        }  # fmt: skip


class HungError(BaseException):
    """One input took far longer than any may."""


def chance_of(kind: str, seed: int, number: int) -> random.Random:
    return random.Random(f"{kind}/{seed}/{number}")


def feed_all(name: str, kind: Kind, inputs: int, seed: int) -> Fed:
    """Feed numbers 0 to ``inputs``; a process that dies of one is begun again behind it."""
    begun = time.monotonic()
    total, at = Fed(name), 0
    with mmap.mmap(-1, 8) as reached, _own_folder() as folder:
        while at < inputs and total.findings < MOST_FINDINGS:
            part, ending = _in_a_process(name, kind, range(at, inputs), seed, reached, folder)
            number = int.from_bytes(reached[:8], "little")
            if part is None:
                total.note(number, ending)
                total.inputs += number + 1 - at
                at = number + 1
                continue
            _add(total, part)
            at = inputs
    total.seconds = time.monotonic() - begun
    return total


def _own_folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="fuzz-", dir=memory_with(1 << 30))


def _add(total: Fed, part: dict[str, Any]) -> None:
    total.inputs += part["inputs"]
    total.outcomes.update(part["outcomes"])
    total.findings += part["findings"]
    total.first += part["first"]
    total.slowest = max(total.slowest, (part["slowest"][0], part["slowest"][1]))


def _in_a_process(
    name: str, kind: Kind, numbers: range, seed: int, reached: mmap.mmap, folder: str
) -> tuple[dict[str, Any] | None, str]:
    """Give what a child told, or None and how it ended."""
    reached[:8] = numbers.start.to_bytes(8, "little")
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        # Made and thrown away here, for the child may die.
        tempfile.tempdir = folder
        _child(name, kind, numbers, seed, reached, writing)
    os.close(writing)
    told, last = b"", -1
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while True:
            if not select.select([pipe], [], [], LAST_PATIENCE_S)[0]:
                number = int.from_bytes(reached[:8], "little")
                if number == last:
                    os.kill(pid, signal.SIGKILL)
                last = number
                continue
            came = pipe.read(1 << 16)
            if not came:
                break
            told += came
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status == 0 and told:
        return json.loads(told), ""
    return None, f"the process ended with {status}"


def _child(name: str, kind: Kind, numbers: range, seed: int, reached: mmap.mmap, writing: int) -> None:
    status = 1
    # A runner's own would dump its frames on the terminal: the number is what is told.
    faulthandler.disable()
    try:
        with tempfile.TemporaryFile() as printed:
            for standard in (1, 2):
                os.dup2(printed.fileno(), standard)
            # A test runner may have put something of its own in their place.
            sys.stdout = sys.stderr = os.fdopen(1, "w", closefd=False)
            fed = _feed(name, kind, numbers, seed, reached)
            sys.stdout.flush()
            sys.stderr.flush()
            printed.seek(0)
            if words := printed.read(400):
                fed.note(numbers.start, f"printed {words!r}")
            row = {**vars(fed), "outcomes": dict(fed.outcomes)}
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps(row).encode())
        status = 0
    except BaseException:  # noqa: BLE001  the parent tells of it
        traceback.print_exc()
    finally:
        os._exit(status)


def _feed(name: str, kind: Kind, numbers: range, seed: int, reached: mmap.mmap) -> Fed:
    fed = Fed(name)
    feed = kind.prepare()
    _limit(kind.memory_mib)
    signal.signal(signal.SIGALRM, _hung)
    signal.signal(signal.SIGPROF, _hung)
    for number in numbers:
        reached[:8] = number.to_bytes(8, "little")
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, PATIENCE_S)
        signal.alarm(WAITING_PATIENCE_S)
        try:
            fed.outcomes[feed(chance_of(name, seed, number))] += 1
        except (Exception, HungError) as problem:  # noqa: BLE001  whatever comes is a finding
            fed.note(number, _told(problem))
            if fed.findings >= MOST_FINDINGS:
                break
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.alarm(0)
        fed.inputs += 1
        fed.slowest = max(fed.slowest, (time.process_time() - begun, number))
    return fed


def _hung(*_: object) -> None:
    raise HungError


def _limit(mib: int) -> None:
    """Let a count that is believed run into a MemoryError instead of into the machine's swap."""
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + (mib << 20), resource.RLIM_INFINITY))


def _told(problem: BaseException) -> str:
    last = traceback.extract_tb(problem.__traceback__)[-3:]
    where = " > ".join(f"{step.filename.rpartition('/')[2]}:{step.lineno}" for step in last)
    return f"{type(problem).__name__}: {str(problem)[:200]} at {where}"
