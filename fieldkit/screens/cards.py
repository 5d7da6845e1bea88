"""Cards read in beside the app: each mounted one as a whole, then what a camera writes to it, then judged.

Two threads, each with a kit of its own: one reads cards in, one after the other, and between two files of
a card what a camera has just written; one has what was read judged. Both end between two files.
"""

import threading
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Literal

from fieldkit.clock import Clock, SystemClock
from fieldkit.devices.events import DeviceEvent, FilesSettled, FilesVanished, VolumeChanged
from fieldkit.kit import Kit
from fieldkit.screens.admission import Gate
from fieldkit.screens.copying import Copying
from fieldkit.screens.due import Due, Inside, Turn
from fieldkit.screens.guarded import guarded
from fieldkit.screens.judging import APART_MS, Judging
from fieldkit.screens.listener import Listener
from fieldkit.screens.passes import CardPass, has_pictures, pulled
from fieldkit.screens.watches import Watches

LOOK_S = 1.0
QUIT_S = 10.0

Halt = Literal["stopped", "resumed", "idle"]


class Cards:
    """Reads in every card that is mounted, for as long as the app is open.

    A card without ``DCIM`` is looked at once a second: a camera makes that folder with its first frame.
    """

    def __init__(self, kit: Kit, told: Listener, told_by: Clock | None = None) -> None:
        self._kit = kit
        # Disks and people keep the machine's time; a rehearsal's clock runs faster.
        self._told_by = told_by or SystemClock()
        self._told = told
        self._judging = Judging(told)
        self._frames_told_ms = 0
        self._stop = threading.Event()
        self._turn = threading.Condition()
        self._due = Due()
        self._inside: dict[str, Inside] = {}
        self._ended: set[str] = set()
        self._watches = Watches(kit.clock, self._heard)
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
            self._turn.notify_all()
        self._judging.stop()
        self._watches.stop()
        for thread in self._threads:
            thread.join(QUIT_S)

    def hear(self, event: DeviceEvent) -> None:
        """Take in that a card came, went, or was written to; called from any thread."""
        if isinstance(event, VolumeChanged):
            self._volume(event)
        elif isinstance(event, FilesSettled):
            self._want(event.folder, frozenset(file.path for file in event.files))
        elif isinstance(event, FilesVanished):
            self._gone(event)

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

    def answer(self, path: str, *, belongs: bool) -> None:
        """Take in whether a card that is held is the visit's; what was said counts once it is kept."""
        with self._turn:
            card = self._inside.get(path)
            if card is not None and card.question is not None:
                card.answer = belongs
                self._want(path)

    def _go_on(self, path: str) -> None:
        self._inside[path].halted = False
        self._want(path)

    def _gone(self, event: FilesVanished) -> None:
        with self._turn:
            card = self._inside.get(event.folder)
            if card is not None and not card.resting.unfinished.isdisjoint(event.paths):
                self._want(event.folder)

    def _volume(self, event: VolumeChanged) -> None:
        mounted = event.state == "mounted"
        pictured = mounted and has_pictures(event.path)
        with self._turn:
            self._watches.end(event.path)
            if mounted:
                # What a camera writes to a card that came without pictures is of this visit.
                self._inside[event.path] = Inside(event, admitted=not pictured)
                self._ended.discard(event.path)
                self._turn.notify_all()
            else:
                self._inside.pop(event.path, None)
                self._due.forget(event.path)
                if event.path in self._running:
                    self._running[event.path].set()
        if pictured:
            self._begin(event.path)
        elif not mounted:
            self._told.asked(event.path, None)
            self._told.card(None)

    def _begin(self, path: str) -> None:
        with self._turn:
            if self._stop.is_set() or path not in self._inside or path in self._watches:
                return
            self._watches.begin(path)
        self._want(path)

    def _heard(self, event: DeviceEvent) -> bool:
        self.hear(event)
        return not self._stop.is_set()

    def _want(self, path: str, files: AbstractSet[str] | None = None) -> None:
        with self._turn:
            if card := self._inside.get(path):
                card.resting.tell(files or ())
                if not card.waits:
                    self._due.want(path, files)
                    self._turn.notify_all()

    def _next(self) -> Turn | None:
        while not self._stop.is_set():
            with self._turn:
                if turn := self._taken(self._due.next(self._told_by.mono_ms())):
                    return turn
                blank = [path for path in self._inside if path not in self._watches]
                self._turn.wait(LOOK_S if blank or self._due.partly_seen else None)
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
            if (card := self._inside.get(path)) is None or card.waits:
                return
            cancel = self._running[path]
        # Whether a card is the visit's is seen by the whole of it, whatever the camera wrote last.
        only = turn.only if card.admitted else None
        if only is None:
            # A short pass tells once, at its end: each telling has all links of the visit looked at.
            self._frames_told_ms = self._told_by.mono_ms()
        done = CardPass(
            kit,
            Path(path),
            card.name,
            self._progress,
            clock=self._told_by,
            only=only,
            resting=card.resting,
            each=lambda: self._between(kit, turn),
            gate=None if card.admitted else Gate(kit, card, self._told.asked),
        ).outcome(cancel)
        if done.state == "held":
            with self._turn:
                self._due.forget(path)
            return
        there = has_pictures(path)
        with self._turn:
            # That a card went away is told once, by the pass that it went away from.
            told = not there and path in self._ended
            self._ended.add(path)
            result = card.after(done, whole=only is None)
            inside = there and path in self._inside
            if inside and result.unfinished:
                self._due.later(path, self._told_by.mono_ms())
            if inside and card.halted and done.state == "done":
                # It was told to stop when nothing was left: what came meanwhile must not wait for a key.
                self._go_on(path)
        if self._stop.is_set() or (told and done.state == "failed"):
            return
        self._judging.wake()
        shown = result if inside else pulled(done)
        if shown is not None:
            self._told.card(shown)
        if only is None:
            self._told.frames_changed()

    def _progress(self, now: Copying) -> None:
        self._told.card(now)
        now_ms = self._told_by.mono_ms()
        if now_ms - self._frames_told_ms >= APART_MS:
            self._frames_told_ms = now_ms
            self._told.frames_changed()
