"""The question before everything that is proposed is accepted at once: how sure it must be."""

import re

from fieldkit.screens.forms import Answers, Form, Line, Question
from fieldkit.studio.problems import AlignDay, all_accepted
from fieldkit.words import Text
from fieldkit.words import align as words

LEAST = "least"
_STEPS = (95, 90, 80, 70, 50)
_PERCENT = re.compile(r"\d{1,2}", re.ASCII)


def all_form(day: AlignDay) -> Form:
    """Make the form that tells how many frames and people each sureness would accept, and asks for one."""
    lines = [Line(words.ALL_HOW)]
    for percent in _STEPS:
        repair = all_accepted(day, percent / 100)
        said = repair.words if repair else ()
        counts = {"percent": percent, "frames": len(said), "people": len({person for _, person in said})}
        lines.append(Line(words.ALL_STEP, tuple((name, str(count)) for name, count in counts.items())))

    def wrong(typed: str, _: Answers) -> Text | None:
        least = read_percent(typed)
        if least is None:
            return words.ALL_SHAPE
        return None if all_accepted(day, least) else words.ALL_NONE

    return Form(words.ALL_TITLE, tuple(lines), (Question(LEAST, words.ALL_LEAST, wrong),))


def read_percent(typed: str) -> float | None:
    """Read ``90`` as 0.9: one or two digits, not nought; None for anything else."""
    found = _PERCENT.fullmatch(typed.strip())
    return int(found[0]) / 100 if found and int(found[0]) else None
