"""What a visit's events say about its frames, as the observations that links are made from."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from fieldkit.ledger import kinds
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read import line as read_line
from fieldkit.ledger.read.frames import FrameRow
from fieldkit.ledger.read.line import ChairAct, CheckedIn
from fieldkit.ledger.store import Store
from fieldkit.links.recording import Assign, Checkin, Faces, FrameTaken, Leave, Next, Observation, Seat


def observations(
    store: Store, visit: str, station: str, frames: Sequence[FrameRow] | None = None
) -> list[Observation]:
    """Give what one station saw of a visit, by time; ``frames`` are its frames where they are at hand."""
    rows = read_frames.frames(store, visit, station) if frames is None else frames
    names = {row.frame for row in rows}
    checkins = read_line.station_checkins(store, visit, station)
    seen: list[Observation] = [
        *seen_at_door(checkins),
        *seen_at_chair(read_line.chair_acts(store, visit, station), checkins),
        *seen_by_camera(rows),
        *seen_in_pictures(one for one in read_frames.faces(store, visit) if one[0] in names),
        *said_of(store, visit, names),
    ]
    seen.sort(key=attrgetter("at"))
    return seen


def stations(store: Store, visit: str) -> list[str]:
    """Name the stations that took frames at a visit, in the order of their letters."""
    return read_frames.stations(store, visit)


def seen_at_door(checkins: Iterable[CheckedIn]) -> list[Checkin]:
    """Give check-ins as observations."""
    return [Checkin(at=entry.at, id=entry.id, person=entry.person, seq=entry.number) for entry in checkins]


def seen_at_chair(acts: Iterable[ChairAct], checkins: Iterable[CheckedIn]) -> list[Seat | Next | Leave]:
    """Give acts at the chair as observations; who leaves leaves by the newest of their check-ins before."""
    came: dict[str, list[CheckedIn]] = {}
    for entry in checkins:
        came.setdefault(entry.person, []).append(entry)
    seen: list[Seat | Next | Leave] = []
    for act in acts:
        if act.what == kinds.SEAT:
            seen.append(Seat(at=act.at, person=act.person))
        elif act.what == kinds.NEXT:
            seen.append(Next(at=act.at))
        else:
            left = [entry.id for entry in came.get(act.person, ()) if entry.at <= act.at]
            if left:
                seen.append(Leave(at=act.at, checkin=left[-1]))
    return seen


def seen_by_camera(frames: Iterable[FrameRow]) -> list[FrameTaken]:
    """Give frames as observations."""
    return [
        FrameTaken(at=frame.at, id=frame.frame, body=frame.body, file=frame.file, shot=frame.shot)
        for frame in frames
    ]


def seen_in_pictures(faces: Iterable[tuple[str, int, datetime]]) -> list[Faces]:
    """Give how many faces were found in frames as observations."""
    return [Faces(at=at, frame=frame, count=count) for frame, count, at in faces]


def said_of(store: Store, visit: str, names: Container[str]) -> list[Assign]:
    """Give what people said of the frames that are named, oldest first."""
    return [
        Assign(at=word.at, frame=word.frame, person=word.person)
        for word in read_frames.said(store, visit)
        if word.frame in names
    ]
