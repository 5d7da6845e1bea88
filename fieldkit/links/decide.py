"""From what is believed of a frame to linked, review or spare, and the witnesses that say so."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.claims import Claims
from fieldkit.links.densities import WITHIN, falling_from, gaps_from
from fieldkit.links.evidence import NOBODY, Evidence
from fieldkit.links.guests import STRANGER
from fieldkit.links.outcome import Link, Witness, slip_link
from fieldkit.links.posterior import Posterior, sitting_lengths
from fieldkit.links.rates import Rates
from fieldkit.links.slips_behind import behind_slips
from fieldkit.links.spares import one_more, spare_share, unread_odds
from fieldkit.links.times import SURE, Numbers, Seconds

# Chance from which a frame is linked, by more for each silent sitting, and down to which where few errors
# are expected.
_SURE, _SURER, _LEAST = 0.99, 0.01, 0.975
# Share of frames that may be linked wrongly: at least and at most; and more for each silent sitting.
_ERRORS, _ERRORS_MOST = 1e-4, 1.2e-3
_ERRORS_BESIDE_SLIPS, _ERRORS_OF_SEATS = 2e-3, 4e-3
# Share of frames that is looked at rather than that more errors than so many are made.
_LOOKED_AT, _ERRORS_ALWAYS = 0.155, 3e-4
# Chance from which a frame is spare, where it is all that somebody has, and with which none is linked.
_SPARE, _SURELY_SPARE, _SPARE_RISK = 0.4, 0.98, 0.06
_HIGHEST = 0.9999
# Sittings to the next witness on either side.
_NEAR_WITNESS = 4
# Share of slips whose holder then leaves no frame, and the chance of it that is looked at.
_FRAMELESS, _MAY_BE_ANOTHER = 1e-3, 0.01
# Log odds of a sitting's faces below which they are not like whom order puts there.
_UNLIKE = -3.0


@dataclass(frozen=True, slots=True)
class _Believed:
    """The best guess about one frame."""

    person: int
    chance: float
    spare: float
    in_line: float
    seen: bool


def decide(evidence: Evidence, rates: Rates, claims: Claims, found: Posterior) -> tuple[Link, ...]:
    """Give the link of every frame without the operator's word, in shooting order."""
    believed = _believe(evidence, rates, found)
    sure = _sure(evidence, claims, believed)
    begin = _begins(found.starts(evidence.times.size))
    alone = _only_frame(believed)
    # Frames that are looked at, unless one of these witnesses speaks for them.
    doubts: tuple[tuple[frozenset[int], frozenset[Witness]], ...] = (
        (_unlike(claims, believed, begin) | _of_unknown_slips(evidence, begin), frozenset({"slate", "seat"})),
        (_long_behind_slips(evidence, rates, begin), frozenset({"seat", "likeness"})),
    )
    place = {name: at for at, name in enumerate(evidence.frames)}
    links = []
    for name in evidence.order:
        at = place.get(name)
        if at is None:
            links.append(slip_link(name))
            continue
        one = believed[at]
        faces = claims.faces[at] if claims.faces else {}
        why = _why(evidence, claims, one, begin[at], faces)
        # All that a person has, or a face like somebody's, is looked at before it is called spare.
        looked_at = alone[at] or at in claims.shows
        if one.spare >= (_SURELY_SPARE if looked_at else _SPARE):
            chance = min(one.spare, _HIGHEST)
            links.append(Link(name, "spare", None, None, chance, _why_spare(evidence, at)))
            continue
        person = evidence.persons[one.person] if one.person >= 0 else None
        chance = min(one.chance * (1 - one.spare), _HIGHEST)
        looks_right = all(at not in frames or not witnesses.isdisjoint(why) for frames, witnesses in doubts)
        if person and one.chance >= sure and one.seen and one.spare <= _SPARE_RISK and looks_right:
            links.append(Link(name, "linked", person, None, chance, why))
        else:
            links.append(Link(name, "review", None, person, chance if person else 0.0, why))
    return tuple(links)


def _believe(evidence: Evidence, rates: Rates, found: Posterior) -> list[_Believed]:
    within = spare_share(evidence, rates)
    starts = found.starts(evidence.times.size)
    unread = unread_odds(evidence, rates) * one_more(rates, sitting_lengths(starts))
    spares = 1 - (1 - within) * (1 - starts * unread / (1 + unread))
    believed = []
    seen = _seen(evidence, found)
    for burst, (begin, stop) in enumerate(zip(found.day.first, found.day.stop, strict=True)):
        best, chance, in_line = _best(evidence, found, burst)
        chance *= rates.standing
        nobody = float(found.nobody[burst])
        for frame in range(int(begin), int(stop)):
            spare = nobody + (1 - nobody) * float(spares[frame])
            believed.append(_Believed(best, chance, spare, in_line, bool(seen[burst])))
    return believed


def _sure(evidence: Evidence, claims: Claims, believed: Sequence[_Believed]) -> float:
    """Give the chance from which a frame is linked: as low as the day's expected errors allow.

    What may go wrong in all is bounded, by more where more people pass without a witness; but only
    so many are allowed as keep what is left to look at within reason.
    """
    chances = np.array([one.chance for one in believed if one.seen and one.spare <= _SPARE_RISK])
    if not chances.size:
        return _SURE
    chances = -np.sort(-chances)
    expected = np.cumsum(1 - chances) / chances.size
    # Errors of slips, once read wrong, are believed: fewer others are allowed beside them.
    more = _ERRORS_BESIDE_SLIPS if evidence.slips else _ERRORS_OF_SEATS
    silence = _silence(evidence, claims)
    most = min(_ERRORS_MOST, _ERRORS + more * silence)
    fewest = min(_ERRORS_ALWAYS, most)
    wanted = int((1 - _LOOKED_AT) * sum(one.spare < _SPARE for one in believed))
    least, last = np.searchsorted(expected, (fewest, most), side="right").tolist()
    linked = min(max(wanted, least), last)
    lowest = float(chances[linked - 1]) if linked else 1.0
    return float(np.clip(lowest, _LEAST, _SURE + _SURER * silence))


def _silence(evidence: Evidence, claims: Claims) -> float:
    told = claims.silent < 1
    return 0.0 if evidence.has_likeness or not told.any() else float(claims.silent[told].mean())


def _seen(evidence: Evidence, found: Posterior) -> NDArray[np.bool_]:
    """Tell bursts that a witness at the camera speaks for, or for sittings just before and after.

    Order and the door's times tie nothing by themselves.
    """
    held = np.zeros(found.start.size, bool)
    for burst, (begin, stop) in enumerate(zip(found.day.first, found.day.stop, strict=True)):
        named = max(found.named[burst].values(), default=0.0) > 0.5
        frames = evidence.likeness[int(begin) : int(stop)]
        slip = int(begin) in evidence.slips
        held[burst] = (named and (slip or evidence.trust[int(begin)] == SURE)) or any(frames)
    sittings: Numbers = np.cumsum(found.start > 0.5, dtype=np.int64)
    at: Numbers = sittings[held]
    if not at.size:
        return held
    after = np.searchsorted(at, sittings)
    behind: Numbers = sittings - at[np.maximum(np.searchsorted(at, sittings, side="right") - 1, 0)]
    ahead: Numbers = at[np.minimum(after, at.size - 1)] - sittings
    # Before the first and after the last witness, one side must do.
    behind = np.where(behind < 0, 0, behind)
    ahead = np.where(ahead < 0, 0, ahead)
    return np.asarray((behind <= _NEAR_WITNESS) & (ahead <= _NEAR_WITNESS))


def _best(evidence: Evidence, found: Posterior, burst: int) -> tuple[int, float, float]:
    """Give the likeliest person of a burst, NOBODY for a stranger, how likely, and the part from the line."""
    base = int(found.base[burst])
    row = found.entry[burst]
    weights: dict[int, float] = defaultdict(float)
    for place in np.flatnonzero(row > 1e-4).tolist():
        weights[int(evidence.entry_persons[base + place - 1])] += float(row[place])
    in_line = dict(weights)
    for person, weight in found.guest[burst].items():
        if person != STRANGER:
            weights[person] += weight
    best = max(weights, key=lambda one: (weights[one], -one), default=NOBODY)
    seated = max(1e-9, 1 - float(found.nobody[burst]))
    # Most likely somebody whom nothing names: to propose anybody would mislead.
    if best == NOBODY or found.guest[burst].get(STRANGER, 0.0) > 0.5 * seated:
        return NOBODY, 0.0, 0.0
    return best, min(1.0, weights[best] / seated), in_line.get(best, 0.0)


def _begins(start: Seconds) -> list[int]:
    """Give for each frame where its sitting most likely begins."""
    begins = np.where(start > 0.5, np.arange(start.size), 0)
    return [int(frame) for frame in np.maximum.accumulate(begins)]


def _only_frame(believed: list[_Believed]) -> list[bool]:
    """Tell frames that are all a person has."""
    frames: dict[int, int] = defaultdict(int)
    for one in believed:
        if one.spare < _SPARE:
            frames[one.person] += 1
    return [one.person >= 0 and frames[one.person] == 0 for one in believed]


def _unlike(claims: Claims, believed: Sequence[_Believed], begins: Sequence[int]) -> frozenset[int]:
    """Find frames of sittings whose faces are unlike whom order puts there: a poor portrait, or another."""
    like: dict[tuple[int, int], float] = defaultdict(float)
    for one, start, faces in zip(believed, begins, claims.faces, strict=False):
        like[start, one.person] += faces.get(one.person, 0.0)
    return frozenset(
        at for at, one in enumerate(believed) if like.get((begins[at], one.person), 0.0) < _UNLIKE
    )


def _of_unknown_slips(evidence: Evidence, begins: Sequence[int]) -> frozenset[int]:
    """Find frames of sittings that begin with a slip whose number nobody holds: order names a neighbour."""
    unknown = {start for start, whom in evidence.slips.items() if set(whom) == {NOBODY}}
    return _frames_of(begins, unknown)


def _long_behind_slips(evidence: Evidence, rates: Rates, begins: Sequence[int]) -> frozenset[int]:
    """Find frames of sittings that begin as long behind a slip as another's would, whose own was not read."""
    starts, lags = behind_slips(evidence.slips, evidence.times, evidence.gaps)
    if not starts.size or evidence.slips_behind:
        return frozenset()
    own = gaps_from(lags, np.ones(lags.size), WITHIN, falling_from=falling_from(rates.change))
    # What the missing frames took comes on top of the change.
    another = rates.change(np.minimum(lags, rates.change.middle)) / own(lags)
    another *= _FRAMELESS * (1 - rates.slip)
    return _frames_of(begins, {*starts[another > _MAY_BE_ANOTHER].tolist()})


def _frames_of(begins: Sequence[int], starts: Container[int]) -> frozenset[int]:
    """Give the frames of the sittings that begin at these starts."""
    return frozenset(at for at, start in enumerate(begins) if start in starts)


def _why(
    evidence: Evidence, claims: Claims, one: _Believed, start: int, faces: Mapping[int, float]
) -> tuple[Witness, ...]:
    speaks: tuple[tuple[Witness, bool], ...] = (
        ("slate", one.person in evidence.slips.get(start, ())),
        ("seat", (start, one.person) in claims.seated),
        ("likeness", faces.get(one.person, 0.0) > 1.0),
        ("clicker", start in claims.clicked),
    )
    why: list[Witness] = [witness for witness, does in speaks if does]
    if one.in_line > 0.5 * one.chance or not why:
        why.append("order")
    return tuple(why)


def _why_spare(evidence: Evidence, frame: int) -> tuple[Witness, ...]:
    return ("faces",) if evidence.faces[frame] == 0 else ("time",)
