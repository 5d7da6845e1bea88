"""How far a card is read in, as the camera screen shows it: values and plain lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from fieldkit.errors import FieldkitError
from fieldkit.screens.errors import PassBroke
from fieldkit.screens.holding import Question, question_line
from fieldkit.screens.keys import way_to
from fieldkit.text import cells, cut, fit, one_line
from fieldkit.words import Lang, Text
from fieldkit.words import bridge as words
from fieldkit.words import frames as frame_words
from fieldkit.words import studio as studio_words

CopyState = Literal["copying", "done", "partly", "pulled", "failed", "held"]
MARKS: dict[CopyState, str] = {
    "copying": "", "done": "■", "partly": "▲", "pulled": "×", "failed": "×", "held": "?",
}  # fmt: skip
PARTLY_NEXT: Mapping[str, Text] = MappingProxyType(
    {
        "cancelled": words.STOPPED_NEXT,
        "incomplete": words.UNFINISHED_NEXT,
        "empty": words.UNFINISHED_NEXT,
    }
)
RATE_AFTER = 1.0
FULL, EMPTY = "▒", "░"


@dataclass(frozen=True, slots=True)
class Copying:
    """One card: how many files and bytes were read of how many, in how many seconds, what came of it.

    ``left`` counts files that were not read, ``file`` is the first of them and ``reason`` names why it was
    not; ``to_come`` are the bytes of the files that were not come to yet. One that is "held" is told as a
    question, not as a result. ``key`` tells the card from others of its name, and ``beside`` is another with
    which something is still wrong.
    """

    card: str
    state: CopyState
    files: int = 0
    of: int = 0
    read: int = 0
    to_come: int = 0
    seconds: float = 0.0
    new: int = 0
    left: int = 0
    reason: str = ""
    file: str = ""
    error: FieldkitError | None = field(default=None, compare=False)
    key: str = field(default="", compare=False)
    beside: "Copying | None" = None

    @property
    def wrong(self) -> bool:
        """Say whether something of the card was not read in that a person has to see to."""
        return self.state in {"partly", "pulled", "failed"}

    @property
    def rate(self) -> float:
        """Give the bytes read in a second, 0 while that is not known yet."""
        return self.read / self.seconds if self.seconds >= RATE_AFTER else 0.0

    @property
    def seconds_left(self) -> int | None:
        """Give the seconds that the rest will take at this rate, or None."""
        return round(self.to_come / self.rate) if self.rate else None

    @property
    def share(self) -> float:
        """Give how much of the card is read, from 0 to 1."""
        if self.state == "done" or not self.of:
            return 1.0
        return min(1.0, self.files / self.of)

    @property
    def unfinished(self) -> bool:
        """Say whether a later look may find it otherwise: a file was still being written, or went away."""
        return self.state == "copying" or self.reason == "gone"

    def result(self, lang: Lang) -> tuple[str, str]:
        """Say what came of it, and what to do now."""
        card = one_line(self.card)
        match self.state:
            case "done":
                return words.COPIED.say(lang, card=card, new=self.new, of=self.of), words.COPIED_NEXT.say(
                    lang
                )
            case "partly":
                reason, file = frame_words.REASONS[self.reason].say(lang), one_line(self.file)
                partly = words.COPIED_PARTLY if self.left == 1 else words.COPIED_PARTLY_MORE
                what = partly.say(lang, card=card, file=file, left=self.left, reason=reason)
                return what, PARTLY_NEXT.get(self.reason, words.COPIED_PARTLY_NEXT).say(lang)
            case "pulled":
                text: Text = words.PULLED if self.left else words.PULLED_UNKNOWN
                return text.say(lang, card=card, left=self.left), words.PULLED_NEXT.say(lang)
            case _:
                error = self.error or PassBroke()
                return words.NOT_COPIED.say(lang, card=card, message=error.what(lang)), error.next_step(lang)


@dataclass(slots=True)
class Told:
    """What the cards told last, and what is still wrong with any of them, the newest last.

    That a card was taken out too early, or could not be read, stays until the same card is told of: what
    another card tells in the meantime must not hide it.
    """

    _wrong: dict[str, Copying] = field(default_factory=dict)

    def after(self, now: Copying | None) -> Copying | None:
        """Give what to show after a card told something; None tells that one was taken out."""
        if now is not None:
            self._wrong.pop(now.key, None)
        newest = next(reversed(self._wrong.values()), None)
        if now is None:
            return newest
        if now.wrong:
            self._wrong[now.key] = now
        return replace(now, beside=newest)


def trouble_elsewhere(before: Copying | None, now: Copying | None, lang: Lang) -> str | None:
    """Say at another desk what went wrong with a card, once."""
    if now is None or not now.wrong or (before and (before.card, before.state) == (now.card, now.state)):
        return None
    return "  ".join((f"{way_to('capture')} {now.result(lang)[0]}", now.result(lang)[1]))


def card_lines(
    now: Copying | None, judged: tuple[int, int], asked: Question | None, width: int, lang: Lang
) -> list[str]:
    """Show in two lines how far a card is read in, and one that is held, or else wrong, in one of them."""
    if asked is None:
        if now is None or now.beside is None:
            return copying_lines(now, judged, width, lang) if now is not None else []
        return [copying_lines(one, judged, width, lang)[0] for one in (now, now.beside)]
    question = question_line(asked, width, lang)
    if now is None:
        after = words.REFUSED_NEXT if asked.refused else words.STRANGE_NEXT
        return [question, fit(f"   {after.say(lang)}", width)]
    return [copying_lines(now, judged, width, lang)[0], question]


def card_state(now: Copying | None, asked: Question | None) -> CopyState:
    """Give the state that colours both lines: a card being read, else one that is held, or what is wrong."""
    if now is not None and now.state == "copying":
        return "copying"
    if now is None or asked is not None:
        return "held"
    return now.state if now.wrong or now.beside is None else now.beside.state


def copying_lines(now: Copying, judged: tuple[int, int], width: int, lang: Lang) -> list[str]:
    """Show it in two lines of ``width`` cells; ``judged`` is how many frames of how many were judged."""
    if now.state == "copying":
        return [fit(_progress(now, lang), width), _bar(now.share, width)]
    what, step = now.result(lang)
    done, total = judged
    if done < total:
        step = f"{studio_words.JUDGING.say(lang, done=done, total=total)}  {step}"
    return [fit(f" {MARKS[now.state]} {what}", width), fit(f"   {step}", width)]


def how_far(now: Copying, lang: Lang) -> list[str]:
    """Say how many files are done, how fast it goes and how long it will take, as far as that is known."""
    pieces = [words.COPIED_FILES.say(lang, files=now.files, of=now.of)]
    if now.rate:
        pieces.append(words.RATE.say(lang, rate=f"{now.rate / 1e6:.0f}"))
    if now.seconds_left is not None:
        minutes, seconds = divmod(now.seconds_left, 60)
        pieces.append(words.TIME_LEFT.say(lang, minutes=minutes, seconds=seconds))
    return pieces


def _progress(now: Copying, lang: Lang) -> str:
    return " ! " + "   ".join([words.DO_NOT_REMOVE.both(), cut(one_line(now.card), 16), *how_far(now, lang)])


def _bar(share: float, width: int) -> str:
    percent = f" {int(share * 100):>3}% "
    room = width - cells(percent) - 1
    full = int(room * share)
    return f" {FULL * full}{EMPTY * (room - full)}{percent}"
