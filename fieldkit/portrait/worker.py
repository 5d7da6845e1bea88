"""Judges photos in processes of their own, so that the app stays quick and survives their death."""

import threading
from collections import deque
from concurrent.futures import Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field

from fieldkit.portrait.errors import JudgeStopped, JudgeTimedOut
from fieldkit.portrait.profile import Profile
from fieldkit.portrait.verdict import Judgement
from fieldkit.portrait.workers import Workers
from fieldkit.processes import keep_apart

# No sound photo takes a second; a decoder that is still at work then has lost its way.
PHOTO_S = 20.0


@dataclass(slots=True, eq=False)
class _Job:
    jpeg: bytes = field(repr=False)
    profile: Profile
    promise: "Future[Judgement]"


class Judge:
    """A few worker processes that judge frames; they start with the first frame.

    A job that a dying worker takes along is tried once more, alone, in a process of its own: so
    the frame that kills workers is known, and its neighbours are judged all the same. Workers of which
    nothing comes for ``photo_s`` seconds are ended, as if they had died. Whoever submits should keep few
    frames in flight: each is held in memory until it is judged.
    """

    def __init__(self, workers: int = 1, photo_s: float = PHOTO_S) -> None:
        self._workers = workers
        self._photo_s = photo_s
        self._lock = threading.Lock()
        self._pool: Workers | None = None
        self._again: deque[_Job] = deque()
        self._lone: Workers | None = None
        self._closed = False

    def __enter__(self) -> "Judge":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start a worker now: loading what it judges with takes far longer than judging a frame."""
        with self._lock:
            if self._closed or self._pool is not None:
                return
            self._pool = self._new(self._workers)

    def submit(self, jpeg: bytes, profile: Profile) -> "Future[Judgement]":
        """Have a frame judged; the result is ``quality.judge``'s.

        The future raises JudgeTimedOut where the frame held a worker of its own up for too long, and
        JudgeStopped where it ended two workers or the judge was closed; so does this call after ``close``.
        """
        job = _Job(jpeg, profile, Future())
        job.promise.set_running_or_notify_cancel()
        running, pool = self._start(job)
        running.add_done_callback(lambda done: self._first_try(job, done, pool))
        return job.promise

    def close(self) -> None:
        """Stop the workers; what is not judged yet ends with JudgeStopped."""
        with self._lock:
            self._closed = True
            pools = [pool for pool in (self._pool, self._lone) if pool is not None]
            waiting = list(self._again)
            self._again.clear()
            self._pool = self._lone = None
        for job in waiting:
            _fail(job.promise)
        for pool in pools:
            pool.close()

    def _start(self, job: _Job) -> tuple["Future[Judgement]", Workers]:
        while True:
            with self._lock:
                if self._closed:
                    raise JudgeStopped
                if self._pool is None:
                    self._pool = self._new(self._workers)
                pool = self._pool
            try:
                return pool.submit(_judge, job.jpeg, job.profile), pool
            except (BrokenProcessPool, RuntimeError):
                self._drop(pool)

    def _first_try(self, job: _Job, done: "Future[Judgement]", pool: Workers) -> None:
        if not _died(done):
            _pass_on(done, job.promise)
            return
        self._drop(pool)
        with self._lock:
            closed = self._closed
            if not closed:
                self._again.append(job)
            first = len(self._again) == 1
        if closed:
            _fail(job.promise)
        elif first:
            self._try_alone()

    def _try_alone(self) -> None:
        """Judge the first of the jobs that lost their worker, in a new process."""
        with self._lock:
            if self._closed or not self._again:
                return
            job = self._again[0]
            pool = self._lone = self._new(1)
        try:
            running = pool.submit(_judge, job.jpeg, job.profile)
        except (BrokenProcessPool, RuntimeError):
            running = Future()
            running.set_exception(BrokenProcessPool())
        running.add_done_callback(lambda done: self._second_try(job, done, pool))

    def _second_try(self, job: _Job, done: "Future[Judgement]", pool: Workers) -> None:
        if _died(done):
            _fail(job.promise, JudgeTimedOut() if pool.timed_out else JudgeStopped())
        else:
            _pass_on(done, job.promise)
        pool.let_go()
        with self._lock:
            if self._again and self._again[0] is job:
                self._again.popleft()
        self._try_alone()

    def _new(self, workers: int) -> Workers:
        pool = Workers(workers, self._photo_s, _begin)
        # Loading does not count as a photo's time. Should they die of it, the first frame starts others.
        with suppress(BrokenProcessPool, RuntimeError):
            pool.submit(_load)
        return pool

    def _drop(self, pool: Workers) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.let_go()


def _died(done: "Future[Judgement]") -> bool:
    return not done.cancelled() and isinstance(done.exception(), BrokenProcessPool)


def _pass_on(done: "Future[Judgement]", promise: "Future[Judgement]") -> None:
    if done.cancelled():
        _fail(promise)
        return
    error = done.exception()
    # A promise may have been ended by ``close`` while its worker was finishing.
    with suppress(InvalidStateError):
        if error is None:
            promise.set_result(done.result())
        else:
            promise.set_exception(error)


def _fail(promise: "Future[Judgement]", error: JudgeStopped | JudgeTimedOut | None = None) -> None:
    with suppress(InvalidStateError):
        promise.set_exception(error or JudgeStopped())


def _begin() -> None:
    """Keep a worker apart, and on one core."""
    keep_apart()
    import cv2

    cv2.setNumThreads(1)


def _load() -> None:
    import fieldkit.portrait.quality  # noqa: F401
    from fieldkit.portrait.faces import load_cascades

    load_cascades()


def _judge(jpeg: bytes, profile: Profile) -> Judgement:
    from fieldkit.portrait.quality import judge

    return judge(jpeg, profile)
