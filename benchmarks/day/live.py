"""A made-up day as it happens: how quick and how good the links are by then, and what is called odd.

An alarm is *false* when nothing was odd: the person has a frame, the frames are who they seem, or
the camera runs. A fault is *told* when its person is named, or its frames are, by an alarm raised
before a third person sat down behind it.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.day.seen import SeenDay
from fieldkit.links.alarms import Alarm, alarms
from fieldkit.links.engine import link_frames
from fieldkit.links.live import LiveDay
from fieldkit.links.outcome import Link
from fieldkit.links.recording import FrameTaken, Observation

_TOGETHER = 4.0
_PEOPLE_LATER = 3


@dataclass(slots=True)
class LiveScore:
    """Sums over days that were watched as they happened."""

    people: int = 0
    false: list[tuple[str, str]] = field(default_factory=list)
    faults: int = 0
    told: int = 0
    seconds: list[float] = field(default_factory=list)
    frames: int = 0
    other: int = 0
    wrong: int = 0

    def row(self) -> str:
        """Give the figures as one line of a table."""
        slow = sorted(self.seconds)
        return (
            f"{self.people:8}{len(self.false):7}{500 * len(self.false) / max(1, self.people):9.2f}"
            f"{self.told:6}/{self.faults:<4}{1000 * slow[len(slow) // 2]:8.0f}"
            f"{1000 * slow[int(0.99 * (len(slow) - 1))]:6.0f}{1000 * slow[-1]:6.0f}"
            f"{self.other / max(1, self.frames):10.2%}{10_000 * self.wrong / max(1, self.frames):7.1f}"
        )


HEAD = (
    f"{'people':>8}{'false':>7}{'per 500':>9}{'told':>6}{'':5}{'ms p50':>8}{'p99':>6}"
    f"{'most':>6}{'not as full':>10}{'wrong':>7}"
)


def watch(score: LiveScore, seen: SeenDay) -> None:
    """Let a day happen and add what was seen of it to the score."""
    day = LiveDay()
    so_far: list[Observation] = []
    raised: set[tuple[str, tuple[str, ...], str | None]] = set()
    told: set[str] = set()
    for some in _moments(seen.observations):
        began = time.process_time()
        links = day.add(*some)
        score.seconds.append(time.process_time() - began)
        so_far.extend(some)
        for alarm in alarms(so_far, links):
            key = (alarm.kind, alarm.persons, alarm.frame if alarm.kind != "no-frames" else None)
            if key not in raised:
                raised.add(key)
                told |= _judge(score, seen, so_far, links, alarm)
    score.people += len(seen.sat)
    for place, sitting in enumerate(seen.day.sittings):
        if sitting.seq is None and place + _PEOPLE_LATER < len(seen.day.sittings) and sitting.shots:
            score.faults += 1
            score.told += sitting.person in told
    here = {arrival.person for arrival in seen.day.arrivals if not arrival.elsewhere}
    left = here - {one.person for one in seen.day.sittings}
    gone = {arrival.person for arrival in seen.day.arrivals if arrival.seen_leaving is not None}
    score.faults += len(left - gone)
    score.told += len((left - gone) & told)
    full = {link.frame: link for link in link_frames(seen.observations)}
    for link in day.links:
        score.frames += 1
        score.other += (link.status, link.person) != (full[link.frame].status, full[link.frame].person)
        score.wrong += link.status == "linked" and link.person != seen.truth[link.frame] is not None


def _moments(observations: tuple[Observation, ...]) -> Iterator[list[Observation]]:
    """Give what comes together: a frame with what was found in it, and what came since the one before."""
    some: list[Observation] = []
    latest: float | None = None
    for one in observations:
        at = getattr(one, "at", None)
        moment = at.timestamp() if at else 0.0
        if latest is not None and moment > latest + _TOGETHER:
            yield some
            some, latest = [], None
        some.append(one)
        if isinstance(one, FrameTaken):
            latest = moment
    if some:
        yield some


def _judge(
    score: LiveScore, seen: SeenDay, so_far: list[Observation], links: tuple[Link, ...], alarm: Alarm
) -> set[str]:
    """Tell whose fault an alarm names; an alarm that names none is false."""
    taken = [one.id for one in so_far if isinstance(one, FrameTaken)]
    owners = {seen.truth[name] for name in taken}
    if alarm.kind == "no-frames":
        odd = {person for person in alarm.persons if person not in owners}
    elif alarm.kind == "no-camera":
        odd = set()
    else:
        odd = _unlike(seen, links, alarm)
    if not odd:
        score.false.append((alarm.kind, alarm.frame or ""))
    return odd


def _unlike(seen: SeenDay, links: tuple[Link, ...], alarm: Alarm) -> set[str]:
    """Give who really sits in the frames of an alarm, where that is not whom they stand for alone."""
    place = next(at for at, link in enumerate(links) if link.frame == alarm.frame)
    whose = links[place].person or links[place].proposal
    around = links[max(0, place - 12) : place + 12]
    owners = {seen.truth[link.frame] for link in around if (link.person or link.proposal) == whose}
    if owners == {whose} and alarm.kind == "no-person":
        return set()
    return {owner or "nobody" for owner in owners - {whose}}
