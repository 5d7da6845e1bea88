"""Odds that depend on which frames a sitting has, and who a guest out of line may be."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fieldkit.links.claims import Claims, alike, likeness_odds, soft_cap
from fieldkit.links.evidence import Evidence, Numbers
from fieldkit.links.rates import Rates
from fieldkit.links.sittings import Floats, Sittings

STRANGER = -1
_NEAR = 4.0
# Faces may lift a sitting that the gaps alone would rule out.
_LIGHTEST = 1e-12
_CALLED_BACK = 4.0
_ONCE_MORE, _NAMED_ANEW = 1e-8, 0.1


@dataclass(frozen=True, slots=True)
class FrameOdds:
    """What the faces of one possible sitting add: ``odds`` by ``place`` in line, ``faces`` by person."""

    place: Numbers
    odds: Floats
    faces: Mapping[int, float]

    @property
    def plain(self) -> bool:
        """Tell that they add nothing."""
        return not self.faces


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
        """Odds by burst and number of further bursts; empty where faces were not compared."""
        bursts, reach = self.day.weight.shape
        table: list[list[FrameOdds]] = [[] for _ in range(bursts)]
        faces = likeness_odds(self.evidence, self.rates)
        if not faces:
            return table
        look_alike, unscored = self.rates.look_alike, 1 - self.rates.scored
        for burst, rows in enumerate(table):
            summed: dict[int, float] = defaultdict(float)
            for more in range(min(reach, bursts - burst)):
                if more and self.day.weight[burst, more] < _LIGHTEST * self.day.weight[burst, 0]:
                    break
                for frame in range(int(self.day.first[burst + more]), int(self.day.stop[burst + more])):
                    for person, odd in faces[frame].items():
                        summed[person] += odd
                self.alike[burst, more] = alike(summed.values(), look_alike)
                rows.append(
                    self._odds({who: soft_cap(odd, look_alike) / unscored for who, odd in summed.items()})
                )
        return table

    def _odds(self, faces: Mapping[int, float]) -> FrameOdds:
        found = [(entry + 1, odd) for who, odd in faces.items() for entry in self.evidence.entries_of[who]]
        return FrameOdds(
            np.array([place for place, _ in found], np.int64), np.array([odd for _, odd in found]), faces
        )

    def shares(self, burst: int, here: int, odds: FrameOdds | None = None) -> dict[int, float]:
        """Weigh who a guest at a burst may be; STRANGER is everybody who was not named.

        ``here`` is the place in line that was reached.
        """
        start = int(self.day.first[burst])
        named = self.claims.person.get(start, {})
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

    def _renewed(self, burst: int) -> frozenset[int]:
        return self.claims.renewed.get(int(self.day.first[burst]), frozenset())

    def _prior(self, person: int, here: int, burst: int) -> float:
        """Give how likely a guest is this person: somebody near in line, or anybody."""
        entries = self.evidence.entries_of[person]
        if not entries:
            return 0.2 / (self.evidence.entry_times.size + 1)
        if entries[0] >= int(self.day.come[burst]):
            return 1e-5
        if here in entries or here - 1 in entries:
            # Who just sat goes on, unless named anew; and who is next needs no exception.
            return _NAMED_ANEW if person in self._renewed(burst) else _ONCE_MORE
        near = min(abs(entry + 1 - here) for entry in entries)
        close = float(np.exp(-near / _NEAR)) / (2 * _NEAR)
        if len(entries) > 1:
            # Who checked in again was called back, and is soon let through.
            close *= _CALLED_BACK
        return 0.5 * close + 0.5 * float(self.weight[entries[0]])
