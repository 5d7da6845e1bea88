"""What the laptop saw of a day: the truth through clocks, cameras, detectors and tired operators."""

import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from benchmarks.day.line import Day, Shot, live_the_day
from benchmarks.day.regime import Regime
from fieldkit.links.recording import (
    Checkin,
    Faces,
    FrameTaken,
    Leave,
    Likeness,
    Next,
    Observation,
    Seat,
    Slate,
)

_ZONE = timezone(timedelta(hours=8))
_MIDNIGHT = datetime(2026, 3, 16, tzinfo=_ZONE)


@dataclass(frozen=True, slots=True)
class SeenDay:
    """The observations of a day by time, and the truth about every frame."""

    observations: tuple[Observation, ...]
    truth: dict[str, str | None]
    sat: frozenset[str]
    concerned: frozenset[str]
    day: Day


def see_the_day(regime: Regime, seed: int) -> SeenDay:
    """Make up one day of a regime; the same seed gives the same day."""
    chance = random.Random(f"{regime.name}/{seed}")
    day = live_the_day(regime, chance)
    seen = _Seen(regime, day, chance)
    seen.door()
    truth = seen.camera()
    seen.chair()
    observations = sorted(seen.rows, key=lambda row: row.at)
    sat = {person for person in truth.values() if person}
    known = {arrival.person for arrival in day.arrivals}
    return SeenDay(tuple(observations), truth, frozenset(sat & known), frozenset(day.concerned), day)


class _Seen:
    """The rows of a day while they are written."""

    def __init__(self, regime: Regime, day: Day, chance: random.Random) -> None:
        self.regime, self.day, self.chance = regime, day, chance
        self.rows: list[Checkin | Seat | Next | Leave | FrameTaken | Faces | Slate | Likeness] = []
        self.seqs = {arrival.seq: arrival.person for arrival in day.arrivals}
        self.known = sorted(set(self.seqs.values()))

    def door(self) -> None:
        """Write check-ins and who was seen leaving."""
        for arrival in self.day.arrivals:
            name = f"c{arrival.seq:05}"
            ahead = self.regime.door_ahead
            self.rows.append(Checkin(_moment(arrival.at + ahead), name, arrival.person, arrival.seq))
            if arrival.seen_leaving is not None:
                self.rows.append(Leave(_moment(arrival.seen_leaving + ahead), name))

    def camera(self) -> dict[str, str | None]:
        """Write frames with what was found in them; give the truth of each."""
        camera, chance = self.regime.camera, self.chance
        shots = self.day.shots
        block = max(1, len(shots) // (3 * camera.bodies) + 1)
        counters = [camera.first_number + 517 * body for body in range(camera.bodies)]
        lunch = max(range(1, len(shots)), key=lambda place: shots[place].at - shots[place - 1].at, default=0)
        starts = [sitting.start for sitting in self.day.sittings]
        held = 0.0
        truth: dict[str, str | None] = {}
        for place, shot in enumerate(shots):
            turn = bisect_right(starts, shot.at) if camera.take_turns else place // block
            body = turn % camera.bodies
            number = counters[body]
            counters[body] += 1
            if shot.lost or (camera.unread and body):
                continue
            folder, rest = divmod(number - 1, 9999)
            folder = folder if camera.new_folder else 0
            name = f"f{place:06}"
            if camera.stall and chance.random() < camera.stall:
                held = shot.at + chance.uniform(5, 90)
            at = max(held, shot.at + chance.uniform(*camera.latency))
            if camera.read_in_later:
                last = lunch - 1 if camera.read_in_at_lunch and place < lunch else len(shots) - 1
                at = shots[last].at + 1800 + place * 0.15 + body * 600
            clock = shot.at + camera.offset * (1 if body == 0 else -0.31)
            clock += shot.at * camera.drift * (1 + body)
            if camera.jump and place > len(shots) * 0.6:
                clock += camera.jump
            if camera.whole_seconds:
                clock = float(int(clock))
            told = None if chance.random() < camera.no_time else _moment(clock).replace(tzinfo=None)
            self.rows.append(
                FrameTaken(
                    _moment(at), name, f"cam-{body + 1}", f"{100 + folder}CANON/IMG_{rest + 1:04}.JPG", told
                )
            )
            truth[name] = shot.person
            self._found(name, at, shot)
        return truth

    def _found(self, name: str, at: float, shot: Shot) -> None:
        told, chance = self.regime.witnesses, self.chance
        moment = _moment(at + 0.2)
        slip = shot.slip
        if slip is not None and chance.random() >= told.slip_unread:
            if chance.random() < told.slip_wrong:
                slip = max(1, slip + chance.choice((-1, 1, 2)))
            self.rows.append(Slate(moment, name, slip))
        if told.faces:
            self.rows.append(Faces(moment, name, self._faces(shot)))
        if told.likeness and shot.person and chance.random() < told.likeness:
            self._likeness(name, moment, shot.person)

    def _faces(self, shot: Shot) -> int:
        told, chance = self.regime.witnesses, self.chance
        if shot.slip is not None:
            return int(chance.random() < told.slip_face)
        if shot.person is None:
            return int(chance.random() < told.spare_face)
        drawn = chance.random()
        if drawn < told.face_missed:
            return 0
        return 2 if drawn < told.face_missed + told.face_extra else 1

    def _likeness(self, name: str, moment: datetime, person: str) -> None:
        told, chance = self.regime.witnesses, self.chance
        if person in self.seqs.values():
            self.rows.append(Likeness(moment, name, person, _clip(chance.gauss(*told.genuine))))
        place = self.known.index(person) if person in self.known else chance.randrange(len(self.known))
        for _ in range(told.likeness_others):
            other = self.known[min(len(self.known) - 1, max(0, place + chance.randint(-6, 6)))]
            if other == person:
                continue
            alike = random.Random(f"{min(person, other)}{max(person, other)}").random()
            scores = told.genuine if alike < told.look_alike else told.impostor
            self.rows.append(Likeness(moment, name, other, _clip(chance.gauss(*scores))))

    def chair(self) -> None:
        """Write seat confirmations and clicks."""
        told, chance = self.regime.witnesses, self.chance
        order = {arrival.seq: arrival for arrival in self.day.arrivals}
        rises = 0.0
        for sitting in self.day.sittings:
            start = sitting.shots[0].at if sitting.shots else sitting.start
            in_use = not (told.by_half and sitting.start < self.day.lunch)
            if sitting.seq is not None and chance.random() < told.seat and in_use:
                seq = sitting.seq
                if chance.random() < told.seat_neighbour:
                    seq = max(1, seq + chance.choice((-1, 1)))
                moment = _moment(start - chance.gauss(*told.seat_lead))
                if rises and told.seat_ahead and chance.random() < told.seat_ahead:
                    moment = _moment(rises + chance.uniform(0.2, 1.5))
                seat = Seat(moment, seq=seq)
                if told.seat_by == "person" and seq in order:
                    seat = Seat(moment, order[seq].person)
                self.rows.append(seat)
            rises = sitting.shots[-1].at if sitting.shots else 0.0
            if chance.random() < told.click:
                self.rows.append(Next(_moment(start - chance.uniform(1, 6))))
                if chance.random() < told.click_double:
                    self.rows.append(Next(_moment(start - chance.uniform(0, 1))))


def _moment(seconds: float) -> datetime:
    return _MIDNIGHT + timedelta(seconds=round(seconds, 3))


def _clip(score: float) -> float:
    return max(-1.0, min(1.0, round(score, 3)))
