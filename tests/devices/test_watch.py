"""Folders that cameras write to: real files, real mounts, FUSE without messages."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices.events import FilesSettled, FilesVanished, FolderChanged, SettledFile
from fieldkit.devices.watch import FolderWatch, jpeg_has_end, scan_folder

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100 + b"\xff\xd9"


def put(folder: Path, name: str, content: bytes = JPEG) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def collect():
    """Gather what was told until all wanted files were."""

    def until(heard, *names):
        told = []
        while not set(names) <= {file.path for file in told}:
            told += heard.the(FilesSettled).files
        return told

    return until


@pytest.fixture
def watched(tmp_path, listen):
    folder = tmp_path / "card"
    folder.mkdir()
    heard = listen(FolderWatch(folder, SystemClock()))
    heard.the(FolderChanged, present=True)
    return folder, heard


def test_files_that_are_there_and_files_that_come_are_told_once(tmp_path, listen, collect, pause):
    put(tmp_path, "DCIM/100CANON/IMG_0001.JPG")
    heard = listen(FolderWatch(tmp_path, SystemClock()))
    first = collect(heard, "DCIM/100CANON/IMG_0001.JPG")
    put(tmp_path, "DCIM/100CANON/IMG_0002.JPG")
    put(tmp_path, "DCIM/101CANON/IMG_0003.JPG")
    second = collect(heard, "DCIM/100CANON/IMG_0002.JPG", "DCIM/101CANON/IMG_0003.JPG")
    pause(0.6)

    assert [file.size for file in first] == [len(JPEG)]
    assert len(second) == 2
    assert sum(len(event.files) for event in heard.so_far(FilesSettled)) == 3


def test_a_slow_writer_is_waited_for(watched, collect, pause):
    folder, heard = watched

    with (folder / "IMG_0001.JPG").open("wb", buffering=0) as file:
        for start in range(0, len(JPEG), 100):
            file.write(JPEG[start : start + 100])
            pause(0.15)
    told = collect(heard, "IMG_0001.JPG")

    assert [file.size for file in told] == [len(JPEG)]


def test_a_pause_with_the_file_open_is_no_end(watched, collect, pause):
    folder, heard = watched
    middle = len(JPEG) // 2

    with (folder / "IMG_0001.CR3").open("wb", buffering=0) as file:
        file.write(JPEG[:middle])
        pause(3.0)
        file.write(JPEG[middle:])
    told = collect(heard, "IMG_0001.CR3")

    assert [file.size for file in told] == [len(JPEG)]


def test_many_slow_writers_at_once_give_no_half_file(watched, collect, pause):
    # Each closes its file between two pieces, for longer than a closed file is waited for.
    folder, heard = watched
    names = [f"IMG_{number:04}.JPG" for number in range(400)]
    for step in range(0, len(JPEG), 300):
        for name in names:
            with (folder / name).open("ab") as file:
                file.write(JPEG[step : step + 300])
        pause(0.6)

    told = collect(heard, *names)

    assert {file.size for file in told} == {len(JPEG)}
    assert len(told) == len(names)


def test_a_raw_and_its_jpeg_are_both_told(watched, collect):
    folder, heard = watched
    put(folder, "DSC_0001.NEF", b"II*\0raw")
    put(folder, "DSC_0001.JPG")

    assert len(collect(heard, "DSC_0001.NEF", "DSC_0001.JPG")) == 2


def test_a_file_renamed_into_place_is_told_under_its_last_name(watched, collect, pause):
    folder, heard = watched
    put(folder, "IMG_0001.JPG.part")
    put(folder, ".hidden.jpg")
    pause(0.5)
    (folder / "IMG_0001.JPG.part").rename(folder / "IMG_0001.JPG")

    assert [file.path for file in collect(heard, "IMG_0001.JPG")] == ["IMG_0001.JPG"]


def test_a_copy_that_sets_the_time_afterwards_is_told(watched, collect, tmp_path):
    folder, heard = watched
    shutil.copy2(put(tmp_path, "original.cr3", b"raw"), folder / "IMG_0001.CR3")

    assert [file.size for file in collect(heard, "IMG_0001.CR3")] == [3]


def test_a_frame_deleted_on_the_camera_is_told(watched, collect):
    folder, heard = watched
    path = put(folder, "IMG_0001.JPG")
    collect(heard, "IMG_0001.JPG")

    path.unlink()

    assert heard.the(FilesVanished).paths == ("IMG_0001.JPG",)


def test_a_folder_that_comes_goes_and_comes_again(tmp_path, listen, collect):
    folder = tmp_path / "tether"
    heard = listen(FolderWatch(folder, SystemClock()))
    heard.the(FolderChanged, present=False)
    put(folder, "IMG_0001.JPG")
    heard.the(FolderChanged, present=True)
    collect(heard, "IMG_0001.JPG")

    folder.rename(tmp_path / "away")
    heard.the(FolderChanged, present=False)
    (tmp_path / "away").rename(folder)
    heard.the(FolderChanged, present=True)
    put(folder, "IMG_0002.JPG")

    assert len(collect(heard, "IMG_0001.JPG", "IMG_0002.JPG")) == 2


def test_forty_thousand_files_at_once_are_each_told_once(tmp_path, listen):
    names = [f"DCIM/{100 + n // 10_000}CANON/IMG_{n % 10_000:04}.JPG" for n in range(40_000)]
    folder, made = tmp_path / "card", tmp_path / "made"
    folder.mkdir()
    for place in {Path(name).parent for name in names}:
        (made / place).mkdir(parents=True)
    for name in names:
        descriptor = os.open(made / name, os.O_WRONLY | os.O_CREAT)
        os.write(descriptor, b"x")
        os.close(descriptor)
    heard = listen(FolderWatch(folder, SystemClock()))
    heard.the(FolderChanged, present=True)

    (made / "DCIM").rename(folder / "DCIM")
    told = []
    while len(told) < len(names):
        told += [file.path for file in heard.the(FilesSettled).files]

    assert sorted(told) == sorted(names)


def test_an_unreadable_part_of_a_card_hides_nothing_else(tmp_path):
    put(tmp_path, "DCIM/100CANON/IMG_0001.JPG")
    (tmp_path / "DCIM/101CANON").symlink_to(tmp_path / "nowhere")

    tree = scan_folder(tmp_path)

    assert set(tree.files) == {"DCIM/100CANON/IMG_0001.JPG"}
    assert not scan_folder(tmp_path / "missing").whole


@pytest.mark.parametrize(
    ("content", "ends"),
    [(JPEG, True), (JPEG + bytes(100), True), (JPEG[:-1], False), (b"", False), (b"\0" * 9, False)],
)
def test_the_end_of_a_jpeg(tmp_path, content, ends):
    status = put(tmp_path, "a.jpg", content).stat()
    seen = SettledFile("a.jpg", status.st_size, status.st_mtime_ns)

    assert jpeg_has_end(tmp_path, seen) is ends
    assert not jpeg_has_end(tmp_path, SettledFile("a.jpg", status.st_size - 1, status.st_mtime_ns))
    assert not jpeg_has_end(tmp_path, SettledFile("missing.jpg", 1, 1))


@pytest.fixture
def card(tmp_path):
    """A real ext4 card; ``mount`` and ``unmount`` it."""
    if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("needs root and the package e2fsprogs")
    place = tmp_path / "mnt"
    place.mkdir()
    card = Card(tmp_path, place)
    yield card
    subprocess.run(["umount", "-q", place], check=False)


class Card:
    def __init__(self, base: Path, place: Path) -> None:
        self.base = base
        self.place = place

    def make(self, name: str, *files: str) -> Path:
        content, image = self.base / f"{name}.d", self.base / name
        content.mkdir()
        for file in files:
            put(content, file)
        subprocess.run(["truncate", "-s", "8M", image], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-d", content, image], check=True)
        return image

    def mount(self, image: Path, options: str = "loop") -> None:
        done = subprocess.run(["mount", "-o", options, image, self.place], check=False, capture_output=True)
        if done.returncode:
            pytest.skip("the kernel mounts no loop device")

    def unmount(self) -> None:
        # A look may hold the folder open for an instant.
        nobody = threading.Event()
        for _ in range(50):
            if subprocess.run(["umount", "-q", self.place], check=False).returncode == 0:
                return
            nobody.wait(0.1)
        raise AssertionError("cannot unmount")


@pytest.mark.root
def test_files_written_after_a_remount_are_seen(card, listen, collect):
    image = card.make("card.img", "DCIM/100CANON/IMG_0001.JPG")
    card.mount(image)
    heard = listen(FolderWatch(card.place, SystemClock()))
    collect(heard, "DCIM/100CANON/IMG_0001.JPG")

    card.unmount()
    heard.the(FolderChanged, present=False)
    card.mount(image)
    collect(heard, "DCIM/100CANON/IMG_0001.JPG")
    put(card.place, "DCIM/100CANON/IMG_0002.JPG")

    assert len(collect(heard, "DCIM/100CANON/IMG_0002.JPG")) == 1


@pytest.mark.root
def test_another_card_at_the_same_place_is_told_from_its_beginning(card, listen, collect):
    one = card.make("one.img", "DCIM/100CANON/IMG_0001.JPG")
    other = card.make("other.img", "DCIM/100CANON/IMG_0001.JPG", "DCIM/100CANON/IMG_0009.JPG")
    card.mount(one)
    heard = listen(FolderWatch(card.place, SystemClock()))
    collect(heard, "DCIM/100CANON/IMG_0001.JPG")

    card.unmount()
    card.mount(other)

    told = collect(heard, "DCIM/100CANON/IMG_0001.JPG", "DCIM/100CANON/IMG_0009.JPG")
    assert len(told) == 2


@pytest.mark.root
def test_another_volume_coming_does_not_make_an_open_file_look_whole(card, tmp_path, listen, collect, pause):
    folder, image = tmp_path / "tether", card.make("card.img", "DCIM/100CANON/IMG_0001.JPG")
    folder.mkdir()
    heard = listen(FolderWatch(folder, SystemClock()))
    heard.the(FolderChanged, present=True)

    with (folder / "IMG_0001.CR3").open("wb", buffering=0) as file:
        file.write(JPEG[:100])
        pause(0.5)
        card.mount(image)
        pause(3.0)
        file.write(JPEG[100:])

    assert [file.size for file in collect(heard, "IMG_0001.CR3")] == [len(JPEG)]


@pytest.mark.root
def test_a_card_mounted_read_only_is_told(card, listen, collect):
    card.mount(card.make("card.img", "DCIM/100CANON/IMG_0001.JPG"), "loop,ro")

    heard = listen(FolderWatch(card.place, SystemClock()))

    assert len(collect(heard, "DCIM/100CANON/IMG_0001.JPG")) == 1


@pytest.mark.root
def test_a_fuse_mount_that_reports_nothing_is_seen_all_the_same(tmp_path, listen, collect, bind_fuse):
    behind, place = tmp_path / "behind", tmp_path / "camera"
    behind.mkdir()
    place.mkdir()
    bind_fuse(behind, place)
    heard = listen(FolderWatch(place, SystemClock()))
    heard.the(FolderChanged, present=True)

    put(behind, "DCIM/100MSDCF/DSC00001.JPG")
    told = collect(heard, "DCIM/100MSDCF/DSC00001.JPG")

    assert [file.size for file in told] == [len(JPEG)]
