"""What a visit's events say, kept while it grows: each reading asks the ledger for what is new alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read import line as read_line
from fieldkit.ledger.read.events import last_written, written_since
from fieldkit.ledger.read.frames import FrameRow
from fieldkit.ledger.read.line import ChairAct, CheckedIn
from fieldkit.ledger.store import Store
from fieldkit.links.recording import Assign, Observation
from fieldkit.studio import evidence

_ADDING = frozenset(
    {
        kinds.CHECKIN, kinds.SEAT, kinds.NEXT, kinds.LEAVE, kinds.FILE_CAPTURED, kinds.PORTRAIT_JUDGED,
    }
)  # fmt: skip
_SAYING_NOTHING = frozenset({kinds.FILE_SEEN, kinds.FILE_VERIFIED, kinds.CARD_READ})
_MOST_AT_ONCE = 500


class StationRecord:
    """One station's part of a visit: its frames by name, what it saw by time, what operators said.

    ``new`` is what it saw since the reading before, or None where all of it was read anew.
    """

    def __init__(self, store: Store, visit: str, station: str) -> None:
        self.station = station
        self.rows: dict[str, FrameRow] = {}
        self.seen: list[Observation] = []
        self._checkins: list[CheckedIn] = []
        self._judged: set[str] = set()
        self._gone: dict[str, datetime] = {}
        self._take(
            read_frames.frames(store, visit, station),
            read_line.station_checkins(store, visit, station),
            read_line.chair_acts(store, visit, station),
            read_frames.faces(store, visit),
        )
        self.words: list[Assign] = evidence.said_of(store, visit, self.rows)
        self.new: list[Observation] | None = None

    def grow(self, store: Store, visit: str, events: Sequence[Event]) -> bool:
        """Take in what new events tell of this station; False where they change what was read before."""
        captured = read_frames.some_frames(store, visit, _subjects(events, kinds.FILE_CAPTURED))
        rows = [row for row in captured if row.station == self.station]
        judged = read_frames.portraits(store, visit, _subjects(events, kinds.PORTRAIT_JUDGED))
        if any(self.rows.get(row.frame, row) != row for row in rows) or self._judged & judged.keys():
            return False
        checkins, acts = [], []
        after = min((event.seq for event in events if event.station == self.station), default=0) - 1
        if after >= 0:
            checkins = read_line.station_checkins(store, visit, self.station, after=after)
            acts = read_line.chair_acts(store, visit, self.station, after=after)
        # A check-in is written after its card was read, and somebody may have been seen to leave meanwhile.
        if any(entry.person in self._gone and entry.at <= self._gone[entry.person] for entry in checkins):
            return False
        faces = [(row.frame, row.faces, row.at) for row in judged.values() if row.faces is not None]
        self.new = self._take([row for row in rows if row.frame not in self.rows], checkins, acts, faces)
        return True

    def _take(
        self,
        rows: Iterable[FrameRow],
        checkins: Sequence[CheckedIn],
        acts: Sequence[ChairAct],
        faces: Iterable[tuple[str, int, datetime]],
    ) -> list[Observation]:
        fresh = {row.frame: row for row in rows}
        self.rows |= fresh
        self._checkins += checkins
        for act in acts:
            if act.what == kinds.LEAVE:
                self._gone[act.person] = max(act.at, self._gone.get(act.person, act.at))
        counted = [one for one in faces if one[0] in self.rows]
        self._judged.update(frame for frame, _, _ in counted)
        new: list[Observation] = [
            *evidence.seen_at_door(checkins),
            *evidence.seen_at_chair(acts, self._checkins),
            *evidence.seen_by_camera(fresh.values()),
            *evidence.seen_in_pictures(counted),
        ]
        self.seen += new
        self.seen.sort(key=attrgetter("at"))
        return new


class Recorded:
    """A visit as the ledger has it: its stations' records, everybody's number, what was sealed or said since.

    Anything but an act or a frame that comes behind all that was read has everything read anew.
    """

    def __init__(self, visit: str) -> None:
        self.visit = visit
        self.stations: list[StationRecord] = []
        self.numbers: dict[str, str] = {}
        self.fixed: dict[str, str | None] = {}
        self._place = self._hlc = -1

    def read(self, store: Store) -> None:
        """Bring the record up to date."""
        # A reading that fails half-way is made anew.
        since, self._place = self._place, -1
        with store.reading():
            place, hlc = last_written(store)
            if since < 0 or not self._grow(store, since):
                self._begin(store)
        self._place, self._hlc = place, hlc

    def _begin(self, store: Store) -> None:
        self.stations = [
            StationRecord(store, self.visit, station) for station in evidence.stations(store, self.visit)
        ]
        self.numbers = read_line.numbers(store, self.visit)
        sealed = {row.frame: row.person for row in read_frames.sealed(store, self.visit).values()}
        self.fixed = sealed | read_frames.said_since_seal(store, self.visit)

    def _grow(self, store: Store, since: int) -> bool:
        events = [
            event for event in written_since(store, since, self.visit) if event.kind not in _SAYING_NOTHING
        ]
        known = {record.station for record in self.stations}
        before = self._hlc
        for event in events:
            begins = event.kind == kinds.FILE_CAPTURED and event.station not in known
            if event.kind not in _ADDING or event.hlc <= before or begins:
                return False
            before = event.hlc
        if len(events) > _MOST_AT_ONCE:
            return False
        for event in events:
            if event.kind == kinds.CHECKIN:
                number = read_line.sequence_number(event.body["letter"], event.body["number"])
                self.numbers.setdefault(event.subject, number)
        return all(record.grow(store, self.visit, events) for record in self.stations)


def _subjects(events: Iterable[Event], kind: str) -> list[str]:
    return list(dict.fromkeys(event.subject for event in events if event.kind == kind and event.subject))
