"""The links of a visit as they stand now: computed from its events, fixed where they are sealed."""

from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read.frames import FrameRow
from fieldkit.ledger.read.line import numbers
from fieldkit.ledger.store import Store
from fieldkit.links.outcome import Link, link_row
from fieldkit.studio.evidence import observations, stations


@dataclass(frozen=True, slots=True)
class VisitLink:
    """One frame of a visit, its link, and the sequence number of whom it is linked or proposed to."""

    link: Link
    frame: FrameRow
    number: str | None

    @property
    def person(self) -> str | None:
        """Give the key of the person it is linked to."""
        return self.link.person

    def row(self) -> dict[str, object]:
        """Give the JSON object of ``fieldkit links``."""
        return link_row(self.link) | {
            "file": self.frame.file,
            "body": self.frame.body,
            "number": self.number,
        }


def visit_links(store: Store, visit: str) -> list[VisitLink]:
    """Give the link of every frame of a visit, in shooting order, station by station.

    A sealed link stands as it was sealed; only what somebody said of it afterwards changes it.
    """
    from fieldkit.links.engine import link_frames

    fixed: dict[str, str | None] = {
        row.frame: row.person for row in read_frames.sealed(store, visit).values()
    } | read_frames.said_since_seal(store, visit)
    rows = {row.frame: row for row in read_frames.frames(store, visit)}
    held = numbers(store, visit)
    links: list[VisitLink] = []
    for station in stations(store, visit):
        found = link_frames(observations(store, visit, station), sealed=fixed)
        links += [
            VisitLink(link, rows[link.frame], held.get(link.person or link.proposal or "")) for link in found
        ]
    return links


def frames_of(links: Sequence[VisitLink], person: str) -> list[VisitLink]:
    """Give the frames that are linked to a person."""
    return [link for link in links if link.person == person]
