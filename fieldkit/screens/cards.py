"""Cards read in beside the app: each mounted one, again whenever a camera wrote to it, then judged.

Two threads, each with a kit of its own: one reads cards in, one after the other; one has what was read
judged. Both say what they do in messages and end between two files.
"""

import threading
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from fieldkit.clock import SystemClock
from fieldkit.devices.events import DeviceEvent, FilesSettled, VolumeChanged
from fieldkit.devices.loop import LoopRunner
from fieldkit.devices.watch import FolderWatch
from fieldkit.errors import FieldkitError
from fieldkit.kit import Kit
from fieldkit.portrait.worker import Judge
from fieldkit.screens.copying import Copying
from fieldkit.screens.passes import CardPass, has_pictures, pulled
from fieldkit.screens.verdicts import log_fault
from fieldkit.studio.judging import judge_frames, unjudged

APART_MS = 2000
BLANK_LOOK_S = 1.0
QUIT_S = 10.0
WATCH_S = 0.5


class Listener(Protocol):
    """Where cards are heard of."""

    def card(self, now: Copying | None) -> None:
        """Hear how far a card is read in; None where one was taken out."""
        ...

    def judged(self, done: int, total: int) -> None:
        """Hear how many of the frames that wait are judged."""
        ...

    def frames_changed(self) -> None:
        """Hear that frames were read in or judged."""
        ...


class Cards:
    """Reads in every card that is mounted, for as long as the app is open.

    A card without ``DCIM`` is looked at once a second: a camera makes that folder with its first frame.
    """

    def __init__(self, kit: Kit, told: Listener) -> None:
        self._kit = kit
        # Disks and people keep the machine's time; a rehearsal's clock runs faster.
        self._told_by = SystemClock()
        self._told = told
        self._judge = Judge()
        self._new: dict[str, int] = {}
        self._ended: set[str] = set()
        self._at_rest: dict[str, AbstractSet[str]] = {}
        self._frames_told_ms = 0
        self._stop = threading.Event()
        self._read = threading.Event()
        self._turn = threading.Condition()
        self._due: list[str] = []
        self._inside: dict[str, VolumeChanged] = {}
        self._watches: dict[str, LoopRunner] = {}
        self._running: tuple[str, threading.Event] | None = None
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            for name, work in (("cards", self._read_cards), ("judging", self._judge_frames))
        ]

    def start(self) -> None:
        """Begin; frames that an earlier run left unjudged are judged now."""
        self._read.set()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the file that is being read; what was acknowledged stays."""
        self._stop.set()
        with self._turn:
            if self._running is not None:
                self._running[1].set()
            watches = list(self._watches.values())
            self._turn.notify_all()
        self._read.set()
        for watch in watches:
            watch.ask_to_stop()
        self._judge.close()
        for watch in watches:
            watch.join(WATCH_S)
        for thread in self._threads:
            thread.join(QUIT_S)

    def hear(self, event: DeviceEvent) -> None:
        """Take in that a card came, went, or was written to; called from any thread."""
        if isinstance(event, VolumeChanged):
            self._volume(event)
        elif isinstance(event, FilesSettled):
            self._want(event.folder, {file.path for file in event.files})

    def _volume(self, event: VolumeChanged) -> None:
        with self._turn:
            watch = self._watches.pop(event.path, None)
            if event.state == "mounted":
                self._inside[event.path] = event
                self._new[event.path] = 0
                self._at_rest.pop(event.path, None)
                self._ended.discard(event.path)
                self._turn.notify_all()
            else:
                self._inside.pop(event.path, None)
                self._due = [path for path in self._due if path != event.path]
                if self._running is not None and self._running[0] == event.path:
                    self._running[1].set()
        if watch is not None:
            watch.ask_to_stop()
        if event.state == "mounted" and has_pictures(event.path):
            self._begin(event.path)
        elif event.state == "removed":
            self._told.card(None)

    def _begin(self, path: str) -> None:
        clock = self._kit.clock
        watch = LoopRunner(FolderWatch(Path(path), clock), self._settled, clock)
        with self._turn:
            if self._stop.is_set() or path not in self._inside or path in self._watches:
                return
            self._watches[path] = watch
        watch.start()
        self._want(path)

    def _settled(self, event: DeviceEvent) -> bool:
        self.hear(event)
        return not self._stop.is_set()

    def _want(self, path: str, at_rest: AbstractSet[str] = frozenset()) -> None:
        with self._turn:
            self._at_rest[path] = self._at_rest.get(path, frozenset()) | at_rest
            if path in self._inside and path not in self._due:
                self._due.append(path)
                self._turn.notify_all()

    def _next(self) -> str | None:
        while not self._stop.is_set():
            with self._turn:
                if self._due:
                    path = self._due.pop(0)
                    self._running = (path, threading.Event())
                    return path
                blank = [path for path in self._inside if path not in self._watches]
                self._turn.wait(BLANK_LOOK_S if blank else None)
            for path in blank:
                if has_pictures(path):
                    self._begin(path)
        return None

    def _read_cards(self, kit: Kit) -> None:
        while (path := self._next()) is not None:
            self._one(kit, path)

    def _one(self, kit: Kit, path: str) -> None:
        with self._turn:
            card, running = self._inside.get(path), self._running
            at_rest = self._at_rest.get(path, frozenset())
        if card is None or running is None:
            return
        name = card.label or Path(path).name
        # A short pass tells once, at its end: each telling has all links of the visit looked at.
        self._frames_told_ms = self._told_by.mono_ms()
        one = CardPass(kit, Path(path), name, self._progress, clock=self._told_by, at_rest=at_rest)
        done = one.outcome(running[1])
        there = has_pictures(path)
        with self._turn:
            self._running = None
            # That a card went away is told once, by the pass that it went away from.
            told = not there and path in self._ended
            self._ended.add(path)
            # A camera writes while its card is in: what is told as new is all since it was put in.
            self._new[path] = new = self._new.get(path, 0) + done.new
            inside = there and path in self._inside
        if self._stop.is_set() or (told and done.state == "failed"):
            return
        self._read.set()
        result = replace(done, new=new) if inside else pulled(done)
        if result is not None:
            self._told.card(result)
        self._told.frames_changed()

    def _progress(self, now: Copying) -> None:
        self._told.card(now)
        now_ms = self._told_by.mono_ms()
        if now_ms - self._frames_told_ms >= APART_MS:
            self._frames_told_ms = now_ms
            self._told.frames_changed()

    def _judge_frames(self, kit: Kit) -> None:
        while True:
            self._read.wait()
            self._read.clear()
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

    def _guarded(self, work: Callable[[Kit], None]) -> None:
        try:
            kit = self._kit.again()
        except FieldkitError as error:
            log_fault(error)
            return
        try:
            work(kit)
        except Exception as error:  # noqa: BLE001  a failing card never ends the app
            log_fault(error)
        finally:
            kit.close()
