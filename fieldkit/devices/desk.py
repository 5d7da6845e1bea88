"""The loops of a desk: everything that can be plugged in, in one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit.clock import Clock
from fieldkit.devices.loop import DeviceLoop


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
    from fieldkit.devices.sam_serial import SerialSam
    from fieldkit.devices.sam_usb import UsbSam
    from fieldkit.devices.serial_scanner import SerialScanner
    from fieldkit.devices.volumes import VolumeLoop
    from fieldkit.devices.watch import FolderWatch

    plugs = plugs or Plugs()
    return [
        PcscLoop(clock, photo=plugs.chip_photo),
        UsbSam(clock, photo=plugs.chip_photo),
        HotplugLoop(clock),
        VolumeLoop(clock),
        *(SerialSam(port, clock, photo=plugs.chip_photo) for port in plugs.serial_readers),
        *(SerialScanner(port, clock) for port in plugs.serial_scanners),
        *(FolderWatch(folder, clock) for folder in plugs.folders),
    ]
