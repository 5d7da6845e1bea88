"""Codes from a serial scanner, on a real pseudo-terminal."""

import os
import tty

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.clock import SystemClock
from fieldkit.devices.events import CredentialPresented, ReaderChanged
from fieldkit.devices.serial_scanner import SerialScanner, scanned_kind, scanned_text


@pytest.fixture
def port():
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)


def test_lines_become_credentials_as_they_came(listen, port, pause):
    master, path = port
    heard = listen(SerialScanner(path, SystemClock()))
    heard.the(ReaderChanged, state="added")

    os.write(master, b"eyJhbGciOi==|" + "采集码".encode())
    os.write(master, b"\r\n")
    first = heard.the(CredentialPresented)
    os.write(master, b"A-0123\r")
    second = heard.the(CredentialPresented)

    assert (first.value, first.kind) == ("eyJhbGciOi==|采集码", "capture-code")
    assert (second.value, second.kind) == ("A-0123", "number")
    assert (first.source, first.reader) == ("keyboard", path)


def test_a_code_with_line_breaks_inside_is_one_credential(listen, port):
    master, path = port
    heard = listen(SerialScanner(path, SystemClock()))
    heard.the(ReaderChanged, state="added")

    os.write(master, b"one\r\ntwo\r\n")

    assert heard.the(CredentialPresented).value == "one\r\ntwo"


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_utf_8_is_kept_to_the_character(code):
    kept = scanned_text(code.encode() + b"\r\n")

    assert kept == code


@given(st.binary())
def test_any_bytes_become_text(received):
    assert scanned_text(received).encode("utf-8") is not None


def test_gb18030_is_understood():
    assert scanned_text("采集码".encode("gb18030") + b"\r") == "采集码"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("2022010118", "number"),
        ("11010120010312002X", "number"),
        ("A-0123", "number"),
        ("A-01", "capture-code"),
        ("X", "capture-code"),
        ("7", "number"),
        ("1" * 30, "capture-code"),
        ("eyJhbGciOi==", "capture-code"),
        ("采集码", "capture-code"),
    ],
)
def test_numbers_are_told_from_codes(code, kind):
    assert scanned_kind(code) == kind
