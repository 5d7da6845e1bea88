"""Checks of the laptop itself: terminal, font, clock, disk, swap. They read and change nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from fieldkit.doctor.finding import Finding, State
from fieldkit.words import doctor as words

FLOOR = (80, 24)
LEAST_GB = 20
A_DAY_GB = 110


def terminal(columns: int, lines: int, encoding: str, *, there: bool) -> Finding:
    """Judge the terminal's size and encoding."""
    if not there:
        return Finding("terminal", words.TERMINAL, "ok", words.TERMINAL_NONE)
    fields: Mapping[str, object] = {"columns": columns, "lines": lines, "encoding": encoding}
    if columns < FLOOR[0] or lines < FLOOR[1]:
        step = words.TERMINAL_SMALL
    elif encoding.lower().replace("-", "") != "utf8":
        step = words.TERMINAL_UTF8
    else:
        return Finding("terminal", words.TERMINAL, "ok", words.TERMINAL_FOUND, None, fields)
    return Finding("terminal", words.TERMINAL, "failure", words.TERMINAL_FOUND, step, fields)


def this_terminal() -> Finding:
    """Check the terminal this runs in."""
    size = shutil.get_terminal_size()
    encoding = sys.getfilesystemencoding()
    return terminal(size.columns, size.lines, encoding, there=sys.stderr.isatty())


def font() -> Finding:
    """Check that the system has a font with Chinese characters, for big names and forms."""
    name = _output(["fc-match", "-f", "%{family}", ":lang=zh-cn"])
    knows = _output(["fc-list", ":lang=zh-cn", "family"])
    if not knows:
        return Finding("font", words.FONT, "warning", words.FONT_NONE, words.FONT_HINT)
    return Finding("font", words.FONT, "ok", words.FOUND, None, {"names": name.partition(",")[0]})


def clock(now: datetime) -> Finding:
    """Check whether something keeps the laptop's clock right; without a network that is rare."""
    fields = {"now": now.strftime("%Y-%m-%d %H:%M:%S")}
    if _output(["timedatectl", "show", "-p", "NTPSynchronized", "--value"]) == "yes":
        return Finding("clock", words.CLOCK, "ok", words.CLOCK_SYNCED, None, fields)
    return Finding("clock", words.CLOCK, "warning", words.CLOCK_FREE, words.CLOCK_HINT, fields)


def space(folder: Path, to_come: int | None = None) -> Finding:
    """Check the free space of a folder's disk against the bytes to come, or a whole day where unknown."""
    free = shutil.disk_usage(_standing(folder)).free / 1e9
    needed = A_DAY_GB if to_come is None else to_come / 1e9
    state: State = "failure" if free < LEAST_GB else "warning" if free < needed else "ok"
    found = words.SPACE_FOUND if to_come is None else words.SPACE_NEEDED
    hint = words.SPACE_HINT if to_come is None else words.SPACE_NEEDED_HINT
    fields = {"gigabytes": round(free), "needed": round(needed)}
    return Finding("space", words.SPACE, state, found, None if state == "ok" else hint, fields)


def disk(folder: Path, sysfs: Path = Path("/sys")) -> Finding:
    """Check whether a folder's disk is encrypted as a whole, by its chain of device-mapper devices."""
    device = _standing(folder).stat().st_dev
    node = sysfs / "dev" / "block" / f"{os.major(device)}:{os.minor(device)}"
    if not node.exists():
        return Finding("disk", words.DISK, "warning", words.NOT_KNOWN, words.DISK_HINT)
    if _is_crypt(node):
        return Finding("disk", words.DISK, "ok", words.ENCRYPTED)
    return Finding("disk", words.DISK, "warning", words.NOT_ENCRYPTED, words.DISK_HINT)


def swap(swaps: str, sysfs: Path = Path("/sys")) -> Finding:
    """Check that keys cannot reach a disk through the swap; ``swaps`` is the text of /proc/swaps."""
    devices = [line.split()[0] for line in swaps.splitlines()[1:] if line.strip()]
    if not devices:
        return Finding("swap", words.SWAP, "ok", words.NO_SWAP)
    safe = all(
        device.startswith("/dev/zram") or _is_crypt(sysfs / "class" / "block" / Path(device).resolve().name)
        for device in devices
    )
    if safe:
        return Finding("swap", words.SWAP, "ok", words.ENCRYPTED)
    return Finding("swap", words.SWAP, "warning", words.NOT_ENCRYPTED, words.SWAP_HINT)


def this_swap() -> Finding:
    """Check this laptop's swap."""
    try:
        return swap(Path("/proc/swaps").read_text(encoding="ascii"))
    except OSError:
        return Finding("swap", words.SWAP, "warning", words.NOT_KNOWN, words.SWAP_HINT)


def _is_crypt(node: Path) -> bool:
    """Say whether a block device, or one it lies on, is a dm-crypt device."""
    try:
        if (node / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    except OSError:
        pass
    below = node / "slaves"
    return below.is_dir() and any(_is_crypt(lower) for lower in below.iterdir())


def _standing(folder: Path) -> Path:
    """Give a folder, or the nearest above it that exists."""
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())


def _output(command: list[str]) -> str:
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
