"""The USB form, behind pyusb's own interface for backends: real pyusb, a device made of software."""

import errno

import pytest
import usb.core
from usb.core import USBError, USBTimeoutError

from fieldkit.clock import SystemClock
from fieldkit.devices import sam
from fieldkit.devices.errors import UsbGone, UsbRefused
from fieldkit.devices.events import CredentialPresented, DeviceTrouble, ReaderChanged
from fieldkit.devices.sam_usb import UsbSam
from fieldkit.devices.simulated.people import resident_text
from tests.devices.soft_usb import SoftBus

NUMBER = "110101200103120026"


class SoftUsb(SoftBus):
    """Answers on pipes 0x81 and 0x85 what was asked on 0x02 and 0x06."""

    def __init__(self, text: bytes | None = None) -> None:
        self.plugged = True
        self.refused = False
        self.text = text
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.waiting: dict[int, list[bytes]] = {0x81: [], 0x85: []}

    def enumerate_devices(self):
        return iter(["reader"] if self.plugged else [])

    def open_device(self, dev):
        if self.refused:
            raise USBError("denied", errno=errno.EACCES)
        return dev

    def bulk_write(self, dev_handle, ep, intf, data, timeout):
        self._there()
        (self.heads if ep == 0x02 else self.bodies).append(bytes(data))
        if ep == 0x06:
            self._answer(self.heads[-1] + bytes(data))
        return len(data)

    def bulk_read(self, dev_handle, ep, intf, buff, timeout):
        self._there()
        if not self.waiting[ep]:
            raise USBTimeoutError("time-out", errno=errno.ETIMEDOUT)
        part = self.waiting[ep].pop(0)
        buff[: len(part)] = type(buff)("B", part)
        return len(part)

    def _there(self):
        if not self.plugged:
            raise USBError("gone", errno=errno.ENODEV)

    def _answer(self, frame):
        command = tuple(frame[7:9])
        answers = {
            sam.SAM_STATUS: sam.reply(sam.OK),
            sam.FIND: sam.reply(sam.FOUND, bytes(4)) if self.text else sam.reply(0x80),
            sam.SELECT: sam.reply(sam.OK, bytes(8)),
            sam.READ: sam.reply(sam.OK, bytes.fromhex("01000400") + (self.text or b"") + bytes(1024)),
        }
        head, body = sam.usb_parts(answers[command])
        self.waiting[0x81].append(head)
        self.waiting[0x85].append(body)


def test_a_card_is_read_over_four_pipes(listen):
    device = SoftUsb(resident_text())

    event = listen(UsbSam(SystemClock(), backend=device)).the(CredentialPresented)

    assert (event.source, event.kind, event.value) == ("sam-usb", "id-card", NUMBER)
    assert {len(head) for head in device.heads} == {7}
    assert bytes.fromhex("200122") in device.bodies


def test_a_reader_pulled_and_plugged_in_again(listen):
    device = SoftUsb()
    heard = listen(UsbSam(SystemClock(), backend=device))
    heard.the(ReaderChanged, state="added")

    device.plugged = False
    heard.the(ReaderChanged, state="removed")
    trouble = heard.the(DeviceTrouble)
    device.text = resident_text()
    device.plugged = True

    assert heard.the(CredentialPresented).value == NUMBER
    assert trouble.message == UsbGone.message


def test_a_laptop_without_such_a_reader_hears_nothing_of_it(listen, pause):
    device = SoftUsb()
    device.plugged = False
    heard = listen(UsbSam(SystemClock(), backend=device))

    pause(0.8)

    assert heard.so_far(object) == []


def test_a_missing_permission_names_the_udev_rule(listen):
    device = SoftUsb()
    device.refused = True

    trouble = listen(UsbSam(SystemClock(), backend=device)).the(DeviceTrouble)

    assert trouble.message == UsbRefused.message
    assert "c35a" in trouble.hint.zh


def test_the_real_libusb_is_asked_where_it_is_installed(listen, pause):
    try:
        usb.core.find()
    except usb.core.NoBackendError:
        pytest.skip("needs the package libusb-1.0-0")
    except USBError:
        pytest.skip("no USB on this machine")
    heard = listen(UsbSam(SystemClock()))

    pause(0.8)

    assert [type(event) for event in heard.so_far(object)] in ([], [ReaderChanged])
