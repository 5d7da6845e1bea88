"""Who sits in another order than they came, or most of whose list sits elsewhere, but is named."""

from collections.abc import Callable
from itertools import takewhile
from random import Random

import pytest

from fieldkit.links.engine import link_frames
from tests.links.conftest import Day, Manner, Sits, linked_right, sit_down

_CLASS = 30
_PEOPLE = 90
Order = Callable[[Random], list[int]]


def _classes() -> list[list[int]]:
    return [list(range(first, first + _CLASS)) for first in range(0, _PEOPLE, _CLASS)]


def last_row_first(chance: Random) -> list[int]:
    return [at for members in _classes() for at in reversed(members)]


def a_class_as_it_pleases(chance: Random) -> list[int]:
    return [at for members in _classes() for at in chance.sample(members, _CLASS)]


def all_as_they_please(chance: Random) -> list[int]:
    return chance.sample(range(_PEOPLE), _PEOPLE)


@pytest.mark.parametrize("witness", ["slip", "seat", "likeness"])
@pytest.mark.parametrize("order", [last_row_first, a_class_as_it_pleases, all_as_they_please])
def test_who_is_named_is_linked_in_whatever_order_they_sit(order: Order, witness: str) -> None:
    for seed in (1, 2):
        sits = [Sits(at, witness) for at in order(Random(seed))]
        day = sit_down(sits, _PEOPLE, seed)
        assert linked_right(day, link_frames(day.observations)) > 0.95


@pytest.mark.parametrize("witness", ["slip", "seat"])
@pytest.mark.parametrize("elsewhere", [0.6, 0.7, 0.8])
def test_who_is_named_is_linked_though_most_of_the_list_sit_elsewhere(elsewhere: float, witness: str) -> None:
    for seed in (1, 2, 3):
        chance = Random(seed)
        here = [at for at in range(200) if chance.random() > elsewhere]
        day = sit_down([Sits(at, witness) for at in here], 200, seed)
        assert linked_right(day, link_frames(day.observations)) > 0.95


@pytest.mark.parametrize("witness", ["slip", "seat", "likeness"])
def test_two_who_exchange_places_are_linked_by_what_names_them(witness: str) -> None:
    """Two confirmations, each at the other's turn, went for two neighbours' cards."""
    for apart in (2, 3, 5, 12):
        order = list(range(_PEOPLE))
        order[40], order[40 + apart] = order[40 + apart], order[40]
        day = sit_down([Sits(at, witness) for at in order], _PEOPLE, apart)
        assert linked_right(day, link_frames(day.observations)) == 1.0


def test_who_is_named_is_linked_beside_unconfirmed_people_in_a_loose_line() -> None:
    """One silent person in twenty sent a fifth of all others to review."""
    for seed in (1, 2, 3):
        chance = Random(seed)
        order = sorted(range(_PEOPLE), key=lambda at: at + chance.uniform(0, 4))
        silent = set(chance.sample(order, 4))
        sits = [Sits(at, "none" if at in silent else "seat") for at in order]
        day = sit_down(sits, _PEOPLE, seed)
        named = {f"P{at + 1:03}" for at in order if at not in silent}
        links = [link for link in link_frames(day.observations) if day.truth[link.frame] in named]
        assert linked_right(day, links) > 0.97


@pytest.mark.parametrize("behind", [2, 3])
def test_who_is_called_back_at_once_and_confirmed_is_linked(behind: int) -> None:
    """Their confirmation went for a neighbour's card, and their frames to who had just sat."""
    quick = Manner(change=(2.5, 6.0), lead=(1.0, 3.0), frames=(1, 3))
    linked = frames = 0
    for at in range(10, 60, 5):
        order = list(range(_PEOPLE))
        order.insert(at + behind, at)
        day = sit_down([Sits(one, "seat") for one in order], _PEOPLE, at, quick)
        links = {link.frame: link for link in link_frames(day.observations)}
        for frame in _last_frames_of(day, f"P{at + 1:03}"):
            assert (links[frame].person or links[frame].proposal) == day.truth[frame]
            linked += links[frame].status == "linked"
            frames += 1
    assert linked >= 0.9 * frames


def _last_frames_of(day: Day, person: str) -> list[str]:
    """Give the frames of somebody's last sitting, the last one first."""
    names = list(day.truth)
    last = max(at for at, name in enumerate(names) if day.truth[name] == person)
    return list(takewhile(lambda name: day.truth[name] == person, names[last::-1]))
