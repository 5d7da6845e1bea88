"""Rates of a day learned from what a first pass believes about it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from fieldkit.links.claims import Claims, SeatClaim
from fieldkit.links.densities import (
    CHANGE,
    WALK,
    WITHIN,
    Gaps,
    counts_from,
    delays_from,
    falling_from,
    gaps_from,
)
from fieldkit.links.evidence import NOBODY, Evidence
from fieldkit.links.letting_in import learn_queue
from fieldkit.links.likeness import likeness_rates
from fieldkit.links.posterior import Posterior, belief, sitting_lengths
from fieldkit.links.rates import USUAL_OVER, USUAL_SLIP_ASTRAY, Rates, blurred, clip_rate, usual_unread
from fieldkit.links.spares import one_more, spare_share, unread_odds, unread_prior
from fieldkit.links.times import SURE, Seconds

_MOST_LEFT, _MOST_GUESTS, _MOST_READ = 0.85, 0.6, 0.999


def learn(evidence: Evidence, rates: Rates, claims: Claims, found: Posterior) -> Rates:
    """Improve the rates by one step of expectation-maximisation with priors.

    ``found`` may cover the first part of the day only.
    """
    frames = found.burst_of.size
    gaps = evidence.paced[1:frames]
    start = found.starts(frames)[1:]
    arrived = np.zeros(frames)
    arrived[found.day.first] = found.arrived
    nobody = found.nobody[found.burst_of]
    inner = np.clip(1 - start - np.maximum(nobody[1:], nobody[:-1]), 0, 1)
    waited = np.clip(start - arrived[1:], 0, 1)
    sittings = max(1.0, float(found.start.sum()))
    people = float(found.sat.sum())
    passed = _passed(evidence, found)
    sat = found.sat + _as_guests(evidence, found)[evidence.entry_persons]
    left_out = float(np.clip(1 - sat[:passed], 0, 1)[~evidence.entry_again[:passed]].sum())
    guests = found.guests - float(found.strangers.sum())
    strangers = float(_sharpened(np.clip(found.strangers, 0, 1)).sum())
    change = gaps_from(gaps, _sharpened(waited), CHANGE)
    learned = replace(
        rates,
        within=gaps_from(gaps, _sharpened(inner), WITHIN, falling_from=falling_from(change)),
        change=change,
        walk=_walk(evidence, found),
        counts=counts_from(found.counts),
        skip=min(_MOST_LEFT, clip_rate(left_out, passed, 0.025, 60)),
        swap=min(0.1, clip_rate(found.swaps, people, 0.012, 400)),
        guest=min(_MOST_GUESTS, clip_rate(guests, sittings, rates.usual_guest, 100)),
        stranger=min(0.1, clip_rate(strangers, sittings, 0.002, 500)),
        spare_between=min(0.1, clip_rate(float(found.nobody.sum()), sittings, 0.01, 100)),
        other_body=_other_body(evidence, inner),
        queue=learn_queue(rates, found),
    )
    learned = _spares(evidence, learned, nobody)
    learned = _seats(evidence, learned, claims, found)
    learned = _slips(evidence, learned, found)

    def own(frame: int, person: int) -> float:
        return belief(evidence, found, frame, person) if frame < frames else -1.0

    return likeness_rates(evidence, blurred(evidence, learned), own)


def late_check_ins(evidence: Evidence, claims: Claims) -> float:
    """Learn how often somebody sits before their check-in, by all whom a witness names.

    One may be typed in later, and the clock at the door be ahead of the one at the chair.
    """
    sat = [*zip(evidence.seat_persons.tolist(), evidence.seat_times.tolist(), strict=True)]
    times = evidence.times.tolist()
    for at in np.flatnonzero(evidence.trust == SURE).tolist():
        sat += [(who, times[at]) for who in evidence.slips.get(at, ())]
        if at in claims.shows:
            sat.append((claims.shows[at], times[at]))
    before = [
        moment < evidence.entry_times[entries[0]]
        for who, moment in sat
        if who != NOBODY and (entries := evidence.entries_of[who])
    ]
    return clip_rate(sum(before), len(before), 3e-4, 300)


def _sharpened(share: Seconds) -> Seconds:
    """Give what is doubtful less weight, lest a rare mistake feed itself."""
    return np.asarray(share**3 / (share**3 + (1 - share) ** 3))


def _passed(evidence: Evidence, found: Posterior) -> int:
    """Count the entries that the line has passed by the last frame."""
    sat = np.flatnonzero(found.sat > 0.5)
    return int(sat[-1]) + 1 if sat.size else min(1, evidence.entry_times.size)


def _as_guests(evidence: Evidence, found: Posterior) -> Seconds:
    """Give by person how likely they sat out of turn."""
    sat = np.zeros(len(evidence.persons))
    for guests in found.guest:
        for person, weight in guests.items():
            if person >= 0:
                sat[person] = max(sat[person], weight)
    return sat


def _walk(evidence: Evidence, found: Posterior) -> Gaps:
    """Learn how long from the door to the chair where the chair stood empty."""
    waits, weights = [], []
    day = found.day
    for burst in np.flatnonzero(found.arrived > 0.2).tolist():
        first, last = int(day.waiting[burst]), int(day.come[burst])
        base = int(found.base[burst])
        shares = found.entry[burst, max(0, first + 1 - base) : max(0, last + 1 - base)]
        if shares.size == last - first and shares.size:
            best = int(shares.argmax())
            waits.append(day.moment[burst] - evidence.entry_times[first + best])
            weights.append(float(shares[best]))
    return gaps_from(np.array(waits), np.array(weights), WALK)


def _other_body(evidence: Evidence, inner: Seconds) -> float:
    other = np.diff(evidence.bodies[: inner.size + 1]) != 0
    return float(np.clip((inner[other].sum() + 0.02) / (inner.sum() + 20), 1e-3, 0.5))


def _spares(evidence: Evidence, rates: Rates, nobody: Seconds) -> Rates:
    """Learn how often a frame within a sitting is nobody's, where faces were counted."""
    if not evidence.has_faces:
        return rates
    within = spare_share(evidence, rates)[: nobody.size] * (1 - nobody)
    told = evidence.faces[: nobody.size] >= 0
    share = clip_rate(float(within[told].sum()), float(told.sum()), 0.01, 200)
    return replace(rates, spare_within=min(0.1, share))


def _seats(evidence: Evidence, rates: Rates, claims: Claims, found: Posterior) -> Rates:
    if not claims.seats:
        return rates
    burst_at = {int(frame): burst for burst, frame in enumerate(found.day.first)}
    near = [one for one in claims.seats if one.start in burst_at]
    if not near:
        return rates
    delays = np.array([one.delay for one in near])
    weights = np.array([found.named[burst_at[one.start]].get(one.person, 0.0) for one in near])
    seats = np.array([one.seat for one in near])
    over = np.array([one.over for one in near])
    matched = np.minimum(np.bincount(seats, weights, evidence.seat_times.size), 1.0)
    told = np.bincount(seats, minlength=evidence.seat_times.size) > 0
    left = np.where(told, 1 - matched, 0.0)
    beside = np.minimum(left, _beside(evidence, found, near, burst_at))
    count = int(told.sum())
    return replace(
        rates,
        seat_delay=delays_from(delays, weights, prior=5.0),
        seat=clip_rate(float(matched.sum()), _sittings(found, evidence.usage.seats), 0.8, 5),
        seat_astray=clip_rate(float((left - beside)[~claims.turns.in_turn].sum()), count, 0.001, 200),
        seat_idle=clip_rate(float((left - beside)[claims.turns.in_turn].sum()), count, 0.003, 200),
        neighbour_seat=clip_rate(float(beside.sum()), count, 0.004, 150),
        seat_over=max(USUAL_OVER, clip_rate(float(weights @ over), float(weights.sum()), USUAL_OVER, 20)),
    )


def _beside(
    evidence: Evidence, found: Posterior, claims: Sequence[SeatClaim], burst_at: Mapping[int, int]
) -> Seconds:
    """Give for each seat how likely somebody near in line sat down where it would have fitted best."""
    best: dict[int, SeatClaim] = {}
    for one in claims:
        if one.seat not in best or one.fit > best[one.seat].fit:
            best[one.seat] = one
    beside = np.zeros(evidence.seat_times.size)
    for seat, one in best.items():
        burst = burst_at[one.start]
        own = [entry + 1 - int(found.base[burst]) for entry in evidence.entries_of[one.person]]
        row = found.entry[burst]
        near = {at for place in own for at in range(place - 3, place + 4) if 0 <= at < row.size} - {*own}
        beside[seat] = min(1.0, float(found.start[burst])) * sum(float(row[at]) for at in near)
    return beside


def _sittings(found: Posterior, use: Seconds) -> float:
    """Count the sittings in which a witness was in use."""
    return max(1.0, float(_sharpened(np.clip(found.start, 0, 1)) @ use[found.day.first]))


def _slips(evidence: Evidence, rates: Rates, found: Posterior) -> Rates:
    if not evidence.slips:
        return rates
    burst_at = {int(frame): burst for burst, frame in enumerate(found.day.first)}
    starts = [at for at in evidence.slips if at in burst_at]
    if not starts:
        return rates
    known, matched, unknown = 0, 0.0, 0.0
    for at in starts:
        if any(who != NOBODY for who in evidence.slips[at]):
            named = found.named[burst_at[at]]
            known += 1
            matched += min(1.0, max(named.get(who, 0.0) for who in evidence.slips[at]))
        else:
            # A number that nobody holds tells of a sitting, but not that neighbours' slips are read.
            unknown += min(1.0, float(found.start[burst_at[at]]))
    astray = known - matched
    often = (matched + unknown + 4.5) / (_sittings(found, evidence.usage.slips) + 5)
    return replace(
        rates,
        slip=float(np.clip(often, 0.02, _MOST_READ)),
        slip_astray=min(1e-3, USUAL_SLIP_ASTRAY + 0.01 * astray / (known + 100)),
        neighbour_slip=clip_rate(0.5 * astray, known, 0.003, 150),
        unread_slip=_unread(evidence, rates, found),
    )


def _unread(evidence: Evidence, rates: Rates, found: Posterior) -> float:
    """Learn how often a sitting without a read slip begins with one that nobody could read."""
    starts = found.starts(found.burst_of.size)
    odds = unread_odds(evidence, rates)[: starts.size] * one_more(rates, sitting_lengths(starts))
    silent = starts * (unread_prior(evidence, rates)[: starts.size] > 0)
    usual = usual_unread(rates.slip)
    return clip_rate(float(silent @ (odds / (1 + odds))), float(silent.sum()), usual, 20)
