"""A SAM reader on a real pseudo-terminal, with everything a bad line does."""

import os
import threading

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices import sam
from fieldkit.devices.chip import chip_text
from fieldkit.devices.errors import CardGone, ChipUnreadable, PortClosed
from fieldkit.devices.events import (
    CardNotRead,
    CredentialPresented,
    DeviceTrouble,
    ReaderChanged,
)
from fieldkit.devices.sam_serial import SerialSam
from fieldkit.devices.simulated.people import resident_text
from fieldkit.devices.simulated.sam import SimulatedSam

NUMBER = "110101200103120026"
OTHER = {"name": "陆远舟", "number": "110101200203040018"}


def test_a_card_is_read_once_however_long_it_lies(listen, pause):
    with SimulatedSam() as reader:
        heard = listen(SerialSam(reader.port, SystemClock()))
        heard.the(ReaderChanged, state="added", reader=reader.port)
        reader.place(resident_text(), b"\x57" * 1024)
        event = heard.the(CredentialPresented)
        pause(1.5)

        assert (event.source, event.kind, event.reader) == ("sam-serial", "id-card", reader.port)
        assert (event.value, event.name, event.photo) == (NUMBER, "沈知夏", b"")
        assert len(heard.so_far(CredentialPresented)) == 1


def test_a_reader_that_finds_the_lying_card_again_gives_one_credential(listen, pause):
    with SimulatedSam(finds_again=True) as reader:
        heard = listen(SerialSam(reader.port, SystemClock()))
        reader.place(resident_text())
        heard.the(CredentialPresented)
        pause(2.0)

        assert len(heard.so_far(CredentialPresented)) == 1


def test_one_person_after_the_other(listen):
    with SimulatedSam() as reader:
        heard = listen(SerialSam(reader.port, SystemClock()))
        reader.place(resident_text())
        first = heard.the(CredentialPresented)
        reader.place(resident_text(**OTHER))
        second = heard.the(CredentialPresented)

    assert (first.value, second.value) == (NUMBER, OTHER["number"])


def test_the_same_card_lifted_and_placed_again_is_told_again(listen, pause):
    with SimulatedSam(finds_again=True) as reader:
        heard = listen(SerialSam(reader.port, SystemClock()))
        reader.place(resident_text())
        heard.the(CredentialPresented)
        reader.lift()
        pause(2.5)
        reader.place(resident_text())

        assert heard.the(CredentialPresented).value == NUMBER


def test_the_photo_is_kept_only_when_asked_for(listen):
    with SimulatedSam() as reader:
        heard = listen(SerialSam(reader.port, SystemClock(), photo=True))
        reader.place(resident_text(), b"\x57" * 1024)

        assert heard.the(CredentialPresented).photo == b"\x57" * 1024


def byte_by_byte(answer):
    for at in range(len(answer)):
        yield answer[at : at + 1]


def with_noise(answer):
    yield b"\x00\xaa\xaa\xff" + sam.PREAMBLE[:3]
    yield answer[:9]
    yield answer[9:] + b"\xaa\xaa"


def behind_a_false_start(answer):
    yield sam.PREAMBLE + b"\x00\x06\x01\x02\x03\x04\x05\x06" + answer


@pytest.mark.parametrize("spoil", [byte_by_byte, with_noise, behind_a_false_start])
def test_noise_and_splits_cost_nothing(listen, spoil):
    with SimulatedSam(spoil=spoil) as reader:
        heard = listen(SerialSam(reader.port, SystemClock()))
        reader.place(resident_text())

        assert heard.the(CredentialPresented).value == NUMBER


def test_a_line_that_loses_every_third_answer_is_read_through(listen):
    count = 0

    def lossy(answer):
        nonlocal count
        count += 1
        yield answer[:-2] if count % 3 == 0 else answer

    with SimulatedSam(spoil=lossy, finds_again=True) as reader:
        heard = listen(SerialSam(reader.port, SystemClock()))
        reader.place(resident_text())

        assert heard.the(CredentialPresented).value == NUMBER


def test_a_card_whose_text_is_no_document_is_told_once(listen, pause):
    with SimulatedSam(finds_again=True) as reader:
        heard = listen(SerialSam(reader.port, SystemClock()))
        reader.place(chip_text(" "))
        event = heard.the(CardNotRead)
        pause(1.0)

        assert event.message == ChipUnreadable.message
        assert len(heard.so_far(CardNotRead)) == 1
        assert heard.so_far(CredentialPresented) == []


def test_a_card_lifted_too_early_is_told(listen):
    reader = SimulatedSam()

    def lift_at_read(answer):
        if len(answer) > 100:
            reader.lift()
            answer = answer[:300]
        yield answer

    reader = SimulatedSam(spoil=lift_at_read)
    with reader:
        heard = listen(SerialSam(reader.port, SystemClock()))
        reader.place(resident_text())

        assert heard.the(CardNotRead).message == CardGone.message


def test_a_reader_unplugged_and_plugged_in_again(listen, tmp_path):
    reader = SimulatedSam(port=tmp_path / "ttyUSB0")
    reader.plug()
    heard = listen(SerialSam(reader.port, SystemClock()))
    heard.the(ReaderChanged, state="added")

    reader.unplug()
    heard.the(ReaderChanged, state="removed")
    reader.plug()
    heard.the(ReaderChanged, state="added")
    reader.place(resident_text())

    assert heard.the(CredentialPresented).value == NUMBER
    reader.unplug()


def test_a_port_that_is_not_there_is_told_once_and_taken_when_it_comes(listen, tmp_path, pause):
    reader = SimulatedSam(port=tmp_path / "ttyUSB1")
    heard = listen(SerialSam(str(tmp_path / "ttyUSB1"), SystemClock()))
    trouble = heard.the(DeviceTrouble)
    pause(1.2)

    with reader:
        heard.the(ReaderChanged, state="added")

    assert trouble.message == PortClosed.message
    assert len([event for event in heard.all if isinstance(event, DeviceTrouble)]) == 1


def test_a_port_where_nothing_answers_ends_no_loop(listen):
    master, slave = os.openpty()
    stop = threading.Event()
    heard = listen(SerialSam(os.ttyname(slave), SystemClock()))

    trouble = heard.the(DeviceTrouble)

    assert "reader" in trouble.message.en
    assert heard.so_far(ReaderChanged) == []
    stop.set()
    os.close(master)
    os.close(slave)
