"""From the observations of a day to the link of every frame."""

import bisect
from collections.abc import Mapping, Sequence
from datetime import UTC

from fieldkit.links.order import shooting_order
from fieldkit.links.outcome import Link, Witness
from fieldkit.links.recording import Assign, Checkin, FrameTaken, Observation, Seat, Slate

_NOBODY: Mapping[str, str | None] = {}


def link_frames(
    observations: Sequence[Observation], *, sealed: Mapping[str, str | None] = _NOBODY
) -> tuple[Link, ...]:
    """Link every frame of a day, in shooting order.

    ``sealed`` maps frames whose link was signed off to their person, None for nobody's; they and
    the operator's word stand as they are.
    """
    persons = {seen.seq: seen.person for seen in observations if isinstance(seen, Checkin)}
    frames = _timed(observations)
    slates = {seen.frame for seen in observations if isinstance(seen, Slate)}
    word = {seen.frame: seen.person for seen in observations if isinstance(seen, Assign)}
    sittings = [
        (seen.at.timestamp(), seen.person or persons.get(seen.seq or -1))
        for seen in observations
        if isinstance(seen, Seat)
    ]
    sittings.sort(key=lambda one: one[0])
    starts = [moment for moment, _ in sittings]
    links = []
    for moment, frame in frames:
        place = bisect.bisect_right(starts, moment + 0.5) - 1
        person = sittings[place][1] if place >= 0 else None
        if frame.id in sealed:
            links.append(_fixed(frame.id, sealed[frame.id], "sealed"))
        elif frame.id in word:
            links.append(_fixed(frame.id, word[frame.id], "operator"))
        elif frame.id in slates:
            links.append(Link(frame.id, "spare", None, None, 0.99, ("slate",)))
        elif person and moment - starts[place] < 20.0:
            links.append(Link(frame.id, "linked", person, None, 0.99, ("seat", "time")))
        else:
            links.append(Link(frame.id, "review", None, person, 0.5 if person else 0.0, ("order",)))
    return tuple(links)


def _fixed(frame: str, person: str | None, witness: Witness) -> Link:
    return Link(frame, "linked" if person else "spare", person, None, 1.0, (witness,))


def _timed(observations: Sequence[Observation]) -> list[tuple[float, FrameTaken]]:
    bodies = shooting_order(seen for seen in observations if isinstance(seen, FrameTaken))
    timed = []
    for frames in bodies.values():
        shots = [_seconds(frame) for frame in frames]
        late = sorted(frame.at.timestamp() - shot for frame, shot in zip(frames, shots, strict=True) if shot)
        offset = late[len(late) // 10] if late else 0.0
        moment = frames[0].at.timestamp()
        for frame, shot in zip(frames, shots, strict=True):
            moment = shot + offset if shot else moment
            timed.append((moment, frame))
    timed.sort(key=lambda one: one[0])
    return timed


def _seconds(frame: FrameTaken) -> float | None:
    return frame.shot.replace(tzinfo=UTC).timestamp() if frame.shot else None
