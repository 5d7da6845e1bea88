"""What was delivered of a visit, and which crops its frames gave."""

import json
from dataclasses import dataclass
from datetime import datetime

from fieldkit.ledger.store import Store


@dataclass(frozen=True, slots=True)
class CropRow:
    """What a frame gave under one profile: the SHA-256 of the delivery file, and the limits it breaks.

    ``sha256`` is empty where there was nothing to deliver.
    """

    frame: str
    sha256: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One file that was written for somebody; ``path`` counts from the delivery folder."""

    person: str
    path: str
    frame: str
    sha256: str
    at: datetime


def crops(store: Store, visit: str) -> dict[str, CropRow]:
    """Give what frames gave, by the key of original and profile."""
    rows = store.query("SELECT * FROM crops WHERE visit=?", (visit,))
    return {
        row["crop"]: CropRow(row["frame"], row["sha256"], tuple(json.loads(row["problems"]))) for row in rows
    }


def deliveries(store: Store, visit: str) -> list[DeliveryRow]:
    """Give the files that were written, oldest first."""
    rows = store.query("SELECT * FROM deliveries WHERE visit=? ORDER BY hlc, station, seq, person", (visit,))
    return [
        DeliveryRow(
            row["person"], row["path"], row["frame"], row["sha256"], datetime.fromisoformat(row["at"])
        )
        for row in rows
    ]
