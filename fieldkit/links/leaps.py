"""Where the line goes on far from where it was: frames between are missing, or a class came out of turn."""

from collections.abc import Iterator, Mapping
from statistics import median_low

from fieldkit.links.claims import Claims
from fieldkit.links.evidence import NOBODY, Evidence
from fieldkit.links.sittings import Sittings

_TOGETHER = 7
_FAR, _NEAR = 0.35, 0.2


def leaps(evidence: Evidence, claims: Claims, day: Sittings, width: int, start: int = 0) -> Mapping[int, int]:
    """Give the place in line that the line is at from a burst on, for bursts where it leaps.

    Several witnesses in a row must name people about there, and out of reach of those before, which
    is a part of ``width`` places; before the first of all the line was at ``start``. One who is called
    back, or a wrong name, is no leap.
    """
    if width > evidence.entry_times.size:
        return {}
    named = list(_named(evidence, claims, day))
    places = [place for _, place in named]
    found: dict[int, int] = {}
    since = 0
    for at in (0, *range(_TOGETHER, len(named))):
        if len(named) - at <= _TOGETHER or (at and at - since < _TOGETHER):
            continue
        before = median_low(places[at - _TOGETHER : at]) if at else start
        behind = median_low(places[at : at + _TOGETHER])
        if abs(behind - before) > _FAR * width and abs(places[at] - behind) < _NEAR * width:
            found[named[at][0]] = behind
            since = at
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
