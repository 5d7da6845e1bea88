"""A camera card as cameras format it: a real FAT file system, mounted through FUSE, read in twice."""

import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from fieldkit.frames import volumes
from fieldkit.frames.blobs import BlobStore
from fieldkit.frames.dcf import list_folder
from fieldkit.frames.volumes import card_at, mount_of, read_mounts
from fieldkit.ledger.read import frames as read_frames
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.studio.belonging import note_answer, stranger, was_refused
from fieldkit.studio.cards import cards_of
from fieldkit.studio.reading import read_in
from tests.conftest import MORNING

pytestmark = pytest.mark.root


@pytest.fixture
def fat(tmp_path):
    """Format a card, and give what mounts it anew."""
    tools = ("fusefat", "mkfs.vfat", "umount")
    if os.geteuid() != 0 or not all(map(shutil.which, tools)) or not Path("/dev/fuse").exists():
        pytest.skip("needs root, /dev/fuse and the packages fusefat and dosfstools")
    image, place = tmp_path / "card.img", tmp_path / "EOS_DIGITAL"
    with image.open("wb") as file:
        file.truncate(64 << 20)
    subprocess.run(["mkfs.vfat", "-F", "32", "-n", "EOS_CARD", image], check=True, capture_output=True)
    place.mkdir()

    def mount(how):
        subprocess.run(["umount", "-q", place], check=False)
        subprocess.run(["fusefat", "-o", how, image, place], check=True, capture_output=True)
        return place

    yield mount
    subprocess.run(["umount", "-q", "-l", place], check=False)


def test_a_fat_card_is_read_in_whole_and_once(fat, kit_of_its_own) -> None:
    photos = {
        f"10{at % 2}CANON/IMG_{at:04}.JPG": camera_jpeg(
            1, at, shot=MORNING, body="B1", number=at, size=(240, 320)
        )
        for at in range(1, 7)
    }
    card = fat("rw+")
    for place, content in photos.items():
        path = card / "DCIM" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    card = fat("ro")
    with kit_of_its_own() as kit:
        first = read_in(kit.home, kit.require_visit(), card, settle_seconds=0)
        again = read_in(kit.home, kit.require_visit(), fat("ro"), settle_seconds=0)
        kept = read_frames.blobs(kit.store)
        frames = read_frames.frames(kit.store, kit.require_visit().key)
        with BlobStore(kit.home.path, kit.home.sealing_recipients()) as blobs:
            assert all(blobs.holds(blob) for blob in kept)
        held = [file for one in cards_of(kit.home) for file in one.files]

    assert (first.new, first.frames, first.failed) == (len(photos), len(photos), ())
    assert (again.new, again.known, again.failed) == (0, len(photos), ())
    assert len(kept) == len(frames) == len(photos)
    assert {row.file.removeprefix("DCIM/") for row in frames} == set(photos)
    assert len(held) == len(photos)


def test_a_strangers_fat_card_is_known_again_by_its_volume_and_left_untouched(
    fat, kit_of_its_own, monkeypatch
) -> None:
    card = fat("rw+")
    old = MORNING - timedelta(days=200)
    path = card / "DCIM" / "100CANON" / "IMG_0001.JPG"
    path.parent.mkdir(parents=True)
    path.write_bytes(camera_jpeg(1, 1, shot=old, body="B1", number=1, size=(240, 320)))
    card = fat("ro")
    mounted = mount_of(str(card), read_mounts(Path("/proc/self/mountinfo").read_text()))
    # No udev links the devices of a container; the name of this one is that of any card.
    monkeypatch.setattr(volumes, "volume_uuids", lambda: {mounted.source: "ABCD-1234"})
    before = path.stat()

    with kit_of_its_own() as kit:
        visit = kit.require_visit()
        found = stranger(kit.home, visit, list_folder(card), MORNING)
        assert (found.card, found.day) == ("vol-abcd-1234", old.date())
        note_answer(kit.home, visit, list_folder(card), belongs=False)
        card = fat("ro")
        assert card_at(card) == found.card
        assert was_refused(kit.home, visit, list_folder(card))
        assert [file.reason for one in cards_of(kit.home) for file in one.unsafe] == ["refused"]
    assert (path.stat().st_mtime_ns, path.stat().st_size) == (before.st_mtime_ns, before.st_size)
