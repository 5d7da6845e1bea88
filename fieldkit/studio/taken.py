"""Who has been photographed: people with a linked frame that is accepted."""

from collections.abc import Sequence

from fieldkit.ledger.read.frames import accepted_by_hand, portraits
from fieldkit.ledger.store import Store
from fieldkit.studio.linking import VisitLink, visit_links


def accepted_frames(store: Store, visit: str) -> frozenset[str]:
    """Name the frames that are good enough: by somebody's word, else by their verdict."""
    accepted = {frame: row.verdict != "bad" for frame, row in portraits(store, visit).items()}
    return frozenset(frame for frame, good in (accepted | accepted_by_hand(store, visit)).items() if good)


def taken_people(store: Store, visit: str, links: Sequence[VisitLink] | None = None) -> frozenset[str]:
    """Give the keys of the people who are taken, roster and walk-ins alike."""
    accepted = accepted_frames(store, visit)
    found = visit_links(store, visit) if links is None else links
    return frozenset(
        link.person for link in found if link.person is not None and link.frame.frame in accepted
    )
