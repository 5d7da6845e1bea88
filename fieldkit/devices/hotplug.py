"""What is plugged in: cameras by cable, serial ports, card devices, as udev tells it.

The loop listens first and lists afterwards, so nothing is missed, and keeps what it told by device
path, so nothing is told twice. When the kernel drops messages under a flood it listens anew and
lists again.
"""

import select
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from fieldkit.clock import Clock
from fieldkit.devices.errors import UdevUnavailable
from fieldkit.devices.events import CameraChanged, CardPlugged, PlugState, PortChanged
from fieldkit.devices.loop import Emit

_WATCHED = (("usb", "usb_device"), ("tty", None), ("block", None))
_SLICE_MS = 300
_STILL_IMAGE = ":060101:"  # the USB class of PTP cameras
_EFI_PARTITION = "c12a7328-f81f-11d2-ba4b-00c04fc93ec9"

Plugged = CameraChanged | PortChanged | CardPlugged


def plugged(properties: Mapping[str, str], clock: Clock, state: PlugState) -> Plugged | None:
    """Tell what a device is from its udev properties, or None where it is nothing to us."""
    subsystem = properties.get("SUBSYSTEM", "")
    device = properties.get("DEVNAME", "")
    if subsystem == "usb":
        interfaces = properties.get("ID_USB_INTERFACES", "")
        if _STILL_IMAGE in interfaces or properties.get("ID_GPHOTO2") == "1":
            return CameraChanged(clock.now(), state, _spoken(properties), device)
    if subsystem == "tty" and properties.get("ID_VENDOR_ID") and device:
        pair = f"{properties['ID_VENDOR_ID']}:{properties.get('ID_MODEL_ID', '')}"
        return PortChanged(clock.now(), state, device, _spoken(properties), pair)
    if subsystem == "block" and _is_card(properties):
        return CardPlugged(
            clock.now(),
            state,
            device,
            properties.get("ID_FS_LABEL", ""),
            properties.get("ID_FS_UUID", ""),
        )
    return None


class HotplugLoop:
    """Tells cameras, serial ports and card devices coming and going.

    ``source`` is ``udev``, or ``kernel`` where no udevd runs, which knows fewer properties.
    """

    name = "udev"

    def __init__(self, clock: Clock, *, source: str = "udev") -> None:
        self._clock = clock
        self._source = source
        self._told: dict[str, Plugged] = {}

    def wake(self) -> None:
        """Do nothing: the loop looks at ``stop`` three times a second."""

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Serve until stopped. Raises UdevUnavailable."""
        context = _context()
        while not stop.is_set():
            monitor = self._listen(context)
            if not self._list(context, emit) or not self._follow(monitor, stop, emit):
                return

    def _listen(self, context: Any) -> Any:
        import pyudev

        try:
            monitor = pyudev.Monitor.from_netlink(context, source=self._source)
            for subsystem, kind in _WATCHED:
                monitor.filter_by(subsystem, kind)
            monitor.start()
        except (OSError, ValueError) as problem:
            raise UdevUnavailable from problem
        return monitor

    def _list(self, context: Any, emit: Emit) -> bool:
        there: set[str] = set()
        for device in _devices(context):
            there.add(device.sys_path)
            if not self._seen(device.sys_path, dict(device.properties), emit):
                return False
        return all(self._gone(path, emit) for path in set(self._told) - there)

    def _follow(self, monitor: Any, stop: threading.Event, emit: Emit) -> bool:
        """Tell what comes; True when messages were lost and the listing must be made again."""
        waiting = select.poll()
        waiting.register(monitor.fileno(), select.POLLIN)
        while not stop.is_set():
            for _, what in waiting.poll(_SLICE_MS):
                if what & ~select.POLLIN:
                    return True
                try:
                    device = monitor.poll(timeout=0)
                except OSError:
                    return True
                if device is not None and not self._told_of(device, emit):
                    return False
        return False

    def _told_of(self, device: Any, emit: Emit) -> bool:
        if device.action == "remove":
            return self._gone(device.sys_path, emit)
        return self._seen(device.sys_path, dict(device.properties), emit)

    def _seen(self, path: str, properties: Mapping[str, str], emit: Emit) -> bool:
        now = plugged(properties, self._clock, "added")
        before = self._told.get(path)
        if now is not None and before is not None and _same(now, before):
            return True
        if not self._gone(path, emit):
            return False
        if now is None:
            return True
        self._told[path] = now
        return emit(now)

    def _gone(self, path: str, emit: Emit) -> bool:
        before = self._told.pop(path, None)
        return before is None or emit(_left(before, self._clock))


def plugged_now(clock: Clock) -> tuple[Plugged, ...]:
    """List the cameras, serial ports and card devices of this moment. Raises UdevUnavailable."""
    found = (plugged(dict(device.properties), clock, "added") for device in _devices(_context()))
    return tuple(one for one in found if one is not None)


def _context() -> Any:
    try:
        import pyudev

        return pyudev.Context()
    except (ImportError, OSError) as problem:
        raise UdevUnavailable from problem


def _devices(context: Any) -> Iterator[Any]:
    for subsystem, kind in _WATCHED:
        listed = context.list_devices(subsystem=subsystem)
        yield from listed.match_property("DEVTYPE", kind) if kind else listed


def _is_card(properties: Mapping[str, str]) -> bool:
    if properties.get("ID_FS_USAGE") != "filesystem":
        return False
    if properties.get("ID_PART_ENTRY_TYPE") == _EFI_PARTITION:
        return False
    flash = any(key.startswith("ID_DRIVE_FLASH") for key in properties)
    return flash or properties.get("ID_FS_TYPE") in {"vfat", "exfat"}


def _spoken(properties: Mapping[str, str]) -> str:
    maker = properties.get("ID_VENDOR_FROM_DATABASE") or properties.get("ID_VENDOR", "")
    model = properties.get("ID_MODEL_FROM_DATABASE") or properties.get("ID_MODEL", "")
    return " ".join(f"{maker} {model}".replace("_", " ").split())


def _same(one: Plugged, other: Plugged) -> bool:
    return _without_time(one) == _without_time(other)


def _without_time(one: Plugged) -> tuple[object, ...]:
    return tuple(getattr(one, key) for key in one.__slots__ if key not in {"at", "state"})


def _left(one: Plugged, clock: Clock) -> Plugged:
    return replace(one, at=clock.now(), state="removed")
