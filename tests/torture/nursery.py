"""Starts victims: asks the warm program for a child, lets it go, and reads what it told."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.torture.stage import Stage

REPOSITORY = Path(__file__).parents[2]
Said = dict[str, Any]


@dataclass
class Victim:
    """A child that runs, or waits at its gate."""

    pid: int
    acks: Path
    gate: Path | None
    _nursery: "Nursery"

    def let_go(self) -> None:
        if self.gate:
            # Opened for both, for a gate whose victim is gone would wait for a reader.
            gate = os.open(self.gate, os.O_RDWR | os.O_CLOEXEC)
            os.write(gate, b".")
            os.close(gate)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end and give its wait status."""
        return int(self._nursery.answer()["status"])

    def said(self) -> list[Said]:
        return read_said(self.acks)


class Nursery:
    """A warm victim program that forks one child at a time."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._count = 0
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.victim"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(
        self, stage: Stage, home: Path, *, acks: Path | None = None, gated: bool = False, **order: Any
    ) -> Victim:
        self._count += 1
        acks = acks or self._work / f"acks-{self._count}"
        gate = None
        if gated:
            gate = self._work / f"gate-{self._count}"
            os.mkfifo(gate)
        order |= {"stage": str(stage.folder), "rounds": stage.rounds, "home": str(home), "acks": str(acks)}
        order |= {"gate": str(gate)} if gate else {}
        assert self._program.stdin is not None
        self._program.stdin.write(json.dumps(order) + "\n")
        self._program.stdin.flush()
        return Victim(self.answer()["pid"], acks, gate, self)

    def answer(self) -> Said:
        assert self._program.stdout is not None
        line = self._program.stdout.readline()
        if not line:
            raise RuntimeError("the victim program ended")
        return json.loads(line)

    def close(self) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.close()
        self._program.wait()
        self._program.stdout.close()


@contextmanager
def nursery(work: Path) -> Iterator[Nursery]:
    opened = Nursery(work)
    try:
        yield opened
    finally:
        opened.close()


def read_said(acks: Path) -> list[Said]:
    """Read what was told; a line that was cut is no acknowledgement."""
    if not acks.exists():
        return []
    return [json.loads(line) for line in acks.read_bytes().split(b"\n")[:-1]]


def acknowledged(said: list[Said], before: int | None = None) -> list[Said]:
    """Give the acknowledgements, or those stamped before a moment of the monotonic clock."""
    return [one for one in said if "act" in one and (before is None or one["stamp"] < before)]
