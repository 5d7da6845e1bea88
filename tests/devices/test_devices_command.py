"""``fieldkit devices``: the lines that scripts read, against real loops in a process of their own."""

import json
import os
import select
import signal
import subprocess
import sys
import termios
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.clock import SystemClock
from fieldkit.devices.chip import ChipDocument, chip_text, read_chip_text
from fieldkit.devices.events import (
    CameraChanged,
    CredentialPresented,
    ReaderChanged,
    VolumeChanged,
)
from fieldkit.devices.lines import event_object, masked_name, masked_number
from fieldkit.devices.simulated.card import VirtualCard, chip_card, document_card
from fieldkit.devices.simulated.people import resident_text
from fieldkit.devices.simulated.sam import SimulatedSam

NUMBER, NAME = "110101200103120026", "沈知夏"
RUN = """
import argparse, signal, sys
# Whoever runs the tests in the background has interrupts ignored, and so would this program.
signal.signal(signal.SIGINT, signal.default_int_handler)
from fieldkit.commands.context import Context
from fieldkit.commands.devices import devices
options = dict(follow=True, seconds=None, serial=None, reveal=False, json=False, home={home!r})
options.update({options!r})
with Context(argparse.Namespace(**options), "en") as context:
    sys.exit(devices(context))
"""


@contextmanager
def running(tmp_path, **options):
    code = RUN.format(home=str(tmp_path / "home"), options=options)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        bufsize=0,  # so that select sees every line
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_with(process, **wanted):
    """Read lines until one has these fields."""
    while True:
        ready, _, _ = select.select([process.stdout], [], [], 25)
        assert ready, "no line came"
        line = json.loads(process.stdout.readline())
        if all(line.get(key) == value for key, value in wanted.items()):
            return line


def test_a_serial_reader_is_followed_with_numbers_and_names_masked(tmp_path):
    with SimulatedSam() as reader, running(tmp_path, serial=reader.port) as process:
        line_with(process, event="reader", state="added", reader=reader.port)
        reader.place(resident_text(valid_to="长期"))
        line = line_with(process, event="credential")

    at = line.pop("at")
    assert datetime.fromisoformat(at).utcoffset() is not None
    assert line == {
        "event": "credential",
        "reader": reader.port,
        "source": "sam-serial",
        "kind": "id-card",
        "number": "**************0026",
        "name": "沈**",
        "document": "resident",
        "valid_to": "长期",
    }


def test_numbers_and_names_are_whole_when_asked_for(tmp_path):
    with SimulatedSam() as reader, running(tmp_path, serial=[reader.port], reveal=True) as process:
        reader.place(resident_text())
        line = line_with(process, event="credential")

    assert (line["number"], line["name"], line["valid_to"]) == (NUMBER, NAME, "2027-04-05")


def test_lines_typed_by_a_scanner_are_followed(tmp_path):
    with running(tmp_path, reveal=True) as process:
        process.stdin.write(b"eyJhbGciOi==\n2022010118\r\n")
        process.stdin.flush()
        code = line_with(process, event="credential", kind="capture-code")
        number = line_with(process, event="credential", kind="number")

    assert (code["number"], code["source"], code["reader"]) == ("eyJhbGciOi==", "keyboard", "keyboard")
    assert (number["number"], number["document"], number["name"]) == ("2022010118", None, None)


@pytest.mark.root
def test_readers_of_the_card_service_are_followed(card_service, tmp_path):
    card_service.start()
    with running(tmp_path, reveal=True) as process:
        line_with(process, event="reader", state="added", reader="Virtual PCD 00 00")
        with VirtualCard(document_card(resident_text()), port=card_service.port):
            read = line_with(process, event="credential", source="pcsc")
        card_service.stop()
        line_with(process, event="reader", state="service-lost")
        card_service.start()
        line_with(process, event="reader", state="service-back")
        with VirtualCard(chip_card(b"12345678"), port=card_service.port):
            chip = line_with(process, event="credential", kind="chip-serial")

    assert (read["kind"], read["number"], read["name"]) == ("id-card", NUMBER, NAME)
    assert (chip["number"], chip["document"], chip["valid_to"]) == ("3132333435363738", None, None)


def test_following_ends_after_the_seconds_and_says_nothing_else(tmp_path):
    with running(tmp_path, seconds=0.5) as process:
        out, errors = process.communicate(timeout=60)

    assert process.returncode == 0
    assert all(json.loads(line)["event"] in {"reader", "volume"} for line in out.splitlines())
    assert b"Traceback" not in errors


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_following_ends_by_an_interrupt(tmp_path, how):
    with running(tmp_path) as process:
        process.stdin.write(b"A-0001\n")
        process.stdin.flush()
        line_with(process, event="credential")
        process.send_signal(how)
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 0
    assert b"Traceback" not in errors


def test_a_terminal_does_not_show_what_is_scanned(tmp_path):
    master, slave = os.openpty()
    code = RUN.format(home=str(tmp_path), options={"seconds": 30.0})
    with subprocess.Popen(
        ["setsid", "--ctty", sys.executable, "-c", code],
        bufsize=0,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        nobody = threading.Event()
        shown = b""
        for _ in range(400):
            if not termios.tcgetattr(slave)[3] & termios.ECHO:
                break
            nobody.wait(0.05)
        os.write(master, b"2022010118\n")
        line = line_with(process, event="credential")
        if select.select([master], [], [], 0.2)[0]:
            shown = os.read(master, 4096)
        process.kill()
    os.close(master)
    os.close(slave)

    assert line["number"] == "******0118"
    assert b"2022010118" not in shown


def test_the_listing_is_one_object(tmp_path):
    with SimulatedSam() as reader, running(tmp_path, follow=False, json=True, serial=reader.port) as process:
        out, errors = process.communicate(timeout=60)

    found = json.loads(out)
    assert set(found) == {"readers", "ports", "cameras", "volumes", "unmounted", "problems"}
    assert {"reader": reader.port, "source": "sam-serial", "card": False} in found["readers"]
    assert process.returncode == (1 if found["problems"] else 0)
    assert errors == b""


def test_the_listing_for_a_person_names_what_to_do(card_service, tmp_path):
    # The service is not started: the problem and the next step are shown.
    with running(tmp_path, follow=False) as process:
        out, errors = process.communicate(timeout=60)

    assert out == b""
    assert process.returncode == 1
    assert "systemctl start pcscd" in errors.decode()


CLOCK = SystemClock()


def test_a_volume_and_a_reader_have_the_fields_of_the_contract():
    volume = VolumeChanged(CLOCK.now(), "mounted", "/media/card", "EOS_DIGITAL", "1234-ABCD", 31)
    reader = ReaderChanged(CLOCK.now(), "service-lost", "pcscd")

    line = event_object(volume, reveal=False)
    assert list(line) == ["at", "event", "state", "path", "label", "frames"]
    assert (line["event"], line["frames"]) == ("volume", 31)
    assert list(event_object(reader, reveal=False)) == ["at", "event", "state", "reader"]
    assert event_object(CameraChanged(CLOCK.now(), "added", "EOS"), reveal=False) is None


def test_times_have_milliseconds_and_a_zone():
    at = datetime.fromisoformat("2026-03-16T08:31:04.120456+08:00") + timedelta(0)

    assert (
        event_object(ReaderChanged(at, "added", "r"), reveal=False)["at"] == "2026-03-16T08:31:04.120+08:00"
    )


@pytest.mark.parametrize(
    ("flag", "kind"),
    [(" ", "resident"), ("J", "hmt-permit"), ("I", "foreign-permit"), ("Y", "foreign-permit")],
)
def test_every_kind_of_document_has_its_word(flag, kind):
    document = read_chip_text(chip_text(flag, number="A12345678", name="甲乙"))
    event = CredentialPresented(CLOCK.now(), "r", "sam-usb", "id-card", "A12345678", document)

    assert event_object(event, reveal=True)["document"] == kind


def test_a_foreigner_without_a_chinese_name_is_named_in_latin():
    document = ChipDocument("foreign-permit", "I", "A1", latin_name="DOE, JOHN")
    event = CredentialPresented(CLOCK.now(), "r", "pcsc", "id-card", "A1", document)

    assert event_object(event, reveal=True)["name"] == "DOE, JOHN"


@given(st.text())
def test_masks_keep_the_length_and_little_else(text):
    for masked in (masked_number(text), masked_name(text)):
        assert len(masked) == len(text)
        assert sum(a == b != "*" for a, b in zip(masked, text, strict=True)) <= 4
