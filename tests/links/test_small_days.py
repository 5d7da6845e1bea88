"""A handful of people and one card: what a crew tries first must link as plainly as it looks."""

import random
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from fieldkit.links.engine import link_frames
from fieldkit.links.recording import Checkin, FrameTaken, Seat

ZONE = timezone(timedelta(hours=8))
NINE = datetime(2026, 3, 16, 9, 0, tzinfo=ZONE)


def small_day(people, *, ahead, live, seed, spread=(25, 70), faces=True):
    """Everybody checks in, sits, is photographed once to three times; nothing is out of order."""
    from fieldkit.links.recording import Faces

    chance = random.Random(seed)
    seen, truth, now, number = [], {}, NINE, 0
    for place in range(people):
        key = f"P{place}"
        at = NINE - timedelta(minutes=10) + timedelta(seconds=9 * place)
        seen.append(Checkin(at=at, id=f"c{place}", person=key, seq=place + 1))
    for place in range(people):
        now += timedelta(seconds=chance.uniform(*spread))
        seen.append(Seat(at=now, person=f"P{place}"))
        shot = now + timedelta(seconds=chance.uniform(3, 9))
        for _ in range(chance.choice((1, 2, 3))):
            number += 1
            name = f"f{number}"
            truth[name] = f"P{place}"
            clock = (shot + ahead).replace(tzinfo=None, microsecond=0)
            arrived = shot + timedelta(seconds=1) if live else NINE + timedelta(hours=9, seconds=number)
            seen.append(FrameTaken(arrived, name, "b1", f"100CANON/IMG_{number:04d}.JPG", clock))
            if faces:
                seen.append(Faces(arrived + timedelta(seconds=1), name, 1))
            shot += timedelta(seconds=chance.uniform(2, 5))
        now = shot
    return sorted(seen, key=lambda one: one.at), truth


AHEAD = {
    "right": timedelta(0),
    "a minute fast": timedelta(seconds=62),
    "an hour slow": timedelta(hours=-1, seconds=-7),
    "another zone": timedelta(hours=8, seconds=3),
}


@pytest.mark.parametrize("faces", [True, False], ids=["faces", "no faces"])
@pytest.mark.parametrize("live", [True, False], ids=["live", "read in later"])
@pytest.mark.parametrize("ahead", AHEAD)
@pytest.mark.parametrize("people", [3, 5, 8, 20])
def test_an_orderly_small_day_is_linked(people, ahead, live, faces):
    linked = frames = 0
    for seed in range(8):
        seen, truth = small_day(people, ahead=AHEAD[ahead], live=live, seed=seed, faces=faces)
        links = link_frames(seen)
        assert [link for link in links if link.person not in {None, truth[link.frame]}] == []
        linked += sum(link.status == "linked" for link in links)
        frames += len(links)

    assert linked >= 0.9 * frames


@pytest.mark.parametrize("ahead", ["right", "an hour slow"])
def test_one_person_alone_is_linked_when_the_camera_is_live(ahead):
    seen, truth = small_day(1, ahead=AHEAD[ahead], live=True, seed=1)

    assert {link.person for link in link_frames(seen)} == set(truth.values())


def test_seats_typed_afterwards_from_paper_to_the_minute_still_link():
    seen, truth = small_day(6, ahead=timedelta(0), live=False, seed=4, spread=(100, 140))
    blunt = [
        Seat(one.at.replace(second=0, microsecond=0), one.person) if isinstance(one, Seat) else one
        for one in seen
    ]

    links = link_frames(sorted(blunt, key=lambda one: one.at))

    assert [link for link in links if link.person not in {None, truth[link.frame]}] == []


@pytest.mark.parametrize("ahead", AHEAD)
@pytest.mark.parametrize("people", [2, 3, 4, 6, 12])
def test_people_who_sit_down_on_the_minute_and_are_read_in_later_are_linked(people, ahead):
    """Seats exactly two minutes apart, as somebody types them from paper: the commonest first try."""
    seen, truth = [], {}
    for place in range(people):
        seen.append(Checkin(NINE - timedelta(minutes=20 - place), f"c{place}", f"P{place}", place + 1))
    seen.append(Checkin(NINE - timedelta(minutes=2), "c99", "P0", 1))
    for place in range(people):
        sits = NINE + timedelta(minutes=2 * place)
        seen.append(Seat(sits, f"P{place}"))
        for shot in range(2 if place == 0 else 1):
            name = f"f{len(truth) + 1}"
            truth[name] = f"P{place}"
            clock = (sits + AHEAD[ahead] + timedelta(seconds=6 + 6 * shot)).replace(tzinfo=None)
            file = f"100CANON/IMG_{30 + len(truth):04d}.JPG"
            seen.append(FrameTaken(NINE + timedelta(days=240, seconds=len(truth)), name, "b1", file, clock))

    links = link_frames(sorted(seen, key=lambda one: one.at))

    assert {link.frame: link.person or link.proposal for link in links} == truth
    assert [link for link in links if link.person not in {None, truth[link.frame]}] == []
    assert sum(link.status == "linked" for link in links) >= 0.75 * len(links)


@pytest.mark.parametrize("live", [True, False], ids=["live", "read in later"])
@pytest.mark.parametrize("hours", [-8, -1, 1, 8])
def test_a_camera_clock_that_is_set_in_the_middle_ties_nobody_to_another(hours, live):
    seen, truth = small_day(60, ahead=timedelta(seconds=37), live=live, seed=5)
    frames = [one for one in seen if isinstance(one, FrameTaken)]
    behind = {one.id for one in frames[len(frames) // 2 :]}
    jumped = [
        replace(one, shot=one.shot + timedelta(hours=hours))
        if isinstance(one, FrameTaken) and one.id in behind
        else one
        for one in seen
    ]

    links = link_frames(jumped)

    assert [link for link in links if link.person not in {None, truth[link.frame]}] == []
    assert sum(link.status == "linked" for link in links) >= 0.85 * len(links)
