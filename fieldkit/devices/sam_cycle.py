"""The dialogue with a SAM reader, the same over a serial line and over USB: find, select, read.

Between two questions at least 300 ms pass, as the module's page asks for. A card that was read must
be lifted before it is found again; readers differ in what they answer until then, so the same
number again within a moment is the same presentation.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from fieldkit.clock import Clock
from fieldkit.devices import sam
from fieldkit.devices.chip import read_chip_text
from fieldkit.devices.errors import CardGone, CardSilent, ReaderSilent
from fieldkit.devices.events import (
    CardNotRead,
    CredentialPresented,
    CredentialSource,
    DeviceTrouble,
    ReaderChanged,
)
from fieldkit.devices.loop import Emit
from fieldkit.devices.presence import Presence, failed, present, still_there
from fieldkit.errors import CannotWork, FieldkitError, InputProblem

_POLL_S = 0.35
_REOPEN_S = 0.5
_SAME_CARD_MS = 1300
_SLICE_S = 0.1
_SHORT_SLICES = 10
_READ_SLICES = 35
_MOST_NOISE = 16 * 1024
_SILENT_POLLS = 3
_READ_TRIES = 3


class SamLink(Protocol):
    """A line to one reader; both calls raise a CannotWork when the reader is gone."""

    def send(self, frame: bytes) -> None:
        """Send one request."""
        ...

    def receive(self, timeout_s: float) -> bytes:
        """Give what came, at the latest after the time; nothing is empty bytes."""
        ...


@dataclass(slots=True)
class _Desk:
    """What is known of the one card that can lie on this reader."""

    presence: Presence = field(default_factory=Presence)
    lies_read: bool = False
    lies_told: bool = False
    tries: int = 0


@dataclass(frozen=True, slots=True)
class SamService:
    """Serves one reader for as long as it takes, opening its line again whenever it is lost.

    ``open_link`` gives a line to a reader or raises a CannotWork; ``expected`` says that a reader
    which was never there is worth telling.
    """

    name: str
    source: CredentialSource
    open_link: Callable[[], AbstractContextManager[SamLink]]
    clock: Clock
    photo: bool = False
    expected: bool = True

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Work until stopped."""
        told = "" if self.expected else "UsbGone"
        there = False
        desk = _Desk()
        while not stop.is_set():
            try:
                with self.open_link() as link:
                    answers(link, stop)
                    there = True
                    if not emit(ReaderChanged(self.clock.now(), "added", self.name)):
                        return
                    told = ""
                    self._serve(link, desk, stop, emit)
            except CannotWork as problem:
                if there and not emit(ReaderChanged(self.clock.now(), "removed", self.name)):
                    return
                kind = type(problem).__name__
                if told != kind and not emit(
                    DeviceTrouble(self.clock.now(), self.name, problem.message, problem.hint)
                ):
                    return
                there, told, desk = False, kind, _Desk()
                stop.wait(_REOPEN_S)

    def _serve(self, link: SamLink, desk: _Desk, stop: threading.Event, emit: Emit) -> None:
        silent = 0
        while not stop.is_set():
            try:
                found = ask(link, sam.FIND, stop)
            except ReaderSilent:
                silent += 1
                if silent >= _SILENT_POLLS:
                    raise
            else:
                silent = 0
                event = self._look(link, desk, found, stop)
                if event and not emit(event):
                    return
            stop.wait(_POLL_S)

    def _look(
        self, link: SamLink, desk: _Desk, found: sam.Reply, stop: threading.Event
    ) -> CredentialPresented | CardNotRead | None:
        if found.status != sam.FOUND:
            unread = desk.tries > 0
            desk.lies_read = desk.lies_told = False
            desk.tries = 0
            return self._not_read(desk, CardGone()) if unread else None
        # A card that was read is read again: a quick hand may have changed it between two polls.
        try:
            return self._read(link, desk, stop)
        except InputProblem as problem:
            if desk.lies_read or desk.lies_told:
                desk.presence = still_there(desk.presence, self.clock.mono_ms())
                return None
            desk.tries += 1
            if desk.tries < _READ_TRIES:
                return None
            desk.tries, desk.lies_told = 0, True
            return self._not_read(desk, problem)

    def _read(self, link: SamLink, desk: _Desk, stop: threading.Event) -> CredentialPresented | None:
        try:
            selected = ask(link, sam.SELECT, stop)
            if selected.status != sam.OK:
                raise CardSilent
            answer = ask(link, sam.READ, stop, slices=_READ_SLICES)
        except ReaderSilent as silence:
            raise CardSilent from silence
        if answer.status != sam.OK:
            raise CardSilent
        content = sam.card_content(answer.content)
        document = read_chip_text(content.text)
        now_ms = self.clock.mono_ms()
        if desk.lies_read:
            desk.presence = still_there(desk.presence, now_ms)
        desk.lies_read, desk.lies_told, desk.tries = True, False, 0
        desk.presence, new = present(desk.presence, document.number, now_ms, _SAME_CARD_MS)
        if not new:
            return None
        return CredentialPresented(
            at=self.clock.now(),
            reader=self.name,
            source=self.source,
            kind="id-card",
            value=document.number,
            document=document,
            photo=content.photo if self.photo else b"",
        )

    def _not_read(self, desk: _Desk, problem: FieldkitError) -> CardNotRead | None:
        desk.presence, telling = failed(
            desk.presence, type(problem).__name__, self.clock.mono_ms(), _SAME_CARD_MS
        )
        if not telling:
            return None
        return CardNotRead(self.clock.now(), self.name, problem.message, problem.hint)


def answers(link: SamLink, stop: threading.Event) -> None:
    """Make sure that a reader is there: not all of them know the question for their state.

    Raises ReaderSilent.
    """
    try:
        ask(link, sam.SAM_STATUS, stop, slices=_SHORT_SLICES // 2)
    except ReaderSilent:
        ask(link, sam.FIND, stop)


def ask(
    link: SamLink, command: tuple[int, int], stop: threading.Event, slices: int = _SHORT_SLICES
) -> sam.Reply:
    """Ask once, and once more when the answer was garbled.

    What is left of an answer that came too late is thrown away first. Raises ReaderSilent where
    nothing whole comes in ``slices`` tenths of a second without a byte.
    """
    for _ in range(2):
        _throw_away(link, stop)
        link.send(sam.request(*command))
        heard = _hear(link, stop, slices)
        if isinstance(heard, sam.Reply):
            return heard
        if heard is None:
            break
    raise ReaderSilent


def _throw_away(link: SamLink, stop: threading.Event) -> None:
    # Bounded: what talks without a pause is no reader, and must not keep the loop from ending.
    heard = 0
    while heard < _MOST_NOISE and not stop.is_set():
        came = link.receive(0)
        if not came:
            return
        heard += len(came)


def _hear(link: SamLink, stop: threading.Event, slices: int) -> sam.Reply | sam.Garbled | None:
    rest = b""
    quiet = noise = 0
    garbled: sam.Garbled | None = None
    while quiet < slices and noise < _MOST_NOISE and not stop.is_set():
        came = link.receive(_SLICE_S)
        if not came:
            quiet += 1
            # A frame that fell silent half way is over sooner than one that never began.
            if (rest or garbled) and quiet >= _SHORT_SLICES // 2:
                break
            continue
        noise += len(came)
        scanned = sam.scan(rest + came)
        rest = scanned.rest
        for found in scanned.found:
            if isinstance(found, sam.Reply):
                return found
            garbled = found
    for found in sam.give_up(rest).found:
        if isinstance(found, sam.Reply):
            return found
        garbled = found
    return garbled
