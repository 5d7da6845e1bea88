"""One card on one PC/SC reader: connect, hold the dialogue of ``apdu``, name what went wrong."""

import os
import socket
import threading
from types import ModuleType
from typing import Any, Literal

from fieldkit.devices.apdu import Answer, CardRead, conversation
from fieldkit.devices.errors import (
    CardBusy,
    CardGone,
    CardSilent,
    CardUnusable,
    ChipUnreadable,
    NotASamReply,
    ReaderServiceGone,
    ReadersRefused,
    ReadersUnavailable,
)

_TRIES = 3
_BUSY_TRIES = 20
_LEAVING_LOOKS = 6
_PAUSE_S = 0.15
_SOCKET = "/run/pcscd/pcscd.comm"
_ABSENT = 0x0002  # SCARD_ABSENT, which pyscard does not name
# The library's lock, as it were: see ``list_readers``.
_ONE_ASKS = threading.Lock()


class _CardWasReset(Exception):
    """Another program reset the card in the middle of the dialogue."""


def read_card(reader: str, stop: threading.Event, *, photo: bool = False) -> CardRead:
    """Read the card that lies on a reader, trying again where a second try can help.

    Raises CardGone, CardSilent, CardBusy, CardUnusable, ChipUnreadable, NotASamReply,
    ReaderServiceGone or ReadersRefused.
    """
    for _ in range(_TRIES):
        try:
            return _read_in_own_context(reader, stop, photo=photo)
        except ReadersRefused:
            # A service that was just started again hangs up once; one that refuses, each time.
            if stop.wait(_PAUSE_S):
                break
    raise ReadersRefused


def _read_in_own_context(reader: str, stop: threading.Event, *, photo: bool) -> CardRead:
    scard = card_interface()
    result, context = open_context(scard)
    if result != scard.SCARD_S_SUCCESS:
        raise service_problem()
    try:
        for attempt in range(1, _TRIES + 1):
            try:
                return _connected(scard, context, reader, stop, photo=photo)
            except (ChipUnreadable, NotASamReply, CardSilent, _CardWasReset):
                if attempt == _TRIES:
                    raise
            if stop.wait(_PAUSE_S):
                raise CardGone
    except _CardWasReset as reset:
        raise CardBusy from reset
    finally:
        scard.SCardReleaseContext(context)
    raise CardSilent


def card_interface() -> ModuleType:
    """Give pyscard's plain functions. Raises ReadersUnavailable where libpcsclite is missing."""
    try:
        from smartcard import scard
    except (ImportError, OSError) as problem:
        raise ReadersUnavailable from problem
    module: ModuleType = scard
    return module


def open_context(scard: ModuleType) -> tuple[int, Any]:
    """Ask the service for a context; give the result and the context."""
    with _ONE_ASKS:
        result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    return result, context


def list_readers(scard: ModuleType, context: Any) -> tuple[int, list[str]]:
    """Ask the service for its readers; give the result and their names.

    libpcsclite keeps one lock while it waits for a context, and pyscard frees the names under that
    lock without letting other threads run: together they would stop the whole program.
    """
    with _ONE_ASKS:
        result, names = scard.SCardListReaders(context, [])
    return result, names


def service_problem() -> ReadersRefused | ReaderServiceGone:
    """Tell a service that is not there from one that drops us, which is how polkit's no looks."""
    return ReadersRefused() if _service() == "dropping" else ReaderServiceGone()


def _service() -> Literal["gone", "dropping", "serving"]:
    """Look at the service's socket.

    pcscd asks polkit before it reads a client's first message and closes the connection on a
    refusal; a willing service waits for that message.
    """
    path = os.environ.get("PCSCLITE_CSOCK_NAME", _SOCKET)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(0.5)
        try:
            client.connect(path)
            return "dropping" if client.recv(1) == b"" else "serving"
        except TimeoutError:
            return "serving"
        except (PermissionError, ConnectionResetError):
            return "dropping"
        except OSError:
            return "gone"


def _connected(
    scard: ModuleType, context: Any, reader: str, stop: threading.Event, *, photo: bool
) -> CardRead:
    card, protocol = _connect(scard, context, reader, stop)
    try:
        result, _, _, _, atr = scard.SCardStatus(card)
        _check(scard, result)
        refused: list[bytes] = []
        try:
            return _converse(scard, card, protocol, bytes(atr), refused, photo=photo)
        except (CardUnusable, ChipUnreadable):
            # A card just pulled looks like a reader that refuses a command until it is missed.
            if refused and _left(scard, card, stop):
                raise CardGone from None
            raise
    finally:
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)


def _connect(scard: ModuleType, context: Any, reader: str, stop: threading.Event) -> tuple[Any, int]:
    for _ in range(_BUSY_TRIES):
        result, card, protocol = scard.SCardConnect(
            context, reader, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        )
        if result != scard.SCARD_E_SHARING_VIOLATION:
            _check(scard, result)
            return card, protocol
        if stop.wait(_PAUSE_S):
            raise CardGone
    raise CardBusy


def _converse(
    scard: ModuleType, card: Any, protocol: int, atr: bytes, refused: list[bytes], *, photo: bool
) -> CardRead:
    pci = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
    dialogue = conversation(atr, photo=photo)
    command = next(dialogue)
    try:
        while True:
            answer = _transmit(scard, card, pci, command)
            if not answer.status:
                refused.append(command)
            command = dialogue.send(answer)
    except StopIteration as end:
        read: CardRead = end.value
        return read


def _transmit(scard: ModuleType, card: Any, pci: int, command: bytes) -> Answer:
    result, answered = scard.SCardTransmit(card, pci, list(command))
    if result == scard.SCARD_S_SUCCESS:
        if len(answered) < 2:
            return Answer()
        return Answer(bytes(answered[:-2]), answered[-2] << 8 | answered[-1])
    if result in {scard.SCARD_E_NOT_TRANSACTED, scard.SCARD_E_UNSUPPORTED_FEATURE}:
        return Answer()
    _check(scard, result)
    return Answer()


def _left(scard: ModuleType, card: Any, stop: threading.Event) -> bool:
    for _ in range(_LEAVING_LOOKS):
        result, _, state, _, _ = scard.SCardStatus(card)
        if result != scard.SCARD_S_SUCCESS or state & _ABSENT:
            return True
        if stop.wait(_PAUSE_S):
            return True
    return False


def _check(scard: ModuleType, result: int) -> None:
    if result == scard.SCARD_S_SUCCESS:
        return
    if result == scard.SCARD_W_RESET_CARD:
        raise _CardWasReset
    gone = {
        scard.SCARD_W_REMOVED_CARD,
        scard.SCARD_E_NO_SMARTCARD,
        scard.SCARD_E_UNKNOWN_READER,
        scard.SCARD_E_READER_UNAVAILABLE,
        scard.SCARD_E_INVALID_HANDLE,
    }
    if result in gone:
        raise CardGone
    if result == scard.SCARD_W_SECURITY_VIOLATION:
        raise ReadersRefused
    if result in {scard.SCARD_F_COMM_ERROR, scard.SCARD_E_NO_SERVICE, scard.SCARD_E_SERVICE_STOPPED}:
        # The second question to polkit comes at the card, and its no is a hang-up as well.
        raise ReaderServiceGone if _service() == "gone" else ReadersRefused
    raise CardSilent
