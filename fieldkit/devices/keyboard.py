"""Lines typed at a program that draws no screen: a scanner that types, or a person."""

import os
import select
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fieldkit.clock import Clock
from fieldkit.devices.loop import Emit
from fieldkit.devices.serial_scanner import scanned, scanned_text

_SLICE_S = 0.3
_LONGEST = 16 * 1024


class KeyboardLines:
    """Makes a credential of each line that comes on a file descriptor, until its end.

    On a terminal what is typed does not appear. A program in the background leaves the terminal
    alone, which would stop it otherwise.
    """

    name = "keyboard"

    def __init__(self, descriptor: int, clock: Clock) -> None:
        self._descriptor = descriptor
        self._clock = clock

    def wake(self) -> None:
        """Do nothing: the loop looks at ``stop`` three times a second."""

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Serve until stopped or until the lines end."""
        if not _ours(self._descriptor):
            return
        rest = b""
        with _unseen(self._descriptor):
            while not stop.is_set():
                try:
                    ready, _, _ = select.select([self._descriptor], [], [], _SLICE_S)
                    came = os.read(self._descriptor, 4096) if ready else None
                except (OSError, ValueError):
                    return
                if came is None:
                    continue
                *lines, rest = (rest + came).split(b"\n")
                if not came or len(rest) > _LONGEST:
                    lines, rest = [*lines, rest], b""
                for line in lines:
                    code = scanned_text(line + b"\n")
                    if code and not emit(scanned(code, self.name, self._clock)):
                        return
                if not came:
                    return


def _ours(descriptor: int) -> bool:
    try:
        return not os.isatty(descriptor) or os.tcgetpgrp(descriptor) == os.getpgrp()
    except OSError:
        return False


@contextmanager
def _unseen(descriptor: int) -> Iterator[None]:
    if not os.isatty(descriptor):
        yield
        return
    before = termios.tcgetattr(descriptor)
    silent = list(before)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
