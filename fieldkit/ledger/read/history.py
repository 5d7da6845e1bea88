"""What happened to one person or one frame, event by event."""

from dataclasses import dataclass

from fieldkit.ledger.events import Event, read_event
from fieldkit.ledger.store import Store


@dataclass(frozen=True, slots=True)
class Happened:
    """One event that names somebody, and whether it was undone."""

    event: Event
    undone: bool


def history(store: Store, visit: str, key: str) -> list[Happened]:
    """Give the events of a visit that name a person's key, in the order all stations agree on."""
    rows = store.query(
        "SELECT canonical, coalesce(undone, 0) AS undone FROM events "
        "LEFT JOIN acts USING (station, seq) WHERE events.visit=? AND instr(canonical, ?) "
        "ORDER BY hlc, station, seq",
        (visit, f'"{key}"'),
    )
    return [Happened(read_event(row["canonical"]), bool(row["undone"])) for row in rows]
