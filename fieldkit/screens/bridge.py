"""Real devices on one side, the app's messages on the other; nothing is decided here."""

import threading
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from textual.message import Message

from fieldkit.devices.desk import Plugs, serial_loops
from fieldkit.devices.events import (
    CardNotRead,
    CredentialPresented,
    DeviceEvent,
    DeviceTrouble,
    FilesSettled,
    ReaderChanged,
    VolumeChanged,
)
from fieldkit.devices.loop import DeviceLoop, LoopSet
from fieldkit.kit import Kit
from fieldkit.screens import messages
from fieldkit.screens.cards import Cards
from fieldkit.screens.copying import Copying, Told, card_state
from fieldkit.screens.holding import Question, shown_question
from fieldkit.screens.lights import Plugged, lights, plugged_after
from fieldkit.screens.mounted import Halt
from fieldkit.settings import Settings

Post = Callable[[Message], bool]

STOP_S = 0.5
PLUG_S = 2.0
NOWHERE: Mapping[str, messages.Place] = MappingProxyType({})


class Bridge:
    """Runs the loops of a desk, reads its cards in, and posts what they tell to the app.

    Everything that a loop tells comes from a thread of its own. A loop is told to end as soon as the app
    takes no more messages. ``desks`` says of a reader by which desk it stands; any other serves the desk
    that is shown.
    """

    def __init__(
        self, kit: Kit, loops: Iterable[DeviceLoop], post: Post, desks: Mapping[str, messages.Place] = NOWHERE
    ) -> None:
        self._post_raw = post
        self._desks = desks
        self._lock = threading.Lock()
        self._there = Plugged()
        self._card: Copying | None = None
        self._told = Told()
        self._held: dict[str, Question] = {}
        self._lit: tuple[messages.Light, ...] = ()
        self._cards = Cards(kit, self)
        self._kit = kit
        self._loops = LoopSet(loops, self.emit, kit.clock)
        self._plugging = threading.Lock()
        self._ports: tuple[str, ...] = ()
        self._serial = LoopSet((), self.emit, kit.clock)
        self._ended = False
        self._chip_photo = kit.chip_photo()

    def start(self) -> None:
        """Begin to listen."""
        self._relight()
        self._cards.start()
        self._loops.start()
        self.plug(self._kit.settings)

    def plug(self, settings: Settings) -> None:
        """Listen at the serial ports that the settings name and at no others; takes a moment."""
        ports = (settings.sam_port, settings.scanner_port)
        with self._plugging:
            if self._ended or ports == (self._ports or ("", "")):
                return
            # A port is one program's alone: what listens there has to be gone before.
            self._serial.stop(PLUG_S)
            for port in filter(None, self._ports):
                self.emit(ReaderChanged(self._kit.clock.now(), "removed", port))
            plugs = Plugs(
                serial_readers=list(filter(None, ports[:1])),
                serial_scanners=list(filter(None, ports[1:])),
                chip_photo=self._chip_photo,
            )
            self._ports = ports
            self._serial = LoopSet(serial_loops(self._kit.clock, plugs), self.emit, self._kit.clock)
            self._serial.start()

    def stop(self) -> None:
        """Stop listening, and reading once the present file is read."""
        with self._plugging:
            self._ended = True
            self._serial.stop(STOP_S)
        self._loops.stop(STOP_S)
        self._cards.stop()

    def halt(self) -> Halt:
        """Stop what is being read in, or go on with what was stopped."""
        return self._cards.halt()

    def answer(self, path: str, *, belongs: bool) -> None:
        """Have the card there read in, or not."""
        self._cards.answer(path, belongs=belongs)

    def emit(self, event: DeviceEvent) -> bool:
        """Take what a loop tells; False once the app is closing."""
        with self._lock:
            self._there = plugged_after(self._there, event)
        if isinstance(event, VolumeChanged | FilesSettled):
            self._cards.hear(event)
        message = message_of(event, self._desks)
        return self._relight() and (message is None or self._post(message))

    # What the cards tell.

    def card(self, now: Copying | None) -> None:
        """Pass on how far a card is read in."""
        with self._lock:
            self._card = shown = self._told.after(now)
        self._post(messages.CardTold(shown))
        self._relight()

    def asked(self, path: str, question: Question | None) -> None:
        """Pass on which card is held, the one to answer for first."""
        with self._lock:
            self._held.pop(path, None)
            if question is not None:
                self._held[path] = question
            shown = shown_question(self._held)
        self._post(messages.CardHeld(shown))
        self._relight()

    def judged(self, done: int, total: int) -> None:
        """Pass on how many frames are judged."""
        self._post(messages.FramesJudged(done, total))

    def frames_changed(self) -> None:
        """Pass on that frames changed."""
        self._post(messages.FramesChanged())

    def _relight(self) -> bool:
        with self._lock:
            card = "held" if self._held else card_state(self._card, None) if self._card else None
            now = lights(self._there, card)
            if now == self._lit:
                return True
            self._lit = now
            # Posted under the lock: two threads must not overtake each other with what is lit.
            return self._post(messages.LightsChanged(now))

    def _post(self, message: Message) -> bool:
        try:
            return self._post_raw(message)
        except RuntimeError:
            # The app's loop ended between its own check and the call.
            return False


def message_of(event: DeviceEvent, desks: Mapping[str, messages.Place] = NOWHERE) -> Message | None:
    """Give the message that stands for an event, or None where a light says it all."""
    match event:
        case CredentialPresented():
            return messages.CredentialPresented(event.as_read(), desks.get(event.reader, "here"))
        case CardNotRead():
            return messages.CardNotRead(event.message, event.hint, desks.get(event.reader, "here"))
        case DeviceTrouble():
            return messages.DeviceTroubled(event.device, event.message, event.hint)
        case _:
            return None
