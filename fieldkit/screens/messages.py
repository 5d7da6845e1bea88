"""What is posted to the app from outside: frozen, thread-safe to send, never kept."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.message import Message

from fieldkit.errors import FieldkitError
from fieldkit.model import CredentialRead
from fieldkit.screens.copying import Copying
from fieldkit.screens.holding import Question
from fieldkit.words import Lang, Text
from fieldkit.words import bridge as words

if TYPE_CHECKING:
    from fieldkit.line.desk import Note

Place = Literal["door", "chair", "here"]
LightState = Literal["ok", "absent", "fault", "busy"]


@dataclass(frozen=True)
class Light:
    """The state of one device as the status line shows it: a letter or word, and a shape."""

    name: Text
    state: LightState


@dataclass
class CredentialPresented(Message):
    """Somebody presented a credential at the door, at the chair, or at the screen that is shown.

    ``walk_in`` is the name under which to serve somebody at the door whom no roster holds.
    """

    read: CredentialRead
    place: Place = "here"
    walk_in: str | None = None


@dataclass
class CardNotRead(Message):
    """A card was presented and could not be read; texts of what happened and what to do."""

    message: Text
    hint: Text
    place: Place = "here"


@dataclass
class NextPressed(Message):
    """The clicker at the camera was pressed: the next in line sits down."""


@dataclass
class SomebodyLeft(Message):
    """Somebody who waited was seen to leave; ``who`` is any credential, number or key of theirs."""

    who: str


@dataclass
class FramesChanged(Message):
    """Frames were read in, judged or linked anew."""

    def can_replace(self, message: Message) -> bool:
        """Say that one such message stands for all that wait."""
        return isinstance(message, FramesChanged)


@dataclass
class LineChanged(Message):
    """Somebody checked in, sat down or left without this app's doing."""

    def can_replace(self, message: Message) -> bool:
        """Say that one such message stands for all that wait."""
        return isinstance(message, LineChanged)


@dataclass
class TroubleTold(Message):
    """A device, or what reads from it, gave up; the error says why and what to do."""

    error: FieldkitError


@dataclass
class RehearsalTold(Message):
    """A rehearsal begins or is over: what is so, and what there is to do now."""

    headline: Text
    notes: "tuple[Note, ...]"


@dataclass
class LightsChanged(Message):
    """The devices that there are, with their states."""

    lights: tuple[Light, ...]


@dataclass
class SettingsChanged(Message):
    """The laptop's settings were changed and kept."""


@dataclass
class HaltPressed(Message):
    """Cards are to be read in no further now, or again."""


@dataclass
class DeviceTroubled(Message):
    """A device cannot work just now and goes on trying; texts of what happened and what to do."""

    device: str
    message: Text
    hint: Text

    def told(self, lang: Lang) -> str:
        """Tell of it in one line."""
        what, step = self.message.say(lang), self.hint.say(lang)
        return words.TROUBLE.say(lang, device=self.device, message=what, hint=step)


@dataclass
class CardTold(Message):
    """How far the camera's card is read in, or None where there is nothing to tell of any."""

    now: Copying | None


@dataclass
class CardHeld(Message):
    """A card that does not look like the visit's is held until somebody answers, or none is."""

    question: Question | None


@dataclass
class AnswerPressed(Message):
    """Somebody said of the card that is held whether it belongs to the visit."""

    path: str
    belongs: bool


@dataclass
class FramesJudged(Message):
    """How many of the frames that were read in are judged."""

    done: int
    total: int

    def can_replace(self, message: Message) -> bool:
        """Say that the newest such message stands for all that wait."""
        return isinstance(message, FramesJudged)
