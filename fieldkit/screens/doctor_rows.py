"""What the doctor screen shows, as plain lines: the findings, their sum, what to do about one."""

from collections import Counter
from collections.abc import Sequence

from fieldkit.doctor.finding import MARKS, Finding
from fieldkit.screens.rows import CHOSEN
from fieldkit.text import cells, fit, one_line, wrap
from fieldkit.words import Lang
from fieldkit.words import doctor as words

WHAT_WIDTH = 20
ROW_BEGIN = WHAT_WIDTH + 6
STEP_ROWS = 12
URGENT = ("failure", "warning", "ok")


def summary(findings: Sequence[Finding], lang: Lang) -> str:
    """Count findings by their state, or nothing where there is none."""
    if not findings:
        return ""
    count = Counter(finding.state for finding in findings)
    return words.SUMMARY.say(
        lang, total=len(findings), ok=count["ok"], warning=count["warning"], failure=count["failure"]
    )


def most_urgent(findings: Sequence[Finding]) -> int:
    """Give the place of the first finding of the worst state."""
    places = range(len(findings))
    return min(places, key=lambda place: (URGENT.index(findings[place].state), place), default=0)


def finding_rows(findings: Sequence[Finding], chosen: int, width: int, most: int, lang: Lang) -> list[str]:
    """Show one line a finding, scrolled so that the chosen one is in sight."""
    first = max(0, min(chosen - most + 2, len(findings) - most))
    rows = []
    for place, finding in list(enumerate(findings))[first : first + most]:
        mark = CHOSEN if place == chosen else " "
        what, found = finding.what.say(lang), one_line(finding.found.say(lang, **finding.fields))
        rows.append(fit(f" {mark} {MARKS[finding.state]} {fit(what, WHAT_WIDTH)} {found}", width))
    return rows


def step_rows(finding: Finding | None, width: int, lang: Lang) -> list[str]:
    """Show the next step of a finding line by line, after what its row had to cut."""
    if finding is None:
        return []
    found = one_line(finding.found.say(lang, **finding.fields))
    # What the row above has no room for stands here in full.
    written, step = [found] if cells(found) > width - ROW_BEGIN else [], words.ALL_WELL.say(lang)
    if finding.next_step is not None:
        step = f"{words.NEXT.say(lang)}{finding.next_step.say(lang, **finding.fields)}"
    written += step.split("\n")
    lines = [piece for line in written for piece in _indented(one_line(line), width - 6)]
    return [fit(f"   {line}", width) for line in lines[:STEP_ROWS]]


def _indented(line: str, width: int) -> list[str]:
    # A rule that is to be copied keeps the shape it is written in.
    inside = line.lstrip()
    margin = line[: len(line) - len(inside)]
    return [margin + piece for piece in wrap(inside, width - len(margin), STEP_ROWS)] or [""]
