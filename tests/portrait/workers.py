"""What the kernel does to the processes that judge when memory runs out."""

import os
import signal
from contextlib import suppress
from pathlib import Path


def kill_workers() -> None:
    """End the worker processes below the fork server, as the kernel does when memory runs out."""
    mine = os.getpid()
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    for pid, parent in parents.items():
        if parents.get(parent) == mine:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
