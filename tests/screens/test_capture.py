"""The camera screen: who sits is in the ledger first, then seen."""

from datetime import date

import pytest
from textual import events

from fieldkit.ledger.read.line import chair_acts
from fieldkit.model import CredentialRead
from fieldkit.screens.copying import Copying
from fieldkit.screens.holding import Question
from fieldkit.screens.messages import CardHeld, CardTold, CredentialPresented, NextPressed, SomebodyLeft
from fieldkit.words import bridge as bridge_words
from fieldkit.words import screens as words


@pytest.fixture
def sat(kit):
    """Give what happened at the chair: kind and sequence number."""

    def read():
        return [(act.what, act.number) for act in chair_acts(kit.store, kit.require_visit().key)]

    return read


@pytest.fixture
def three(kit):
    """Check three people in."""
    for number in ("2022010118", "2022010233", "2022010150"):
        kit.desk().check_in(number)


pytestmark = pytest.mark.usefixtures("three")


def test_space_seats_the_next_in_line(drive, sat, golden):
    screen = drive("f3", "space")

    assert sat() == [("next", "A-0001")]
    golden("capture-zh", screen)


def test_the_same_in_english(drive, kit, sat, golden):
    kit.lang = "en"
    screen = drive("alt+3", "space", "space")

    assert sat() == [("next", "A-0001"), ("next", "A-0002")]
    golden("capture-en", screen)


def test_who_sits_again_is_one_person(drive, kit):
    for who in ("A-0001", "A-0002", "A-0001", "A-0003", "A-0001"):
        kit.chair().seat(who)

    assert "已坐 3 等 0" in drive("f3")[0]


def test_a_bare_number_is_a_sequence_number(drive, sat, typed):
    drive("f3", typed("3"), "enter")

    assert sat() == [("seat", "A-0003")]


def test_a_scanned_credential_seats_whoever_holds_it(drive, sat, typed, scanned):
    drive("f3", typed("zh"), scanned("2022010233"))

    assert sat() == [("seat", "A-0002")]


def test_a_card_read_at_the_camera_seats(drive, sat):
    drive("f3", CredentialPresented(CredentialRead("id-card", "100000200401010018")))

    assert sat() == [("seat", "A-0001")]


def test_enter_on_an_empty_line_seats_nobody(drive, sat):
    drive("f3", "enter")

    assert sat() == []


def test_somebody_is_called_out_of_order_by_arrows(drive, sat):
    drive("f3", "down", "down", "enter")

    assert sat() == [("seat", "A-0002")]


def test_delete_says_that_the_first_has_left(drive, sat):
    drive("f3", "delete")

    assert sat() == [("leave", "A-0001")]


def test_space_within_a_scanned_code_seats_nobody(drive, sat, scanned):
    screen = drive("f3", scanned("AB CD EF"))

    assert sat() == []
    assert "NOT LISTED" in screen[2]


def test_undo_takes_the_seat_back(drive, sat):
    drive("f3", "space", "f9")

    assert sat() == []


def test_keys_without_anybody_in_line_say_why(drive, kit, sat):
    screen = drive("f3", "space", "space", "space", "space")

    assert len(sat()) == 3
    assert "没有人排队" in screen[22]


@pytest.mark.parametrize("key", ["f5", "f6", "alt+7"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_key_whose_screen_is_not_there_yet_says_so_and_what_serves_meanwhile(drive, kit, sat, key, lang):
    kit.lang = lang
    screen = drive("f3", key)

    assert screen[0].startswith(" F3")
    assert screen[22].strip() == words.NOT_YET.say(lang)
    assert sat() == []


def test_what_happens_at_the_other_desk_is_done_and_told(drive, sat):
    screen = drive(
        NextPressed(),
        SomebodyLeft("A-0002"),
        CredentialPresented(CredentialRead("student-no", "2022010150"), "chair"),
    )

    assert sat() == [("next", "A-0001"), ("leave", "A-0002"), ("seat", "A-0003")]
    assert screen[0].startswith(" F2")
    assert "F3 请就座" in screen[22]


def test_somebody_who_did_not_check_in_sits_with_a_note(drive, sat, typed):
    screen = drive("f3", typed("2022010119"), "enter")

    assert sat() == [("seat", "")]
    assert "没有签到" in "\n".join(screen)


HELD = Question("/media/B", "EOS_B", 312, date(2026, 5, 1))


class Answers(list):
    """Hears what is said of cards that are held."""

    def hear(self, app):
        app.answer = lambda path, belongs: self.append((path, belongs))


@pytest.mark.parametrize(("key", "belongs"), [("ctrl+y", True), ("ctrl+n", False)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_card_that_is_held_is_asked_about_in_one_line_and_answered_by_one_key(
    drive, kit, sat, typed, key, belongs, lang
):
    kit.lang = lang
    answers = Answers()

    screen = drive(answers.hear, "f3", CardHeld(HELD), typed("zh"), key)

    asked = next(line for line in screen if line.startswith(" ? "))
    assert "EOS_B" in asked
    assert "2026-05-01" in asked
    assert bridge_words.STRANGE_KEYS.say(lang) in asked
    assert answers == [("/media/B", belongs)]
    assert sat() == []


def test_without_a_question_the_keys_say_that_nothing_is_asked(drive, sat):
    screen = drive("f3", "ctrl+y")

    assert bridge_words.NOTHING_ASKED.zh in screen[22]


def burst(*keys):
    """Give a step in which a scanner sends keys, as a terminal tells control characters of a code."""

    def post(app):
        for place, key in enumerate(keys):
            event = events.Key(key, key if len(key) == 1 else None)
            event.time = 5000.0 + place * 0.005
            app.post_message(event)

    return post


@pytest.mark.parametrize(
    "code",
    [("ctrl+y", *"12345", "enter"), (*"12345", "ctrl+y", "enter"), (*"12", "ctrl+n", *"345", "ctrl+y")],
)
def test_a_code_never_answers_whatever_it_holds(drive, sat, code):
    answers = Answers()

    drive(answers.hear, "f3", CardHeld(HELD), burst(*code))

    assert answers == []


def test_at_the_door_it_is_told_where_a_held_card_is_asked_about_once(drive, sat):
    seen = []
    note = lambda app: seen.append(app.screen.last.visual.plain)  # noqa: E731

    drive("f2", CardHeld(HELD), note, lambda app: app.screen.end_notice(), CardHeld(HELD), note)

    assert "EOS_B" in seen[0]
    assert "F3" in seen[0]
    assert "EOS_B" not in seen[1]


def test_a_card_being_read_in_and_a_question_stand_together(drive, sat):
    screen = drive("f3", CardTold(Copying("EOS_A", "copying", files=1, of=9)), CardHeld(HELD))

    place = next(place for place, line in enumerate(screen) if "DO NOT REMOVE" in line)
    assert "EOS_A" in screen[place]
    assert screen[place + 1].startswith(" ? EOS_B")
