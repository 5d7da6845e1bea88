"""Who is named for each start: seats, slips and faces turned into odds against "nobody named".

A *start* is the place before a frame where somebody may have sat down. Odds compare "this witness
belongs to the sitting that starts here" with "this witness went astray".
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fieldkit.links.evidence import NOBODY, Evidence
from fieldkit.links.likeness import bell
from fieldkit.links.rates import Rates
from fieldkit.links.times import LOST, Flags, Numbers, Seconds
from fieldkit.links.turns import Turns, turns_named

# Who a neighbour is whose card or slip it was: steps along the line, and the share of each.
_NEIGHBOURS = ((1, 0.35), (-1, 0.35), (2, 0.1), (-2, 0.1), (3, 0.05), (-3, 0.05))
# Share of clicks at which nobody sat down.
_CLICK_ASTRAY = 0.05
# Chance from which a click is said to speak for a start.
_CLICKED = 0.5
# How much rarer somebody sits unnamed whom a slip names elsewhere; and whom a seat does, by the share of
# seats that are a neighbour's.
_SLIP_ELSEWHERE, _SEAT_ELSEWHERE = 0.3, 40.0
# Odds from which a witness is said to speak for somebody.
SPEAKS = 20.0
# Of the best fit of an event, the least that counts.
_CORE = 0.005
# Seconds by which a first frame comes before its chair event, or behind it, at most.
_EARLIEST, _LATEST = 60.0, 75.0
# Share of slips with a wrong code behind which somebody new sits down.
_WRONG_SLIP = 5e-4
# Of several slips in a row the last one's holder sits: what one before it weighs that is of somebody near
# in line, and of anybody else.
_SHOWN_BEFORE, _FAR_BEFORE = 0.003, 3e-7
# Log odds of faces above which more tell nothing more.
_MOST = 300.0
# Share of people whose portrait is no good to compare with.
_POOR = 0.005
# Log odds from which a face surely is somebody's.
_SAME_FACE = 3.0
# Of the best start of an event with the gap before it, the least that counts.
_IDLE = 0.06
# Seconds behind a seat in which a frame of who sat before may come, as clocks are no better known.
_AT_ONCE = 1.0
# Share of delays that are shorter than the soonest one a frame right behind a seat may have.
_SOONEST = 0.02
# Of the best fit of a seat, below which it means another start.
_RATHER = 0.4
# Pairs of events and starts that are laid out at a time.
_AT_A_TIME = 1_000_000


@dataclass(frozen=True, slots=True)
class SeatClaim:
    """A chair event that may belong to the sitting of ``person`` that begins at ``start``.

    ``fit`` compares it with other starts of the same event, by delay and by the gap before; ``over`` tells
    that other frames lie between them.
    """

    seat: int
    start: int
    person: int
    delay: float
    fit: float
    over: bool


@dataclass(frozen=True, slots=True)
class Claims:
    """Odds by start: of a person, of an entry through a neighbour's card, of anybody.

    ``person[start]`` and ``entry[start]`` add to 1; ``anybody`` multiplies, one value a start, and
    holds what it costs that a witness which usually speaks did not. ``silent`` is that cost alone,
    which a stranger without a number does not pay. ``unnamed`` weighs by entry that its person sits where
    nothing names them. ``renewed[start]`` are the persons of whom a
    second witness speaks there, so that they may sit twice running, ``rather[start]`` those whom a seat
    names there that fits another start plainly better. ``turns`` tells whose turn it was.
    ``faces[frame]`` has the log odds of likeness by person; it is empty where faces were not compared.
    ``shows[frame]`` is the one person whose face a frame surely shows. ``seated`` are the starts and persons
    that a seat speaks for, ``clicked`` the starts that a click does.
    """

    person: Mapping[int, Mapping[int, float]]
    entry: Mapping[int, Mapping[int, float]]
    anybody: Seconds
    silent: Seconds
    unnamed: Seconds
    seats: tuple[SeatClaim, ...]
    renewed: Mapping[int, frozenset[int]]
    rather: Mapping[int, frozenset[int]]
    turns: Turns
    faces: tuple[Mapping[int, float], ...]
    shows: Mapping[int, int]
    seated: frozenset[tuple[int, int]]
    clicked: frozenset[int]


def claim(evidence: Evidence, rates: Rates) -> Claims:
    """Turn the witnesses of a day into odds at every start."""
    count = evidence.times.size
    person: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    entry: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    anybody = np.ones(count)
    change = rates.change(evidence.paced)
    fresh = change / (change + rates.within(evidence.paced))
    fresh[:1] = 1.0
    without_slip, without_seat = _silences(evidence, rates)
    _slips(evidence, rates, person, entry, anybody, without_slip)
    faces = _likeness_odds(evidence, rates)
    shows = _shown(faces)
    turns = turns_named(evidence, shows)
    seats, seated = _seats(evidence, rates, person, entry, anybody, without_seat, fresh, turns)
    clicks = _clicks(evidence, rates, fresh)
    # One click belongs to one start: where several may be meant, it tells less of each.
    silent = 1 - rates.click * evidence.usage.clicks * bool(evidence.click_times.size)
    anybody *= silent ** (1 - clicks) * (rates.click / _CLICK_ASTRAY) ** clicks
    unnamed = _unnamed(evidence, rates, seated, turns.elsewhere)
    for near in entry.values():
        near.update({one: odds * float(unnamed[one]) for one, odds in near.items()})
    return Claims(
        person=person,
        entry=entry,
        anybody=anybody,
        silent=without_slip * without_seat,
        unnamed=unnamed,
        seats=seats,
        renewed=_renewed(evidence, seats),
        rather=_rather_another(seats),
        turns=turns,
        faces=faces,
        shows=shows,
        seated=seated,
        clicked=frozenset(np.flatnonzero(clicks > _CLICKED).tolist()),
    )


def _unnamed(evidence: Evidence, rates: Rates, seated: frozenset[tuple[int, int]], late: Flags) -> Seconds:
    """Weigh by entry that its person sits where nothing names them: hardly, if something does in turn.

    A slip may be another's that was read wrong. Who is named out of line, ``late``, or came again may
    have been called back, and have sat without a witness before.
    """
    weight = np.ones(len(evidence.persons))
    weight[[who for slips in evidence.slips.values() for who in slips if who != NOBODY]] = _SLIP_ELSEWHERE
    weight[[who for _, who in seated]] = min(1.0, _SEAT_ELSEWHERE * rates.neighbour_seat)
    weight[[who for who, entries in enumerate(evidence.entries_of) if len(entries) > 1]] = 1.0
    weight[late] = 1.0
    return np.asarray(weight[evidence.entry_persons])


def _renewed(evidence: Evidence, seats: Sequence[SeatClaim]) -> Mapping[int, frozenset[int]]:
    """Find where a person is named by another event than the one before."""
    told: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one in seats:
        told[one.person][one.seat].add(one.start)
    found: dict[int, set[int]] = defaultdict(set)
    for who, by_seat in told.items():
        for before, after in pairwise(sorted(by_seat)):
            for start in by_seat[after] - by_seat[before]:
                found[start].add(who)
    shown: set[int] = set()
    for start in sorted(evidence.slips):
        for who in set(evidence.slips[start]) & shown:
            found[start].add(who)
        shown.update(evidence.slips[start])
    return {start: frozenset(who) for start, who in found.items()}


def _silences(evidence: Evidence, rates: Rates) -> tuple[Seconds, Seconds]:
    """Give at each start how likely somebody sits down there without a slip, and without a seat."""
    slip, seat = rates.slip * bool(evidence.slips), rates.seat * bool(evidence.seat_times.size)
    return 1 - slip * evidence.usage.slips, 1 - seat * evidence.usage.seats


def _rather_another(seats: Sequence[SeatClaim]) -> Mapping[int, frozenset[int]]:
    """Find the starts that a seat names and hardly means: it fits another one plainly better."""
    best: dict[int, float] = {}
    for one in seats:
        best[one.seat] = max(one.fit, best.get(one.seat, 0.0))
    found: dict[int, set[int]] = defaultdict(set)
    for one in seats:
        if one.fit < _RATHER * best[one.seat]:
            found[one.start].add(one.person)
    return {start: frozenset(who) for start, who in found.items()}


def _slips(
    evidence: Evidence,
    rates: Rates,
    person: dict[int, dict[int, float]],
    entry: dict[int, dict[int, float]],
    anybody: Seconds,
    silence: Seconds,
) -> None:
    if not evidence.slips:
        return
    anybody *= silence
    codes = evidence.entry_times.size + 1
    for start, found in evidence.slips.items():
        if start >= anybody.size:
            continue
        silent = float(silence[start])
        # Whoever's slip it is, somebody new sits down behind it.
        anybody[start] *= 1 + rates.slip * _WRONG_SLIP / silent / rates.slip_astray
        *before, last = dict.fromkeys(found)
        for who in (last, *reversed(before)):
            weight = 1.0 if who == last else _shown_before(evidence, who, last)
            # A slip astray shows any code: the right one by chance once in as many as there are.
            odds = weight * codes * rates.slip / silent / rates.slip_astray
            if who == NOBODY:
                anybody[start] *= 1 + odds / codes
            else:
                person[start][who] += odds * (1 - rates.neighbour_slip)
                _near(evidence, who, odds * rates.neighbour_slip, entry[start])


def _shown_before(evidence: Evidence, who: int, last: int) -> float:
    """Weigh that somebody sits though another's slip was photographed behind theirs, as by mistake."""
    if NOBODY in (who, last):
        return _SHOWN_BEFORE
    steps = {one - other for one in evidence.entries_of[who] for other in evidence.entries_of[last]}
    return _FAR_BEFORE if steps.isdisjoint(dict(_NEIGHBOURS)) else _SHOWN_BEFORE


def _near(evidence: Evidence, person: int, odds: float, entry: dict[int, float]) -> None:
    count = evidence.entry_times.size
    for own in evidence.entries_of[person]:
        for step, share in _NEIGHBOURS:
            if 0 <= own + step < count:
                entry[own + step] += odds * share


def _seats(
    evidence: Evidence,
    rates: Rates,
    person: dict[int, dict[int, float]],
    entry: dict[int, dict[int, float]],
    anybody: Seconds,
    silence: Seconds,
    fresh: Seconds,
    turns: Turns,
) -> tuple[tuple[SeatClaim, ...], frozenset[tuple[int, int]]]:
    if not evidence.seat_times.size:
        return (), frozenset()
    placed = evidence.trust != LOST
    anybody[placed] *= silence[placed]
    codes = evidence.entry_times.size + 1
    # Who is next in line may be confirmed and then leave no frame; anybody's card may not.
    astray = rates.seat_astray / codes
    plain, raised = (rates.seat / (astray + lost) for lost in (rates.seat_idle, 0.0))
    claims = []
    seated = set()
    whom = evidence.seat_persons.tolist()
    first = {who: seat for seat, who in reversed([*enumerate(whom)])}
    # Who is named again was called back, and whose turn was another one sat here: neither just left.
    elsewhere = {*np.flatnonzero(turns.elsewhere).tolist()}
    idle = [
        bool(fair) and first[who] == seat and who not in elsewhere
        for seat, (who, fair) in enumerate(zip(whom, turns.in_turn, strict=True))
    ]
    for pairs in _starts_near(evidence, rates, fresh, placed):
        for seat, start, delay, fit, likely, over in zip(*(column.tolist() for column in pairs), strict=True):
            who = whom[seat]
            if who == NOBODY:
                anybody[start] += rates.seat / rates.seat_astray * fit
                continue
            claims.append(SeatClaim(seat, start, who, delay, likely, over))
            odds = fit * (plain if idle[seat] else raised) / float(silence[start])
            person[start][who] += odds * (1 - rates.neighbour_seat)
            _near(evidence, who, odds * rates.neighbour_seat, entry[start])
            if odds > SPEAKS:
                seated.add((start, who))
    return tuple(claims), frozenset(seated)


def _starts_near(
    evidence: Evidence, rates: Rates, fresh: Seconds, placed: NDArray[np.bool_]
) -> Iterator[tuple[Numbers, Numbers, Seconds, Seconds, Seconds, Flags]]:
    """Pair seats with the starts that may be theirs, a part of the day at a time; one a seat without a name.

    Gives seats, starts, delays, how well each fits by its delay, and with the gap before, and whether
    other frames lie between.
    """
    times, seats = evidence.times, evidence.seat_times
    loudest = float(rates.seat_delay.density.max())
    soonest = rates.seat_delay.at(_SOONEST)
    first = np.searchsorted(times, seats - _EARLIEST)
    count = np.searchsorted(times, seats + _LATEST) - first
    behind = np.searchsorted(times, seats + _AT_ONCE)
    parts = np.cumsum(count) // _AT_A_TIME
    near = np.flatnonzero(count)
    for part in np.split(near, 1 + np.flatnonzero(np.diff(parts[near]))):
        begin = np.cumsum(count[part]) - count[part]
        seat = np.repeat(part, count[part])
        start = np.arange(seat.size) + np.repeat(first[part] - begin, count[part])
        delay = times[start] - seats[seat]
        fit = rates.seat_delay(delay) / loudest * placed[start]
        likely = fit * fresh[start]
        most = np.repeat(np.maximum.reduceat(likely, begin), count[part])
        # The frame right behind a seat may be its own though the gap is short: some change in seconds.
        late = delay >= soonest
        fair = (likely > _IDLE * most) | (late & _first_of(seat, late))
        unnamed = evidence.seat_persons[seat] == NOBODY
        best = likely == most
        fair = np.where(unnamed, best & _first_of(seat, best), (fit > _CORE) & fair)
        # Who sat before is seldom photographed on when the next is confirmed.
        over = start > behind[seat]
        seldom = np.where(over, rates.seat_over, 1 - rates.seat_over)
        columns = seat, start, delay, fit * seldom, likely * seldom, over
        yield tuple(column[fair] for column in columns)


def _first_of(groups: Numbers, fair: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the first fair one of each group; groups stand together."""
    found = np.zeros(fair.size, bool)
    at = np.flatnonzero(fair)
    found[at[np.flatnonzero(np.diff(groups[at], prepend=-1))]] = True
    return found


def _clicks(evidence: Evidence, rates: Rates, fresh: Seconds) -> Seconds:
    """Give for each start the chance that a click belongs to it, by its delay and the gap before."""
    share = np.zeros(fresh.size)
    least = _CORE * float(rates.click_delay.density.max())
    first = np.searchsorted(evidence.times, evidence.click_times - _EARLIEST)
    last = np.searchsorted(evidence.times, evidence.click_times + _LATEST)
    for click, begin, stop in zip(evidence.click_times.tolist(), first.tolist(), last.tolist(), strict=True):
        dense = rates.click_delay(evidence.times[begin:stop] - click)
        score = np.where(dense >= least, dense, 0.0) * fresh[begin:stop]
        total = float(score.sum())
        if total > 0:
            share[begin:stop] = np.maximum(share[begin:stop], score / total)
    return share


def _likeness_odds(evidence: Evidence, rates: Rates) -> tuple[Mapping[int, float], ...]:
    """Give for each frame the log odds that its face is a person's own, against another's."""
    if not evidence.has_likeness:
        return ()
    scores = np.array([score for found in evidence.likeness for _, score in found])
    odds = iter(np.log(bell(scores, *rates.genuine) / bell(scores, *rates.impostor)).tolist())
    return tuple({person: next(odds) for person, _ in found} for found in evidence.likeness)


def _shown(faces: Sequence[Mapping[int, float]]) -> Mapping[int, int]:
    """Find the frames that surely show one person's face, and whose."""
    found = {}
    for frame, odds in enumerate(faces):
        like = [person for person, odd in odds.items() if odd > 0]
        if len(like) == 1 and odds[like[0]] > _SAME_FACE:
            found[frame] = like[0]
    return found


def among_look_alikes(log_odds: float, look_alike: float) -> tuple[float, float]:
    """Bound a person's odds by the chance that two people just look alike.

    Also gives how well such faces go together, whoever of all it is.
    """
    odds = _POOR + (1 - _POOR) * math.exp(min(log_odds, _MOST))
    anybody = 1 - look_alike + look_alike * odds
    return odds / anybody, anybody
