"""Today's practice, to compare with: count photos, or give everything to the last one scanned."""

from collections.abc import Sequence

from fieldkit.links.outcome import Link
from fieldkit.links.recording import Checkin, FrameTaken, Observation, Seat, Slate


def kth_photo(observations: Sequence[Observation]) -> tuple[Link, ...]:
    """Give the k-th group of photos to the k-th number, groups of the day's average size."""
    line = [row.person for row in observations if isinstance(row, Checkin)]
    frames = _frames(observations)
    slates = {row.frame for row in observations if isinstance(row, Slate)}
    taken = [name for name in frames if name not in slates]
    each = max(1, round(len(taken) / max(1, len(line))))
    place = {name: at // each for at, name in enumerate(taken)}
    return tuple(
        _linked(name, line[place[name]] if name in place and place[name] < len(line) else None)
        for name in frames
    )


def since_last_scan(observations: Sequence[Observation]) -> tuple[Link, ...]:
    """Give every photo to whoever was confirmed, photographed with a slip, or checked in last."""
    holder = {row.seq: row.person for row in observations if isinstance(row, Checkin)}
    at_camera = any(isinstance(row, Seat | Slate) for row in observations)
    slate = {row.frame: row.seq for row in observations if isinstance(row, Slate)}
    person: str | None = None
    links = []
    for row in observations:
        if isinstance(row, Seat):
            person = row.person or holder.get(row.seq or -1)
        elif isinstance(row, Checkin) and not at_camera:
            person = row.person
        elif isinstance(row, FrameTaken):
            if row.id in slate:
                person = holder.get(slate[row.id])
                links.append(_linked(row.id, None))
            else:
                links.append(_linked(row.id, person))
    return tuple(links)


def _frames(observations: Sequence[Observation]) -> list[str]:
    frames = [row for row in observations if isinstance(row, FrameTaken)]
    return [row.id for row in sorted(frames, key=lambda row: (row.at, row.file))]


def _linked(frame: str, person: str | None) -> Link:
    return Link(frame, "linked" if person else "spare", person, None, 1.0, ())
