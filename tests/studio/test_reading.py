"""Reading a card in: what is written of it stays right when only some of its files were looked at."""

import errno
import os

import pytest

from fieldkit.frames.blobs import BlobStore
from fieldkit.frames.dcf import list_some
from fieldkit.frames.errors import BlobUnproven
from fieldkit.ledger.read import frames as read_frames
from fieldkit.rehearsal.photos import camera_jpeg
from fieldkit.studio.cards import cards_of
from fieldkit.studio.reading import read_in
from tests.conftest import MORNING

FOLDER = "DCIM/100CANON"


@pytest.fixture(scope="module")
def jpeg():
    return camera_jpeg(1, 1, shot=MORNING, body="B1", number=1, size=(240, 320))


@pytest.fixture
def card(tmp_path, jpeg):
    """Write a file of its own content onto a made-up card."""
    top = tmp_path / "card"

    def write(name, content=None):
        file = top / FOLDER / name
        file.parent.mkdir(parents=True, exist_ok=True)
        note = name.encode()
        segment = b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
        file.write_bytes(jpeg[:2] + segment + jpeg[2:] if content is None else content)
        return f"{FOLDER}/{name}"

    write.top = top
    return write


@pytest.fixture
def take(kit, card):
    """Make a pass over the card, or over some of its files."""

    def run(*told):
        return read_in(
            kit.home,
            kit.require_visit(),
            list_some(card.top, told) if told else card.top,
            settle_seconds=0,
        )

    return run


def raw(size=400):
    """A TIFF-based raw that is only sensor data."""
    entries = b"\x11\1\4\0\1\0\0\0\x26\0\0\0" + b"\x17\1\4\0\1\0\0\0" + size.to_bytes(4, "little")
    return b"II*\0\x08\0\0\0\2\0" + entries + b"\0\0\0\0" + os.urandom(size)


def left(kit):
    return {row.path.rpartition("/")[2]: row.state for row in read_frames.card_left(kit.store)}


def not_safe(kit):
    (status,) = cards_of(kit.home)
    return {file.path.rpartition("/")[2]: file.reason for file in status.unsafe}


def test_what_is_left_of_other_files_stays_until_they_are_looked_at(kit, card, take, jpeg):
    card("IMG_0001.JPG")
    cut = card("IMG_0002.JPG", jpeg[:-100])
    card("IMG_0003.JPG", b"no photo at all")
    take()
    assert left(kit) == {"IMG_0002.JPG": "incomplete", "IMG_0003.JPG": "failed"}

    new = card("IMG_0004.JPG")
    assert take(new).new == 1
    assert left(kit) == {"IMG_0002.JPG": "incomplete", "IMG_0003.JPG": "failed"}
    assert not_safe(kit)["IMG_0003.JPG"] == "damaged"

    card("IMG_0002.JPG")
    assert take(cut).new == 1
    assert left(kit) == {"IMG_0003.JPG": "failed"}

    (card.top / FOLDER / "IMG_0003.JPG").unlink()
    assert take().known == 3
    assert left(kit) == {}
    assert set(not_safe(kit).values()) == {"no-second-copy"}


def test_a_file_found_cut_by_a_look_at_it_alone_keeps_the_card(kit, card, take, jpeg):
    card("IMG_0001.JPG")
    take()
    cut = card("IMG_0002.JPG", jpeg[:-100])

    assert take(cut).incomplete == ("100CANON/IMG_0002.JPG",)
    assert left(kit) == {"IMG_0002.JPG": "incomplete"}
    assert not_safe(kit)["IMG_0002.JPG"] == "incomplete"


@pytest.mark.parametrize("first", ["IMG_0001.JPG", "IMG_0001.CR2"])
def test_the_files_of_one_exposure_are_one_frame_however_far_apart_they_are_told(kit, card, take, first):
    contents = {"IMG_0001.JPG": None, "IMG_0001.CR2": raw()}
    second = next(name for name in contents if name != first)
    take(card(first, contents[first]))
    take(card(second, contents[second]))
    take(card("IMG_0002.JPG"))

    visit = kit.require_visit().key
    assert [frame.file for frame in read_frames.frames(kit.store, visit)] == [
        "100CANON/IMG_0001.JPG",
        "100CANON/IMG_0002.JPG",
    ]
    kinds = [file.kind for file in read_frames.files(kit.store, visit, "fA000001")]
    assert sorted(kinds) == ["jpeg", "raw"]


def test_an_original_that_could_not_be_read_back_is_proved_by_the_next_pass(kit, card, take, monkeypatch):
    card("IMG_0001.JPG")
    new = card("IMG_0002.JPG")

    def fail(*_):
        raise OSError(errno.EIO, "made to fail")

    with monkeypatch.context() as patched:
        patched.setattr(os, "posix_fadvise", fail)
        for told in ((new,), ()):
            with pytest.raises(BlobUnproven):
                take(*told)
    assert set(not_safe(kit).values()) == {"not-verified"}
    assert len(list(BlobStore(kit.home.path).names())) == len(not_safe(kit))

    take()
    assert not_safe(kit) == {"IMG_0001.JPG": "no-second-copy", "IMG_0002.JPG": "no-second-copy"}


def test_a_pass_that_finds_nothing_else_than_before_writes_nothing(kit, card, take):
    new = card("IMG_0001.JPG")
    take()
    before = kit.store.value("SELECT count(*) FROM events")
    take()
    take(new)

    assert kit.store.value("SELECT count(*) FROM events") == before
