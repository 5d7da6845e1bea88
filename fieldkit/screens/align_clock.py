"""The questions of the align screen: how far a clock was ahead, and who else frames belong to."""

import re
from datetime import timedelta

from fieldkit.errors import FieldkitError
from fieldkit.line.chair import Chair
from fieldkit.screens.forms import Answers, Form, Line, Question
from fieldkit.words import Text
from fieldkit.words import align as words

AHEAD, WHO = "ahead", "who"
_MOST = timedelta(days=1, hours=1)
_SHAPE = re.compile(r"([+-]?)(?:(\d{1,2}):)?(?:(\d{1,2}):)?(\d{1,5})", re.ASCII)


def clock_form(frame: str) -> Form:
    """Make the form that asks how far the clock was ahead from a frame on."""
    how = Line(words.CLOCK_HOW, (("frame", frame),))
    return Form(words.CLOCK_TITLE, (how,), (Question(AHEAD, words.CLOCK_AHEAD, _wrong),))


def somebody_form(frames: str, chair: Chair) -> Form:
    """Make the form that asks whose frames are, by any credential, sequence number or name."""

    def wrong(typed: str, _: Answers) -> Text | None:
        try:
            chair.find(typed)
        except FieldkitError:
            return words.NOT_ONE
        return None

    how = Line(words.SOMEBODY_HOW, (("frames", frames),))
    return Form(words.SOMEBODY_TITLE, (how,), (Question(WHO, words.SOMEBODY_WHO, wrong),))


def read_ahead(typed: str) -> timedelta | None:
    """Read ``37``, ``-3600``, ``2:30`` or ``-1:00:00``: seconds, minutes and seconds, or hours too.

    Gives None for anything else, for nothing at all and for more than a day.
    """
    found = _SHAPE.fullmatch(typed.strip())
    if found is None:
        return None
    sign, first, second, last = found.groups()
    hours, minutes = (first, second) if second is not None else ("0", first or "0")
    if first is not None and (int(last) > 59 or (second is not None and int(second) > 59)):
        return None
    ahead = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(last))
    if not ahead or ahead > _MOST:
        return None
    return -ahead if sign == "-" else ahead


def _wrong(typed: str, _: Answers) -> Text | None:
    return None if read_ahead(typed) else words.CLOCK_SHAPE
