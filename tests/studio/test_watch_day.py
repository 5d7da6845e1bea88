"""Watching a visit grow: what was worked out step by step is, once settled, what the whole day gives."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.links.repairs import whose
from fieldkit.studio.linking import visit_links
from fieldkit.studio.watch_day import WatchedVisit
from tests.conftest import MORNING
from tests.studio.days import Did, enrol, usual, write

FAST = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))


def links_of(days):
    return [link for day in days for link in day.links]


def in_pieces(did, rng, pieces):
    cuts = sorted(rng.sample(range(1, len(did)), pieces - 1))
    return [did[first:end] for first, end in zip([0, *cuts], [*cuts, len(did)], strict=True)]


@FAST
@given(seed=st.integers(0, 10**6), seated=st.sampled_from([0.0, 0.5, 1.0]))
def test_a_day_watched_in_pieces_settles_to_what_the_whole_day_gives(kit_of_its_own, seed, seated):
    rng = Random(seed)
    with kit_of_its_own() as kit:
        keys = enrol(kit, 12)
        visit = kit.require_visit().key
        watched = WatchedVisit(visit)
        for piece in in_pieces(usual(12, rng, seated=seated, missed=(4,)), rng, 6):
            write(kit, keys, piece, MORNING)
            seen = links_of(watched.read(kit.store))
            assert {link.frame.frame for link in seen} == {row.frame.frame for row in kit.links()}

        assert links_of(watched.read(kit.store, settle=True)) == visit_links(kit.store, visit)


@pytest.fixture
def watched(kit):
    """Give a watched day of twelve people, their keys and the watching."""
    keys = enrol(kit, 12)
    write(kit, keys, usual(12, Random(5)), MORNING)
    watched = WatchedVisit(kit.require_visit().key)
    watched.read(kit.store)
    return keys, watched


def test_a_word_changes_its_frame_alone_and_is_taken_back(kit, watched):
    keys, watching = watched
    before = links_of(watching.read(kit.store))
    kit.repairs().assign(before[4].frame.frame, keys[9])

    after = links_of(watching.read(kit.store))

    assert after[4].person == keys[9]
    assert after[4].number == "A-0010"
    assert [*after[:4], *after[5:]] == [*before[:4], *before[5:]]
    kit.repairs().undo()
    assert links_of(watching.read(kit.store)) == before


def test_what_the_desks_took_back_is_no_longer_reckoned_with(kit, watched):
    keys, watching = watched
    kit.chair().seat(keys[2])
    watching.read(kit.store)
    kit.journal.undo(kit.require_visit().key)

    assert links_of(watching.read(kit.store)) == visit_links(kit.store, kit.require_visit().key)


def test_two_acts_of_the_same_moment_are_both_reckoned_with(kit, watched):
    keys, watching = watched
    write(kit, keys, [Did(900.0, "next", 11), Did(900.0, "next", 11)], MORNING)

    (day,) = watching.read(kit.store)

    assert sum(type(seen).__name__ == "Next" for seen in day.seen) == 2
    assert [whose(link.link) for link in links_of(watching.read(kit.store, settle=True))] == [
        whose(link.link) for link in kit.links()
    ]
