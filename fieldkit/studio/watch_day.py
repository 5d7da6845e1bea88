"""The links of a visit that is under way: what is new is read and linked, the whole day now and then."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldkit.ledger.store import Store
from fieldkit.links.alarms import Alarm, alarms
from fieldkit.links.outcome import Link
from fieldkit.links.recording import Observation
from fieldkit.studio.linking import VisitLink
from fieldkit.studio.recorded import Recorded, StationRecord

if TYPE_CHECKING:
    from fieldkit.links.live import LiveDay

SETTLE_AFTER = 100


@dataclass(frozen=True, slots=True)
class StationDay:
    """One station's part of a visit: what its desks and its camera saw, and the links of its frames.

    Links are in shooting order; operators' words are in them already, and not in what was seen.
    """

    station: str
    seen: tuple[Observation, ...]
    links: tuple[VisitLink, ...]

    def alarms(self) -> tuple[Alarm, ...]:
        """Give what is odd about the links as they stand."""
        return alarms(self.seen, [link.link for link in self.links])


@dataclass(slots=True)
class _Growing:
    """Links so far and on how much of a record they rest; ``anew`` is the whole day looked at, under way.

    ``since`` is what came after that look began.
    """

    day: "LiveDay"
    seen: list[Observation]
    count: int
    unsettled: int = 0
    anew: "Future[LiveDay] | None" = None
    since: list[Observation] = field(default_factory=list)

    def add(self, new: Sequence[Observation]) -> None:
        """Take in what is new."""
        if new:
            self.day.add(*new)
        self.count += len(new)
        self.unsettled += len(new)
        self.since += new

    def new_in(self, record: StationRecord) -> list[Observation] | None:
        """Give what is new in a record, or None where something of before is no longer there."""
        if record.new is not None:
            return record.new if self.count + len(record.new) == len(record.seen) else None
        seen, now = Counter(self.seen), Counter(record.seen)
        return None if seen - now else [*(now - seen).elements()]


class WatchedVisit:
    """Keeps what was worked out of a visit, station by station, for one reader at a time.

    Operator's words and seals are laid over the links and never move another link, so that a repair and
    its undoing cost nothing; anything else that was taken back makes a station's day begin anew.
    """

    def __init__(self, visit: str) -> None:
        self.visit = visit
        self._recorded = Recorded(visit)
        self._growing: dict[str, _Growing] = {}
        self._aside = ThreadPoolExecutor(1)

    def read(self, store: Store, *, settle: bool = False) -> tuple[StationDay, ...]:
        """Read the visit as the ledger has it now.

        With ``settle`` the links are what ``linking.visit_links`` gives; without, new frames are looked
        at with the last few people only, and the whole day now and then.
        """
        from fieldkit.links.engine import with_words

        recorded = self._recorded
        recorded.read(store)
        days = []
        for record in recorded.stations:
            links = with_words(self._reasoned(record, settle=settle), record.words, recorded.fixed)
            shown = tuple(
                VisitLink(
                    link, record.rows[link.frame], recorded.numbers.get(link.person or link.proposal or "")
                )
                for link in links
            )
            days.append(StationDay(record.station, tuple(record.seen), shown))
        return tuple(days)

    def close(self) -> None:
        """Wait for what is looked at aside, and begin nothing more there."""
        self._aside.shutdown()

    def _reasoned(self, record: StationRecord, *, settle: bool) -> Sequence[Link]:
        growing = self._growing.pop(record.station, None)
        new = growing.new_in(record) if growing else None
        if growing is None or new is None:
            growing = _whole(record)
        else:
            growing.add(new)
            growing.seen = record.seen
        if settle and growing.unsettled:
            growing = _whole(record)
        elif growing.anew is not None and growing.anew.done():
            settled, since = growing.anew.result(), growing.since
            growing = _Growing(settled, record.seen, len(record.seen) - len(since))
            growing.add(since)
        elif growing.anew is None and growing.unsettled >= SETTLE_AFTER:
            # A look at the whole day takes seconds: a frame that comes meanwhile must not wait for it.
            growing.anew, growing.since = self._aside.submit(_look, record.seen[:]), []
        self._growing[record.station] = growing
        return growing.day.links


def _whole(record: StationRecord) -> _Growing:
    return _Growing(_look(record.seen), record.seen, len(record.seen))


def _look(seen: Sequence[Observation]) -> "LiveDay":
    from fieldkit.links.live import LiveDay

    return LiveDay(seen)
