"""Card volumes: real ext4 and FUSE mounts where the kernel allows, and the mount table itself."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.clock import SystemClock
from fieldkit.devices.events import VolumeChanged
from fieldkit.devices.volumes import VolumeLoop, frames_under, read_mount_table, volumes_now


def shoot(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / "DCIM" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\xff\xd8\xff\xd9")


def test_a_raw_and_its_jpeg_are_one_frame_and_other_files_are_none(tmp_path):
    shoot(
        tmp_path,
        "100CANON/IMG_0001.JPG",
        "100CANON/IMG_0001.CR3",
        "100CANON/_MG_0002.JPG",
        "101CANON/IMG_0001.JPG",
        "100CANON/MVI_0003.MP4",
        "100CANON/.IMG_0004.JPG",
        "CANONMSC/IMG_0005.JPG",
        "IMG_0006.JPG",
    )

    assert frames_under(tmp_path) == 3


def test_a_folder_without_frames_has_none(tmp_path):
    assert frames_under(tmp_path) == 0
    assert frames_under(tmp_path / "missing") == 0


def test_escaped_paths_of_the_mount_table_are_restored():
    table = (
        b"36 25 179:1 / /media/a\\040b\\134c rw,nosuid shared:1 master:2 - vfat /dev/mmcblk0p1 rw\n"
        b"not a line\n" + "37 25 8:17 / /media/相机 rw - exfat /dev/sdb1 rw\n".encode()
    )

    first, second = read_mount_table(table)

    assert (first.mount_id, first.device, first.path) == (36, "179:1", "/media/a b\\c")
    assert (first.kind, first.source) == ("vfat", "/dev/mmcblk0p1")
    assert second.path == "/media/相机"


@given(st.binary(max_size=300))
def test_any_table_is_read(table):
    for mount in read_mount_table(table):
        assert isinstance(mount.path, str)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_any_path_comes_through_the_table(path):
    special = b"\\ \t\n"
    escaped = b"".join(b"\\%03o" % byte if byte in special else bytes((byte,)) for byte in path.encode())
    table = b"1 1 1:1 / " + escaped.replace(b"\r", b"\\015") + b" rw - ext4 x rw"

    if len(table.splitlines()) == 1:
        assert read_mount_table(table)[0].path == path


def test_the_root_file_system_is_never_a_card():
    assert "/" not in {volume.path for volume in volumes_now()}


@pytest.mark.parametrize(
    ("kind", "place", "is_card"),
    [
        ("exfat", "/anywhere/card", True),
        ("ext4", "/media/me/card", True),
        ("ext4", "/anywhere/disk", False),
        ("tmpfs", "/mnt/sandbox", False),
        ("vfat", "/boot/efi", False),
        ("nfs4", "/mnt/server", False),
    ],
)
def test_which_mounts_are_taken_for_cards(tmp_path, kind, place, is_card):
    table = tmp_path / "mountinfo"
    table.write_text(f"40 1 0:99 / {place} rw - {kind} nothing rw\n")

    assert [volume.path for volume in volumes_now(table)] == [place] * is_card


def test_a_folder_with_pictures_is_a_card_wherever_it_is_mounted(tmp_path):
    shoot(tmp_path / "ram", "100CANON/IMG_0001.JPG")
    table = tmp_path / "mountinfo"
    table.write_text(f"40 1 0:99 / {tmp_path / 'ram'} rw - tmpfs tmpfs rw\n")

    assert len(volumes_now(table)) == 1


@pytest.fixture
def card(tmp_path):
    """A real ext4 image with two frames, and a place to mount it."""
    if os.geteuid() != 0:
        pytest.skip("needs root to mount")
    if not shutil.which("mkfs.ext4"):
        pytest.skip("needs the package e2fsprogs")
    content, image, place = tmp_path / "content", tmp_path / "card.img", tmp_path / "EOS card"
    shoot(content, "100CANON/IMG_0001.JPG", "100CANON/IMG_0002.JPG")
    place.mkdir()
    subprocess.run(["truncate", "-s", "8M", image], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-d", content, image], check=True)
    yield Mounted(image, place)
    subprocess.run(["umount", "-q", place], check=False)


class Mounted:
    def __init__(self, image: Path, place: Path) -> None:
        self.image = image
        self.place = place

    def mount(self, *options: str) -> None:
        made = subprocess.run(
            ["mount", "-o", ",".join(("loop", *options)), self.image, self.place],
            check=False,
            capture_output=True,
        )
        if made.returncode:
            pytest.skip(f"the kernel mounts no loop device: {made.stderr.decode()}")

    def unmount(self) -> None:
        subprocess.run(["umount", self.place], check=True)


@pytest.mark.root
@pytest.mark.parametrize("options", [(), ("ro",)])
def test_a_card_is_told_when_mounted_and_when_gone_and_again(card, listen, options):
    heard = listen(VolumeLoop(SystemClock()))
    for _ in range(2):
        card.mount(*options)
        mounted = heard.the(VolumeChanged, state="mounted", path=str(card.place))
        card.unmount()
        removed = heard.the(VolumeChanged, state="removed", path=str(card.place))

        assert (mounted.frames, mounted.label) == (2, "EOS card")
        assert removed.uuid == mounted.uuid


@pytest.mark.root
def test_a_card_that_is_there_at_the_start_is_told(card, listen):
    card.mount()

    event = listen(VolumeLoop(SystemClock())).the(VolumeChanged, path=str(card.place))

    assert event.frames == 2


@pytest.mark.root
def test_a_card_changed_for_another_at_the_same_place_is_told(card, listen, tmp_path):
    card.mount()
    heard = listen(VolumeLoop(SystemClock()))
    heard.the(VolumeChanged, state="mounted", path=str(card.place))
    other = tmp_path / "other.img"
    content = tmp_path / "other"
    shoot(content, "100CANON/IMG_0001.JPG")
    subprocess.run(["truncate", "-s", "8M", other], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-d", content, other], check=True)

    card.unmount()
    Mounted(other, card.place).mount()

    assert heard.the(VolumeChanged, state="removed", path=str(card.place)).frames == 2
    assert heard.the(VolumeChanged, state="mounted", path=str(card.place)).frames == 1


@pytest.mark.root
def test_a_fuse_mount_is_told(listen, tmp_path, bind_fuse):
    content, place = tmp_path / "content", tmp_path / "camera"
    shoot(content, "100MSDCF/DSC00001.JPG")
    place.mkdir()
    heard = listen(VolumeLoop(SystemClock()))

    bind_fuse(content, place)
    mounted = heard.the(VolumeChanged, state="mounted", path=str(place))
    subprocess.run(["umount", "-l", place], check=True)
    heard.the(VolumeChanged, state="removed", path=str(place))

    assert mounted.frames == 1
