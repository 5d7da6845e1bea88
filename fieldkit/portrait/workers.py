"""Worker processes that are ended when nothing comes of them for too long."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

from fieldkit.processes import beside

# What the first job waits for besides: a busy machine is slow to start a process and load what it needs.
START_S = 60.0

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """A few processes that work on jobs; all are killed where no job ends for ``limit_s`` seconds.

    Which of the jobs held them up cannot be seen from outside: whoever has to know gives one at a time.
    """

    def __init__(self, count: int, limit_s: float, begin: Callable[[], None]) -> None:
        self._pool = ProcessPoolExecutor(count, beside(), initializer=begin)
        # The pool has no way to end a process that does not come back, and forgets them when it is shut.
        self._processes = self._pool._processes
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._jobs = 0
        self._timer: threading.Timer | None = None
        self._begun = False
        self.timed_out = False

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a job done. Raises BrokenProcessPool or RuntimeError where the processes are gone."""
        job = self._pool.submit(work, *args, **kwargs)
        with self._lock:
            self._jobs += 1
            if self._timer is None:
                self._wait()
        job.add_done_callback(self._ended)
        return job

    def let_go(self) -> None:
        """Start nothing more; what runs may end."""
        self._pool.shutdown(wait=False)

    def close(self) -> None:
        """End the processes now, whatever they are doing, and give up what waits."""
        with self._lock:
            self._stop_waiting()
            self._jobs = 0
        self._kill()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _ended(self, _: object) -> None:
        with self._lock:
            self._begun = True
            self._jobs = max(0, self._jobs - 1)
            self._stop_waiting()
            if self._jobs:
                self._wait()

    def _wait(self) -> None:
        self._timer = threading.Timer(self._limit_s if self._begun else START_S + self._limit_s, self._late)
        self._timer.daemon = True
        self._timer.start()

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        with self._lock:
            if threading.current_thread() is not self._timer:
                return
            self._timer = None
            self.timed_out = True
        self._kill()

    def _kill(self) -> None:
        for process in list(self._processes.values()):
            # One that ended in between is closed already.
            with suppress(ValueError):
                process.kill()
