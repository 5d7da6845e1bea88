"""The loops of a desk: everything that can be plugged in, in one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit.clock import Clock
from fieldkit.devices.errors import UdevUnavailable
from fieldkit.devices.loop import DeviceLoop

PORT_NAMES = Path("/dev/serial/by-id")


@dataclass(frozen=True, slots=True)
class Plugs:
    """What cannot be found by itself and has to be named, and whether chip photos are wanted."""

    serial_readers: Sequence[str] = ()
    serial_scanners: Sequence[str] = ()
    folders: Sequence[Path] = ()
    chip_photo: bool = False


def desk_loops(clock: Clock, plugs: Plugs | None = None) -> list[DeviceLoop]:
    """Make the loops of a desk; nothing is opened before they run."""
    from fieldkit.devices.hotplug import HotplugLoop
    from fieldkit.devices.pcsc import PcscLoop
    from fieldkit.devices.sam_usb import UsbSam
    from fieldkit.devices.volumes import VolumeLoop
    from fieldkit.devices.watch import FolderWatch

    plugs = plugs or Plugs()
    return [
        PcscLoop(clock, photo=plugs.chip_photo),
        UsbSam(clock, photo=plugs.chip_photo),
        HotplugLoop(clock),
        VolumeLoop(clock),
        *serial_loops(clock, plugs),
        *(FolderWatch(folder, clock) for folder in plugs.folders),
    ]


def serial_loops(clock: Clock, plugs: Plugs) -> list[DeviceLoop]:
    """Make the loops of the serial ports alone, which may be named anew while the others run."""
    from fieldkit.devices.sam_serial import SerialSam
    from fieldkit.devices.serial_scanner import SerialScanner

    return [
        *(SerialSam(port, clock, photo=plugs.chip_photo) for port in plugs.serial_readers),
        *(SerialScanner(port, clock) for port in plugs.serial_scanners),
    ]


def ports_now(clock: Clock, names: Path = PORT_NAMES) -> list[tuple[str, str]]:
    """Give each serial port that is there, by a name that stays the same in any socket, and who made it."""
    from fieldkit.devices.events import PortChanged
    from fieldkit.devices.hotplug import plugged_now

    try:
        found = [one for one in plugged_now(clock) if isinstance(one, PortChanged)]
    except UdevUnavailable:
        return []
    links = sorted(names.iterdir()) if names.is_dir() else []
    lasting = {str(link.resolve()): str(link) for link in links}
    return [(lasting.get(one.port, one.port), one.maker) for one in found]
