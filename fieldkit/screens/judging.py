"""Having frames judged beside the app, as soon as they are read in."""

import threading
from typing import Protocol

from fieldkit.clock import SystemClock
from fieldkit.kit import Kit
from fieldkit.portrait.worker import Judge
from fieldkit.screens.verdicts import log_fault
from fieldkit.studio.judging import judge_frames, unjudged

APART_MS = 2000


class Listener(Protocol):
    """Where frames that are judged are heard of."""

    def judged(self, done: int, total: int) -> None:
        """Hear how many of the frames that wait are judged."""
        ...

    def frames_changed(self) -> None:
        """Hear that frames were judged."""
        ...


class Judging:
    """Judges what is not judged yet, whenever it is woken, until it is stopped."""

    def __init__(self, told: Listener) -> None:
        self._told = told
        # People keep the machine's time; a rehearsal's clock runs faster.
        self._told_by = SystemClock()
        self._judge = Judge()
        self._stop = threading.Event()
        self._awake = threading.Event()

    def warm_up(self) -> None:
        """Start the workers, which takes seconds, before there is a frame that waits for them."""
        self._judge.start()

    def wake(self) -> None:
        """Look for frames that are not judged yet."""
        self._awake.set()

    def stop(self) -> None:
        """End, and the workers with it; what is not judged is judged another time."""
        self._stop.set()
        self._awake.set()
        self._judge.close()

    def run(self, kit: Kit) -> None:
        """Judge until stopped; the thread's own kit is given."""
        while True:
            self._awake.wait()
            self._awake.clear()
            if self._stop.is_set():
                return
            # What could not be judged now is judged with the next card.
            try:
                self._judge_new(kit)
            except Exception as error:  # noqa: BLE001  the border of the thread
                if not self._stop.is_set():
                    log_fault(error)

    def _judge_new(self, kit: Kit) -> None:
        visit = kit.require_visit()
        total, done = len(unjudged(kit.home, visit)), 0
        told_ms = self._told_by.mono_ms()

        def one(_frame: str, _judgement: object) -> None:
            nonlocal done, told_ms
            done += 1
            now_ms = self._told_by.mono_ms()
            if done == total or now_ms - told_ms >= APART_MS:
                told_ms = now_ms
                self._told.judged(done, total)
                self._told.frames_changed()

        if total:
            self._told.judged(0, total)
            judge_frames(kit.home, visit, self._judge, kit.profile(), one)
            self._told.judged(total, total)
            self._told.frames_changed()
