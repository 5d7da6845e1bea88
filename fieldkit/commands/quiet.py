"""The terminal belongs to the app while it draws: whatever else would print there is kept off it."""

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from fieldkit.errors import where

LOG = "fieldkit.quiet"
DRAWN_ON = 1
STANDARD = {1: "__stdout__", 2: "__stderr__"}


@contextmanager
def terminal_to_itself() -> Iterator[None]:
    """Let only the app write to the terminal; warnings and faults of threads go to the log, without data.

    Libraries in C write to the file numbers 1 and 2: these lead nowhere, and the app draws by way of others.
    Textual draws on standard error, so that this is the terminal of standard output meanwhile.
    """
    before = {name: getattr(sys, name) for name in STANDARD.values()}
    for stream in before.values():
        stream.flush()
    kept = {number: os.dup(number) for number in STANDARD}
    hooks = threading.excepthook, sys.unraisablehook, warnings.showwarning
    nothing = logging.NullHandler()
    # Without any handler what libraries log would be printed.
    logging.getLogger().addHandler(nothing)
    threading.excepthook = lambda fault: _note(fault.exc_value or fault.exc_type())
    sys.unraisablehook = lambda fault: _note(fault.exc_value or fault.exc_type())
    warnings.showwarning = _warned
    own = {name: _open(os.dup(kept[DRAWN_ON])) for name in STANDARD.values()}
    for name, stream in own.items():
        setattr(sys, name, stream)
    null = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    for number in STANDARD:
        os.dup2(null, number)
    os.close(null)
    try:
        yield
    finally:
        for name, stream in own.items():
            stream.flush()
            setattr(sys, name, before[name])
        for number, file in kept.items():
            os.dup2(file, number)
            os.close(file)
        for stream in own.values():
            stream.close()
        threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
        logging.getLogger().removeHandler(nothing)


def _open(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", errors="backslashreplace")


def _note(error: BaseException) -> None:
    logging.getLogger(LOG).error("%s", where(error))


def _warned(
    message: Warning | str,  # noqa: ARG001 - its text may hold what somebody's card said
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    place = "/".join(Path(filename).parts[-2:])
    logging.getLogger(LOG).warning("%s at %s:%d", category.__name__, place, lineno)
