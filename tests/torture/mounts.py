"""Disks of one's own: image files mounted through loop devices, in a mount namespace that dies with us."""

import contextlib
import ctypes
import fcntl
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# linux/fs.h: unshare(2) of the mounts, and the ioctl that stops a file system dead.
CLONE_NEWNS = 0x00020000
FS_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2
TOOLS = {"ext4": "mkfs.ext4", "xfs": "mkfs.xfs"}
_MAKE = {
    "ext4": ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"],
    "xfs": ["mkfs.xfs", "-q", "-f"],
}
# xfs asks for 300 MB since 5.19; the files are sparse and lie in memory.
_MIB = {"ext4": 64, "xfs": 320}


class CannotMount(Exception):
    """This machine lets us mount nothing."""


def own_mounts() -> None:
    """Leave the machine's mount namespace: whatever we mount is gone with us, however we end."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise CannotMount(os.strerror(ctypes.get_errno()))
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait for other tortures on this machine, which would take our loop devices and our time."""
    with (Path(tempfile.gettempdir()) / "fieldkit-torture.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def file_systems() -> list[str]:
    """Give the file systems that can be made and mounted here."""
    known = Path("/proc/filesystems").read_text(encoding="ascii").split()
    return [name for name, tool in TOOLS.items() if shutil.which(tool) and name in known]


def make_image(file: Path, kind: str) -> None:
    with file.open("wb") as image:
        image.truncate(_MIB[kind] << 20)
    subprocess.run([*_MAKE[kind], str(file)], check=True, capture_output=True)


@contextlib.contextmanager
def mounted(image: Path, at: Path, *, kind: str | None = None) -> Iterator[Path]:
    """Mount an image or a block device; unmounted at the end whatever happened."""
    at.mkdir(exist_ok=True)
    options = "loop,noatime" if image.is_file() else "noatime"
    told = subprocess.run(
        ["mount", *(["-t", kind] if kind else []), "-o", options, str(image), str(at)],
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise CannotMount(told.stderr.strip())
    try:
        yield at
    finally:
        if subprocess.run(["umount", str(at)], capture_output=True, check=False).returncode:
            subprocess.run(["umount", "-l", str(at)], check=True)


def power_cut(mount: Path) -> None:
    """Drop everything that is not on the disk: dirty pages and the tail of the journal alike."""
    descriptor = os.open(mount, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.ioctl(descriptor, FS_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
    finally:
        os.close(descriptor)
