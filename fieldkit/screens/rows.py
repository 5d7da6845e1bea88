"""Rows below the input line as plain text: candidates, the line, frames, the last acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldkit.ledger.read import history
from fieldkit.ledger.read.line import CheckedIn, checkins
from fieldkit.ledger.read.people import people_by_key
from fieldkit.ledger.store import Store
from fieldkit.model import Person
from fieldkit.text import cut, fit, one_line
from fieldkit.words import Lang
from fieldkit.words import screens as words

CHOSEN = "►"
# As many minutes are still said in seconds: five minutes between two sittings are 300 s.
LARGE = 16


@dataclass(frozen=True, slots=True)
class LastAct:
    """One act that undo would take back, newest first in a list: its mark, time and whom it concerned."""

    mark: str
    at: datetime
    who: str


def candidate_row(person: Person, came: CheckedIn | None, width: int, lang: Lang, *, chosen: bool) -> str:
    """Show one candidate: number, name, pinyin, class, and whether they are here."""
    entry = person.entry
    state = words.NOT_HERE.say(lang)
    if came:
        state = words.HERE_SINCE.say(lang, time=clock_time(came.at), number=came.sequence_number)
    number = entry.student_no or entry.capture_code or entry.id_number or person.key
    room = width - 64
    return fit(
        f" {CHOSEN if chosen else ' '} {fit(one_line(number), 13)} {fit(one_line(entry.name), 14)} "
        f"{fit(person.pinyin, 14)} {fit(one_line(entry.class_name), max(room, 4))} {fit(state, 13)}",
        width,
    )


def candidate_rows(
    store: Store, visit: str, people: Sequence[Person], chosen: int, width: int, lang: Lang
) -> list[str]:
    """Show the candidates with the one who is chosen marked."""
    rows = []
    for place, person in enumerate(people):
        came = checkins(store, visit, person.key)
        rows.append(candidate_row(person, came[0] if came else None, width, lang, chosen=place == chosen))
    return rows


def queue_rows(
    store: Store,
    visit: str,
    waiting: Sequence[CheckedIn],
    chosen: int | None,
    width: int,
    most: int,
    lang: Lang,
) -> list[str]:
    """Show the line from its head, scrolled so that the chosen one is in sight."""
    if not waiting:
        return [fit(f"   {words.NO_QUEUE.say(lang)}", width)]
    first = max(0, min((chosen or 0) - most + 2, len(waiting) - most))
    shown = waiting[first : first + most]
    # Each reading gives the threads beside their turn: one for all costs a busy laptop a fraction.
    people = people_by_key(store, visit, [entry.person for entry in shown])
    rows = []
    for place, entry in enumerate(shown, start=first):
        person = people.get(entry.person)
        name = one_line(person.entry.name or person.entry.capture_code) if person else ""
        mark = CHOSEN if place == chosen else " "
        number, time = entry.sequence_number, clock_time(entry.at)
        rows.append(fit(f" {mark} {place + 1:>3} {fit(name, width - 24)} {number:<7} {time}", width))
    left = len(waiting) - first - len(shown)
    if left > 0:
        rows[-1] = fit(f"   {words.MORE.say(lang, count=left + 1)}", width)
    return rows


def last_acts(store: Store, visit: str, station: str, most: int) -> list[LastAct]:
    """Give the acts of this station that undo would take back, newest first."""
    found = []
    acts = history.last_acts(store, visit, station, most)
    people = people_by_key(store, visit, [act.subject for act in acts])
    for act in acts:
        person = people.get(act.subject)
        entry = person.entry if person else None
        who = f"{entry.name} {entry.student_no}".strip() if entry else ""
        mark = words.ACT_MARKS["again" if act.again else act.kind]
        found.append(LastAct(mark, act.at, one_line(who or act.subject)))
    return found


def trail(acts: Sequence[LastAct], width: int, lang: Lang) -> str:
    """Show the last acts in one line, newest first."""
    if not acts:
        return fit(f" {words.NO_ACTS.say(lang)}", width)
    pieces = [f"{clock_time(act.at)} {act.mark} {act.who}" for act in acts]
    return fit(cut(f" {words.LAST_ACTS.say(lang)}" + "   ".join(pieces), width), width)


def clock_time(moment: datetime) -> str:
    """Write a time of day as the hall's clock shows it."""
    return f"{moment:%H:%M}"


def pause_shown(pause: timedelta, units: Sequence[str] = ("s", "m", "h", "d")) -> str:
    """Write how long a pause was, in a unit that keeps it short and still says something."""
    count, unit = round(pause.total_seconds()), units[0]
    for larger, unit_of in zip((60, 60, 24), units[1:], strict=True):
        if abs(count) < LARGE * larger:
            break
        count, unit = round(count / larger), unit_of
    return f"{count}{unit}"


def size_shown(count: int) -> str:
    """Write a number of bytes in the unit that a person would say."""
    size, unit = float(count), "B"
    for unit in ("B", "K", "M", "G", "T"):
        if size < 1000 or unit == "T":
            break
        size /= 1000
    return f"{size:.0f}{unit}" if size >= 10 or unit == "B" else f"{size:.1f}{unit}"
