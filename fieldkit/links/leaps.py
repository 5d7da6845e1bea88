"""Where the line goes on far from where it was: frames between are missing, or a class came out of turn."""

from collections.abc import Iterator, Mapping
from statistics import median_low

from fieldkit.links.claims import Claims
from fieldkit.links.evidence import NOBODY, Evidence
from fieldkit.links.sittings import Sittings

_TOGETHER, _MOST = 7, 6
_FAR, _NEAR = 0.35, 0.2


def leaps(evidence: Evidence, claims: Claims, day: Sittings, width: int, start: int) -> Mapping[int, int]:
    """Give the place in line that the line is at from a burst on, for bursts where it leaps.

    Several witnesses in a row must name people about there, and out of reach of where the line was, which
    is a part of ``width`` places; before the first of all it was at ``start``. Those who are called
    back, from anywhere, or a wrong name, are no leap.
    """
    if width > evidence.entry_times.size:
        return {}
    named = list(_named(evidence, claims, day))
    places = [place for _, place in named]
    found: dict[int, int] = {}
    line = start
    for at in range(len(named) - _TOGETHER + 1):
        together = places[at : at + _TOGETHER]
        middle = median_low(together)
        near = [abs(place - middle) < _NEAR * width for place in together]
        if not near[0] or sum(near) < _MOST:
            continue
        if abs(middle - line) > _FAR * width:
            found[named[at][0]] = middle
        line = middle
    return found


def _named(evidence: Evidence, claims: Claims, day: Sittings) -> Iterator[tuple[int, int]]:
    """Give the bursts at whose start a witness names somebody, with their first place in line."""
    for burst, (first, stop) in enumerate(zip(day.first.tolist(), day.stop.tolist(), strict=True)):
        told = claims.person.get(first, {})
        who = max(told, key=lambda person: (told[person], -person), default=None)
        if who is None:
            who = next((claims.shows[at] for at in range(first, stop) if at in claims.shows), None)
        if who is not None and who != NOBODY and evidence.entries_of[who]:
            yield burst, evidence.entries_of[who][0] + 1
