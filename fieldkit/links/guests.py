"""Odds that depend on which frames a sitting has, and who a guest out of line may be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fieldkit.links.claims import Claims, Later, alike, likeness_odds, soft_cap
from fieldkit.links.evidence import Evidence, Numbers
from fieldkit.links.rates import Rates
from fieldkit.links.sittings import Floats, Sittings

STRANGER = -1
_NEAR = 4.0
_CALLED_BACK = 4.0


@dataclass(frozen=True, slots=True)
class FrameOdds:
    """What the frames of one possible sitting add: ``odds`` by ``place`` in line, and of guests.

    ``plain`` says that they add nothing.
    """

    place: Numbers
    odds: Floats
    named: Mapping[int, float]
    faces: Mapping[int, float]
    plain: bool


class Guests:
    """Who may sit at the bursts of a day when it is not the line's next.

    ``alike[burst, more]`` is how well the faces of a sitting go together, whoever it is.
    """

    def __init__(
        self, evidence: Evidence, rates: Rates, claims: Claims, day: Sittings, missing: Floats
    ) -> None:
        self.evidence, self.rates, self.claims, self.day = evidence, rates, claims, day
        weights = 0.3 + 12.0 * missing
        self.weight = weights / max(1.0, float(weights.sum()))
        self.stranger = rates.stranger / rates.guest / claims.silent
        # A burst is reached with one place in line, so that a person's prior there is settled once.
        self._priors: list[dict[int, float]] = [{} for _ in range(day.first.size)]
        self.alike = np.ones(day.weight.shape)
        self.table = self._table()

    def _table(self) -> list[list[FrameOdds]]:
        """Odds by burst and number of further bursts; empty where the frames add nothing."""
        faces = likeness_odds(self.evidence, self.rates)
        table: list[list[FrameOdds]] = []
        # Faces may lift a sitting that the gaps alone would rule out.
        least = 1e-12 if faces else 1e-8
        bursts, reach = self.day.weight.shape
        for burst in range(bursts):
            start = int(self.day.first[burst])
            later = self.claims.later.get(start, ())
            rows: list[FrameOdds] = []
            table.append(rows)
            if not faces and not later:
                continue
            summed: dict[int, float] = defaultdict(float)
            reached = -1
            for more in range(min(reach, bursts - burst)):
                if more and self.day.weight[burst, more] < least * self.day.weight[burst, 0]:
                    break
                stop = int(self.day.stop[burst + more])
                now = sum(stop - start - 1 >= one.reach for one in later)
                if not faces and now == reached:
                    rows.append(rows[-1])
                    continue
                reached = now
                if faces:
                    for frame in range(int(self.day.first[burst + more]), stop):
                        for person, odd in faces[frame].items():
                            summed[person] += odd
                look_alike, unscored = self.rates.look_alike, 1 - self.rates.scored
                self.alike[burst, more] = alike(summed.values(), look_alike)
                capped = {who: soft_cap(odd, look_alike) / unscored for who, odd in summed.items()}
                rows.append(self._odds(start, stop - start - 1, capped, later))
        return table

    def _odds(self, start: int, last: int, faces: dict[int, float], later: Sequence[Later]) -> FrameOdds:
        plain = self.claims.person.get(start, {})
        fixed = self.claims.entry.get(start, {})
        named, entries = dict(plain), dict(fixed)
        for one in later:
            if last >= one.reach:
                named[one.person] = named.get(one.person, 0.0) + one.odds
                for entry, odd in one.near.items():
                    entries[entry] = entries.get(entry, 0.0) + odd
        entries_of, holder = self.evidence.entries_of, self.evidence.entry_persons
        places, odds = [], []
        for entry in {*entries, *(row for who in {*named, *faces} for row in entries_of[who])}:
            who = int(holder[entry])
            now = 1 + entries.get(entry, 0.0) + named.get(who, 0.0)
            ratio = now / (1 + fixed.get(entry, 0.0) + plain.get(who, 0.0)) * faces.get(who, 1.0)
            if ratio != 1.0:
                places.append(entry + 1)
                odds.append(ratio)
        plainly = not faces and not any(last >= one.reach for one in later)
        return FrameOdds(np.array(places, np.int64), np.array(odds), named, faces, plainly)

    def shares(self, burst: int, here: int, odds: FrameOdds | None = None) -> dict[int, float]:
        """Weigh who a guest at a burst may be; STRANGER is everybody who was not named.

        ``here`` is the place in line that was reached.
        """
        start = int(self.day.first[burst])
        named = odds.named if odds else self.claims.person.get(start, {})
        faces = odds.faces if odds else {}
        shares: dict[int, float] = {}
        rest = 1.0
        known = self._priors[burst]
        for person in {*named, *faces}:
            if person not in known:
                known[person] = self._prior(person, here, burst)
            prior = known[person]
            rest -= prior
            shares[person] = prior * (1 + named.get(person, 0.0)) * faces.get(person, 1.0)
        stranger = self.stranger / (1 - self.rates.scored) if faces else self.stranger
        shares[STRANGER] = max(rest, 0.05) + stranger
        return shares

    def _prior(self, person: int, here: int, burst: int) -> float:
        """Give how likely a guest is this person: somebody near in line, or anybody."""
        entries = self.evidence.entries_of[person]
        if not entries:
            return 0.2 / (self.evidence.entry_times.size + 1)
        if entries[0] >= int(self.day.come[burst]):
            return 1e-5
        if here in entries or here - 1 in entries:
            # Who just sat goes on, and who is next needs no exception.
            return 1e-6
        near = min(abs(entry + 1 - here) for entry in entries)
        close = float(np.exp(-near / _NEAR)) / (2 * _NEAR)
        if len(entries) > 1:
            # Who checked in again was called back, and is soon let through.
            close *= _CALLED_BACK
        return 0.5 * close + 0.5 * float(self.weight[entries[0]])
