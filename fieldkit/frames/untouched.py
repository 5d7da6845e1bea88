"""Opening files of a card without leaving a trace on it, and what the head of one tells."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from fieldkit.frames.exif import HEAD_BYTES, Facts, read_facts

_READ_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


@contextlib.contextmanager
def opened_untouched(path: Path) -> Iterator[int]:
    """Open a file without changing even its time of access. Raises OSError."""
    try:
        descriptor = os.open(path, _READ_FLAGS | os.O_NOATIME)
    except OSError:
        # Only the owner of a file may leave its time of access alone.
        descriptor = os.open(path, _READ_FLAGS)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def facts_of(path: Path) -> Facts:
    """Read what the camera wrote into a file's head; empty facts where it cannot be read."""
    try:
        with opened_untouched(path) as descriptor:
            return read_facts(os.read(descriptor, HEAD_BYTES))
    except (OSError, ValueError):
        return Facts()
