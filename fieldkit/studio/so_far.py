"""What a visit tells so far for a check of the laptop: the cameras' clocks, the room still needed."""

from datetime import datetime

from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read.line import chair_acts
from fieldkit.ledger.read.people import count_people
from fieldkit.ledger.store import Store
from fieldkit.links.recording import Unknown
from fieldkit.studio.evidence import observations
from fieldkit.studio.watch_day import WatchedVisit

LEAST_FRAMES = 5
LEAST_PEOPLE = 20


def cameras_behind(store: Store, visit: str, station: str, now: datetime) -> dict[str, float]:
    """Give for each camera of today by how many seconds its clock is behind the laptop's.

    Only clocks are given that the links themselves are sure of.
    """
    from fieldkit.links.evidence import lay_out

    seen = observations(store, visit, station)
    today = [one for one in seen if not isinstance(one, Unknown) and one.at.date() == now.date()]
    return {
        clock.body: clock.behind
        for clock in lay_out(today).clocks
        if clock.sure and clock.frames >= LEAST_FRAMES
    }


def behind_beside(store: Store, watched: WatchedVisit, station: str, now: datetime) -> dict[str, float]:
    """Answer ``cameras_behind`` as a question to the process that works links out."""
    return cameras_behind(store, watched.visit, station, now)


def bytes_to_come(store: Store, visit: str) -> int | None:
    """Estimate the bytes of the originals still to come, by those who sat; None before twenty did."""
    sat = len({act.person for act in chair_acts(store, visit) if act.person})
    if sat < LEAST_PEOPLE:
        return None
    held = sum(file.ct_size for file in read_frames.files(store, visit))
    return held // sat * max(0, count_people(store, visit) - sat)
