"""Readers that are plugged in and pulled, which the virtual reader's driver cannot play.

Only the card service's answers are made up; the constants and the loop are the real ones.
"""

# ruff: noqa: N802  the functions have PC/SC's own names

import queue
import types

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices import pcsc
from fieldkit.devices.apdu import CardRead
from fieldkit.devices.events import CredentialPresented, ReaderChanged

scard = pytest.importorskip("smartcard.scard")


class MadeUpService(types.SimpleNamespace):
    """A card service that answers what the test puts into ``turns``.

    A turn is each reader's name and whether a card lies on it, or None for a service that hangs up.
    """

    def __init__(self):
        super().__init__(**{key: value for key, value in vars(scard).items() if key.isupper()})
        self.turns = queue.Queue()
        self.now = {}

    def SCardEstablishContext(self, scope):
        return 0, 1

    def SCardReleaseContext(self, context):
        return 0

    def SCardCancel(self, context):
        return 0

    def SCardListReaders(self, context, groups):
        return (0 if self.now else self.SCARD_E_NO_READERS_AVAILABLE), list(self.now)

    def SCardGetStatusChange(self, context, timeout, states):
        try:
            turn = self.turns.get(timeout=0.1)
        except queue.Empty:
            return self.SCARD_E_TIMEOUT, []
        if turn is None:
            return self.SCARD_F_COMM_ERROR, []
        self.now = turn
        changed = []
        for name, before in states:
            lies = turn.get(name, False)
            state = self.SCARD_STATE_PRESENT if lies else self.SCARD_STATE_EMPTY
            count = (before >> 16) + ((before & self.SCARD_STATE_PRESENT) // 0x20 != lies)
            changed.append((name, count << 16 | state | self.SCARD_STATE_CHANGED, []))
        return 0, changed


@pytest.fixture
def service(monkeypatch):
    made_up = MadeUpService()
    monkeypatch.setattr(pcsc, "card_interface", lambda: made_up)
    monkeypatch.setattr(pcsc, "read_card", lambda reader, stop, photo: CardRead(f"{reader}0001"))
    return made_up


def test_readers_come_and_go_in_any_number(service, listen):
    heard = listen(pcsc.PcscLoop(SystemClock()))

    for names in (["A"], ["A", "B", "C"], ["B"], [], ["A"]):
        service.turns.put(dict.fromkeys(names, False))
    told = [heard.the(ReaderChanged) for _ in range(7)]

    assert [(event.state, event.reader) for event in told] == [
        ("added", "A"),
        ("added", "B"),
        ("added", "C"),
        ("removed", "A"),
        ("removed", "C"),
        ("removed", "B"),
        ("added", "A"),
    ]


def test_a_card_that_lies_while_the_service_restarts_is_not_told_again(service, listen, pause):
    heard = listen(pcsc.PcscLoop(SystemClock()))
    service.turns.put({"A": False})
    heard.the(ReaderChanged, state="added")

    service.turns.put({"A": True})
    heard.the(CredentialPresented)
    pause(1.0)
    service.turns.put(None)
    heard.the(ReaderChanged, state="service-back")
    service.turns.put({"A": True, "B": False})
    heard.the(ReaderChanged, state="added", reader="B")
    service.turns.put({"A": True, "B": True})
    heard.the(CredentialPresented, reader="B")

    assert [event.reader for event in heard.so_far(CredentialPresented)] == ["A", "B"]
