"""The upper part of the align screen: the line around a problem; and the trail of what was repaired."""

from datetime import datetime
from itertools import pairwise

from fieldkit.kit import Kit
from fieldkit.ledger.events import Event
from fieldkit.ledger.read import frames, history
from fieldkit.ledger.read.line import checkins
from fieldkit.ledger.read.people import person_by_key
from fieldkit.screens.align_problem import ALL_SURE, Named, file_digits, short_name, span, sure_of
from fieldkit.screens.rows import CHOSEN, LastAct, clock_time, pause_shown
from fieldkit.studio.problems import AlignDay, LineRow, Problem, is_sealed, pause_between
from fieldkit.text import cells, cut, fit, one_line
from fieldkit.words import Lang, Saying
from fieldkit.words import align as words
from fieldkit.words import line as line_words
from fieldkit.words import screens as screen_words

PRESSES = {
    "enter": "accept", "A": "accept_all", "n": "go(1)", "b": "go(-1)", "g": "end(0)", "G": "end(-1)",
    "s": "split", "m": "merge", "[": "boundary(-1)", "]": "boundary(1)",
    "r": "nobodys", "x": "left", "w": "swap", ">": "shift(1)", "<": "shift(-1)",
    "u": "undo", "p": "picture", "o": "clock", "/": "somebody", "k": "choose(-1)", "j": "choose(1)",
}  # fmt: skip
MOST_ACTS = 4
MOST_WHOM = 18
NARROW = 72


def row_of(day: AlignDay, problem: Problem) -> int:
    """Give the place in the line that a problem concerns."""
    for place, row in enumerate(day.line):
        if problem.person is not None and row.person == problem.person:
            return place
        nobodys = problem.sitting if problem.person is None and row.person is None else None
        if nobodys and row.links[0].frame.frame == nobodys.frames[0]:
            return place
    return 0


def named_in(kit: Kit, visit: str) -> Named:
    """Give what names a person of a visit by key: name and sequence number."""

    def named(key: str) -> tuple[str, str]:
        person = person_by_key(kit.store, visit, key)
        came = checkins(kit.store, visit, key)
        name = person.entry.name or person.entry.student_no or key if person else key
        return one_line(name), came[0].sequence_number if came else ""

    return named


def repair_trail(kit: Kit, visit: str) -> list[LastAct]:
    """Give the newest repairs of this station that undo would take back, newest first."""
    acts = history.last_repairs(kit.store, visit, kit.journal.station.id, MOST_ACTS)
    return [
        LastAct(screen_words.ACT_MARKS[act.kind], happened_at(act), concerned(kit, visit, act))
        for act in acts
    ]


def undone_told(kit: Kit, visit: str, undone: Event, following: Event | None) -> Saying:
    """Tell what was undone, and what the next undo would take back."""
    whom, whom_next = (
        cut(concerned(kit, visit, act), MOST_WHOM) if act else "" for act in (undone, following)
    )

    def told(lang: Lang) -> str:
        said = words.UNDONE.say(lang, what=line_words.ACTS[undone.kind].say(lang), whom=whom)
        if following is None:
            return f"{said}   {words.UNDO_ENDS.say(lang)}"
        time, what = clock_time(happened_at(following)), line_words.ACTS[following.kind].say(lang)
        return f"{said}   {words.UNDO_NEXT.say(lang, time=time, what=what, whom=whom_next)}"

    return told


def happened_at(act: Event) -> datetime:
    """Give when an act happened."""
    return datetime.fromisoformat(act.at)


def concerned(kit: Kit, visit: str, act: Event) -> str:
    """Name what a repair was about: frames by the first and the last, or a person."""
    said = act.body.get("frames")
    subjects = list(said) if isinstance(said, dict) else [act.subject]
    rows = [frames.frame(kit.store, visit, subject) for subject in (subjects[0], subjects[-1])]
    files = [file_digits(row.file) for row in rows if row]
    return span(list(dict.fromkeys(files))) if files else named_in(kit, visit)(subjects[0])[0]


def line_around(
    day: AlignDay, here: int, chosen: int | None, most: int, width: int, lang: Lang, named: Named
) -> list[str]:
    """Show headings and the line around a problem, between two rules."""
    rows = line_rows(day, here, chosen, most, width, lang, named)
    return ["─" * width, head_row(width, lang), *rows, *[""] * (most - len(rows)), "─" * width]


def line_rows(
    day: AlignDay, here: int, chosen: int | None, most: int, width: int, lang: Lang, named: Named
) -> list[str]:
    """Show the line around a problem: who, when they came, their frames, the pause before, how sure.

    ``named`` gives a key's name and number.
    """
    at = here if chosen is None else chosen
    first = max(0, min(at - most // 2, len(day.line) - most))
    shown = range(first, min(len(day.line), first + most))
    pauses = _pauses(day)
    rows = []
    for place in shown:
        row = day.line[place]
        mark = "»" if place == chosen else CHOSEN if place == here else " "
        pause = pauses.get(row.links[0].frame.frame, "") if row.links else ""
        rows.append(_line_row(row, mark, pause, width, lang, named))
    return rows


def head_row(width: int, lang: Lang) -> str:
    """Give the headings over the line."""
    left = fit(f" {words.LINE_HEAD.say(lang)}", _who_width(width))
    taken = fit(words.FRAMES_HEAD.say(lang), 18)
    return fit(f"{left}│ {taken}│ {fit(words.PAUSE_HEAD.say(lang), 6)} {words.SURE_HEAD.say(lang)}", width)


def _who_width(width: int) -> int:
    return width - 43


def _line_row(row: LineRow, mark: str, pause: str, width: int, lang: Lang, named: Named) -> str:
    name, number = named(row.person) if row.person else (words.SOMEBODY.say(lang), "")
    # On a narrow screen the time gives way: without the name nobody knows who is meant.
    came, numbered = (clock_time(row.came) if row.came else " " * 5, 9) if width >= NARROW else ("", 7)
    room = _who_width(width) - 4 - cells(came) - numbered
    who = f"{mark}{came} {fit(one_line(name), room)} {fit(number, numbered)}"
    taken = f"{fit(_files(row), 11)} {fit(words.COUNT.say(lang, count=len(row.links)), 6)}"
    return cut(f"{fit(who, _who_width(width))}│ {taken}│ {pause:>6} {_sure(row, lang)}", width)


def _files(row: LineRow) -> str:
    # Who was called back has frames far apart: a span from the first to the last would name others' too.
    if not row.links:
        return "—"
    together = row.together
    more = len(row.links) - together
    return span([short_name(link) for link in row.links[:together]]) + (f"+{more}" if more else "")


def _pauses(day: AlignDay) -> dict[str, str]:
    """Give how long the chair was empty before each sitting, by the sitting's first frame."""
    pauses = {}
    for before, after in pairwise(day.sittings):
        pause = pause_between(before.links[-1], after.links[0])
        if pause is not None:
            pauses[after.frames[0]] = pause_shown(pause)
    return pauses


def _sure(row: LineRow, lang: Lang) -> str:
    if not row.links:
        return f"× {words.MISSING.say(lang)}" if row.person else ""
    if all(map(is_sealed, row.links)):
        return f"■ {words.SEALED.say(lang)}"
    least = min(map(sure_of, row.links))
    doubtful = any(link.link.status == "review" for link in row.links)
    return f"{'▲' if doubtful else '■'} {least / ALL_SURE:.2f}"
