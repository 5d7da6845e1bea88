"""The event: one thing that happened, signed by its station and chained to the one before."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldkit.ledger.errors import LedgerBroken

FORMAT = 1
GENESIS = "0" * 64

_FIELDS = (
    "v", "station", "seq", "prev", "hlc", "wall_ms", "boot_id", "mono_ms", "at", "school", "visit",
    "kind", "subject", "body", "supersedes", "operator", "app_version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, in the words of ``kinds``; ``at`` is when it happened as an ISO time with zone.

    ``wall_ms``, ``boot_id`` and ``mono_ms`` are the raw clocks of the laptop when it was written, so
    that a back-dated or wrongly clocked event can be told. ``seq`` alone orders a station's events.
    """

    station: str
    seq: int
    prev: str
    hlc: int
    wall_ms: int
    boot_id: str
    mono_ms: int
    at: str
    school: str
    visit: str
    kind: str
    subject: str
    body: Mapping[str, Any]
    supersedes: tuple[str, ...]
    operator: str
    app_version: str
    v: int = FORMAT

    @property
    def id(self) -> str:
        """Name the event: station and number."""
        return f"{self.station}/{self.seq}"

    @property
    def again(self) -> bool:
        """Tell that it is a check-in of somebody who had come before."""
        return bool(self.body.get("again"))

    def canonical(self) -> str:
        """Give the one text that is hashed and signed: JSON with sorted keys and no spaces."""
        return canonical_json({name: getattr(self, name) for name in _FIELDS})

    def hash(self) -> str:
        """Give SHA-256 over the canonical text, as 64 hexadecimal digits."""
        return hash_text(self.canonical())


def canonical_json(value: Mapping[str, Any]) -> str:
    """Write JSON so that equal values give equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_text(canonical: str) -> str:
    """Give SHA-256 of a canonical text, as 64 hexadecimal digits.

    A lone surrogate of a broken name is kept as it is, so that no event is refused for it.
    """
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def read_event(canonical: str) -> Event:
    """Read an event back from its canonical text.

    Raises LedgerBroken where the text is not one that ``canonical`` could have written.
    """
    try:
        fields = json.loads(canonical)
        event = Event(**{**fields, "supersedes": tuple(fields["supersedes"])})
        same = event.canonical() == canonical
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LedgerBroken(where="canonical") from error
    if not same:
        raise LedgerBroken(where="canonical")
    return event


def next_hlc(previous: int, wall_ms: int) -> int:
    """Give the hybrid logical time after ``previous``: 48 bits of milliseconds, 16 of a counter.

    It never goes back, whatever the wall clock does.
    """
    return max(previous + 1, wall_ms << 16)
