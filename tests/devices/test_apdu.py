"""The dialogue with a card, with recorded, wrong and random answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.devices import apdu
from fieldkit.devices.apdu import Answer, conversation
from fieldkit.devices.errors import CardUnusable, ChipUnreadable, NotASamReply
from fieldkit.devices.simulated.card import (
    ID_CARD_ATR,
    MEMORY_CARD_ATR,
    CardScript,
    campus_card,
    chip_card,
    document_card,
)
from fieldkit.devices.simulated.people import resident_text

SERIAL = bytes.fromhex("1122334455667788")


def hold(script: CardScript, *, photo: bool = False, atr: bytes | None = None):
    dialogue = conversation(atr or script.atr, photo=photo)
    said = []
    command = next(dialogue)
    try:
        while True:
            said.append(command)
            answered = script.answer(command)
            status = int.from_bytes(answered[-2:])
            command = dialogue.send(Answer(answered[:-2], status))
    except StopIteration as end:
        return end.value, said


def test_without_the_photo_only_two_blocks_are_asked_for():
    card, said = hold(document_card(resident_text()))

    assert card.document.number == "110101200103120026"
    assert card.photo == b""
    assert said == [apdu.read_block(0), apdu.read_block(1)]


def test_with_the_photo_all_six_blocks_are_asked_for():
    photo = bytes(range(256)) * 4
    card, said = hold(document_card(resident_text(), photo), photo=True)

    assert card.photo == photo
    assert said == [apdu.read_block(n) for n in range(6)]


def test_a_reader_that_marks_its_atr_is_asked_for_blocks():
    marked = bytes.fromhex("3B8C800150") + bytes(8) + b"\x90\x00\x11"

    card, _ = hold(document_card(resident_text()), atr=marked)

    assert apdu.is_sam_reader(marked)
    assert card.document is not None


@pytest.mark.parametrize(
    "atr",
    [
        "3B888001D10386050080800058",
        "3B888001D103860C0080800051",
        "3B888001D1038607008090004A",
        "3B868001804F03F001003A",
        "3B8F8001804F0CA00000030607FFB00000000020",
    ],
)
def test_the_atrs_of_id_cards_are_known(atr):
    assert apdu.is_id_card(bytes.fromhex(atr))
    assert not apdu.is_memory_card(bytes.fromhex(atr))


@pytest.mark.parametrize("atr", ["", "3B", "3B8F8001804F0CA000000306030001000000006A", "3B00" * 10])
def test_other_atrs_are_not_those_of_id_cards(atr):
    assert not apdu.is_id_card(bytes.fromhex(atr))


def test_a_chip_serial_is_upper_case_hex():
    assert hold(chip_card(bytes.fromhex("a1b2c3d4e5f60718")))[0].value == "A1B2C3D4E5F60718"


@pytest.mark.parametrize("serial", [bytes(8), b"\xff" * 8, b"\x01" * 7, b""])
def test_a_serial_that_names_nobody_is_refused(serial):
    with pytest.raises(CardUnusable):
        hold(chip_card(serial))


def test_an_id_cards_four_byte_uid_is_never_taken_for_its_serial():
    card = CardScript(ID_CARD_ATR, {apdu.READ_UID: b"\x11\x22\x33\x44\x90\x00"})

    with pytest.raises(CardUnusable):
        hold(card)


def test_a_reader_that_gives_the_serial_as_uid_is_believed():
    card = CardScript(ID_CARD_ATR, {apdu.READ_UID: SERIAL + b"\x90\x00"})

    assert hold(card)[0].value == SERIAL.hex().upper()


def test_a_memory_card_is_asked_for_its_uid_alone():
    card, said = hold(campus_card(b"\x04\x11\x22\x33"))

    assert (card.value, said) == ("04112233", [apdu.READ_UID])


def test_answers_in_two_steps_are_put_together():
    wrong_length = CardScript(
        ID_CARD_ATR,
        {apdu.READ_SERIAL: b"\x6c\x08", bytes.fromhex("0036000008"): b"\x61\x08"},
    )
    announced = CardScript(
        MEMORY_CARD_ATR,
        {
            apdu.READ_UID: b"\x6c\x04",
            bytes.fromhex("FFCA000004"): b"\x01\x02\x61\x02",
            bytes.fromhex("00C0000002"): b"\x03\x04\x90\x00",
        },
    )

    with pytest.raises(CardUnusable):
        hold(wrong_length)
    assert hold(announced)[0].value == "01020304"


def test_a_block_missing_in_the_middle_is_told_as_unreadable():
    whole = document_card(resident_text())
    cut = CardScript(whole.atr, {key: answer for key, answer in whole.answers.items() if key[2] == 0})

    with pytest.raises(ChipUnreadable):
        hold(cut)


@given(st.binary(max_size=33), st.lists(st.tuples(st.binary(max_size=258), st.integers(0, 0xFFFF))))
def test_any_atr_and_any_answers_end_in_a_card_or_a_refusal(atr, answers):
    dialogue = conversation(atr, photo=True)
    queue = iter(answers)
    next(dialogue)
    for _ in range(64):
        content, status = next(queue, (b"", 0x6D00))
        try:
            command = dialogue.send(Answer(content, status))
        except (StopIteration, CardUnusable, ChipUnreadable, NotASamReply):
            return
        assert 5 <= len(command) <= 6
    raise AssertionError("the dialogue does not end")


@given(st.binary(min_size=256, max_size=256), st.binary(max_size=300), st.sampled_from([0x9000, 0]))
def test_random_blocks_never_make_more_than_a_refusal(first, second, status):
    dialogue = conversation(ID_CARD_ATR)
    next(dialogue)
    assert dialogue.send(Answer(apdu.HEAD + first[4:], 0x9000)) == apdu.read_block(1)
    with pytest.raises((StopIteration, ChipUnreadable)):
        dialogue.send(Answer(second, status))
