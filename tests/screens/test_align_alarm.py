"""The alarm on the camera screen: seen while people can still be called back, heard once."""

from random import Random

import pytest

from fieldkit.app import FieldkitApp
from fieldkit.ledger.read.people import person_by_key
from fieldkit.screens.messages import FramesChanged
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


def test_a_quiet_day_has_none(drive, kit, keys, beeps):
    write(kit, keys, usual(COUNT, Random(7)), kit.clock.now())

    assert alarm_lines(drive("f3", FramesChanged())) == []
    assert beeps == []
