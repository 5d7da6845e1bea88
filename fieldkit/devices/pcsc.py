"""All PC/SC readers in one loop that outlives readers, cards and the service itself.

It waits in ``SCardGetStatusChange`` with PC/SC's pseudo reader for plugging, on a context that is
made anew whenever the service hangs up. Each card is read in a thread of its own with a context of
its own, since a context serves one call at a time and a slow card must not hide a quick one.
"""

import threading
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from fieldkit.clock import Clock
from fieldkit.devices.apdu import CardRead
from fieldkit.devices.events import (
    CardNotRead,
    CredentialPresented,
    DeviceTrouble,
    ReaderChanged,
    ReaderState,
)
from fieldkit.devices.loop import Emit, spawn
from fieldkit.devices.pcsc_card import card_interface, list_readers, open_context, read_card, service_problem
from fieldkit.devices.presence import Presence, failed, present, still_there
from fieldkit.errors import CannotWork, FieldkitError

SERVICE = "pcscd"

_PLUGGING = "\\\\?PnP?\\Notification"
_LOOK_MS = 1000
_RETRY_S = 0.5
_FLAP_MS = 700
_FLAGS = 0xFFFF


@dataclass(slots=True)
class _Slot:
    """What is known of one reader."""

    state: int = 0
    presence: Presence = field(default_factory=Presence)
    lay_before: bool = False

    @property
    def card_lies(self) -> bool:
        return bool(self.state & 0x20)  # SCARD_STATE_PRESENT


@dataclass(frozen=True, slots=True)
class ReaderNow:
    """A reader as it is at this moment."""

    reader: str
    card: bool


class PcscLoop:
    """Tells readers coming and going, and one credential for each card presented to any of them."""

    name = "pcsc"

    def __init__(self, clock: Clock, *, photo: bool = False) -> None:
        self._clock = clock
        self._photo = photo
        self._context: Any = None
        self._slots: dict[str, _Slot] = {}
        self._lock = threading.Lock()

    def wake(self) -> None:
        """End the wait for a change at once."""
        context = self._context
        if context is not None:
            card_interface().SCardCancel(context)

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Serve until stopped, over any number of restarts of the service.

        Raises ReadersUnavailable.
        """
        scard = card_interface()
        lost = False
        told: type[FieldkitError] | None = None
        while not stop.is_set():
            result, context = open_context(scard)
            if result != scard.SCARD_S_SUCCESS:
                problem = service_problem()
                if not lost and not self._say(emit, "service-lost", SERVICE):
                    return
                if told is not type(problem) and not self._trouble(emit, problem):
                    return
                lost, told = True, type(problem)
                stop.wait(_RETRY_S)
                continue
            if lost and not self._say(emit, "service-back", SERVICE):
                return
            told = None
            self._context = context
            try:
                self._watch(scard, context, stop, emit)
            finally:
                self._context = None
                scard.SCardReleaseContext(context)
            if stop.is_set() or not self._say(emit, "service-lost", SERVICE):
                return
            lost = True

    def _watch(self, scard: ModuleType, context: Any, stop: threading.Event, emit: Emit) -> None:
        lying = {name for name, slot in self._slots.items() if slot.card_lies}
        known: set[str] = set()
        while not stop.is_set():
            result, listed = list_readers(scard, context)
            if result in {scard.SCARD_E_NO_READERS_AVAILABLE, scard.SCARD_E_READER_UNAVAILABLE}:
                listed = []
            elif result != scard.SCARD_S_SUCCESS:
                return
            now = set(listed)
            for reader in sorted(known - now):
                self._slots.pop(reader, None)
                if not self._say(emit, "removed", reader):
                    return
            for reader in [name for name in listed if name not in known]:
                before = self._slots.get(reader, _Slot()).presence
                self._slots[reader] = _Slot(presence=before, lay_before=reader in lying)
                if not self._say(emit, "added", reader):
                    return
            known = now
            asked = [(reader, self._slots[reader].state) for reader in sorted(known)]
            asked.append((_PLUGGING, scard.SCARD_STATE_UNAWARE))
            result, states = scard.SCardGetStatusChange(context, _LOOK_MS, asked)
            if result == scard.SCARD_S_SUCCESS:
                for reader, state, _ in states:
                    if reader in known:
                        self._changed(scard, reader, state, stop, emit)
            elif result not in {
                scard.SCARD_E_TIMEOUT,
                scard.SCARD_E_CANCELLED,
                scard.SCARD_E_UNKNOWN_READER,
            }:
                return

    def _changed(self, scard: ModuleType, reader: str, state: int, stop: threading.Event, emit: Emit) -> None:
        slot = self._slots[reader]
        before, lay = slot.state, slot.card_lies
        slot.state = state & ~scard.SCARD_STATE_CHANGED
        # The upper half counts insertions and removals, so that a quick swap shows as two steps.
        steps = ((state >> 16) - (before >> 16)) & _FLAGS
        now_ms = self._clock.mono_ms()
        # A card that lay there when the service went is taken for one that nobody moved.
        stayed, slot.lay_before = slot.lay_before and slot.card_lies, False
        if stayed or (lay and (steps or not slot.card_lies)):
            with self._lock:
                slot.presence = still_there(slot.presence, now_ms)
        if slot.card_lies and (not lay or steps >= 2):
            spawn(
                f"card on {reader}",
                lambda: self._read(reader, slot, now_ms, stop, emit),
                lambda problem: self._trouble(emit, problem),
            )

    def _read(self, reader: str, slot: _Slot, found_ms: int, stop: threading.Event, emit: Emit) -> None:
        try:
            card = read_card(reader, stop, photo=self._photo)
        except CannotWork as problem:
            self._trouble(emit, problem)
        except FieldkitError as problem:
            with self._lock:
                slot.presence, telling = failed(slot.presence, type(problem).__name__, found_ms, _FLAP_MS)
            if telling and not stop.is_set():
                emit(CardNotRead(self._clock.now(), reader, problem.message, problem.hint))
        else:
            with self._lock:
                slot.presence, new = present(slot.presence, card.value, found_ms, _FLAP_MS)
            if new and not stop.is_set():
                emit(self._credential(reader, card))

    def _credential(self, reader: str, card: CardRead) -> CredentialPresented:
        return CredentialPresented(
            at=self._clock.now(),
            reader=reader,
            source="pcsc",
            kind="id-card" if card.document else "chip-serial",
            value=card.value,
            document=card.document,
            photo=card.photo,
        )

    def _say(self, emit: Emit, state: ReaderState, reader: str) -> bool:
        return emit(ReaderChanged(self._clock.now(), state, reader))

    def _trouble(self, emit: Emit, problem: FieldkitError) -> bool:
        return emit(DeviceTrouble(self._clock.now(), self.name, problem.message, problem.hint))


def readers_now() -> tuple[ReaderNow, ...]:
    """List the PC/SC readers of this moment and whether a card lies on them.

    Raises ReaderServiceGone, ReadersRefused or ReadersUnavailable.
    """
    scard = card_interface()
    result, context = open_context(scard)
    if result != scard.SCARD_S_SUCCESS:
        raise service_problem()
    try:
        result, listed = list_readers(scard, context)
        if result != scard.SCARD_S_SUCCESS or not listed:
            return ()
        asked = [(reader, scard.SCARD_STATE_UNAWARE) for reader in listed]
        result, states = scard.SCardGetStatusChange(context, 0, asked)
        if result != scard.SCARD_S_SUCCESS:
            return tuple(ReaderNow(reader, card=False) for reader in listed)
        return tuple(
            ReaderNow(reader, bool(state & scard.SCARD_STATE_PRESENT)) for reader, state, _ in states
        )
    finally:
        scard.SCardReleaseContext(context)
