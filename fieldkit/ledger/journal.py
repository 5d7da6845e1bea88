"""The journal: the only way anything is written down, one signed event after another."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldkit import __version__
from fieldkit.clock import Clock
from fieldkit.ledger import kinds
from fieldkit.ledger.errors import LedgerBroken, NothingToUndo
from fieldkit.ledger.events import GENESIS, Event, hash_text, next_hlc
from fieldkit.ledger.store import Store
from fieldkit.ledger.views.fold import fold


@dataclass(frozen=True, slots=True)
class Station:
    """The laptop as the ledger knows it: the id of its present life, its letter, its Ed25519 seed."""

    id: str
    letter: str
    seed: bytes


class Journal:
    """Writes events for one station; what ``writing`` wrote is on stable storage when it returns."""

    def __init__(self, store: Store, station: Station, clock: Clock, operator: str = "") -> None:
        self.store = store
        self.station = station
        self.clock = clock
        self.operator = operator

    @contextmanager
    def writing(self) -> Iterator["Pen"]:
        """Open a transaction to read, decide and write in; nothing is kept if it raises.

        Raises what Store.write raises.
        """
        with self.store.write():
            yield Pen(self)

    def undo(self, visit: str) -> Event:
        """Undo this station's newest act of the visit that still stands, by one more event.

        Gives the event of the act. Raises NothingToUndo.
        """
        with self.writing() as pen:
            row = self.store.one(
                "SELECT seq, subject FROM acts WHERE visit=? AND station=? AND undone=0 "
                "ORDER BY seq DESC LIMIT 1",
                (visit, self.station.id),
            )
            if row is None:
                raise NothingToUndo
            target = self.event(self.station.id, row["seq"])
            pen.undo(target)
        return target

    def event(self, station: str, seq: int) -> Event:
        """Read one event back. Raises LedgerBroken where there is none."""
        from fieldkit.ledger.events import read_event

        canonical = self.store.value("SELECT canonical FROM events WHERE station=? AND seq=?", (station, seq))
        if canonical is None:
            raise LedgerBroken(where=f"{station}/{seq}")
        return read_event(canonical)


class Pen:
    """What a transaction writes with."""

    def __init__(self, journal: Journal) -> None:
        from nacl.signing import SigningKey

        self._journal = journal
        self._key = SigningKey(journal.station.seed)
        head = journal.store.one(
            "SELECT seq, hash FROM events WHERE station=? ORDER BY seq DESC LIMIT 1",
            (journal.station.id,),
        )
        self._seq: int = head["seq"] if head else 0
        self._prev: str = head["hash"] if head else GENESIS
        self._hlc: int = journal.store.value("SELECT max(hlc) FROM events") or 0

    def record(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        visit: str = "",
        school: str = "",
        subject: str = "",
        at: datetime | None = None,
        supersedes: tuple[str, ...] = (),
    ) -> Event:
        """Write one event down and bring the views up to date with it.

        ``at`` is when it happened, now where it is not given.
        """
        journal = self._journal
        now = journal.clock.now()
        wall_ms = round(now.timestamp() * 1000)
        self._seq += 1
        self._hlc = next_hlc(self._hlc, wall_ms)
        event = Event(
            station=journal.station.id,
            seq=self._seq,
            prev=self._prev,
            hlc=self._hlc,
            wall_ms=wall_ms,
            boot_id=journal.clock.boot_id(),
            mono_ms=journal.clock.mono_ms(),
            at=(at or now).isoformat(timespec="milliseconds"),
            school=school,
            visit=visit,
            kind=kind,
            subject=subject,
            body=body,
            supersedes=supersedes,
            operator=journal.operator,
            app_version=__version__,
        )
        canonical = event.canonical()
        self._prev = hash_text(canonical)
        journal.store.db.conn.execute(
            "INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?)",
            (
                event.station, event.seq, event.hlc, event.kind, event.visit, event.prev, self._prev,
                self._key.sign(bytes.fromhex(self._prev)).signature, canonical,
            ),
        )  # fmt: skip
        fold(journal.store.db, event)
        return event

    def undo(self, target: Event) -> Event:
        """Take an act back by one more event."""
        return self.record(
            kinds.UNDO,
            {"station": target.station, "seq": target.seq},
            visit=target.visit,
            subject=target.subject,
            school=target.school,
        )
