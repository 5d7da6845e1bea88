"""What was written down since a moment, for readers that ask for what is new alone."""

from fieldkit.ledger.events import Event, read_event
from fieldkit.ledger.store import Store


def last_written(store: Store) -> tuple[int, int]:
    """Give the place of the newest event in this store, and the newest time of any."""
    row = store.one("SELECT (SELECT max(rowid) FROM events) AS place, (SELECT max(hlc) FROM events) AS hlc")
    return (row["place"] or 0, row["hlc"] or 0) if row else (0, 0)


def written_since(store: Store, place: int, visit: str) -> list[Event]:
    """Give the events of a visit that came into this store behind a place, as they came."""
    # Events are never deleted, so that their rows are counted in the order they came.
    rows = store.query(
        "SELECT canonical FROM events WHERE rowid>? AND +visit=? ORDER BY rowid", (place, visit)
    )
    return [read_event(row["canonical"]) for row in rows]
