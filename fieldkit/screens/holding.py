"""Cards that do not look like the visit's: held until a person says whether to read them in."""

from dataclasses import dataclass
from datetime import date

from fieldkit.screens.keys import way_to
from fieldkit.text import cells, cut, fit, one_line
from fieldkit.words import Lang
from fieldkit.words import bridge as words

TAKE, REFUSE = "ctrl+y", "ctrl+n"
ANSWERS = {TAKE: True, REFUSE: False}
CARD_WIDTH = 14


@dataclass(frozen=True, slots=True)
class Question:
    """A card that is held: where it is, what it is called, its new files, a day on which one was shot.

    ``refused`` is one that somebody said is none of the visit's; they may still have it read in.
    """

    path: str
    card: str
    files: int
    day: date
    refused: bool = False


def question_text(asked: Question, lang: Lang) -> str:
    """Ask, or say that the card was refused."""
    text = words.REFUSED if asked.refused else words.STRANGE
    card = cut(one_line(asked.card), CARD_WIDTH)
    return text.say(lang, card=card, files=asked.files, day=asked.day.isoformat())


def question_elsewhere(before: Question | None, asked: Question | None, lang: Lang) -> str | None:
    """Say at another desk, once for each card, that it is held and where it is asked about."""
    if asked is None or asked == before or asked.refused:
        return None
    return f"{question_text(asked, lang)}  {words.STRANGE_AT.say(lang, way=way_to('capture'))}"


def question_line(asked: Question, width: int, lang: Lang) -> str:
    """Show it in one line with the keys that answer; what is cut is never a key."""
    mark, keys = ("-", words.REFUSED_KEY) if asked.refused else ("?", words.STRANGE_KEYS)
    answers = f"  {keys.say(lang)}"
    return fit(cut(f" {mark} {question_text(asked, lang)}", width - cells(answers)) + answers, width)


def shown_question(held: dict[str, Question]) -> Question | None:
    """Give the question to show: the first that waits for an answer, else the newest that was refused."""
    waiting = [question for question in held.values() if not question.refused]
    return next(iter(waiting), None) or next(reversed(held.values()), None)
