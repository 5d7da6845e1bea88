"""Links while the day goes on: each frame costs a look at the last few people only.

The rates and everything older than the *tail* stand as the last full look left them; the tail is
reasoned over anew with every observation. ``settle`` is the full look, for when there is time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from fieldkit.links.chain import Chain
from fieldkit.links.claims import Claims, claim
from fieldkit.links.decide import decide
from fieldkit.links.door import at_the_door
from fieldkit.links.engine import reason, with_words
from fieldkit.links.evidence import Evidence, lay_out
from fieldkit.links.outcome import Link, slip_link
from fieldkit.links.posterior import Posterior, believe
from fieldkit.links.rates import Rates
from fieldkit.links.recording import (
    Assign,
    Checkin,
    FrameTaken,
    Leave,
    Likeness,
    Next,
    Observation,
    Seat,
    Slate,
)
from fieldkit.links.times import Floats

_TAIL = 50
_LONGEST_TAIL = 80
_LEARN_UNTIL = 300
_HEARD, _HEARD_ENOUGH = 8, 60
_BEFORE = timedelta(minutes=3)


class LiveDay:
    """A day that grows; ``add`` gives the links of all its frames so far."""

    def __init__(self, observations: Iterable[Observation] = ()) -> None:
        self._seen: list[Observation] = list(observations)
        self._words = [seen for seen in self._seen if isinstance(seen, Assign)]
        self._near: list[Observation] = self._seen
        self._at_door = [seen for seen in self._seen if isinstance(seen, Checkin | Leave)]
        self._door = at_the_door(self._at_door)
        self._old: list[Link] = []
        self._tail: list[FrameTaken] = []
        self._rates: Rates | None = None
        self._entering: Floats | None = None
        self._since: datetime | None = None
        self._old_frames: set[str] = set()
        self._links: tuple[Link, ...] = ()
        self._learned_at = 0
        self._heard: Counter[type[Observation]] = Counter()
        self._spoken_anew: Counter[type[Observation]] = Counter()
        if self._seen:
            self.settle()

    @property
    def links(self) -> tuple[Link, ...]:
        """The links as they stand, in shooting order."""
        return self._links

    def settle(self) -> tuple[Link, ...]:
        """Look at the whole day anew: what ``engine.link_frames`` gives for it."""
        evidence = lay_out(self._seen, self._door)
        frames = {seen.id: seen for seen in self._seen if isinstance(seen, FrameTaken)}
        self._old, self._old_frames = [], set()
        self._entering, self._since, self._near = None, None, self._seen
        self._tail = [frames[name] for name in evidence.order]
        self._learned_at = len(self._tail)
        self._heard = Counter(kind for seen in self._seen if (kind := _kind(seen)))
        self._spoken_anew = Counter()
        if not evidence.frames:
            return self._spoken(map(slip_link, evidence.order))
        self._rates, claims, found = reason(evidence)
        return self._decided(evidence, self._rates, claims, found)

    def add(self, *observations: Observation) -> tuple[Link, ...]:
        """Take observations in and give the links of all frames so far.

        What reaches back behind the tail (a card read in, a check-in of hours ago) makes it settle.
        """
        self._seen.extend(observations)
        self._words.extend(seen for seen in observations if isinstance(seen, Assign))
        if came := [seen for seen in observations if isinstance(seen, Checkin | Leave)]:
            self._at_door.extend(came)
            self._door = at_the_door(self._at_door)
        if self._near is not self._seen:
            self._near.extend(seen for seen in observations if not isinstance(seen, Checkin | Leave))
        taken = [seen for seen in observations if isinstance(seen, FrameTaken)]
        self._tail.extend(taken)
        count = len(self._old) + len(self._tail)
        young = self._rates is None or (count < _LEARN_UNTIL and count >= 1.5 * self._learned_at)
        self._spoken_anew.update(kind for seen in observations if (kind := _kind(seen)))
        if (taken and (young or self._another_speaks())) or any(map(self._reaches_back, observations)):
            return self.settle()
        if self._rates is None:
            return self._spoken(self._links)
        evidence = lay_out(self._near, self._door)
        if not evidence.frames:
            return self._spoken([*self._old, *map(slip_link, evidence.order)])
        claims = self._with_turns_before(evidence, claim(evidence, self._rates))
        found = believe(Chain(evidence, self._rates, claims, entering=self._padded(evidence)))
        return self._decided(evidence, self._rates, claims, found)

    def _decided(
        self, evidence: Evidence, rates: Rates, claims: Claims, found: Posterior
    ) -> tuple[Link, ...]:
        """Keep the links of the tail behind those before it, and shorten a tail that grew long."""
        reasoned = decide(evidence, rates, claims, found)
        links = self._spoken([*self._old, *reasoned])
        if len(self._tail) > _LONGEST_TAIL:
            self._cut(evidence, reasoned, found)
        return links

    def _another_speaks(self) -> bool:
        """Tell whether a witness speaks of which little was learned: a crew may change over at noon."""
        return any(
            many >= max(_HEARD, self._heard[kind]) and self._heard[kind] < _HEARD_ENOUGH
            for kind, many in self._spoken_anew.items()
        )

    def _spoken(self, reasoned: Iterable[Link]) -> tuple[Link, ...]:
        """Keep the links with the operator's words laid over them."""
        self._links = with_words(tuple(reasoned), self._words)
        return self._links

    def _reaches_back(self, seen: Observation) -> bool:
        if self._since is None or isinstance(seen, Assign):
            return False
        if isinstance(seen, FrameTaken):
            return len(self._tail) > 2 * _LONGEST_TAIL
        frame = getattr(seen, "frame", None)
        if frame is not None:
            return frame in self._old_frames
        moment = getattr(seen, "at", None)
        return isinstance(moment, datetime) and moment < self._since - _BEFORE

    def _concerning(self, since: datetime) -> list[Observation]:
        """Give what concerns the tail, which begins at a moment, but for the door."""
        names = {frame.id for frame in self._tail}
        near: list[Observation] = list(self._tail)
        for seen in self._near:
            frame = getattr(seen, "frame", None)
            if frame is not None and frame in names:
                near.append(seen)
            elif frame is None and not isinstance(seen, FrameTaken | Checkin | Leave):
                moment = getattr(seen, "at", None)
                if moment is not None and moment >= since:
                    near.append(seen)
        return near

    def _with_turns_before(self, evidence: Evidence, claims: Claims) -> Claims:
        """Count that people seem to have had their turn before the tail."""
        linked = {link.person for link in self._old}
        before = np.array([name in linked for name in evidence.persons], np.int64)
        return replace(claims, turns=claims.turns._replace(times=claims.turns.times + before))

    def _padded(self, evidence: Evidence) -> Floats | None:
        if self._entering is None:
            return None
        size = evidence.entry_times.size + 1
        padded = np.zeros(size)
        padded[: min(size, self._entering.size)] = self._entering[:size]
        return padded

    def _cut(self, evidence: Evidence, links: Sequence[Link], found: Posterior) -> None:
        """Leave all but the tail behind, at a start that is sure."""
        day = found.day
        keep = max(0, len(evidence.frames) - _TAIL)
        sure = np.flatnonzero((day.first <= keep) & (found.start > 0.99))
        if not sure.size or sure[-1] == 0:
            return
        burst = int(sure[-1])
        first = evidence.frames[int(day.first[burst])]
        place = {name: at for at, name in enumerate(evidence.order)}
        cut = place[first]
        # Slips stand before the frames that they are for.
        while cut and evidence.order[cut - 1] in evidence.slip_frames:
            cut -= 1
        by_name: Mapping[str, FrameTaken] = {frame.id: frame for frame in self._tail}
        self._old.extend(links[:cut])
        self._old_frames.update(evidence.order[:cut])
        self._tail = [by_name[name] for name in evidence.order[cut:]]
        self._since = min(frame.at for frame in self._tail)
        self._near = self._concerning(self._since - _BEFORE)
        entering = np.zeros(evidence.entry_times.size + 1)
        base = int(found.base[burst])
        before = found.before[burst]
        entering[base : base + before.size] = before
        self._entering = entering


def _kind(seen: Observation) -> type[Observation] | None:
    return type(seen) if isinstance(seen, Slate | Seat | Next | Likeness) else None
