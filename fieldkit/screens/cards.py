"""Cards read in beside the app: each mounted one as a whole, then what a camera writes to it, then judged.

Two threads, each with a kit of its own: one reads cards in, one after the other, and between two files of
a card what a camera has just written; one has what was read judged. Both end between two files.
"""

import threading
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import Literal, Protocol

from fieldkit.clock import SystemClock
from fieldkit.devices.events import DeviceEvent, FilesSettled, VolumeChanged
from fieldkit.devices.loop import LoopRunner
from fieldkit.devices.watch import FolderWatch
from fieldkit.kit import Kit
from fieldkit.screens.copying import Copying
from fieldkit.screens.due import LATER_MS, Due, Inside, Turn
from fieldkit.screens.guarded import guarded
from fieldkit.screens.judging import APART_MS, Judging
from fieldkit.screens.judging import Listener as JudgingListener
from fieldkit.screens.passes import CardPass, has_pictures, pulled

BLANK_LOOK_S = 1.0
QUIT_S = 10.0
WATCH_S = 0.5

Halt = Literal["stopped", "resumed", "idle"]


class Listener(JudgingListener, Protocol):
    """Where cards are heard of."""

    def card(self, now: Copying | None) -> None:
        """Hear how far a card is read in; None where one was taken out."""
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
        self._judging = Judging(told)
        self._frames_told_ms = 0
        self._stop = threading.Event()
        self._turn = threading.Condition()
        self._due = Due()
        self._inside: dict[str, Inside] = {}
        self._ended: set[str] = set()
        self._watches: dict[str, LoopRunner] = {}
        self._running: dict[str, threading.Event] = {}
        works = (("cards", self._read_cards), ("judging", self._judging.run))
        self._threads = [
            threading.Thread(target=guarded, args=(kit, work), name=name, daemon=True) for name, work in works
        ]

    def start(self) -> None:
        """Begin; frames that an earlier run left unjudged are judged now."""
        self._judging.wake()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the file that is being read; what was acknowledged stays."""
        self._stop.set()
        with self._turn:
            for cancel in self._running.values():
                cancel.set()
            watches = list(self._watches.values())
            self._turn.notify_all()
        for watch in watches:
            watch.ask_to_stop()
        self._judging.stop()
        for watch in watches:
            watch.join(WATCH_S)
        for thread in self._threads:
            thread.join(QUIT_S)

    def hear(self, event: DeviceEvent) -> None:
        """Take in that a card came, went, or was written to; called from any thread."""
        if isinstance(event, VolumeChanged):
            self._volume(event)
        elif isinstance(event, FilesSettled):
            self._want(event.folder, frozenset(file.path for file in event.files))

    def halt(self) -> Halt:
        """Stop what is being read in after the present file, or else go on with what was stopped.

        A card that was stopped stays so until it is put in again: nothing that is told of it resumes it.
        """
        with self._turn:
            running = [path for path in self._running if path in self._inside]
            stopped = [path for path in running if not self._inside[path].halted]
            for path in stopped:
                self._inside[path].halted = True
                self._due.forget(path)
                self._running[path].set()
            resumed = [] if stopped else [path for path, card in self._inside.items() if card.halted]
            for path in resumed:
                self._go_on(path)
        return "stopped" if stopped else "resumed" if resumed else "idle"

    def _go_on(self, path: str) -> None:
        self._inside[path].halted = False
        self._want(path)

    def _volume(self, event: VolumeChanged) -> None:
        with self._turn:
            watch = self._watches.pop(event.path, None)
            if event.state == "mounted":
                self._inside[event.path] = Inside(event)
                self._ended.discard(event.path)
                self._turn.notify_all()
            else:
                self._inside.pop(event.path, None)
                self._due.forget(event.path)
                if event.path in self._running:
                    self._running[event.path].set()
        if watch is not None:
            watch.ask_to_stop()
        if event.state == "mounted" and has_pictures(event.path):
            self._begin(event.path)
        elif event.state == "removed":
            self._told.card(None)

    def _begin(self, path: str) -> None:
        watch = LoopRunner(FolderWatch(Path(path), self._kit.clock), self._settled, self._kit.clock)
        with self._turn:
            if self._stop.is_set() or path not in self._inside or path in self._watches:
                return
            self._watches[path] = watch
        watch.start()
        self._want(path)

    def _settled(self, event: DeviceEvent) -> bool:
        self.hear(event)
        return not self._stop.is_set()

    def _want(self, path: str, files: AbstractSet[str] | None = None) -> None:
        with self._turn:
            if card := self._inside.get(path):
                card.at_rest |= files or frozenset()
                if not card.halted:
                    self._due.want(path, files)
                    self._turn.notify_all()

    def _next(self) -> Turn | None:
        while not self._stop.is_set():
            with self._turn:
                if turn := self._taken(self._due.next(self._told_by.mono_ms())):
                    return turn
                blank = [path for path in self._inside if path not in self._watches]
                later_s = LATER_MS / 1000 if self._due.partly_seen else None
                self._turn.wait(BLANK_LOOK_S if blank else later_s)
            for path in blank:
                if has_pictures(path):
                    self._begin(path)
        return None

    def _taken(self, turn: Turn | None) -> Turn | None:
        """Note under the lock that a pass begins: a card that goes away from now on cancels it."""
        if turn is not None:
            self._running.setdefault(turn.path, threading.Event())
        return turn

    def _read_cards(self, kit: Kit) -> None:
        self._judging.warm_up()
        while (turn := self._next()) is not None:
            self._one(kit, turn)
            with self._turn:
                self._running.clear()

    def _between(self, kit: Kit, turn: Turn) -> None:
        """Do between two files of a pass what cannot wait for its end."""
        if turn.only is not None:
            self._judging.wake()
            self._told.frames_changed()
            return
        while not self._stop.is_set() and not self._running[turn.path].is_set():
            with self._turn:
                live = self._taken(self._due.live(self._told_by.mono_ms()))
            if live is None:
                return
            self._one(kit, live)
            with self._turn:
                if live.path != turn.path:
                    del self._running[live.path]

    def _one(self, kit: Kit, turn: Turn) -> None:
        path = turn.path
        with self._turn:
            if (card := self._inside.get(path)) is None:
                return
            cancel, at_rest = self._running[path], card.at_rest
        name = card.event.label or Path(path).name
        if turn.only is None:
            # A short pass tells once, at its end: each telling has all links of the visit looked at.
            self._frames_told_ms = self._told_by.mono_ms()
        done = CardPass(
            kit,
            Path(path),
            name,
            self._progress,
            clock=self._told_by,
            only=turn.only,
            at_rest=at_rest,
            each=lambda: self._between(kit, turn),
        ).outcome(cancel)
        there = has_pictures(path)
        with self._turn:
            # That a card went away is told once, by the pass that it went away from.
            told = not there and path in self._ended
            self._ended.add(path)
            # A camera writes while its card is in: what is told as new is all since it was put in.
            card.new += done.new
            card.taken = done.files if turn.only is None else card.taken + done.new
            inside = there and path in self._inside
            if inside and card.halted and done.state == "done":
                # It was told to stop when nothing was left: what came meanwhile must not wait for a key.
                self._go_on(path)
        if self._stop.is_set() or (told and done.state == "failed"):
            return
        self._judging.wake()
        of = max(done.of, card.taken + done.left)
        result = replace(done, new=card.new, files=card.taken, of=of) if inside else pulled(done)
        if result is not None:
            self._told.card(result)
        if turn.only is None:
            self._told.frames_changed()

    def _progress(self, now: Copying) -> None:
        self._told.card(now)
        now_ms = self._told_by.mono_ms()
        if now_ms - self._frames_told_ms >= APART_MS:
            self._frames_told_ms = now_ms
            self._told.frames_changed()
