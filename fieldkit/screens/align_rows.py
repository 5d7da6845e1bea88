"""What the align screen shows, as plain lines: the line, the frames of a problem, what keys would do."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from fieldkit.kit import Kit
from fieldkit.ledger.read import frames, history
from fieldkit.ledger.read.line import checkins
from fieldkit.ledger.read.people import person_by_key
from fieldkit.screens.rows import CHOSEN, LastAct, clock_time, pause_shown
from fieldkit.studio.linking import VisitLink
from fieldkit.studio.problems import AlignDay, LineRow, Problem, cut_at, given, shot_time, widest_pause
from fieldkit.studio.repairs import REPAIR_ACTS
from fieldkit.text import cut, fit, one_line
from fieldkit.words import Lang, Text
from fieldkit.words import align as words
from fieldkit.words import screens as screen_words

PRESSES = {
    "enter": "accept", "n": "following", "b": "before", "s": "split", "m": "merge", "[": "boundary(-1)",
    "]": "boundary(1)", "r": "nobodys", "x": "left", "w": "swap", ">": "shift(1)", "<": "shift(-1)",
    "u": "undo", "p": "picture", "o": "clock", "/": "somebody", "k": "choose(-1)", "j": "choose(1)",
}  # fmt: skip
MOST_ACTS = 4
LOOK_BACK = 50

Named = Callable[[str], tuple[str, str]]
PIECE = 7
_SAID: dict[str, Text] = {
    "review": words.REVIEW,
    "many-frames": words.MANY,
    "no-person": words.REVIEW,
    "no-frames": words.WITHOUT,
}


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
    acts = history.last_acts(kit.store, visit, kit.journal.station.id, LOOK_BACK)
    found = []
    for act in [act for act in acts if act.kind in REPAIR_ACTS][:MOST_ACTS]:
        frame = frames.frame(kit.store, visit, act.subject)
        person = person_by_key(kit.store, visit, act.subject)
        who = frame.file.rpartition("/")[2] if frame else person.entry.name if person else act.subject
        found.append(LastAct(screen_words.ACT_MARKS[act.kind], act.at, one_line(who)))
    return found


def line_around(
    day: AlignDay, here: int, chosen: int | None, most: int, width: int, lang: Lang, named: Named
) -> list[str]:
    """Show headings and the line around a problem, between two rules."""
    rows = line_rows(day, here, chosen, most, width, lang, named)
    return ["─" * width, head_row(width, lang), *rows, *[""] * (most - len(rows)), "─" * width]


def align_lines(
    day: AlignDay, problem: Problem, mark: int, chosen: str | None, width: int, lang: Lang, named: Named
) -> list[str]:
    """Show what is odd, the frames concerned, and what Enter and s would do to them."""
    lines = [problem_row(problem, width, lang, named)]
    if problem.sitting is None:
        return lines
    links = problem.sitting.links
    lines += [*strip_rows(links, mark, width), pause_row(links, width, lang)]
    accepted = given(problem, chosen) if chosen else problem.repair
    if accepted:
        lines.append(f"   {repair_text(accepted.words, links, words.ENTER_DOES, lang, named)}")
    if len(links) > 1:
        cut_there = cut_at(day, problem, mark, chosen)
        text = words.SPLIT_WHOM.say(lang)
        if cut_there:
            text = repair_text(cut_there.words, links, words.SPLIT_DOES, lang, named)
        lines.append(f"   {text}")
    return [cut(line, width) for line in lines]


def line_rows(
    day: AlignDay, here: int, chosen: int | None, most: int, width: int, lang: Lang, named: Named
) -> list[str]:
    """Show the line around a problem: who, when they came, their frames, the pause before, how sure.

    ``named`` gives a key's name and number.
    """
    at = here if chosen is None else chosen
    first = max(0, min(at - most // 2, len(day.line) - most))
    shown = range(first, min(len(day.line), first + most))
    return [_line_row(day, place, here, chosen, width, lang, named) for place in shown]


def head_row(width: int, lang: Lang) -> str:
    """Give the headings over the line."""
    left = fit(f" {words.LINE_HEAD.say(lang)}", _who_width(width))
    taken = fit(words.FRAMES_HEAD.say(lang), 18)
    return fit(f"{left}│ {taken}│ {fit(words.PAUSE_HEAD.say(lang), 6)} {words.SURE_HEAD.say(lang)}", width)


def strip_rows(links: Sequence[VisitLink], mark: int, width: int) -> list[str]:
    """Show frames side by side with their times and how sure each is, cut at the mark: four lines."""
    room = (width - 6) // PIECE
    first = max(0, min(mark - room // 2, len(links) - room))
    shown = list(enumerate(links))[first : first + room]
    lines = ["", "", ""]
    for place, link in shown:
        edge = "┊" if place == mark and mark else " "
        sure = f"{MARKS[link.link.status]}{_share(link.link.confidence)}"
        for row, text in enumerate((short_name(link), f"{shot_time(link):%M:%S}", sure)):
            lines[row] += f"{edge}{fit(text, PIECE - 1)}"
    more = f"+{len(links) - len(shown)}" if len(shown) < len(links) else ""
    return [fit(f" │{lines[0]}{more}", width), *(fit(f" │{line}", width) for line in lines[1:])]


MARKS = {"linked": "■", "review": "▲", "spare": "·"}


def problem_row(problem: Problem, width: int, lang: Lang, named: Named) -> str:
    """Say in one line what is odd."""
    text = _SAID[problem.kind] if problem.person else words.UNKNOWN_SITTER
    count = len(problem.sitting.links) if problem.sitting else 0
    name = " ".join(named(problem.person)) if problem.person else ""
    mark = "×" if problem.kind == "no-frames" else "▲"
    return fit(f" {mark} {text.say(lang, name=name.strip(), count=count)}", width)


def pause_row(links: Sequence[VisitLink], width: int, lang: Lang) -> str:
    """Say where the widest pause is, empty where there is none."""
    place = widest_pause(links)
    if not place:
        return ""
    pause = pause_shown(
        shot_time(links[place]) - shot_time(links[place - 1]), words.PAUSE_UNITS.say(lang).split("|")
    )
    files = f"{short_name(links[place - 1])}|{short_name(links[place])}"
    return fit(f"   {words.WIDEST.say(lang, pause=pause)} {files}", width)


def repair_text(
    said: Sequence[tuple[str, str | None]],
    links: Sequence[VisitLink],
    template: Text,
    lang: Lang,
    named: Named,
) -> str:
    """Say what a repair does: which frames become whose."""
    files = {link.frame.frame: short_name(link) for link in links}
    changed = [(files.get(frame, frame), person) for frame, person in said]
    names = list(dict.fromkeys(person for _, person in changed))
    whom = "、".join(_whom(person, lang, named) for person in names[:2])
    return template.say(lang, frames=span([file for file, _ in changed]), count=len(changed), name=whom)


def span(files: Sequence[str]) -> str:
    """Name frames that follow one another by the first and the last."""
    return files[0] if len(files) == 1 else f"{files[0]}-{files[-1]}"


def short_name(link: VisitLink) -> str:
    """Give the digits by which people call a frame."""
    stem = link.frame.file.rpartition("/")[2].partition(".")[0]
    return one_line(stem[-4:])


def _whom(person: str | None, lang: Lang, named: Named) -> str:
    return " ".join(named(person)).strip() if person else words.NOBODYS.say(lang)


def _who_width(width: int) -> int:
    return width - 43


def _line_row(
    day: AlignDay, place: int, here: int, chosen: int | None, width: int, lang: Lang, named: Named
) -> str:
    row = day.line[place]
    name, number = named(row.person) if row.person else (words.SOMEBODY.say(lang), "")
    mark = "»" if place == chosen else CHOSEN if place == here else " "
    came = clock_time(row.came) if row.came else " " * 5
    room = _who_width(width) - 18
    who = f"{mark}{came} {fit(one_line(name), room)} {fit(number, 9)}"
    taken = f"{fit(_files(row), 11)} {fit(words.COUNT.say(lang, count=len(row.links)), 6)}"
    return cut(f"{fit(who, _who_width(width))}│ {taken}│ {_pause(day, row):>6} {_sure(row, lang)}", width)


def _files(row: LineRow) -> str:
    return span([short_name(link) for link in row.links]) if row.links else "—"


def _pause(day: AlignDay, row: LineRow) -> str:
    if not row.links:
        return ""
    first = row.links[0]
    for before, after in pairwise(day.sittings):
        if after.links[0] == first:
            return pause_shown(shot_time(first) - shot_time(before.links[-1]))
    return ""


def _sure(row: LineRow, lang: Lang) -> str:
    if not row.links:
        return f"× {words.MISSING.say(lang)}" if row.person else ""
    least = min(link.link.confidence for link in row.links)
    doubtful = any(link.link.status == "review" for link in row.links)
    return f"{'▲' if doubtful else '■'} {min(least, 0.99 if doubtful else 1.0):.2f}"


def _share(confidence: float) -> str:
    # Nothing is shown as surer than it is.
    return "1.0" if confidence == 1 else f".{int(confidence * 100):02d}"
