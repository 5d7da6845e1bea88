"""The standard SAM USB device 0400:C35A: one frame goes over two bulk pipes in each direction.

Out: preamble and length on 0x02, the rest on 0x06. In: preamble and length on 0x81, the rest on
0x85 (the module's published protocol page, tables 5 to 8).
"""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fieldkit.clock import Clock
from fieldkit.devices.errors import UsbGone, UsbRefused, UsbUnavailable
from fieldkit.devices.loop import Emit
from fieldkit.devices.sam import HEAD_BYTES, LONGEST_REPLY, PREAMBLE, usb_parts
from fieldkit.devices.sam_cycle import SamLink, SamService

VENDOR = 0x0400
PRODUCT = 0xC35A

_OUT_HEAD, _OUT_BODY, _IN_HEAD, _IN_BODY = 0x02, 0x06, 0x81, 0x85
_BODY_MS = 1500


class UsbSam:
    """Reads ID cards on a standard USB reader; it may come and go.

    ``backend`` is pyusb's: the installed libusb where none is given.
    """

    name = "SAM USB 0400:c35a"

    def __init__(self, clock: Clock, *, photo: bool = False, backend: Any = None) -> None:
        self._backend = backend
        self._service = SamService(self.name, "sam-usb", self._open, clock, photo=photo, expected=False)

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Serve until stopped."""
        self._service.run(stop, emit)

    def wake(self) -> None:
        """Do nothing: the loop looks at ``stop`` ten times a second."""

    @contextmanager
    def _open(self) -> Iterator[SamLink]:
        import usb.core
        import usb.util

        device = _device(self._backend)
        if device is None:
            raise UsbGone
        try:
            if device.is_kernel_driver_active(0):
                device.detach_kernel_driver(0)
        except (usb.core.USBError, NotImplementedError, OSError) as problem:
            if getattr(problem, "errno", None) == errno.EACCES:
                raise UsbRefused from problem
        try:
            device.set_configuration()
            usb.util.claim_interface(device, 0)
        except usb.core.USBError as problem:
            raise (UsbRefused if problem.errno == errno.EACCES else UsbGone) from problem
        try:
            yield _UsbLink(device)
        finally:
            usb.util.dispose_resources(device)


def usb_reader_there(backend: Any = None) -> str:
    """Give the name of the standard USB reader, or empty text without one. Raises UsbUnavailable."""
    try:
        return UsbSam.name if _device(backend) is not None else ""
    except UsbGone:
        return ""


def _device(backend: Any) -> Any:
    import usb.core

    try:
        return usb.core.find(idVendor=VENDOR, idProduct=PRODUCT, backend=backend)
    except usb.core.NoBackendError as problem:
        raise UsbUnavailable from problem
    except (usb.core.USBError, OSError) as problem:
        raise UsbGone from problem


class _UsbLink:
    """One frame at a time over the device's four pipes."""

    def __init__(self, device: Any) -> None:
        self._device = device

    def send(self, frame: bytes) -> None:
        import usb.core

        head, body = usb_parts(frame)
        try:
            self._device.write(_OUT_HEAD, head, _BODY_MS)
            self._device.write(_OUT_BODY, body, _BODY_MS)
        except usb.core.USBTimeoutError:
            return  # not taken: no answer will come, which is what the dialogue sees
        except usb.core.USBError as problem:
            raise UsbGone from problem

    def receive(self, timeout_s: float) -> bytes:
        head = self._pipe(_IN_HEAD, HEAD_BYTES, max(1, round(timeout_s * 1000)))
        if not head:
            return b""
        wanted = HEAD_BYTES - len(PREAMBLE)
        length = int.from_bytes(head[len(PREAMBLE) :]) if len(head) == HEAD_BYTES else wanted
        body = self._pipe(_IN_BODY, min(length, LONGEST_REPLY), _BODY_MS) if length else b""
        return head + body

    def _pipe(self, endpoint: int, most: int, timeout_ms: int) -> bytes:
        import usb.core

        # A read shorter than the packet that comes is an overflow: ask for whole packets.
        room = -(-most // 64) * 64
        try:
            return bytes(self._device.read(endpoint, room, timeout_ms))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as problem:
            if problem.errno in {errno.EOVERFLOW, errno.EPIPE}:
                return b""
            raise UsbGone from problem
