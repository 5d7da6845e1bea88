"""The alarm on the camera screen: seen while people can still be called back, heard once."""

from dataclasses import replace
from random import Random

import pytest

from fieldkit.app import FieldkitApp
from fieldkit.ledger.read.people import person_by_key
from fieldkit.links.alarms import Alarm
from fieldkit.screens.alarm import odd_row
from fieldkit.screens.messages import FramesChanged
from fieldkit.studio.newest import Odd, odd_things
from fieldkit.studio.problems import excused_at
from fieldkit.studio.watch_day import WatchedVisit
from fieldkit.text import cells
from tests.studio.days import enrol, usual, write

COUNT, MISSED = 12, 5


@pytest.fixture
def keys(kit):
    """Enrol people and give their keys."""
    return enrol(kit, COUNT)


@pytest.fixture
def day():
    """A half day on which one is passed by."""
    return [
        one for one in usual(COUNT, Random(7), missed=(MISSED,)) if one.what != "seat" or one.who != MISSED
    ]


@pytest.fixture
def beeps(monkeypatch):
    """Count what is heard."""
    heard = []

    def bell(app):
        heard.append(app)

    monkeypatch.setattr(FieldkitApp, "bell", bell)
    return heard


def alarm_lines(screen):
    return [line for line in screen if line.startswith(" ▲ F4")]


def test_a_new_alarm_is_told_with_whom_it_concerns_and_where_to_repair(drive, kit, keys, day, beeps, golden):
    write(kit, keys, day[: len(day) // 2], kit.clock.now())

    def goes_on(app):
        write(kit, keys, day[len(day) // 2 :], kit.clock.now())

    before = drive("f3")
    assert alarm_lines(before) == []
    heard = len(beeps)
    screen = drive("f3", goes_on, FramesChanged(), FramesChanged())

    (told,) = alarm_lines(screen)
    assert person_by_key(kit.store, kit.require_visit().key, keys[MISSED]).entry.name in told
    assert heard == 0
    assert len(beeps) >= 1
    golden("align-alarm-zh", screen)


def test_an_alarm_that_stood_before_is_shown_and_not_heard(drive, kit, keys, day, beeps):
    write(kit, keys, day, kit.clock.now())

    assert len(alarm_lines(drive("f3"))) == 1
    assert beeps == []


def test_an_alarm_goes_when_its_person_is_noted_as_gone(drive, kit, keys, day, beeps):
    write(kit, keys, day, kit.clock.now())
    kit.clock.set(kit.clock.now().replace(hour=12))
    kit.chair().leave(keys[MISSED])

    assert alarm_lines(drive("f3")) == []


def test_f4_opens_at_what_the_alarm_tells_of_once(drive, kit, keys, beeps, typed):
    missed = (2, 8)
    day = usual(COUNT, Random(7), missed=missed)
    write(kit, keys, [one for one in day if one.what != "seat" or one.who not in missed], kit.clock.now())
    name = person_by_key(kit.store, kit.require_visit().key, keys[missed[-1]]).entry.name

    def release(app):
        below = app.screen_stack[0]
        below.call_later(below.release)

    opened = drive("f3", "f4")
    back = drive("f3", "f4", typed("g"), release, "f3", "f4")

    assert any(line.startswith("►") and name in line for line in opened)
    assert " 问题 2/2" in opened[0]
    # Who goes on with another problem is not taken back by an alarm that was seen.
    assert " 问题 1/" in back[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["no-frames", "no-person", "many-frames", "no-camera"])
def test_every_alarm_says_in_one_line_what_to_press(kind, lang):
    alarm = Alarm(kind, "f1", (), None)
    who = "" if kind == "no-camera" else "A-0003 买买提·艾力江·阿卜杜热合曼·玉素甫江·艾合买提·图尔荪"
    odd = Odd(alarm.text, who, (kind, "P1"))

    row = odd_row((odd, odd), 80, lang)

    assert cells(row) == 80
    assert alarm.text.say(lang) in row
    assert ("F8" if kind == "no-camera" else "F4") in row
    assert "(+1)" in row


def test_whoever_was_taken_at_another_station_is_not_missed(kit, keys, day):
    write(kit, keys, day, kit.clock.now())
    visit = kit.require_visit().key
    (alone,) = WatchedVisit(visit).read(kit.store, settle=True)
    theirs = replace(alone.links[0], link=replace(alone.links[0].link, person=keys[MISSED]))
    elsewhere = replace(alone, station="B", links=(theirs,))

    excused = excused_at(kit.store, visit, (alone, elsewhere), alone.station)

    assert [odd.where for odd in odd_things(kit.store, visit, alone, frozenset())] == [
        ("no-frames", keys[MISSED])
    ]
    assert odd_things(kit.store, visit, alone, excused) == ()


def test_a_quiet_day_has_none(drive, kit, keys, beeps):
    write(kit, keys, usual(COUNT, Random(7)), kit.clock.now())

    assert alarm_lines(drive("f3", FramesChanged())) == []
    assert beeps == []
