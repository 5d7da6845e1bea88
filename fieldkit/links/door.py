"""Who came to the door, in order: the entries of the line. Persons are numbers from here on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from fieldkit.links.recording import Checkin, Leave, Observation
from fieldkit.links.times import Flags, Numbers, Seconds


@dataclass(frozen=True, slots=True)
class Door:
    """The check-ins of a day in door order: when, whose, whether they had come before, when they left.

    ``numbers`` gives the number of each person, ``entries_of`` by number their entries, ``holder``
    whose a check-in's own number is. Who was not seen leaving left at infinity.
    """

    times: Seconds
    persons: Numbers
    again: Flags
    left: Seconds
    numbers: Mapping[str, int]
    entries_of: tuple[tuple[int, ...], ...]
    holder: Mapping[int, int]


def at_the_door(observations: Iterable[Observation]) -> Door:
    """Lay out the check-ins and who left of a day's observations; their order does not matter."""
    checkins: list[Checkin] = []
    leaves: list[Leave] = []
    for seen in observations:
        if isinstance(seen, Checkin):
            checkins.append(seen)
        elif isinstance(seen, Leave):
            leaves.append(seen)
    checkins.sort(key=lambda seen: (seen.at, seen.seq, seen.id))
    numbers: dict[str, int] = {}
    entries_of: dict[int, list[int]] = defaultdict(list)
    persons, again = [], []
    for entry, seen in enumerate(checkins):
        person = numbers.setdefault(seen.person, len(numbers))
        persons.append(person)
        again.append(bool(entries_of[person]))
        entries_of[person].append(entry)
    left = np.full(len(checkins), np.inf)
    place = {seen.id: entry for entry, seen in enumerate(checkins)} if leaves else {}
    for gone in sorted(leaves, key=lambda seen: seen.at):
        if gone.checkin in place:
            left[place[gone.checkin]] = gone.at.timestamp()
    return Door(
        times=np.array([seen.at.timestamp() for seen in checkins]),
        persons=np.array(persons, np.int64),
        again=np.array(again, bool),
        left=left,
        numbers=numbers,
        entries_of=tuple(tuple(entries_of[person]) for person in range(len(numbers))),
        holder={seen.seq: person for seen, person in zip(checkins, persons, strict=True)},
    )
