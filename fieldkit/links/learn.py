"""Rates of a day learned from what a first pass believes about it."""

from dataclasses import replace

import numpy as np

from fieldkit.links.chain import Posterior, spare_share
from fieldkit.links.claims import Claims
from fieldkit.links.clocks import Seconds
from fieldkit.links.evidence import NOBODY, Evidence
from fieldkit.links.rates import (
    Gaps,
    Rates,
    clip_rate,
    counts_from,
    delays_from,
    gaps_from,
    likeness_rates,
)


def learn(evidence: Evidence, rates: Rates, claims: Claims, found: Posterior) -> Rates:
    """Improve the rates by one step of expectation-maximisation with priors."""
    gaps = evidence.gaps[1:]
    start, arrived = found.start[1:], found.arrived[1:]
    nobody = np.maximum(found.nobody[1:], found.nobody[:-1])
    inner = np.clip(1 - start - nobody, 0, 1)
    waited = np.clip(start - arrived, 0, 1)
    sittings = max(1.0, float(found.start.sum()))
    people = float(found.sat.sum())
    passed = _passed(evidence, found)
    left_out = float(np.clip(1 - found.sat[:passed], 0, 1)[~evidence.entry_again[:passed]].sum())
    learned = replace(
        rates,
        within=gaps_from(gaps, inner, _middle(gaps, inner, 2.5), 0.6),
        change=gaps_from(gaps, waited, _middle(gaps, waited, 12.0), 0.7),
        walk=_walk(evidence, found),
        counts=counts_from(found.counts),
        skip=min(0.2, clip_rate(left_out, passed, 0.025, 60)),
        swap=min(0.1, clip_rate(found.swaps, people, 0.012, 150)),
        guest=min(0.2, clip_rate(found.guests - found.strangers, sittings, 0.015, 100)),
        stranger=min(0.1, clip_rate(found.strangers, sittings, 0.002, 500)),
        spare_between=min(0.1, clip_rate(float(found.nobody.sum()), sittings, 0.01, 100)),
        other_body=_other_body(evidence, inner),
    )
    learned = _spares(evidence, learned, found)
    learned = _seats(evidence, learned, claims, found, sittings)
    learned = _slips(evidence, learned, found, sittings)

    def own(frame: int, person: int) -> float:
        return belief(evidence, found, frame, person)

    return likeness_rates(evidence, learned, own)


def belief(evidence: Evidence, found: Posterior, frame: int, person: int) -> float:
    """Give the weight of a person at a frame."""
    weight = found.guest[frame].get(person, 0.0)
    base = int(found.base[frame])
    for entry in evidence.entries_of[person]:
        if 0 <= entry + 1 - base < found.entry.shape[1]:
            weight += float(found.entry[frame, entry + 1 - base])
    return weight


def _passed(evidence: Evidence, found: Posterior) -> int:
    """Count the entries that the line has passed by the last frame."""
    sat = np.flatnonzero(found.sat > 0.5)
    return int(sat[-1]) + 1 if sat.size else min(1, evidence.entry_times.size)


def _middle(values: Seconds, weights: Seconds, prior: float) -> float:
    if not values.size:
        return prior
    logs = np.log(np.maximum(values, 0.2))
    return float(np.exp((weights @ logs + 3 * np.log(prior)) / (weights.sum() + 3)))


def _walk(evidence: Evidence, found: Posterior) -> Gaps:
    """Learn how long from the door to the chair where the chair stood empty."""
    waits, weights = [], []
    for start in np.flatnonzero(found.arrived > 0.2).tolist():
        first = int(np.searchsorted(evidence.entry_times, evidence.times[start - 1]))
        last = int(np.searchsorted(evidence.entry_times, evidence.times[start]))
        base = int(found.base[start])
        shares = found.entry[start, max(0, first + 1 - base) : max(0, last + 1 - base)]
        if shares.size == last - first and shares.size:
            best = int(shares.argmax())
            waits.append(evidence.times[start] - evidence.entry_times[first + best])
            weights.append(float(shares[best]))
    seconds, shares = np.array(waits), np.array(weights)
    return gaps_from(seconds, shares, _middle(seconds, shares, 9.0), 0.8)


def _other_body(evidence: Evidence, inner: Seconds) -> float:
    other = np.diff(evidence.bodies) != 0
    return float(np.clip((inner[other].sum() + 0.02) / (inner.sum() + 20), 1e-3, 0.5))


def _spares(evidence: Evidence, rates: Rates, found: Posterior) -> Rates:
    """Learn how often a frame within a sitting is nobody's, where faces were counted."""
    if not evidence.has_faces:
        return rates
    within = spare_share(evidence, rates, first=False) * (1 - found.nobody)
    told = evidence.faces >= 0
    share = clip_rate(float(within[told].sum()), float(told.sum()), 0.01, 200)
    return replace(rates, spare_within=min(0.1, share))


def _seats(evidence: Evidence, rates: Rates, claims: Claims, found: Posterior, sittings: float) -> Rates:
    if not claims.seats:
        return rates
    delays, weights = np.empty(len(claims.seats)), np.empty(len(claims.seats))
    for row, one in enumerate(claims.seats):
        named = found.named[one.start].get(one.person, 0.0)
        delays[row] = one.delay
        weights[row] = named
    seats = np.array([one.seat for one in claims.seats])
    matched = np.minimum(np.bincount(seats, weights, evidence.seat_times.size), 1.0)
    named_seats = np.unique(seats)
    astray = float((1 - matched[named_seats]).sum())
    # An unmatched seat beside a sitting is a neighbour's card more often than a slip of the hand.
    return replace(
        rates,
        seat_delay=delays_from(delays, weights, prior=5.0),
        seat=clip_rate(float(matched.sum()), sittings, 0.8, 5),
        seat_astray=clip_rate(0.4 * astray, named_seats.size, 0.004, 150),
        neighbour_seat=clip_rate(0.6 * astray, named_seats.size, 0.006, 150),
    )


def _slips(evidence: Evidence, rates: Rates, found: Posterior, sittings: float) -> Rates:
    if not evidence.slips:
        return rates
    starts = [at for at in evidence.slips if at < evidence.times.size]
    matched = sum(
        min(1.0, max((found.named[at].get(who, 0.0) for who in evidence.slips[at]), default=0.0))
        for at in starts
        if evidence.slips[at] != (NOBODY,)
    )
    astray = len(starts) - matched
    return replace(
        rates,
        slip=clip_rate(matched, sittings, 0.9, 5),
        slip_astray=clip_rate(0.2 * astray, len(starts), 0.0005, 500),
        neighbour_slip=clip_rate(0.5 * astray, len(starts), 0.003, 150),
    )
