"""Cards read in beside the app: each mounted one as a whole, then what a camera writes to it, then judged.

Two threads, each with a kit of its own: one reads cards in, one after the other, and between two files of
a card what a camera has just written; one has what was read judged. Both end between two files.
"""

import threading
from dataclasses import replace
from pathlib import Path

from fieldkit.clock import Clock, SystemClock
from fieldkit.devices.events import DeviceEvent, FilesSettled, FilesVanished, VolumeChanged
from fieldkit.kit import Kit
from fieldkit.screens.admission import Gate
from fieldkit.screens.copying import Copying
from fieldkit.screens.due import Turn
from fieldkit.screens.guarded import guarded
from fieldkit.screens.judging import APART_MS, Judging
from fieldkit.screens.listener import Listener
from fieldkit.screens.mounted import Halt, Mounted
from fieldkit.screens.passes import CardPass, pulled
from fieldkit.screens.watches import Watches

QUIT_S = 10.0


class Cards:
    """Reads in every card that is mounted, for as long as the app is open."""

    def __init__(self, kit: Kit, told: Listener, told_by: Clock | None = None) -> None:
        # Disks and people keep the machine's time; a rehearsal's clock runs faster.
        self._told_by = told_by or SystemClock()
        self._told = told
        self._judging = Judging(told)
        self._frames_told_ms = 0
        self._watches = Watches(kit.clock, self._heard)
        self._mounted = Mounted(self._watches, self._told_by)
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
        self._mounted.stop()
        self._judging.stop()
        self._watches.stop()
        for thread in self._threads:
            thread.join(QUIT_S)

    def hear(self, event: DeviceEvent) -> None:
        """Take in that a card came, went, or was written to; called from any thread."""
        match event:
            case VolumeChanged(state="mounted"):
                self._mounted.came(event)
            case VolumeChanged():
                self._mounted.went(event.path)
                self._told.asked(event.path, None)
                self._told.card(None)
            case FilesSettled():
                self._mounted.want(event.folder, frozenset(file.path for file in event.files))
            case FilesVanished():
                self._mounted.gone(event)

    def halt(self) -> Halt:
        """Stop what is being read in after the present file, or else go on with what was stopped."""
        return self._mounted.halt()

    def answer(self, path: str, *, belongs: bool) -> None:
        """Take in whether a card that is held is the visit's."""
        self._mounted.answer(path, belongs=belongs)

    def _heard(self, event: DeviceEvent) -> bool:
        self.hear(event)
        return not self._mounted.stopped

    def _read_cards(self, kit: Kit) -> None:
        self._judging.warm_up()
        while (turn := self._mounted.next()) is not None:
            self._one(kit, turn)
            self._mounted.let_go(turn)

    def _between(self, kit: Kit, turn: Turn) -> None:
        """Do between two files of a pass what cannot wait for its end."""
        if turn.only is not None:
            self._judging.wake()
            self._told.frames_changed()
            return
        while (live := self._mounted.between(turn)) is not None:
            self._one(kit, live)
            self._mounted.let_go(live, within=turn)

    def _one(self, kit: Kit, turn: Turn) -> None:
        if (found := self._mounted.entered(turn)) is None:
            return
        card, cancel = found
        # Whether a card is the visit's is seen by the whole of it, whatever the camera wrote last.
        only = turn.only if card.admitted else None
        if only is None:
            # A short pass tells once, at its end: each telling has all links of the visit looked at.
            self._frames_told_ms = self._told_by.mono_ms()
        done = CardPass(
            kit,
            Path(turn.path),
            card.name,
            lambda now: self._progress(replace(now, key=card.key)),
            clock=self._told_by,
            only=only,
            resting=card.resting,
            each=lambda: self._between(kit, turn),
            gate=None if card.admitted else Gate(kit, card, self._told.asked),
        ).outcome(cancel)
        if done.state == "held":
            self._mounted.held(turn.path)
            return
        passed = self._mounted.passed(turn.path, card, done, whole=only is None)
        if self._mounted.stopped or (passed.told and done.state == "failed"):
            return
        self._judging.wake()
        shown = passed.result if passed.inside else pulled(done)
        if shown is not None:
            self._told.card(replace(shown, key=card.key))
        if only is None:
            self._told.frames_changed()

    def _progress(self, now: Copying) -> None:
        self._told.card(now)
        now_ms = self._told_by.mono_ms()
        if now_ms - self._frames_told_ms >= APART_MS:
            self._frames_told_ms = now_ms
            self._told.frames_changed()
