"""What every process that works beside the app begins with."""

import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.context import ForkServerContext


def beside() -> ForkServerContext:
    """Give the way in which such processes start.

    A server process forks them: forking the app itself, with its threads, could hang.
    """
    return multiprocessing.get_context("forkserver")


def keep_apart() -> None:
    """Keep this process off the terminal and off Ctrl-C, and end it with the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A killed app leaves nobody to stop its workers; they hold both ends of their own queue.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
