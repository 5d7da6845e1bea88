"""What is plugged in at this moment, asked once of everything."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.clock import Clock
from fieldkit.devices.errors import ReaderSilent, UsbUnavailable
from fieldkit.devices.events import CameraChanged, CardPlugged, CredentialSource, PortChanged
from fieldkit.devices.hotplug import plugged_now
from fieldkit.devices.pcsc import readers_now
from fieldkit.devices.sam_serial import speed_of
from fieldkit.devices.sam_usb import usb_reader_there
from fieldkit.devices.volumes import Volume, counted, volumes_now
from fieldkit.errors import CannotWork, FieldkitError


@dataclass(frozen=True, slots=True)
class ReaderFound:
    """A reader, through which way it is reached, and whether a card lies on it as far as known."""

    reader: str
    source: CredentialSource
    card: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that is there, and what stands in the way of using it."""

    readers: tuple[ReaderFound, ...]
    ports: tuple[PortChanged, ...]
    cameras: tuple[CameraChanged, ...]
    volumes: tuple[Volume, ...]
    unmounted: tuple[CardPlugged, ...]
    problems: tuple[tuple[str, FieldkitError], ...]


def survey(clock: Clock, *, serial: Sequence[str] = ()) -> Survey:
    """Ask the card service, USB, udev, the mount table and the given serial ports; never raises."""
    readers: list[ReaderFound] = []
    problems: list[tuple[str, FieldkitError]] = []
    try:
        readers += [ReaderFound(one.reader, "pcsc", one.card) for one in readers_now()]
    except CannotWork as problem:
        problems.append(("pcscd", problem))
    try:
        name = usb_reader_there()
        readers += [ReaderFound(name, "sam-usb")] if name else []
    except UsbUnavailable as problem:
        problems.append(("USB", problem))
    for port in serial:
        try:
            if speed_of(port, threading.Event()) is None:
                raise ReaderSilent
            readers.append(ReaderFound(port, "sam-serial"))
        except CannotWork as problem:
            problems.append((port, problem))
    try:
        plugged = plugged_now(clock)
    except CannotWork as problem:
        plugged = ()
        problems.append(("udev", problem))
    volumes = tuple(counted(volume) for volume in volumes_now())
    mounted = {volume.uuid for volume in volumes}
    return Survey(
        readers=tuple(readers),
        ports=tuple(one for one in plugged if isinstance(one, PortChanged)),
        cameras=tuple(one for one in plugged if isinstance(one, CameraChanged)),
        volumes=volumes,
        unmounted=tuple(one for one in plugged if isinstance(one, CardPlugged) and one.uuid not in mounted),
        problems=tuple(problems),
    )
