"""Repairs of links: each gives the operator's words of one event, and touches nobody else.

A repair is applied by the operator's word alone (``engine.with_words``): frames that it does not
name keep their links whatever the model would make of it. Undoing the event undoes the repair.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fieldkit.links.outcome import Link

RepairKind = Literal["assign", "unassign", "swap", "split", "merge", "shift", "clock"]
_FIRM = frozenset({"sealed", "operator", "slate", "seat", "likeness"})


@dataclass(frozen=True, slots=True)
class Repair:
    """The operator's words of one act: each frame's person, None for nobody's."""

    kind: RepairKind
    words: tuple[tuple[str, str | None], ...]


def whose(link: Link) -> str | None:
    """Give the person a frame stands for on the screen: linked, or proposed."""
    return link.person or link.proposal


def firm(link: Link) -> bool:
    """Tell whether a witness at the camera or a person's word ties a frame."""
    return link.status == "linked" and bool(_FIRM & set(link.why))


def assign(frames: Iterable[str], person: str) -> Repair:
    """Give frames to a person."""
    return Repair("assign", tuple((frame, person) for frame in frames))


def unassign(frames: Iterable[str]) -> Repair:
    """Say that frames are nobody's."""
    return Repair("unassign", tuple((frame, None) for frame in frames))


def swap(links: Sequence[Link], one: str, other: str) -> Repair:
    """Exchange the frames of two persons; sealed frames stay."""
    change: Mapping[str | None, str] = {one: other, other: one}
    words = [(link.frame, change[whose(link)]) for link in _open(links) if whose(link) in change]
    return Repair("swap", tuple(words))


def merge(links: Sequence[Link], into: str, other: str) -> Repair:
    """Give all frames of one person to another; sealed frames stay."""
    frames = [link.frame for link in _open(links) if whose(link) == other]
    return Repair("merge", tuple((frame, into) for frame in frames))


def split(links: Sequence[Link], frame: str, person: str) -> Repair:
    """Give a frame and those behind it in the same sitting to another person; sealed ones stay.

    Raises KeyError for a frame that is not among the links.
    """
    place = _place(links, frame)
    before = whose(links[place])
    words = []
    for link in links[place:]:
        if link.status == "spare":
            continue
        if whose(link) != before:
            break
        if not link.sealed:
            words.append((link.frame, person))
    return Repair("split", tuple(words))


def shift(links: Sequence[Link], line: Sequence[str], frame: str, step: int = 1) -> Repair:
    """Move frames from here to the next firm witness ``step`` places along the line.

    ``line`` are the persons in door order, each once. The frame itself is moved even where it is firm;
    the shift stops at the line's end. Raises KeyError for a frame that is not among the links.
    """
    place = _place(links, frame)
    places = {person: at for at, person in enumerate(line)}
    words: list[tuple[str, str | None]] = []
    started = whose(links[place])
    for link in links[place:]:
        person = whose(link)
        if person is None:
            continue
        if firm(link) and person != started:
            break
        at = places.get(person, -1)
        if at < 0 or not 0 <= at + step < len(line):
            break
        if not link.sealed:
            words.append((link.frame, line[at + step]))
    return Repair("shift", tuple(words))


def clock(before: Sequence[Link], after: Sequence[Link]) -> Repair:
    """Keep what a corrected camera clock settles among the frames that were under review.

    ``after`` are the links of the same day with the clock corrected; what was linked before stays.
    """
    settled = {link.frame: link for link in after if link.status == "linked"}
    words = [
        (link.frame, settled[link.frame].person)
        for link in before
        if link.status == "review" and link.frame in settled
    ]
    return Repair("clock", tuple(words))


def _open(links: Sequence[Link]) -> Iterable[Link]:
    return (link for link in links if not link.sealed)


def _place(links: Sequence[Link], frame: str) -> int:
    for place, link in enumerate(links):
        if link.frame == frame:
            return place
    raise KeyError(frame)
