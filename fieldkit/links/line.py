"""Where people stand in the line of a door, by their check-ins; without numpy, for screens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fieldkit.links.recording import Checkin, Leave, Observation


@dataclass(frozen=True, slots=True)
class Line:
    """The check-ins of a line, in door order, and the persons by the place of one of theirs, from 0 on.

    ``came`` has everybody by their first check-in, in door order; ``waits`` by their last who has
    not left since: who comes again waits from there on.
    """

    checkins: tuple[Checkin, ...]
    came: Mapping[str, int]
    waits: Mapping[str, int]


def line_of(observations: Iterable[Observation]) -> Line:
    """Give the line of a day; the order of its observations does not matter."""
    checkins: list[Checkin] = []
    gone: set[str] = set()
    for seen in observations:
        if isinstance(seen, Checkin):
            checkins.append(seen)
        elif isinstance(seen, Leave):
            gone.add(seen.checkin)
    checkins.sort(key=lambda seen: (seen.at, seen.seq, seen.id))
    came: dict[str, int] = {}
    last: dict[str, int] = {}
    for at, seen in enumerate(checkins):
        came.setdefault(seen.person, at)
        last[seen.person] = at
    waits = {person: at for person, at in last.items() if checkins[at].id not in gone}
    return Line(tuple(checkins), came, waits)
