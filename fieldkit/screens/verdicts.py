"""From outcomes of the use cases to what the banner shows; plain functions on plain values."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fieldkit.errors import FieldkitError, where
from fieldkit.ledger import kinds
from fieldkit.ledger.read.line import sequence_number
from fieldkit.model import Person
from fieldkit.screens.showing import Showing, Tone
from fieldkit.words import Lang, Saying, Text
from fieldkit.words import line as line_words
from fieldkit.words import screens as words

if TYPE_CHECKING:
    from fieldkit.ledger.events import Event
    from fieldkit.line.chair import ChairOutcome
    from fieldkit.line.desk import DoorOutcome, Note

_DOOR: dict[str, tuple[Tone, Text]] = {
    "new": ("ok", words.CHECKED_IN),
    "again": ("again", words.CHECKED_IN_BEFORE),
    "walk-in": ("ok", words.WALKED_IN),
}


def person_showing(
    tone: Tone,
    headline: Text,
    person: Person,
    notes: Sequence[str] = (),
    number: str | None = None,
) -> Showing:
    """Show one person with what they themselves can compare: name, student number, class, ID number."""
    entry = person.entry
    name = entry.name or entry.capture_code or person.key
    return Showing(
        tone=tone,
        headline=headline.both(),
        number=number or "",
        name=name,
        details=tuple(fact for fact in (entry.student_no, entry.class_name) if fact),
        id_number=entry.id_number,
        notes=tuple(notes),
    )


def door_showing(outcome: "DoorOutcome", lang: Lang) -> Showing:
    """Show what came of a presentation at the door."""
    if outcome.person is None or outcome.number is None:
        if outcome.people:
            return Showing("attention", words.SEVERAL.both(), notes=(words.CHOOSE_ONE.say(lang),))
        if outcome.credential == "chip-serial":
            return Showing("stop", words.UNKNOWN_CHIP.both(), notes=(words.UNKNOWN_CHIP_NEXT.say(lang),))
        return Showing("stop", words.NOT_LISTED.both(), notes=(words.NOT_LISTED_NEXT.say(lang),))
    tone, headline = _DOOR[outcome.status]
    notes = said(outcome.notes, lang)
    if tone == "ok" and notes:
        tone, headline = "attention", words.CHECKED_IN_LOOK
    return person_showing(tone, headline, outcome.person, notes, outcome.number)


def chair_showing(outcome: "ChairOutcome", lang: Lang, headline: Text = words.SITS_NOW) -> Showing:
    """Show who sits down, or who has left."""
    if outcome.number is None:
        return person_showing("attention", headline, outcome.person, [line_words.NOT_CHECKED_IN.say(lang)])
    return person_showing("ok", headline, outcome.person, number=outcome.number)


def undone_showing(event: "Event", person: Person | None, lang: Lang) -> Showing:
    """Show what was undone, of whom, and that a number is void."""
    notes = [line_words.ACTS["again" if event.again else event.kind].say(lang)]
    if event.kind == kinds.CHECKIN and event.body.get("chip_serial"):
        notes.append(line_words.ACTS[kinds.CHIP_BOUND].say(lang))
    if event.kind == kinds.CHECKIN:
        number = sequence_number(event.body["letter"], event.body["number"])
        notes.append((words.NUMBER_STAYS if event.again else words.NUMBER_GONE).say(lang, number=number))
    name = person.entry.name if person else ""
    return Showing("attention", words.UNDONE.both(), name=name, notes=tuple(notes))


def error_showing(error: Exception, lang: Lang) -> Showing:
    """Show that nothing was done, and the next step; a fault of the program is logged without data."""
    if not isinstance(error, FieldkitError):
        log_fault(error)
    return Showing("stop", words.NOT_DONE.both(), notes=_error_notes(error, lang))


def error_told(error: Exception) -> Saying:
    """Tell in one line what ``error_showing`` shows; a fault of the program is logged as there."""
    if not isinstance(error, FieldkitError):
        log_fault(error)
    return lambda lang: "  ".join(_error_notes(error, lang))


def _error_notes(error: Exception, lang: Lang) -> tuple[str, ...]:
    if isinstance(error, FieldkitError):
        return error.what(lang), error.next_step(lang)
    return (words.PROGRAM_FAULT.say(lang, kind=type(error).__name__),)


def log_fault(error: BaseException) -> None:
    """Write where the program failed to the log: places in the code, nobody's data."""
    logging.getLogger("fieldkit.screens").error("%s", where(error))


def said(notes: "Sequence[Note]", lang: Lang) -> list[str]:
    """Put notes into words."""
    return [note.say(lang) for note in notes]


def read_walk_in(typed: str) -> tuple[str, str]:
    """Read ``+NAME NUMBER``: the number is the last word if it has a digit, else empty."""
    parts = typed.lstrip("+＋").split()
    if len(parts) > 1 and any(character.isdigit() for character in parts[-1]):
        return " ".join(parts[:-1]), parts[-1]
    return " ".join(parts), ""
