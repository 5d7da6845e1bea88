"""What really happened: who came, who sat when, what the camera took."""

import random
from dataclasses import dataclass, field

from benchmarks.day.regime import Regime


@dataclass(slots=True)
class Arrival:
    """A check-in at the door, in seconds of the day; who sits ``elsewhere`` never comes to this chair."""

    at: float
    person: str
    seq: int
    seen_leaving: float | None = None
    elsewhere: bool = False


@dataclass(slots=True)
class Shot:
    """An exposure; ``person`` is None for nobody's."""

    at: float
    person: str | None
    body: int = 0
    slip: int | None = None
    lost: bool = False


@dataclass(slots=True)
class Sitting:
    """A person in the chair with the exposures made; ``seq`` None for who never checked in."""

    person: str
    seq: int | None
    start: float
    shots: list[Shot]
    slip: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """People who were let in together, in the order in which they checked in, and who then really sat."""

    persons: tuple[str, ...]
    sittings: tuple[Sitting, ...]


@dataclass(slots=True)
class Day:
    """The truth of a day; from ``lunch`` on it is the afternoon."""

    arrivals: list[Arrival]
    sittings: list[Sitting]
    shots: list[Shot]
    lunch: float = 0.0
    groups: list[Group] = field(default_factory=list)
    concerned: set[str] = field(default_factory=set)
    faults: list[tuple[float, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Turn:
    """A planned place in the chair's order."""

    person: str
    seq: int | None
    ready: float
    call_back: bool = False


def live_the_day(regime: Regime, chance: random.Random) -> Day:
    """Play a day and give its truth; slip frames are among the shots, marked by their number."""
    day = Day([], [], [])
    line = _Line(regime, chance, day)
    line.play()
    day.shots.sort(key=lambda shot: shot.at)
    return day


class _Line:
    """The state of the line while a day is played."""

    def __init__(self, regime: Regime, chance: random.Random, day: Day) -> None:
        self.pace, self.disorder, self.witnesses = regime.pace, regime.disorder, regime.witnesses
        self.chance, self.day = chance, day
        self.now = 8 * 3600.0 + chance.uniform(0, 1800)
        self.door = self.now
        self.freed = self.now
        self.seq = 0
        self.strangers = 0
        self.lunch_taken = not self.pace.lunch

    def play(self) -> None:
        """Let in class after class until everybody was there."""
        came = 0
        while came < self.pace.people:
            size = min(self.chance.randint(*self.pace.class_size), self.pace.people - came)
            self._class([f"P{came + place:05}" for place in range(size)])
            came += size
            if not self.lunch_taken and came > self.pace.people / 2:
                self.now += self.chance.uniform(2400, 5400)
                self.lunch_taken = True
                self.day.lunch = self.now

    def _class(self, persons: list[str]) -> None:
        if self.pace.let_in == "wait":
            # A class checks in while the one before is still being photographed.
            self.door = max(self.door + 30, self.now - self.chance.uniform(60, 600))
            turns = self._check_in(persons)
            if self.pace.as_they_please:
                self.chance.shuffle(turns)
                self.now = max(self.now, self.door)
            self._serve(turns)
            return
        while persons:
            size = 1 if self.pace.let_in == "single" else self.chance.randint(*self.pace.group)
            self.door = max(self.door, self.freed - self.chance.uniform(*self.pace.sooner))
            self._serve(self._check_in(persons[:size]))
            persons = persons[size:]

    def _check_in(self, persons: list[str]) -> list[_Turn]:
        turns = []
        for person in persons:
            self.door += self.chance.gammavariate(3, self.pace.door / 3)
            self.seq += 1
            arrival = Arrival(self.door, person, self.seq)
            self.day.arrivals.append(arrival)
            turn = _Turn(person, self.seq, self.door + self.chance.uniform(2, 6))
            arrival.elsewhere = self.pace.elsewhere > 0 and self.chance.random() < self.pace.elsewhere
            if not arrival.elsewhere:
                turns.append(turn)
        return turns

    def _serve(self, turns: list[_Turn]) -> None:
        order = self._disordered(turns)
        before = len(self.day.sittings)
        for place, turn in enumerate(order):
            if len(order) - place == self.pace.early:
                self.freed = self.now
            if turn.call_back and self.chance.random() < self.disorder.call_back_checkin:
                self.seq += 1
                self.door = max(self.door, self.now - self.chance.uniform(10, 60))
                self.day.arrivals.append(Arrival(self.door, turn.person, self.seq))
                turn.seq = self.seq
            self._sit(turn)
        if not self.pace.early:
            self.freed = self.now
        sat = tuple(self.day.sittings[before:])
        self.day.groups.append(Group(tuple(turn.person for turn in turns), sat))

    def _fault(self, *persons: str) -> None:
        self.day.concerned.update(persons)
        self.day.faults.append((self.now, persons[0]))

    def _disordered(self, turns: list[_Turn]) -> list[_Turn]:
        order = list(turns)
        for place in range(len(order) - 1):
            if self.chance.random() < self.disorder.swap:
                order[place], order[place + 1] = order[place + 1], order[place]
                self._fault(order[place].person, order[place + 1].person)
        if self.disorder.exchange:
            self._exchange(order)
        for place in range(len(order) - 1, -1, -1):
            if self.chance.random() < self.disorder.later:
                moved = order.pop(place)
                order.insert(min(len(order), place + self.chance.randint(2, 8)), moved)
                self._fault(moved.person)
        kept = []
        for turn in order:
            if self.chance.random() < self.disorder.leave:
                self._fault(turn.person)
                if self.chance.random() < self.disorder.seen_leaving:
                    arrival = next(one for one in self.day.arrivals if one.seq == turn.seq)
                    arrival.seen_leaving = arrival.at + self.chance.uniform(5, 60)
                continue
            kept.append(turn)
            if self.chance.random() < self.disorder.unknown:
                self.strangers += 1
                stranger = f"X{self.strangers:03}"
                self._fault(stranger)
                kept.append(_Turn(stranger, None, turn.ready))
            if self.day.sittings and self.chance.random() < self.disorder.call_back:
                again = self._called_back()
                if again.seq is not None:
                    self._fault(again.person)
                    kept.append(_Turn(again.person, again.seq, 0.0, call_back=True))
        return kept

    def _called_back(self) -> Sitting:
        sittings = self.day.sittings
        if self.disorder.at_once and self.chance.random() < self.disorder.at_once:
            sittings = sittings[-4:]
        return self.chance.choice(sittings)

    def _exchange(self, order: list[_Turn]) -> None:
        for place in range(len(order)):
            other = place + min(self.chance.randint(2, 8), self.chance.randint(2, 20))
            if self.chance.random() < self.disorder.exchange and other < len(order):
                order[place], order[other] = order[other], order[place]
                self._fault(order[place].person, order[other].person)

    def _draw(self, middle: float, spread: float) -> float:
        middle *= self.pace.tempo ** (len(self.day.sittings) / self.pace.people - 0.5)
        if self.pace.shape == "gamma":
            return self.chance.gammavariate(1 / spread**2, middle * spread**2)
        if self.pace.shape == "uniform":
            return self.chance.uniform(middle * (1 - spread), middle * (1 + spread))
        return self.chance.lognormvariate(0, spread) * middle

    def _sit(self, turn: _Turn) -> None:
        pace, chance = self.pace, self.chance
        if chance.random() < pace.pause:
            self.now += chance.uniform(40, 300)
        if chance.random() < self.disorder.test_burst:
            for _ in range(chance.randint(2, 5)):
                self.now += self._draw(pace.within, pace.within_spread)
                self._shoot(None)
        start = max(self.now + self._draw(pace.change, pace.change_spread), turn.ready)
        if chance.random() < self.disorder.spare_between:
            self._shoot(None, at=chance.uniform(self.now + 0.4 * (start - self.now), start - 0.5))
        self.now = start
        sitting = Sitting(turn.person, turn.seq, start, [])
        in_use = not (self.witnesses.by_half and self.lunch_taken)
        last = self.witnesses.slip_last
        sitting.slip = turn.seq is not None and chance.random() < self.witnesses.slip and in_use
        if sitting.slip and not last:
            self._shoot(None, slip=turn.seq)
            self.now += self._draw(pace.within * 1.3, pace.within_spread)
        count = chance.choices(range(1, len(pace.frames) + 1), pace.frames)[0]
        if turn.call_back and self.disorder.at_once and chance.random() < 0.5:
            count = 1
        for place in range(count):
            if place:
                self.now += self._draw(self._pace_within(place), pace.within_spread)
            if chance.random() < self.disorder.spare_within:
                self._shoot(None)
                self.now += self._draw(pace.within, pace.within_spread)
            self._shoot(turn.person)
            sitting.shots.append(self.day.shots[-1])
        if sitting.slip and last:
            self.now += self._draw(pace.within * 1.3, pace.within_spread)
            self._shoot(None, slip=turn.seq)
        self.day.sittings.append(sitting)

    def _pace_within(self, place: int) -> float:
        """Give the usual seconds before a frame of a sitting that is not its first."""
        pace = self.pace
        if pace.retake and self.chance.random() < pace.retake:
            return self.chance.uniform(4, 16)
        return pace.within * 0.2 if pace.burst and place % pace.burst else pace.within

    def _shoot(self, person: str | None, *, at: float | None = None, slip: int | None = None) -> None:
        lost = slip is None and self.chance.random() < self.disorder.lost
        moment = self.now if at is None else at
        self.day.shots.append(Shot(moment, person, slip=slip, lost=lost))
