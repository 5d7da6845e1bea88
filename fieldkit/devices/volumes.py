"""Mounted card volumes: told from mountinfo, named by UUID, counted by DCF.

udev does not say when a volume is mounted. The kernel marks ``/proc/self/mountinfo`` as urgent when
the table changes, so the loop waits on it and looks every two seconds besides.
"""

import os
import re
import select
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Self

from fieldkit.clock import Clock
from fieldkit.devices.events import VolumeChanged, VolumeState
from fieldkit.devices.loop import Emit

MOUNTINFO = Path("/proc/self/mountinfo")

_LOOK_MS = 2000
_SLICE_MS = 200
_UDEV_LOOKS = 5
_STEADY_LOOKS = 5
_CARD_TYPES = frozenset({"vfat", "exfat", "msdos", "fuse.exfat", "fuse.fusefat", "fuseblk"})
_IN_MEMORY = frozenset({"tmpfs", "overlay", "aufs"})
_CARD_PLACES = ("/media/", "/run/media/", "/mnt/")
_SYSTEM_PLACES = ("/boot", "/efi", "/proc", "/sys", "/dev", "/snap")
# Kinds without pictures, or on which a mere look can hang for minutes.
# fmt: off
_NEVER = frozenset(
    (
        "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "cramfs", "debugfs",
        "devpts", "devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "mqueue", "nfs", "nfs4",
        "nsfs", "proc", "pstore", "ramfs", "rpc_pipefs", "securityfs", "selinuxfs", "squashfs",
        "sysfs", "tracefs", "cifs", "smb3", "fuse.portal", "fuse.lxcfs",
    )
)
_ESCAPE = re.compile(rb"\\([0-7]{3})")
_FRAME_FOLDER = re.compile(r"[1-9]\d\d\w{5}", re.ASCII)
_FRAME_FILE = re.compile(r"\w{4}(\d{4})\.(\w{3,4})", re.ASCII)
_PICTURES = frozenset(
    (
        "jpg", "jpeg", "hif", "heic", "heif", "avif", "dng", "cr2", "cr3", "crw", "nef", "nrw",
        "arw", "sr2", "raf", "rw2", "orf", "pef", "srw", "3fr", "iiq",
    )
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the mount table."""

    mount_id: int
    device: str
    path: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Volume:
    """A mounted volume that can hold frames; ``key`` differs for every mount of every card."""

    key: tuple[object, ...]
    path: str
    label: str
    uuid: str
    frames: int


def read_mount_table(table: bytes) -> tuple[Mount, ...]:
    """Read a mount table; lines that are none are skipped, escaped bytes of paths restored."""
    mounts: list[Mount] = []
    for line in table.splitlines():
        left, separator, right = line.partition(b" - ")
        head, tail = left.split(b" "), right.split(b" ")
        if not separator or len(head) < 6 or len(tail) < 2 or not head[0].isdigit():
            continue
        mounts.append(
            Mount(
                mount_id=int(head[0]),
                device=os.fsdecode(head[2]),
                path=_plain(head[4]),
                kind=os.fsdecode(tail[0]),
                source=_plain(tail[1]),
            )
        )
    return tuple(mounts)


def frames_under(folder: Path) -> int:
    """Count the frames under ``DCIM``: files of one number in one folder are one frame.

    Source: the design rule for camera file systems (folders ``NNNxxxxx``, files ``xxxxNNNN.EXT``).
    """
    frames: set[tuple[str, str]] = set()
    try:
        dcim = _dcim(folder)
        for place in os.scandir(dcim) if dcim else ():
            if not _FRAME_FOLDER.fullmatch(place.name) or not place.is_dir(follow_symlinks=False):
                continue
            for entry in os.scandir(place.path):
                match = _FRAME_FILE.fullmatch(entry.name)
                if match and match[2].lower() in _PICTURES:
                    frames.add((place.name, match[1]))
    except OSError:
        return len(frames)
    return len(frames)


def volumes_now(mountinfo: Path = MOUNTINFO, *, patient: bool = False) -> tuple[Volume, ...]:
    """List the mounted volumes that hold a ``DCIM`` folder, or are of a kind that cameras use.

    ``patient`` leaves out a volume that udev has yet to name.
    """
    try:
        table = mountinfo.read_bytes()
        for _ in range(_STEADY_LOOKS):
            found = _volumes_of(read_mount_table(table), patient=patient)
            before, table = table, mountinfo.read_bytes()
            # A mount that goes while it is looked at would be taken for what lies beneath it.
            if table == before:
                return found
    except OSError:
        return ()
    return found


def _volumes_of(mounts: tuple[Mount, ...], *, patient: bool) -> tuple[Volume, ...]:
    volumes: dict[str, Volume] = {}
    for mount in mounts:
        # What is mounted later covers what was there before.
        volumes.pop(mount.path, None)
        if _may_hold_frames(mount):
            uuid, label, named = _identity(mount)
            if named or not patient:
                volumes[mount.path] = Volume(
                    key=(mount, _file_system_id(mount.path), uuid),
                    path=mount.path,
                    label=label or Path(mount.path).name,
                    uuid=uuid,
                    frames=-1,
                )
    return tuple(volumes.values())


def counted(volume: Volume) -> Volume:
    """Give the volume with its frames counted."""
    return replace(volume, frames=frames_under(Path(volume.path)))


class MountChanges:
    """Tells whether the mount table changed since the last question."""

    def __init__(self, mountinfo: Path = MOUNTINFO) -> None:
        self._mountinfo = mountinfo
        self._table: BinaryIO | None = None
        self._poll = select.poll()

    def __enter__(self) -> Self:
        """Open the table; without one nothing ever changes."""
        try:
            self._table = self._mountinfo.open("rb")
            self._poll.register(self._table, select.POLLPRI | select.POLLERR)
        except OSError:
            self._table = None
        return self

    def __exit__(self, *_: object) -> None:
        """Close the table."""
        if self._table is not None:
            self._table.close()

    def changed(self, timeout_ms: int = 0) -> bool:
        """Tell whether it changed, waiting for that at most the given time."""
        return bool(self._poll.poll(timeout_ms))


class VolumeLoop:
    """Tells card volumes being mounted and going away."""

    name = "volumes"

    def __init__(self, clock: Clock, *, mountinfo: Path = MOUNTINFO) -> None:
        self._clock = clock
        self._mountinfo = mountinfo
        self._known: dict[tuple[object, ...], Volume] = {}

    def wake(self) -> None:
        """Do nothing: the loop looks at ``stop`` five times a second."""

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Serve until stopped."""
        known = self._known
        looks = 0
        with MountChanges(self._mountinfo) as changes:
            while not stop.is_set():
                looks += 1
                now = {
                    volume.key: volume for volume in volumes_now(self._mountinfo, patient=looks < _UDEV_LOOKS)
                }
                for key in [key for key in known if key not in now]:
                    if not self._say(emit, "removed", known.pop(key)):
                        return
                for key in [key for key in now if key not in known]:
                    found = counted(now[key])
                    if changes.changed():
                        # It may have gone while its frames were counted: look again.
                        break
                    known[key] = found
                    if not self._say(emit, "mounted", found):
                        return
                else:
                    if self._wait(changes, stop, short=looks < _UDEV_LOOKS):
                        looks = 0
                    continue
                looks = 0

    def _wait(self, changes: MountChanges, stop: threading.Event, *, short: bool) -> bool:
        for _ in range(1 if short else _LOOK_MS // _SLICE_MS):
            if stop.is_set() or changes.changed(_SLICE_MS):
                return True
        return False

    def _say(self, emit: Emit, state: VolumeState, volume: Volume) -> bool:
        return emit(
            VolumeChanged(
                at=self._clock.now(),
                state=state,
                path=volume.path,
                label=volume.label,
                uuid=volume.uuid,
                frames=max(volume.frames, 0),
            )
        )


def _may_hold_frames(mount: Mount) -> bool:
    if mount.kind in _NEVER or mount.path == "/" or mount.path.startswith(_SYSTEM_PLACES):
        return False
    if mount.kind in _CARD_TYPES:
        return True
    if mount.path.startswith(_CARD_PLACES) and mount.kind not in _IN_MEMORY:
        return True
    return _dcim(Path(mount.path)) is not None


def _dcim(folder: Path) -> Path | None:
    for name in ("DCIM", "dcim"):
        try:
            if (folder / name).is_dir():
                return folder / name
        except OSError:
            return None
    return None


def _identity(mount: Mount) -> tuple[str, str, bool]:
    """Give UUID and label, and whether udev has said all it will."""
    device = _block_device(mount)
    if device is None:
        return "", "", True
    try:
        import pyudev

        found = pyudev.Devices.from_device_number(pyudev.Context(), "block", device).properties
        uuid, label = found.get("ID_FS_UUID") or "", found.get("ID_FS_LABEL") or ""
        named = bool(uuid) or not Path("/run/udev/control").exists()
    except (ImportError, OSError, LookupError, ValueError):
        uuid, label, named = "", "", True
    return uuid or _by_link("by-uuid", device), label or _by_link("by-label", device), named


def _block_device(mount: Mount) -> int | None:
    major, _, minor = mount.device.partition(":")
    if major.isdigit() and minor.isdigit() and int(major) > 0:
        return os.makedev(int(major), int(minor))
    # A FUSE mount has a number of its own; its source may be the card's block device.
    try:
        status = Path(mount.source).stat()
    except (OSError, ValueError):
        return None
    return status.st_rdev or None


def _by_link(kind: str, device: int) -> str:
    try:
        for link in Path("/dev/disk", kind).iterdir():
            if link.stat().st_rdev == device:
                return link.name.encode().decode("unicode_escape")
    except (OSError, UnicodeError):
        return ""
    return ""


def _file_system_id(path: str) -> int:
    try:
        return os.statvfs(path).f_fsid
    except OSError:
        return 0


def _plain(escaped: bytes) -> str:
    return os.fsdecode(_ESCAPE.sub(lambda match: bytes((int(match[1], 8) & 0xFF,)), escaped))
