"""What is odd about the last few people, said while they can still be called back."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from fieldkit.links.line import line_of
from fieldkit.links.outcome import Link
from fieldkit.links.pauses import widest_pause
from fieldkit.links.recording import FrameTaken, Next, Observation, Seat, Slate
from fieldkit.links.repairs import Repair, assign, firm, split, whose
from fieldkit.words import Text
from fieldkit.words import links as words

AlarmKind = Literal["no-frames", "no-person", "many-frames", "no-camera"]
_PEOPLE_LATER = 2
_BESIDE = 2
_FEW = 2 * _PEOPLE_LATER + 2
_LIKELY = 0.6
_TEXTS: Mapping[AlarmKind, Text] = {
    "no-frames": words.NO_FRAMES,
    "no-person": words.NO_PERSON,
    "many-frames": words.MANY_FRAMES,
    "no-camera": words.NO_CAMERA,
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something odd: where in the shooting, about whom, and what would repair it."""

    kind: AlarmKind
    frame: str | None
    persons: tuple[str, ...]
    repair: Repair | None

    @property
    def text(self) -> Text:
        """Say what is odd; ``{count}`` is the number of persons concerned."""
        return _TEXTS[self.kind]


@dataclass(frozen=True, slots=True)
class _Sitting:
    """Frames that follow one another and stand for the same person, or for none."""

    person: str | None
    links: tuple[Link, ...]
    sure: bool


def alarms(observations: Sequence[Observation], links: Sequence[Link]) -> tuple[Alarm, ...]:
    """Find what is odd in a day so far, in shooting order.

    Speaks only where witnesses at the camera make a fault plain, two people after it at the latest:
    on a day without any, order cannot tell a fault from a habit.
    """
    sittings = _sittings(links)
    line = _waiting(observations, sittings)
    passed = _without_frames(line, sittings)
    known = {person for alarm in passed for person in alarm.persons}
    found = [
        *passed,
        *(
            one
            for one in _confirmed_without_frames(observations, line, sittings)
            if not known & {*one.persons}
        ),
        *_without_person(line, sittings),
        *_too_many(observations, sittings, line),
        *_without_camera(observations),
    ]
    place = {link.frame: at for at, link in enumerate(links)}
    found.sort(key=lambda alarm: place.get(alarm.frame or "", len(place)))
    return tuple(found)


def _sittings(links: Sequence[Link]) -> list[_Sitting]:
    taken = (link for link in links if link.status != "spare")
    sittings = []
    for person, group in groupby(taken, key=whose):
        inside = tuple(group)
        sittings.append(_Sitting(person, inside, sure=any(map(firm, inside))))
    return sittings


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The places in line of those who sat or may sit, who is still to have frames, and whose a number is."""

    place: Mapping[str, int]
    waiting: tuple[tuple[int, str], ...]
    holder: Mapping[int, str]

    def next_waiting(self, person: str) -> str | None:
        """Give who stands nearest behind a person without frames, within a few places."""
        at = self.place.get(person)
        near = (one for place, one in self.waiting if at is not None and at < place <= at + _BESIDE)
        return next(near, None)

    def beside(self, *sittings: _Sitting) -> bool:
        """Tell whether somebody without frames stands among these sitters or just before them.

        Who stands behind them all may just not have come to sit yet.
        """
        at = [self.place[one.person] for one in sittings if one.person and one.person in self.place]
        return any(min(at) - _BESIDE <= place <= max(at) for place, _ in self.waiting if at)


def _waiting(observations: Sequence[Observation], sittings: Sequence[_Sitting]) -> _Waiting:
    line = line_of(observations)
    have = {one.person for one in sittings if any(link.confidence >= _LIKELY for link in one.links)}
    waiting = sorted((at, who) for who, at in line.waits.items() if who not in have)
    return _Waiting(line.came, tuple(waiting), {seen.seq: seen.person for seen in line.checkins})


def _without_frames(line: _Waiting, sittings: Sequence[_Sitting]) -> list[Alarm]:
    """Find persons of the line that were passed by two who came behind them, and have no frame.

    Not where frames in between stand under review: they may be theirs.
    """
    named = {sitting.person for sitting in sittings}
    missing = [(place, person) for place, person in line.waiting if person not in named]
    places = [place for place, _ in missing]
    behind: Counter[int] = Counter()
    passed: dict[int, str] = {}
    doubtful: set[int] = set()
    # Those who may be next, and are not passed yet.
    near: set[int] = set()
    for sitting in sittings:
        if not sitting.sure or any(link.status == "review" for link in sitting.links):
            doubtful |= near
        if not sitting.sure:
            continue
        at = line.place.get(sitting.person or "", -1)
        # Only the next few in line tell: who is called out of turn passes nobody.
        for place in places[bisect_left(places, at - _FEW) : bisect_right(places, at + _BESIDE)]:
            if behind[place] >= _PEOPLE_LATER:
                continue
            if at < place and not behind[place]:
                near.add(place)
                doubtful.discard(place)
            elif place < at:
                behind[place] += 1
                passed[place] = sitting.links[0].frame
                if behind[place] >= _PEOPLE_LATER:
                    near.discard(place)
        if sitting.links[-1].status == "review":
            doubtful |= near
    return [
        Alarm("no-frames", passed[place], (person,), None)
        for place, person in missing
        if behind[place] >= _PEOPLE_LATER and place not in doubtful
    ]


def _confirmed_without_frames(
    observations: Sequence[Observation], line: _Waiting, sittings: Sequence[_Sitting]
) -> list[Alarm]:
    """Find persons who were confirmed at the chair and have no frame, though two confirmed behind them have.

    No frame may have arrived until the next was confirmed: it would be theirs, whoever it is linked to.
    """
    seats = sorted((seen for seen in observations if isinstance(seen, Seat)), key=lambda seen: seen.at)
    named = [(seen.at, seen.person or line.holder.get(seen.seq or 0)) for seen in seats]
    turns = [(moment, who) for at, (moment, who) in enumerate(named) if not at or who != named[at - 1][1]]
    arrived = sorted(seen.at for seen in observations if isinstance(seen, FrameTaken))
    waiting = {person for _, person in line.waiting}
    first: dict[str | None, str] = {}
    for sitting in sittings:
        first.setdefault(sitting.person, sitting.links[0].frame)
    found = []
    for at, (moment, who) in enumerate(turns[:-_PEOPLE_LATER]):
        behind = [person for _, person in turns[at + 1 : at + 1 + _PEOPLE_LATER]]
        if who not in waiting or any(person in waiting or person not in first for person in behind):
            continue
        if bisect_left(arrived, moment) == bisect_left(arrived, turns[at + 1][0]):
            found.append(Alarm("no-frames", first[behind[-1]], (who,), None))
    return found


def _without_person(line: _Waiting, sittings: Sequence[_Sitting]) -> list[Alarm]:
    """Find frames that stand for no one, or hardly for one, with two people behind them.

    Not where somebody beside has no frames yet: they are most likely theirs.
    """
    found = []
    sure = [sitting.sure for sitting in sittings]
    if sum(sure) * 2 < len(sittings):
        return []
    for at, sitting in enumerate(sittings):
        if sum(sure[at + 1 : at + 2 + _PEOPLE_LATER]) < _PEOPLE_LATER or sitting.sure:
            continue
        if any(link.confidence >= _LIKELY for link in sitting.links):
            continue
        if line.beside(*sittings[max(0, at - 1) : at + 2]):
            continue
        frames = [link.frame for link in sitting.links]
        repair = assign(frames, sitting.person) if sitting.person else None
        persons = (sitting.person,) if sitting.person else ()
        found.append(Alarm("no-person", frames[0], persons, repair))
    return found


def _too_many(
    observations: Sequence[Observation], sittings: Sequence[_Sitting], line: _Waiting
) -> list[Alarm]:
    """Find a sitting with far more frames than any usual one, and where it would be cut.

    The part behind the cut is theirs who stands next in line without frames, else the next sitter's.
    """
    lengths = sorted(len(sitting.links) for sitting in sittings if sitting.person)
    if len(lengths) < 10:
        return []
    usual = lengths[int(len(lengths) * 0.9)]
    taken = {seen.id: seen for seen in observations if isinstance(seen, FrameTaken)}
    found = []
    for at, sitting in enumerate(sittings):
        if len(sitting.links) <= 2 * usual + 2 or sitting.person is None:
            continue
        frames = [link.frame for link in sitting.links]
        cut = frames[widest_pause([taken[name] for name in frames])]
        follows = sittings[at + 1].person if at + 1 < len(sittings) else None
        after = line.next_waiting(sitting.person) or follows
        repair = split(sitting.links, cut, after) if after else None
        found.append(Alarm("many-frames", frames[-1], (sitting.person,), repair))
    return found


def _without_camera(observations: Sequence[Observation]) -> list[Alarm]:
    """Find that three sat down after the last frame arrived, on a day when frames arrive live."""
    frames = [seen for seen in observations if isinstance(seen, FrameTaken)]
    chair = [seen.at for seen in observations if isinstance(seen, Seat | Next | Slate)]
    if not frames or not chair:
        return []
    latest = max(frames, key=lambda seen: seen.at)
    silent = sum(moment > latest.at for moment in chair)
    if silent <= _PEOPLE_LATER:
        return []
    return [Alarm("no-camera", latest.id, (), None)]
