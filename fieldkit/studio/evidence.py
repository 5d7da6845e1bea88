"""What a visit's events say about its frames, as the observations that links are made from."""

from collections.abc import Sequence

from fieldkit.ledger import kinds
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read import line as read_line
from fieldkit.ledger.read.frames import FrameRow
from fieldkit.ledger.store import Store
from fieldkit.links.recording import Assign, Checkin, Faces, FrameTaken, Leave, Next, Observation, Seat


def observations(
    store: Store, visit: str, station: str, frames: Sequence[FrameRow] | None = None
) -> list[Observation]:
    """Give what one station saw of a visit, by time; ``frames`` are its frames where they are at hand."""
    rows = read_frames.frames(store, visit, station) if frames is None else frames
    seen = [*_line(store, visit, station), *_frames(store, visit, rows)]
    seen.sort(key=lambda observation: observation.at)
    return [*seen]


def stations(store: Store, visit: str) -> list[str]:
    """Name the stations that took frames at a visit, in the order of their letters."""
    return read_frames.stations(store, visit)


def _line(store: Store, visit: str, station: str) -> list[Checkin | Seat | Next | Leave]:
    checkins = read_line.station_checkins(store, visit, station)
    seen: list[Checkin | Seat | Next | Leave] = [
        Checkin(at=entry.at, id=entry.id, person=entry.person, seq=entry.number) for entry in checkins
    ]
    for act in read_line.chair_acts(store, visit, station):
        if act.what == kinds.SEAT:
            seen.append(Seat(at=act.at, person=act.person))
        elif act.what == kinds.NEXT:
            seen.append(Next(at=act.at))
        else:
            left = [entry.id for entry in checkins if entry.person == act.person and entry.at <= act.at]
            if left:
                seen.append(Leave(at=act.at, checkin=left[-1]))
    return seen


def _frames(store: Store, visit: str, frames: Sequence[FrameRow]) -> list[FrameTaken | Faces | Assign]:
    names = {frame.frame for frame in frames}
    seen: list[FrameTaken | Faces | Assign] = [
        FrameTaken(at=frame.at, id=frame.frame, body=frame.body, file=frame.file, shot=frame.shot)
        for frame in frames
    ]
    seen += [
        Faces(at=at, frame=frame, count=count)
        for frame, count, at in read_frames.faces(store, visit)
        if frame in names
    ]
    seen += [
        Assign(at=word.at, frame=word.frame, person=word.person)
        for word in read_frames.said(store, visit)
        if word.frame in names
    ]
    return seen
