"""Whose turn it was when a witness named them, and who sat at another place than their own in the line."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from fieldkit.links.evidence import NOBODY, Evidence
from fieldkit.links.following import as_they_please
from fieldkit.links.times import Flags, Numbers

_BEHIND, _AHEAD, _AROUND = 2, 7, 4


class Turns(NamedTuple):
    """What the witnesses tell of turns.

    ``in_turn`` tells of each seat whether it names somebody about as far in line as the seats around
    it; ``times`` of each person how often seats and slips named them where the line had come to them;
    ``named`` whom witnesses named at all, ``elsewhere`` who of them never was in the order of the line.
    """

    in_turn: Flags
    times: Numbers
    named: Flags
    elsewhere: Flags


def turns_named(evidence: Evidence, shows: Mapping[int, int]) -> Turns:
    """Tell whose turn it was when seats, slips and faces named them; ``shows`` are persons by frame."""
    seats = evidence.seat_persons.tolist()
    come = np.searchsorted(evidence.entry_times, evidence.seat_times, side="right").tolist()
    seats_in_turn = _in_turn(evidence, seats, come)
    slips = [(start, who) for start in sorted(evidence.slips) for who in dict.fromkeys(evidence.slips[start])]
    by_slip = [who for _, who in slips]
    slips_in_turn = _in_turn(evidence, by_slip, [evidence.entry_times.size] * len(slips))
    fair = np.append(seats_in_turn, slips_in_turn)
    people = np.array([*seats, *by_slip], np.int64)
    times = np.bincount(people[fair & (people != NOBODY)], minlength=len(evidence.persons))
    by_start = np.searchsorted(evidence.times, evidence.seat_times).tolist()
    by_time = [who for _, who in sorted([*zip(by_start, seats, strict=True), *slips, *shows.items()])]
    known = [who for who in by_time if who != NOBODY and evidence.entries_of[who]]
    named = np.zeros(len(evidence.persons), bool)
    named[known] = True
    return Turns(seats_in_turn, times, named, _elsewhere(evidence, known))


def _in_turn(evidence: Evidence, named: Sequence[int], come: Sequence[int]) -> Flags:
    """Tell for persons named in a row whether it was their turn; ``come`` counts the check-ins by then."""
    last = [
        evidence.entries_of[who][-1] if who != NOBODY and evidence.entries_of[who] else -1 for who in named
    ]
    if as_they_please([entry for entry in last if entry >= 0]):
        return np.array([who == NOBODY for who in named], bool)
    fair = np.ones(len(named), bool)
    for at, who in enumerate(named):
        around = sorted(entry for entry in last[max(0, at - _AROUND) : at + _AROUND + 1] if entry >= 0)
        head = around[len(around) // 2] if around else 0
        near = range(head - _BEHIND, min(head + _AHEAD, come[at]))
        fair[at] = who == NOBODY or any(entry in near for entry in evidence.entries_of[who])
    return fair


def _elsewhere(evidence: Evidence, named: Sequence[int]) -> Flags:
    """Tell who was named, but not among the most that stand in the order of the line.

    Who came again may sit again, and where all sit as they please nobody's place is another's.
    """
    elsewhere = np.zeros(len(evidence.persons), bool)
    places = [evidence.entries_of[who][0] for who in named]
    if as_they_please(places):
        return elsewhere
    elsewhere[[who for who in named if len(evidence.entries_of[who]) == 1]] = True
    elsewhere[[who for who, kept in zip(named, longest_in_order(places), strict=True) if kept]] = False
    return elsewhere


def longest_in_order(places: Sequence[int]) -> list[bool]:
    """Mark the most places that never step back (longest subsequence, by patience sorting)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, place in enumerate(places):
        pile = bisect_right(ends, place)
        ends[pile : pile + 1] = [place]
        last[pile : pile + 1] = [at]
        before.append(last[pile - 1] if pile else -1)
    kept = [False] * len(places)
    at = last[-1] if last else -1
    while at >= 0:
        kept[at] = True
        at = before[at]
    return kept
