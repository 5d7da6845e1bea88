"""What the banner shows, laid out as plain lines; no terminal is needed to try it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fieldkit.screens.glyphs import Glyphs
from fieldkit.text import cells, centre, cut, ends, fit, mask, one_line, wrap

Tone = Literal["idle", "preview", "ok", "again", "attention", "stop"]
Age = Literal["new", "old", "hidden"]

BETWEEN = "   "
LEAST = 12

MARKS: Mapping[Tone, str] = {
    "idle": "",
    "preview": "►►►",
    "ok": "■■■",
    "again": "▲▲▲",
    "attention": "!!!",
    "stop": "×××",
}


@dataclass(frozen=True, slots=True)
class Showing:
    """What the banner shows: one verdict or preview, already put into words."""

    tone: Tone = "idle"
    headline: str = ""
    number: str = ""
    name: str = ""
    details: tuple[str, ...] = ()
    id_number: str = ""
    notes: tuple[str, ...] = ()


def banner_lines(showing: Showing, width: int, height: int, glyphs: Glyphs, age: Age) -> list[str]:
    """Lay the banner out in exactly ``height`` lines of ``width`` cells.

    The first line is the verdict with the number at its right end, the last two are what the person
    compares and what the operator must see; the name takes all that is between.
    """
    marks = MARKS[showing.tone]
    headline = f"  {marks}  {showing.headline}  {marks}" if marks else f"  {showing.headline}"
    number = "  ".join(showing.number.partition("-")) if showing.number else ""
    top = ends(headline, f"{number}   " if number else "", width)
    id_number = mask(showing.id_number) if age == "hidden" else showing.id_number
    facts = centre(_facts((showing.name, *showing.details), id_number, width), width)
    notes = " · ".join(one_line(note) for note in showing.notes)
    middle = height - 3
    if showing.name:
        body = glyphs.big(showing.name, width, middle)
        return [top, *body, facts, centre(notes, width)]
    lines = [line for note in showing.notes for line in wrap(one_line(note), width - 8, 3)][:middle]
    above = (middle - len(lines)) // 2
    body = [fit("", width)] * above + [centre(line, width) for line in lines]
    body += [fit("", width)] * (middle - len(body))
    return [top, *body, facts, fit("", width)]


def _facts(facts: Sequence[str], id_number: str, width: int) -> str:
    """Put what the person compares in one line; the longest give way, the ID number never does."""
    shown = [one_line(fact) for fact in facts if fact]
    rest = [one_line(id_number)] if id_number else []
    for _ in facts:
        excess = cells(BETWEEN.join(shown + rest)) - width
        if excess <= 0:
            break
        longest = max(range(len(shown)), key=lambda place: cells(shown[place]))
        shown[longest] = cut(shown[longest], max(cells(shown[longest]) - excess, LEAST))
    return BETWEEN.join(shown + rest)


def with_note(showing: Showing, note: str) -> Showing:
    """Add something the operator must see; an untroubled verdict then asks for attention."""
    tone: Tone = "attention" if showing.tone == "ok" else showing.tone
    return replace(with_fact(showing, note), tone=tone)


def with_fact(showing: Showing, fact: str) -> Showing:
    """Add what was done as well; the verdict stays what it is."""
    return replace(showing, notes=(*showing.notes, fact))
