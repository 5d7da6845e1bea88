"""From the observations of a day to the link of every frame."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from fieldkit.links.chain import Chain
from fieldkit.links.claims import Claims, claim
from fieldkit.links.decide import decide
from fieldkit.links.densities import paces_differ
from fieldkit.links.evidence import Evidence, lay_out
from fieldkit.links.first_rates import first_rates
from fieldkit.links.following import followed
from fieldkit.links.learn import late_check_ins, learn
from fieldkit.links.letting_in import with_queue
from fieldkit.links.likeness import first_likeness
from fieldkit.links.outcome import Link, Witness, slip_link
from fieldkit.links.posterior import Posterior, believe
from fieldkit.links.rates import Rates
from fieldkit.links.recording import Assign, Observation

_TRIAL, _FACES_TRIAL, _ORDER_TRIAL = 500, 150, 300
_TURNS, _ORDER_TURNS, _MANY_TURNS = 2, 3, 12
_SETTLED = 0.002
_MANY_PASSED = 0.3
_NOTHING: Mapping[str, str | None] = MappingProxyType({})


def link_frames(
    observations: Sequence[Observation], *, sealed: Mapping[str, str | None] = _NOTHING
) -> tuple[Link, ...]:
    """Link every frame of a day, in shooting order.

    ``sealed`` maps frames whose link was signed off to their person, None for nobody's; they and
    the operator's word stand as they are, and move no other frame's link.
    """
    evidence = lay_out(observations)
    if not evidence.frames:
        links = tuple(map(slip_link, evidence.order))
    else:
        rates, claims, found = reason(evidence)
        links = decide(evidence, rates, claims, found)
    return with_words(links, observations, sealed)


def reason(evidence: Evidence) -> tuple[Rates, Claims, Posterior]:
    """Learn the rates of a day and give what is believed of its frames."""
    rates, claims = _claimed(evidence, first_likeness(evidence, first_rates(evidence)))
    if not evidence.names_people:
        rates = with_queue(evidence, rates, claims)
    else:
        rates = _as_they_follow(evidence, rates, claims)
    turns, bursts = _schooling(evidence, rates)
    for turn in range(turns):
        # What is believed at first is rough: half as many tell as much.
        rough = turn == 0 and turns > 1
        trial = believe(Chain(evidence, rates, claims, slice(bursts // 2 if rough else bursts)))
        before = rates.seat_delay
        rates, claims = _claimed(evidence, learn(evidence, rates, claims, trial))
        if evidence.seat_times.size and rates.seat_delay.apart(before) < _SETTLED:
            break
    return rates, claims, believe(Chain(evidence, rates, claims))


def _claimed(evidence: Evidence, rates: Rates) -> tuple[Rates, Claims]:
    """Turn the witnesses into odds, and say with them how often somebody sits before their check-in."""
    claims = claim(evidence, rates)
    return replace(rates, late=late_check_ins(evidence, claims)), claims


def _as_they_follow(evidence: Evidence, rates: Rates, claims: Claims) -> Rates:
    """Begin with how the people whom witnesses name follow one another, where that is far from usual."""
    slips = [evidence.slips[start][-1] for start in sorted(evidence.slips)]
    faces = [claims.shows[frame] for frame in sorted(claims.shows)]
    named, spoken = (evidence.seat_persons.tolist(), slips, faces), (rates.seat, rates.slip, None)
    seen = followed(named, spoken, evidence.entries_of)
    return replace(
        rates,
        guest=max(rates.guest, seen.out_of_turn),
        usual_guest=max(rates.usual_guest, seen.out_of_turn),
        skip=seen.passed_over if seen.passed_over > _MANY_PASSED else rates.skip,
        steps=seen.steps,
    )


def _schooling(evidence: Evidence, rates: Rates) -> tuple[int, int]:
    """Tell how often the rates are learned, and from how many of the first bursts."""
    if not evidence.names_people:
        return _ORDER_TURNS, _ORDER_TRIAL
    if evidence.has_likeness:
        return 1, _FACES_TRIAL
    # People may follow one another at the pace of frames: only the seats' delay, once learned, parts them.
    return _TURNS if paces_differ(rates.within, rates.change) else _MANY_TURNS, _TRIAL


def with_words(
    links: Sequence[Link],
    observations: Sequence[Observation],
    sealed: Mapping[str, str | None] = _NOTHING,
) -> tuple[Link, ...]:
    """Put the operator's words, and over them what was sealed, in the place of what was reasoned."""
    words = {seen.frame: seen.person for seen in observations if isinstance(seen, Assign)}
    if not words and not sealed:
        return tuple(links)
    return tuple(
        _fixed(link, sealed[link.frame], "sealed")
        if link.frame in sealed
        else _fixed(link, words[link.frame], "operator")
        if link.frame in words
        else link
        for link in links
    )


def _fixed(link: Link, person: str | None, witness: Witness) -> Link:
    return Link(link.frame, "linked" if person else "spare", person, None, 1.0, (witness,))
