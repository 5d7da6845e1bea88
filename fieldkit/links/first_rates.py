"""Rates of a day before anybody is named: from the shape of its gaps, and from what lies about one delay."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from fieldkit.links.companions import same_people
from fieldkit.links.confirming import confirmed_ahead
from fieldkit.links.densities import (
    CHANGE,
    LONGEST,
    WALK,
    WITHIN,
    Delays,
    Gaps,
    counts_from,
    delays_from,
    expected_delay,
    falling_from,
    gaps_from,
    paces_differ,
)
from fieldkit.links.distances import about_one_distance, belongs, to_nearest
from fieldkit.links.evidence import NOBODY, Evidence
from fieldkit.links.rates import USUAL_OVER, Rates, blurred, usual_unread
from fieldkit.links.times import Floats, Seconds

# Share of frames that begin a sitting from which all are held to, where paces do not differ.
_ONE_EACH = 0.85
# Seconds that a first frame may come behind its chair event, or before it.
_FARTHEST_DELAY = 30.0
# Fewer events or sittings tell no delay; chance from which a frame is taken as a sitting's first.
_FEW, _FIRST = 5, 0.6
# Seconds before a first frame up to which a seat may as well be the next one's, and from which it hardly is.
_BEHIND, _PLAINLY_BEFORE = -1.0, 1.0
# Share of such seats that makes a habit, and the chance of a habit from which it is taken for certain.
_MANY, _CERTAIN = 0.06, 0.9
# How sure it is whose sitting slips close that are photographed last, and whose frames are at two chairs.
_TURNED_ROUND, _TWO_CHAIRS = 0.95, 0.5
# Share of frames close together that are of two cameras: at one chair, by turns, it is hardly any.
_BY_TURNS = 0.2
# The usual delay of a day is expected so much more surely, in log terms, than that of any one event.
_SURER = 3.0
# Share of portraits whose face is missed; from which share of faceless frames on it is more, and of how many.
_MISSED, _MANY_FACELESS, _MISSED_OF_MANY = 0.006, 0.06, 0.75


def first_rates(evidence: Evidence) -> Rates:
    """Learn gaps from the shape of the day alone, before anybody is named."""
    gaps = evidence.paced[1:]
    cue = _cues(evidence)
    expected = change_share = _starts_share(evidence, gaps)
    most = _most_starts(evidence, gaps, expected)
    order = np.sort(gaps)
    cut = order[min(gaps.size - 1, int(gaps.size * (1 - change_share)))] if gaps.size else 5.0
    start = np.where(gaps >= cut, 0.9, 0.1)
    for _ in range(8):
        change = gaps_from(gaps, start, CHANGE)
        within = gaps_from(gaps, 1 - start, WITHIN, falling_from=falling_from(change))
        odds = change_share / (1 - change_share) * change(gaps) / within(gaps) * cue
        start = odds / (1 + odds)
        change_share = float(np.clip((start.sum() + 2) / (gaps.size + 4), 0.12, most))
    if not paces_differ(within, change) and expected > _ONE_EACH:
        # One frame each: there is no pace within a sitting to be told from that of people.
        start = np.ones(gaps.size)
        change, within = gaps_from(gaps, start, CHANGE), gaps_from(gaps[:0], start[:0], WITHIN)
    sure = np.concatenate(([1.0], start)) if evidence.times.size else np.empty(0)
    use = evidence.usage
    walk = gaps_from(np.empty(0), np.empty(0), WALK)
    told, counts = sure, _first_counts(sure)
    if not paces_differ(within, change):
        # Frames that all follow at one pace do not tell which of them is somebody's first.
        told = np.zeros(sure.size)
        each = (gaps.size + 1) / max(1.0, gaps.size * expected)
        counts = counts_from(40 * np.exp(-np.abs(np.arange(1, LONGEST + 1) - each)))
    slip = _spoken(len(evidence.slips), sure, use.slips)
    seat = _spoken(evidence.seat_times.size, sure, use.seats)
    starts = evidence.times[told > _FIRST]
    seats = _of_whom(evidence, starts, seat)
    rates = Rates(
        within=within,
        change=change,
        walk=walk,
        counts=counts,
        seat_delay=seats.delays,
        seat_over=seats.over,
        standing=min(seats.sure, _standing(evidence, within)),
        click_delay=_first_delay(evidence.click_times, starts),
        seat=seat,
        slip=slip,
        unread_slip=usual_unread(slip),
        click=_spoken(evidence.click_times.size, sure, use.clicks),
    )
    return blurred(evidence, _face_rates(evidence, rates))


def _spoken(events: int, starts: Seconds, use: Seconds) -> float:
    sittings = max(1.0, float(starts @ use))
    return 0.0 if events == 0 else float(np.clip((events + 1) / (sittings + 2), 0.05, 0.985))


def _cues(evidence: Evidence) -> Seconds:
    """Odds that each gap is a change of person, from slips; chair events may come late or early."""
    count = max(0, evidence.times.size - 1)
    cue = np.ones(count)
    if len(evidence.slips) > 4:
        cue *= 1 - 0.7 * evidence.usage.slips[1:]
        for start in evidence.slips:
            if 1 <= start <= count:
                cue[start - 1] = 300.0
    return cue


def _starts_share(evidence: Evidence, gaps: Seconds) -> float:
    use, events = evidence.usage, (len(evidence.slips), evidence.seat_times.size, evidence.click_times.size)
    spoken = [
        many / max(1.0, float(where.sum())) * where
        for many, where in zip(events, (use.slips, use.seats, use.clicks), strict=True)
    ]
    often = np.max(spoken, axis=0)
    told = float(often.sum())
    if max(events) < 5:
        told = float((evidence.entry_times < evidence.times[-1]).sum()) if gaps.size else 0.0
    elif told:
        # Where no witness is in use, people have as many frames as elsewhere.
        told *= often.size / float(np.max((use.slips, use.seats, use.clicks), axis=0).sum())
    return float(np.clip((told + 1) / (gaps.size + 2), 0.15, 0.95)) if gaps.size else 0.4


def _most_starts(evidence: Evidence, gaps: Seconds, told: float) -> float:
    """Give the greatest share of gaps that may be changes of person.

    Hardly more people sit down than checked in; where all gaps are alike nothing else tells.
    """
    if not gaps.size or not evidence.entry_times.size:
        return 0.95
    came = float((evidence.entry_times < evidence.times[-1]).sum())
    return float(np.clip(1.2 * came / gaps.size, 1.1 * told, 0.95))


def _first_counts(sure: Seconds) -> Floats:
    starts = np.flatnonzero(sure > 0.5)
    lengths = np.diff(np.append(starts, sure.size))
    return counts_from(np.bincount(np.minimum(lengths, LONGEST), minlength=LONGEST + 1)[1:])


def _first_delay(events: Seconds, starts: Seconds) -> Delays:
    """Find how long before the first frame, at ``starts``, chair events come.

    People who follow evenly show a delay to the next, too, and one to whoever sat before: those vary by a
    person's whole turn, and the day's first and last, and whoever sits beside a pause, do not show them.
    """
    if events.size < _FEW or starts.size < _FEW:
        return delays_from(np.empty(0), np.empty(0))
    tried = np.arange(-_FARTHEST_DELAY, _FARTHEST_DELAY + 1)
    likely = _SURER * np.log(expected_delay(tried))
    met, _ = about_one_distance(to_nearest(events + tried[:, None], starts))
    meets, _ = about_one_distance(to_nearest(starts - tried[:, None], events))
    delay = float(tried[int(np.argmax(likely + met + meets))])
    early = to_nearest(events + delay, starts)
    return delays_from(delay - early, belongs(early), prior=0.1 * events.size + 1.0)


class _Seats(NamedTuple):
    """How long seats come before first frames, how often amid another's, and how sure it is that they do."""

    delays: Delays
    over: float
    sure: float


def _of_whom(evidence: Evidence, starts: Seconds, seat: float) -> _Seats:
    """Tell whether seats that come behind somebody's first frame are theirs, or the next one's."""
    seats, times = evidence.seat_times, evidence.times
    usual = _first_delay(seats, starts)
    as_found = _Seats(usual, USUAL_OVER, 1.0)
    if min(seats.size, starts.size) < _FEW or usual.at(_MANY + 2 / seats.size) > _BEHIND:
        return as_found
    habit = confirmed_ahead(seats, starts, times, seat, over=_line_is_over(evidence))
    certain = max(habit.ahead, 1 - habit.ahead)
    # Where most come before their first frame, what the others mean decides little.
    certain = 1.0 if certain > _CERTAIN or usual.at(0.5) > _PLAINLY_BEFORE else certain
    if habit.ahead < 0.5:
        return as_found._replace(sure=certain)
    delays = delays_from(habit.delays, np.ones(habit.delays.size), prior=0.1 * seats.size + 1.0)
    return _Seats(delays, max(USUAL_OVER, habit.amid), certain)


def _standing(evidence: Evidence, within: Gaps) -> float:
    """Tell how sure it is that slips come first, and that all sit at one chair: a seat names none of two."""
    sure = _TURNED_ROUND if evidence.slips_behind else 1.0
    if evidence.slips or evidence.has_likeness or not evidence.seat_times.size:
        return sure
    close = np.diff(evidence.times) < within.middle
    other = close & (np.diff(evidence.bodies) != 0)
    if other.sum() <= _BY_TURNS * close.sum():
        return sure
    bodies, taken = np.unique(evidence.bodies, return_counts=True)
    few = evidence.bodies == bodies[taken.argmin()]
    return sure if same_people(evidence.times[few], evidence.times[~few]) else _TWO_CHAIRS


def _line_is_over(evidence: Evidence) -> bool:
    """Tell whether whoever was confirmed last stood at the end of the line."""
    lately = evidence.seat_persons[-_FEW:].tolist()
    places = [entry for who in lately if who != NOBODY for entry in evidence.entries_of[who]]
    return max(places, default=0) + _FEW >= evidence.entry_times.size


def _face_rates(evidence: Evidence, rates: Rates) -> Rates:
    told = evidence.faces[evidence.faces >= 0]
    if told.size == 0:
        return rates
    none, two = float((told == 0).mean()), float((told == 2).mean())
    # Of few frames without a face most are spare; of many, the detector missed most.
    missed = max(_MISSED, _MISSED + _MISSED_OF_MANY * (none - _MANY_FACELESS))
    extra = float(np.clip(two, 0.004, 0.3))
    spare = float(np.clip(none - missed, 0.006, 0.1)) / rates.face_spare[0]
    often = float(np.clip(spare * 0.6, 0.006, 0.05))
    slip = np.bincount(evidence.slip_faces, minlength=3)[:3] + 8 * np.array(rates.face_slip)
    slip = slip / slip.sum()
    return replace(
        rates,
        face_portrait=(missed, 1 - missed - extra, extra),
        spare_between=often,
        spare_within=often,
        face_slip=(float(slip[0]), float(slip[1]), float(slip[2])),
    )
