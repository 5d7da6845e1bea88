"""Binding chips at the door: what the ledger holds first, then what is seen."""

from datetime import timedelta

import pytest

from fieldkit.ledger import kinds
from fieldkit.ledger.read.line import checkins
from fieldkit.ledger.verify import verify_ledger
from fieldkit.model import CredentialRead
from fieldkit.screens.messages import CredentialPresented

CHIP = "04AABBCCDDEEFF80"
WEI, HUIMIN = "2022010118", "2022010119"


def chip(serial: str = CHIP, place: str = "here") -> CredentialPresented:
    return CredentialPresented(CredentialRead("chip-serial", serial, source="pcsc"), place)


@pytest.fixture
def whose(kit):
    """Give the student number of whose a chip is, or None."""

    def read(serial=CHIP):
        holder = kit.chips().holder(serial)
        return holder and holder.entry.student_no

    return read


@pytest.fixture
def came(kit):
    return lambda: [(e.sequence_number, e.again) for e in checkins(kit.store, kit.require_visit().key)]


@pytest.fixture
def events(kit):
    def count():
        rows = kit.store.query(
            "SELECT kind, count(*) AS n FROM events WHERE kind IN (?,?,?) GROUP BY kind",
            (kinds.CHECKIN, kinds.CHIP_BOUND, kinds.UNDO),
        )
        return {row["kind"]: row["n"] for row in rows}

    return count


def test_an_unknown_chip_is_told_and_writes_nothing(drive, came, whose, events, golden):
    golden("door-chip-unknown-zh", drive(chip()))

    assert (came(), whose(), events()) == ([], None, {})


def test_who_is_typed_then_is_checked_in_and_the_chip_bound_by_one_event(
    drive, came, whose, events, typed, golden
):
    golden("door-chip-bound-zh", drive(chip(), typed(WEI), "enter"))

    assert came() == [("A-0001", False)]
    assert (whose(), events()) == (WEI, {kinds.CHECKIN: 1})


def test_the_preview_says_that_enter_binds(drive, kit, came, typed, golden):
    kit.lang = "en"
    golden("door-chip-preview-en", drive(chip(), typed(WEI)))

    assert came() == []


def test_the_next_time_the_chip_is_known_at_door_and_chair(drive, came, whose, typed):
    screen = drive(chip(), typed(WEI), "enter", chip(), "f3", chip(place="chair"))

    assert came() == [("A-0001", False), ("A-0001", True)]
    assert "PLEASE SIT DOWN" in screen[2]


def test_one_undo_takes_back_both(drive, came, whose, kit, typed):
    screen = drive(chip(), typed(WEI), "enter", "f9")

    assert (came(), whose()) == ([], None)
    assert "绑定芯片" in "\n".join(screen)
    assert verify_ledger(kit.store).problems == ()


def test_a_scanner_checks_in_but_only_the_key_binds(drive, came, whose, scanned, golden):
    golden("door-chip-scanned-zh", drive(chip(), scanned(WEI)))
    assert (came(), whose()) == ([("A-0001", False)], None)

    drive(chip(), scanned(WEI), "ctrl+k")
    assert whose() == WEI


def test_a_chip_right_after_a_person_is_bound_by_one_key(drive, came, whose, events, scanned, golden):
    golden("door-chip-after-zh", drive(scanned(WEI), chip()))
    assert whose() is None

    screen = drive(scanned(WEI), chip(), "ctrl+k")

    assert whose() == WEI
    assert events()[kinds.CHIP_BOUND] == 1
    assert "已绑定芯片 CHIP BOUND" in screen[2]
    drive("f9")
    assert whose() is None


def test_the_key_alone_binds_nothing_and_asks_who(drive, whose, events):
    screen = drive(chip(), "ctrl+k", "enter")

    assert (whose(), events()) == (None, {})
    assert "UNKNOWN CHIP" in screen[2]


def test_who_came_long_before_is_not_offered(drive, kit, whose, scanned):
    screen = drive(scanned(WEI), lambda _: kit.clock.forward(timedelta(minutes=1)), chip(), "ctrl+k")

    assert whose() is None
    assert "张伟" not in "\n".join(screen[:10])


def test_the_second_who_comes_after_it_does_not_get_the_chip(drive, whose, scanned):
    drive(chip(), scanned(WEI), scanned(HUIMIN), "ctrl+k")

    assert whose() is None


def test_a_chip_let_go_is_bound_to_nobody(drive, came, whose, typed):
    drive(chip(), "escape", typed(WEI), "enter", "ctrl+k", "escape", chip())

    assert (came(), whose()) == ([("A-0001", False)], None)


def test_a_chip_of_another_is_warned_of_and_bound_only_by_the_key(drive, kit, came, whose, typed, golden):
    kit.chips().bind(CHIP, kit.chair().find(WEI).key)

    screen = drive(typed(HUIMIN), "ctrl+k", chip())
    golden("door-chip-another-zh", screen)
    assert (whose(), came()) == (WEI, [])
    drive(typed(HUIMIN), "ctrl+k", chip(), "enter")
    assert (whose(), came()) == (WEI, [])
    drive(typed(HUIMIN), "ctrl+k", chip(), "escape", "ctrl+k")
    assert whose() == WEI

    drive(typed(HUIMIN), "ctrl+k", chip(), "ctrl+k")

    assert (whose(), came()) == (HUIMIN, [])
    drive("f9")
    assert whose() == WEI


def test_a_card_that_is_waited_for_can_be_theirs_already(drive, kit, whose, typed):
    kit.chips().bind(CHIP, kit.chair().find(WEI).key)

    drive(typed(WEI), "ctrl+k", chip(), "ctrl+k")

    assert whose() == WEI
    assert "本来就是他的" in "\n".join(drive(typed(WEI), "ctrl+k", chip()))


def test_another_credential_ends_the_waiting(drive, came, whose, typed, scanned):
    drive(typed(WEI), "ctrl+k", scanned(HUIMIN), chip())

    assert (came(), whose()) == ([("A-0001", False)], None)


def test_a_walk_in_gets_the_chip_too(drive, whose, typed):
    drive(chip(), typed("+刘洋 9001"), "enter")

    assert whose() == "9001"
