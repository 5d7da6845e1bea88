"""The links of a visit that is under way: the ledger is read anew, the links only where it grew."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read.line import numbers
from fieldkit.ledger.store import Store
from fieldkit.links.alarms import Alarm, alarms
from fieldkit.links.outcome import Link
from fieldkit.links.recording import Assign, Observation
from fieldkit.studio.evidence import observations, stations
from fieldkit.studio.linking import VisitLink

if TYPE_CHECKING:
    from fieldkit.links.live import LiveDay

SETTLE_AFTER = 100


@dataclass(frozen=True, slots=True)
class StationDay:
    """One station's part of a visit: what it saw, and the links of its frames in shooting order."""

    station: str
    seen: tuple[Observation, ...]
    links: tuple[VisitLink, ...]

    def alarms(self) -> tuple[Alarm, ...]:
        """Give what is odd about the links as they stand."""
        return alarms(self.seen, [link.link for link in self.links])


@dataclass(slots=True)
class _Growing:
    day: "LiveDay"
    seen: list[Observation]
    unsettled: int = 0

    def new_in(self, evidence: list[Observation]) -> list[Observation] | None:
        """Give what is new in the evidence, or None where something of before is no longer there."""
        # Nearly always the day has only gone on, and to see that is far cheaper than to count.
        if evidence[: len(self.seen)] == self.seen:
            return evidence[len(self.seen) :]
        seen, now = Counter(self.seen), Counter(evidence)
        return None if seen - now else [*(now - seen).elements()]


class WatchedVisit:
    """Keeps what was worked out of a visit, station by station, for one reader at a time.

    Operator's words and seals are laid over the links and never move another link, so that a repair and
    its undoing cost nothing; anything else that was taken back makes a station's day begin anew.
    """

    def __init__(self, visit: str) -> None:
        self.visit = visit
        self._growing: dict[str, _Growing] = {}

    def read(self, store: Store, *, settle: bool = False) -> tuple[StationDay, ...]:
        """Read the visit as the ledger has it now.

        With ``settle`` the links are what ``linking.visit_links`` gives; without, new frames are looked
        at with the last few people only, and the whole day now and then.
        """
        from fieldkit.links.engine import with_words

        fixed: dict[str, str | None] = {
            row.frame: row.person for row in read_frames.sealed(store, self.visit).values()
        } | read_frames.said_since_seal(store, self.visit)
        held = numbers(store, self.visit)
        days = []
        for station in stations(store, self.visit):
            # Read once: a frame may be stored at any moment.
            rows = {row.frame: row for row in read_frames.frames(store, self.visit, station)}
            seen = observations(store, self.visit, station, list(rows.values()))
            links = with_words(self._reasoned(station, seen, settle=settle), seen, fixed)
            shown = tuple(
                VisitLink(link, rows[link.frame], held.get(link.person or link.proposal or ""))
                for link in links
            )
            days.append(StationDay(station, tuple(seen), shown))
        return tuple(days)

    def _reasoned(self, station: str, seen: Sequence[Observation], *, settle: bool) -> Sequence[Link]:
        from fieldkit.links.live import LiveDay

        evidence: list[Observation] = [one for one in seen if not isinstance(one, Assign)]
        growing = self._growing.get(station)
        new = growing.new_in(evidence) if growing else None
        if growing is None or new is None or growing.unsettled + len(new) >= SETTLE_AFTER:
            self._growing[station] = _Growing(LiveDay(evidence), evidence)
            return self._growing[station].day.links
        if new:
            growing.day.add(*new)
            growing.seen = evidence
            growing.unsettled += len(new)
        if settle and growing.unsettled:
            self._growing[station] = growing = _Growing(LiveDay(evidence), evidence)
        return growing.day.links
