"""Odds that depend on which frames a sitting has, and who a guest out of line may be."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fieldkit.links.claims import Claims, among_look_alikes
from fieldkit.links.evidence import Evidence
from fieldkit.links.rates import Rates
from fieldkit.links.sittings import Sittings
from fieldkit.links.times import Floats, Numbers

STRANGER = -1
# How far off guests are, in places: by which distance they are rarer by e, near by and in a class.
_NEAR, _CLASS = 4.0, 20.0
# Shares of guests: who missed their turn and comes soon, or later, and who is called back; of these, at once.
_COMES_LATER, _COMES_BACK, _CALLED = 0.4, 0.2, 0.6
_CALLED_AT_ONCE = 0.5
# Who is still to come jumps ahead, hardly twice.
_EARLY, _EARLY_TWICE = 0.8, 0.0125
# Where people sit as they please: shares from anywhere in the class, beside who sat last, from all who wait.
_IN_CLASS, _BESIDE_LAST, _ANYWHERE = 0.15, 0.25, 0.1
# Share of guests from which people begin to sit as they please, and over which share more they wholly do.
_ORDERLY, _AS_THEY_PLEASE = 0.03, 0.2
_HARDLY_AS_THEY_PLEASE = 0.02
# Chance to be passed over in turn: where all sit as they please, and by name for who sits elsewhere.
_PASSED_OVER, _SURELY_ELSEWHERE, _SAT_UNNAMED = 0.5, 0.95, 0.6
# Odds from which a witness tells who sat last.
_NAMED = 20.0
# Chance that who seems to have sat has missed their turn all the same.
_SURELY_SAT = 0.01
# Who may have missed their turn, from which chance, and of how many places behind.
_CANDIDATE, _AROUND = 0.1, 12
# Who checked in again is let through, the likelier the fewer seconds ago.
_LET_THROUGH, _SOON = 2.0, 120.0
# Who just sat sits again, without and with being named anew.
_ONCE_MORE, _NAMED_ANEW = 1e-8, 0.1
# Of sittings before the check-in, the share of any one person; of somebody who never checks in, of all.
_YET_TO_COME, _NEVER_COMES = 0.03, 0.2
_MOST_ALIKE = 1e100
# Odds of faces below which somebody is not looked at, where nothing else speaks for them.
_AGAINST = 0.05


@dataclass(frozen=True)
class FrameOdds:
    """What the faces of one possible sitting add: ``faces`` holds odds by person."""

    faces: Mapping[int, float]
    entries_of: Sequence[Sequence[int]]

    @cached_property
    def by_place(self) -> tuple[Numbers, Floats]:
        """The places in line of whom faces were compared with, and their odds."""
        found = [(entry + 1, odd) for who, odd in self.faces.items() for entry in self.entries_of[who]]
        return np.array([place for place, _ in found], np.int64), np.array([odd for _, odd in found])

    @cached_property
    def likely(self) -> tuple[int, ...]:
        """Whom the faces do not speak against."""
        return tuple(who for who, odd in self.faces.items() if odd > _AGAINST)

    @cached_property
    def most(self) -> float:
        """The best odds of anybody; one at least, as who was compared with nobody has."""
        return max((1.0, *self.faces.values()))


class Guests:
    """Who may sit at the bursts of a day when it is not the line's next.

    ``alike[burst, more]`` is how well the faces of a sitting go together, whoever it is.
    """

    def __init__(self, evidence: Evidence, rates: Rates, claims: Claims, day: Sittings) -> None:
        self.evidence, self.rates, self.claims, self.day = evidence, rates, claims, day
        self.turns = turns = claims.turns.times
        silent = claims.silent[day.first]
        # Where a witness is in use, who was not named seems to have left.
        self._missed = (rates.skip / (rates.skip + silent)).tolist()
        self._candidates = np.flatnonzero(turns[evidence.entry_persons] == 0)
        self._stranger = (rates.stranger / rates.guest / silent).tolist()
        self._last = self._last_named()
        # The more sit out of turn, the less it is only somebody from near by.
        self._pleases = min(max(_HARDLY_AS_THEY_PLEASE, (rates.guest - _ORDERLY) / _AS_THEY_PLEASE), 1.0)
        # Who sits elsewhere in the line is passed over where they would be next.
        anywhere = self._pleases * _PASSED_OVER * (claims.turns.named & (turns == 0))
        # The fewer are named, the likelier they sat in turn unnamed and were called back.
        unnamed = float(claims.silent.mean()) * (1 - rates.scored if evidence.has_likeness else 1.0)
        surely = (_SURELY_ELSEWHERE - _SAT_UNNAMED * unnamed) * claims.turns.elsewhere
        self.elsewhere: Floats = np.maximum(anywhere, surely)[evidence.entry_persons]
        self._behind: dict[int, frozenset[int]] = {}
        # A burst is reached with one place in line, so that a person's prior there is settled once.
        self._priors: list[dict[int, float]] = [{} for _ in range(day.first.size)]
        self.alike = np.ones(day.weight.shape)
        self.table = self._table()

    def _table(self) -> list[list[FrameOdds]]:
        """Odds by burst and number of further bursts; empty where faces were not compared."""
        bursts = self.day.first.size
        if not self.claims.faces:
            return [[] for _ in range(bursts)]
        # Who has a portrait to compare with is seldom left out of a frame's scores.
        unscored = 1 - self.rates.scored
        powers = (unscored ** np.arange(-1.0, self.evidence.times.size)).tolist()
        return [self._compared(burst, unscored, powers) for burst in range(bursts)]

    def _compared(self, burst: int, unscored: float, left_out: Sequence[float]) -> list[FrameOdds]:
        """Compare the faces of the sittings from a burst on.

        Odds are against somebody of the line without scores, so each sitting weighs how rare that is.
        """
        summed: dict[int, float] = defaultdict(float)
        shown: dict[int, int] = defaultdict(int)
        own: dict[int, float] = {}
        anybody: dict[int, float] = {}
        compared, found = 0, []
        for more in range(int(self.day.lengths[burst])):
            frames = self.claims.faces[int(self.day.first[burst + more]) : int(self.day.stop[burst + more])]
            compared += sum(map(bool, frames))
            for faces in frames:
                for person, odd in faces.items():
                    summed[person] += odd
                    shown[person] += 1
            for person in set().union(*frames):
                own[person], anybody[person] = among_look_alikes(summed[person], self.rates.look_alike)
            together = min(math.prod(anybody.values()), _MOST_ALIKE)
            self.alike[burst, more] = together * (unscored if compared else 1.0)
            odds = {who: own[who] * left_out[compared - shown[who]] for who in own}
            found.append(FrameOdds(odds, self.evidence.entries_of))
        return found

    def shares(self, burst: int, here: int, odds: FrameOdds | None = None) -> dict[int, float]:
        """Weigh who a guest at a burst may be; STRANGER is everybody who was not named.

        ``here`` is the place in line that was reached.
        """
        start = int(self.day.first[burst])
        named = self.claims.person.get(start, {})
        near = self.claims.entry.get(start, {})
        rather = self.claims.rather.get(start, frozenset())
        faces, likely = (odds.faces, odds.likely) if odds else ({}, ())
        shares: dict[int, float] = {}
        known = self._priors[burst]
        missing = self._missing(here) if self._missed[burst] > _CANDIDATE else frozenset()
        for person in {*named, *likely, *missing}:
            if person not in known:
                known[person] = self._prior(person, here, burst)
            # A guest is no state of the chain: one seat would let them sit down twice.
            told = 0.0 if person in rather else named.get(person, 0.0)
            if near:
                told += sum(near.get(entry, 0.0) for entry in self.evidence.entries_of[person])
            shares[person] = known[person] * (1 + told) * faces.get(person, 1.0)
            if person in faces:
                shares[person] *= self._picked(person, here, len(faces))
        stranger = self._stranger[burst]
        if faces:
            stranger /= 1 - self.rates.scored
        rest = 1 - sum(known[person] for person in shares)
        shares[STRANGER] = max(_CALLED, rest) + stranger
        return shares

    def _picked(self, person: int, here: int, compared: int) -> float:
        """Weigh that just these few were compared: of all who are far off, hardly this one by chance."""
        entries = self.evidence.entries_of[person]
        far = min((abs(entry + 1 - here) for entry in entries), default=0)
        return max(1.0, self.evidence.entry_times.size / compared) if far > _AROUND else 1.0

    def _missing(self, here: int) -> frozenset[int]:
        """Give who seem not to have sat though the line has just passed them."""
        if here not in self._behind:
            low, high = np.searchsorted(self._candidates, (here - _AROUND, here - 1))
            persons = self.evidence.entry_persons[self._candidates[low:high]]
            self._behind[here] = frozenset(persons.tolist())
        return self._behind[here]

    def _renewed(self, burst: int) -> frozenset[int]:
        return self.claims.renewed.get(int(self.day.first[burst]), frozenset())

    def _prior(self, person: int, here: int, burst: int) -> float:
        """Give how likely this person sits out of line, against the rate of guests.

        Whom the line has passed without their sitting may yet come; anybody else may be called back.
        """
        entries = self.evidence.entries_of[person]
        if not entries:
            return _NEVER_COMES / (self.evidence.entry_times.size + 1)
        if entries[0] >= int(self.day.come[burst]):
            return _YET_TO_COME * self.rates.late
        if here in entries or here - 1 in entries:
            # Who just sat goes on, unless named anew; and who is next needs no exception.
            return _NAMED_ANEW if person in self._renewed(burst) else _ONCE_MORE
        count = self.evidence.entry_times.size
        come = [entry for entry in entries if entry < int(self.day.come[burst])]
        passed = [entry for entry in come if entry < here]
        far = here - passed[-1] - 1 if passed else come[0] + 1 - here
        close = _falling(far, _NEAR)
        missed = _SURELY_SAT if self.turns[person] > 0 else self._missed[burst]
        if not passed:
            # Whose turn is yet to come hardly ever sits before it and then again.
            named = person in self.claims.person.get(int(self.day.first[burst]), {})
            ahead = self._out_of_turn(burst, come[0], far, int(self.day.come[burst]) - here)
            return ahead * (_EARLY_TWICE if self.turns[person] > named else _EARLY)
        later = missed * (_COMES_LATER * close + _COMES_BACK / count) / self.rates.guest
        at_once = _CALLED_AT_ONCE * close + (1 - _CALLED_AT_ONCE) / count
        called = (1 - missed) * _CALLED * at_once
        if len(come) > 1:
            # Who checked in again was called back, and is soon let through.
            waited = float(self.day.moment[burst] - self.evidence.entry_times[come[-1]])
            called += _LET_THROUGH * float(np.exp(-max(waited, 0.0) / _SOON))
        return later + called

    def _out_of_turn(self, burst: int, entry: int, far: int, waiting: int) -> float:
        """Weigh that of those who wait it is this one's turn, ``far`` from where the line has come.

        A class may be called from the last row on, or sit as it pleases: who follows stands beside who sat.
        """
        last = self._last[burst]
        beside = self.rates.steps(entry - last) if self.rates.steps and last >= 0 else 0.0
        other = _IN_CLASS * _falling(far, _CLASS) + _BESIDE_LAST * beside + _ANYWHERE / max(1, waiting)
        orderly = 1 - self._pleases * (_IN_CLASS + _BESIDE_LAST + _ANYWHERE)
        return orderly * _falling(far, _NEAR) + self._pleases * other

    def _last_named(self) -> list[int]:
        """Give for each burst the entry of whom a witness named last before it, or -1."""
        last, found = -1, []
        for start in self.day.first.tolist():
            found.append(last)
            named = self.claims.person.get(start)
            if named:
                person = max(named, key=lambda one: (named[one], -one))
                if named[person] > _NAMED and self.evidence.entries_of[person]:
                    last = self.evidence.entries_of[person][0]
        return found


def _falling(far: int, reach: float) -> float:
    """Give the density of people so many places off, of whom each is the rarer the farther."""
    return math.exp(-far / reach) / reach
