"""What names a card: its volume's UUID, so that it is known again wherever it is mounted, or its content."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldkit.frames.dcf import Listing, read_path

_OCTAL = re.compile(rb"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of mountinfo (proc(5)): where, from which source, of which type, by which device."""

    point: str
    source: str
    fs_type: str
    device: str
    root: str


def read_mounts(mountinfo: str) -> tuple[Mount, ...]:
    """Read /proc/self/mountinfo; lines that are not as they should be are passed over."""
    mounts = []
    for line in mountinfo.splitlines():
        left, dash, right = line.partition(" - ")
        before, after = left.split(" "), right.split(" ")
        if dash and len(before) >= 5 and len(after) >= 2:
            mounts.append(Mount(_plain(before[4]), _plain(after[1]), after[0], before[2], _plain(before[3])))
    return tuple(mounts)


def mount_of(path: str, mounts: tuple[Mount, ...]) -> Mount | None:
    """Give the mount an absolute path lies on: the deepest, and of equals the one mounted last."""
    best: Mount | None = None
    for mount in mounts:
        inside = path == mount.point or path.startswith(mount.point.rstrip("/") + "/")
        if inside and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def card_name(path: str, mounts: tuple[Mount, ...], uuids: Mapping[str, str]) -> str:
    """Name the card at an absolute path, the same after any remount, without personal data.

    ``uuids`` maps device paths to volume UUIDs. A folder that is a volume's top is named by the UUID;
    a folder inside a volume by UUID and place in it, for a laptop's disk holds many folders; where
    no UUID is known, by the path alone.
    """
    mount = mount_of(path, mounts)
    uuid = uuids.get(mount.source, "") if mount else ""
    if mount is None or not uuid:
        return _hashed("dir", path)
    inside = os.path.relpath(path, mount.point)
    place = mount.root.rstrip("/") + ("" if inside == "." else f"/{inside}")
    return f"vol-{uuid.lower()}" if not place else _hashed("dir", f"{uuid.lower()}:{place}")


def card_at(folder: Path) -> str:
    """Name the card whose top folder is given, from what this machine has mounted now."""
    try:
        mountinfo = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
    except OSError:
        mountinfo = ""
    return card_name(os.path.realpath(folder), read_mounts(mountinfo), volume_uuids())


def content_name(listing: Listing) -> str:
    """Name a whole card by what lies on it, empty where that cannot be looked at.

    It is the size of its file system, how many files there are, and name, size and time of the first and
    the last: one photo more or less makes it another.
    """
    files = [file.path for file in map(read_path, listing.paths) if file is not None]
    if not files or not listing.whole:
        return ""
    ends = (min(files), max(files))
    try:
        room = os.statvfs(listing.root)
        seen = [(listing.root / end).lstat() for end in ends]
    except (OSError, ValueError):
        return ""
    facts = [room.f_blocks * room.f_frsize, len(files)]
    for status in seen:
        facts += [status.st_size, status.st_mtime_ns]
    return _hashed("files", "\n".join([*ends, *map(str, facts)]))


def volume_uuids(by_uuid: Path = Path("/dev/disk/by-uuid")) -> dict[str, str]:
    """Map device paths to volume UUIDs as udev links them; empty where there is no udev."""
    found: dict[str, str] = {}
    try:
        links = sorted(by_uuid.iterdir())
    except OSError:
        return found
    for link in links:
        found[os.path.realpath(link)] = link.name
    return found


def _plain(field: str) -> str:
    """Undo mountinfo's octal escapes, which name bytes of the path."""
    raw = os.fsencode(field)
    return os.fsdecode(_OCTAL.sub(lambda match: bytes((int(match[1], 8) & 0xFF,)), raw))


def _hashed(kind: str, text: str) -> str:
    return f"{kind}-{hashlib.sha256(os.fsencode(text)).hexdigest()[:20]}"
