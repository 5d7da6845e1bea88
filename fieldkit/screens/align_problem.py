"""The lower part of the align screen: what is odd, the frames concerned, and what keys would do."""

import math
from collections.abc import Callable, Sequence

from fieldkit.screens.rows import pause_shown
from fieldkit.studio.linking import VisitLink
from fieldkit.studio.problems import (
    AlignDay,
    Problem,
    accepted,
    at_hand,
    is_sealed,
    parted,
    pause_between,
    shot_time,
    widest_pause,
)
from fieldkit.text import cells, cut, fit, one_line
from fieldkit.words import Lang, Text
from fieldkit.words import align as words

Named = Callable[[str], tuple[str, str]]
PIECE = 7
ALL_SURE = 100
MARKS = {"linked": "■", "review": "▲", "spare": "·"}
_SAID: dict[str, Text] = {
    "review": words.REVIEW,
    "many-frames": words.MANY,
    "no-person": words.REVIEW,
    "no-frames": words.WITHOUT,
}


def align_lines(
    day: AlignDay, problem: Problem, mark: int, chosen: int | None, width: int, lang: Lang, named: Named
) -> list[str]:
    """Show what is odd, the frames at hand, and what Enter and s would do to them."""
    lines = [problem_row(problem, width, lang, named)]
    links = at_hand(day, problem, chosen)
    if links:
        lines += [*strip_rows(links, mark, width, lang), pause_row(links, width, lang)]
    else:
        lines += ["", f"   {words.TAKE_HOW.say(lang)}", f"   {words.SHIFT_HOW.say(lang)}"]
    enter = accepted(day, problem, chosen)
    if enter:
        lines.append(f"   {repair_text(enter.words, links, words.ENTER_DOES, lang, named)}")
    if len(links) > 1:
        cut_there = parted(day, problem, mark, chosen)
        text = (words.SPLIT_WHOM if mark else words.SPLIT_WHERE).say(lang)
        if cut_there:
            text = repair_text(cut_there.words, links, words.SPLIT_DOES, lang, named)
        lines.append(f"   {text}")
    if problem.person is None and chosen is None:
        lines.append(f"   {words.UNKNOWN_HOW.say(lang)}")
    return [cut(line, width) for line in lines]


def caption(
    day: AlignDay, problem: Problem, mark: int, chosen: int | None, width: int, lang: Lang, named: Named
) -> str:
    """Say over a picture which frame it is, when it was taken, and what Enter would do."""
    links = at_hand(day, problem, chosen)
    if not links:
        return ""
    shown = links[mark]
    which = f" {short_name(shown)}  {shot_time(shown):%H:%M:%S}  {mark + 1}/{len(links)}"
    enter = accepted(day, problem, chosen)
    does = repair_text(enter.words, links, words.ENTER_DOES, lang, named) if enter else ""
    return fit(f"{which}   {does}", width)


def strip_rows(links: Sequence[VisitLink], mark: int, width: int, lang: Lang) -> list[str]:
    """Show frames side by side with their times and how sure each is, cut at the mark: four lines."""
    room = (width - 6) // PIECE
    first = max(0, min(mark - room // 2, len(links) - room))
    shown = list(enumerate(links))[first : first + room]
    lines = ["", "", ""]
    for place, link in shown:
        edge = "┊" if place == mark and mark else " "
        hundredths = sure_of(link)
        sure = f"{MARKS[link.link.status]}{'1.0' if hundredths == ALL_SURE else f'.{hundredths:02d}'}"
        if is_sealed(link):
            sure = words.SEALED.say(lang)
        for row, text in enumerate((short_name(link), f"{shot_time(link):%M:%S}", sure)):
            lines[row] += f"{edge}{fit(text, PIECE - 1)}"
    more = f"+{len(links) - len(shown)}" if len(shown) < len(links) else ""
    return [fit(f" │{lines[0]}{more}", width), *(fit(f" │{line}", width) for line in lines[1:])]


def problem_row(problem: Problem, width: int, lang: Lang, named: Named) -> str:
    """Say in one line what is odd; a long name gives way to what is said of it."""
    text = _SAID[problem.kind] if problem.person else words.UNKNOWN_SITTER
    count = len(problem.sitting.links) if problem.sitting else 0
    mark = "×" if problem.kind == "no-frames" else "▲"
    who = ""
    if problem.person:
        name, number = named(problem.person)
        room = width - 3 - cells(text.say(lang, name=f" {number}".rstrip(), count=count))
        who = f"{cut(name, room)} {number}".strip()
    return fit(f" {mark} {text.say(lang, name=who, count=count)}", width)


def pause_row(links: Sequence[VisitLink], width: int, lang: Lang) -> str:
    """Say where the widest pause is, empty where there is none."""
    place = widest_pause(links)
    widest = pause_between(links[place - 1], links[place]) if place else None
    if widest is None:
        return ""
    pause = pause_shown(widest, words.PAUSE_UNITS.say(lang).split("|"))
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
    return file_digits(link.frame.file)


def file_digits(file: str) -> str:
    """Give the digits by which people call a camera's file."""
    stem = file.rpartition("/")[2].partition(".")[0]
    return one_line(stem[-4:])


def sure_of(link: VisitLink) -> int:
    """Give how sure a link is in hundredths: never surer than it is, and never all sure under review."""
    if link.link.confidence >= 1 and link.link.status != "review":
        return ALL_SURE
    # What was written with two places comes back as it was: 0.29 * 100 is less than 29.
    return min(ALL_SURE - 1, math.floor(link.link.confidence * ALL_SURE + 1e-9))


def why_whole(links: Sequence[VisitLink], mark: int) -> Text | None:
    """Say why frames cannot be split, whoever is chosen; None where they can, or where there are none."""
    if len(links) == 1:
        return words.ONE_FRAME
    return words.MARK_FIRST if links and not mark else None


def _whom(person: str | None, lang: Lang, named: Named) -> str:
    return " ".join(named(person)).strip() if person else words.NOBODYS.say(lang)
