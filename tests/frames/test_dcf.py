import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.file_names import folder_number
from fieldkit.frames.dcf import arrange, list_folder, list_some, read_path
from fieldkit.frames.errors import FolderClosed, NoImages, NoSuchFolder, NotAFolder

NOBODY = 65534


def names(paths):
    return [frame.files[0].path for frame in arrange(paths).frames]


@pytest.mark.parametrize(
    ("path", "folder", "number", "kind"),
    [
        ("100CANON/IMG_0031.JPG", 100, 31, "jpeg"),
        ("100CANON/_MG_0031.CR3", 100, 31, "raw"),
        ("101MSDCF/DSC09999.ARW", 101, 9999, "raw"),
        ("100MSDCF/DSC00001.JPG", 100, 1, "jpeg"),
        ("101_PANA/P1010001.JPG", 101, 1, "jpeg"),
        ("100GOPRO/GOPR0042.JPG", 100, 42, "jpeg"),
        ("100GOPRO/GH0100001.MP4", 100, 100001, "movie"),
        ("102NCZ_8/DSC_0007.nef", 102, 7, "raw"),
        ("100APPLE/IMG_0007.HEIC", 100, 7, "heif"),
        ("100CANON/MVI_0008.MOV", 100, 8, "movie"),
        ("100CANON/SND_0008.WAV", 100, 8, "other"),
        ("100CANON/INDEX.XYZ", 100, 0, "other"),
        ("IMG_0031.JPG", 0, 31, "jpeg"),
        ("2026-03-16_0001.jpg", 0, 1, "jpeg"),
        ("2026-03-16/IMG_0001.jpeg", 0, 1, "jpeg"),
        ("IMG_0031 (2).JPG", 0, 31, "jpeg"),
        ("IMG_0031-1.JPG", 0, 31, "jpeg"),
        ("20260316_12.jpg", 0, 12, "jpeg"),
        ("毕业照 0012.JPG", 0, 12, "jpeg"),
        ("portrait.jpg", 0, 0, "jpeg"),
        ("IMG_0000.JPG", 0, 0, "jpeg"),
    ],
)
def test_names_cameras_and_tethers_write(path, folder, number, kind):
    file = read_path(path)

    assert (file.folder, file.number, file.kind) == (folder, number, kind)


@pytest.mark.parametrize(
    "path",
    [
        "100CANON/._IMG_0031.JPG",
        "100CANON/.DS_Store",
        ".Trashes/IMG_0001.JPG",
        "CANONMSC/M0100.CTG",
        "CANONMSC/IMG_0001.JPG",
        "EOSMISC/IMG_0001.JPG",
        "MISC/AUTPRINT.JPG",
        "100CANON/Thumbs.db",
        "100CANON/IMG_0001.JPG.part",
        "notes.txt",
        "list.xlsx",
        "",
    ],
)
def test_what_is_no_photo_is_passed_over(path):
    assert read_path(path) is None


@pytest.mark.parametrize(
    ("name", "number"),
    [("100CANON", 100), ("999_PANA", 999), ("099CANON", 0), ("100CANO", 0), ("10060316", 100)],
)
def test_folder_numbers(name, number):
    assert folder_number(name) == number


def test_raw_jpeg_and_sidecars_are_one_frame():
    shelf = arrange(
        [
            "100CANON/IMG_0001.CR3",
            "100CANON/IMG_0001.JPG",
            "100CANON/IMG_0001.XMP",
            "100CANON/MVI_0002.MP4",
            "101CANON/IMG_0001.JPG",
        ]
    )

    assert [[file.path[-12:] for file in frame.files] for frame in shelf.frames] == [
        ["IMG_0001.JPG", "IMG_0001.CR3"],
        ["IMG_0001.JPG"],
    ]
    assert [file.ext for file in shelf.frames[0].companions] == ["XMP"]
    assert [file.path for file in shelf.loose] == ["100CANON/MVI_0002.MP4"]


def test_names_that_differ_in_case_only_are_two_frames():
    assert len(arrange(["IMG_0001.JPG", "img_0001.jpg"]).frames) == 2


def test_prefix_change_keeps_the_series():
    paths = ["100CANON/IMG_0003.JPG", "100CANON/_MG_0002.JPG", "100CANON/IMG_0001.JPG"]

    assert [path[-8:-4] for path in names(paths)] == ["0001", "0002", "0003"]


def test_a_jump_of_the_counter_is_no_roll_over():
    paths = [f"100CANON/IMG_{n:04}.JPG" for n in (30, 31, 3111, 7589, 7590)]

    assert names(reversed(paths)) == paths


def test_free_names_of_two_days_stay_apart():
    paths = [f"2026-03-{day}_{n:04}.jpg" for day in (9, 16) for n in (1, 2, 10)]

    assert names(reversed(paths)) == paths


def test_a_free_counter_goes_on_past_9999():
    paths = [f"Capture_{n:04}.jpg" for n in (1, 9999, 10000, 10001)]

    assert names(reversed(paths)) == paths


def test_folder_counter_rolls_over():
    paths = ["998CANON/IMG_0001.JPG", "999CANON/IMG_0001.JPG", "100CANON/IMG_0001.JPG"]

    assert names(paths[::-1]) == paths


@given(
    start=st.integers(1, 9999),
    count=st.integers(1, 300),
    first_folder=st.integers(100, 900),
    per_folder=st.sampled_from([9999, 200]),
    deleted=st.sets(st.integers(0, 299), max_size=40),
    seed=st.integers(0, 1000),
)
def test_shooting_order_is_found_whatever_the_listing_order(
    start, count, first_folder, per_folder, deleted, seed
):
    shot = []
    for step in range(count):
        number = (start - 1 + step) % 9999 + 1
        folder = first_folder + step // per_folder
        prefix = "IMG_" if step % 7 else "_MG_"
        if step not in deleted:
            shot.append(f"{folder}CANON/{prefix}{number:04}.JPG")
    mixed = shot[:]
    random.Random(seed).shuffle(mixed)

    assert names(mixed) == shot


@given(st.lists(st.text(max_size=20), max_size=30))
def test_any_names_give_each_file_once(paths):
    shelf = arrange(paths)
    files = [file.path for file in shelf.files()]

    assert sorted(files) == sorted({p for p in paths if read_path(p) is not None})
    assert shelf == arrange(paths[::-1])


class TestListing:
    def test_card_dcim_folder_and_tether_give_their_own_paths(self, card, jpeg, tmp_path):
        card("100CANON/IMG_0001.JPG", jpeg())
        card("MISC/AUTPRINT.MRK", b"x")
        loose = tmp_path / "tether" / "IMG_0002.JPG"
        loose.parent.mkdir()
        loose.write_bytes(jpeg())

        top = list_folder(card.top)
        assert list_folder(card.top / "DCIM").paths == top.paths == ("100CANON/IMG_0001.JPG",)
        inner = list_folder(card.top / "DCIM" / "100CANON")
        assert (inner.paths, inner.card_root) == (top.paths, top.card_root)
        assert list_folder(loose.parent).paths == ("IMG_0002.JPG",)

    @pytest.mark.parametrize("entry", ["", "DCIM", "DCIM/100CANON"])
    def test_told_files_are_listed_as_a_look_at_all_lists_them(self, card, jpeg, entry):
        card("100CANON/IMG_0001.JPG", jpeg())
        (card.top / "DCIM/100CANON/IMG_0002.JPG").symlink_to("IMG_0001.JPG")
        folder = card.top / entry
        told = [str(file.relative_to(folder)) for file in folder.rglob("*.JPG")]
        some, whole = list_some(folder, [*told, "gone.JPG", "../IMG_0003.JPG"]), list_folder(folder)

        assert some.paths == whole.paths == ("100CANON/IMG_0001.JPG",)
        assert (some.root, some.card_root, some.device) == (whole.root, whole.card_root, whole.device)
        assert (some.whole, whole.whole) == (False, True)

    def test_links_are_not_followed(self, card, jpeg, tmp_path):
        card("100CANON/IMG_0001.JPG", jpeg())
        (tmp_path / "elsewhere.jpg").write_bytes(jpeg(1))
        (card.top / "DCIM/100CANON/IMG_0002.JPG").symlink_to(tmp_path / "elsewhere.jpg")
        (card.top / "DCIM/101CANON").symlink_to(card.top / "DCIM")

        assert list_folder(card.top).paths == ("100CANON/IMG_0001.JPG",)

    def test_wrong_folders_are_named(self, tmp_path):
        with pytest.raises(NoSuchFolder):
            list_folder(tmp_path / "none")
        (tmp_path / "file").write_text("x")
        with pytest.raises(NotAFolder):
            list_folder(tmp_path / "file")
        with pytest.raises(NoSuchFolder):
            list_folder(tmp_path / "file" / "below")
        with pytest.raises(FolderClosed):
            list_folder(tmp_path / ("x" * 300))
        (tmp_path / "empty" / "DCIM").mkdir(parents=True)
        with pytest.raises(NoImages):
            list_folder(tmp_path / "empty")

    def test_a_closed_folder_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            closed = Path(folder) / "closed"
            closed.mkdir(mode=0)
            Path(folder).chmod(0o755)
            me = os.geteuid()
            # Root may read everything, nobody may not.
            os.seteuid(NOBODY if me == 0 else me)
            try:
                with pytest.raises(FolderClosed):
                    list_folder(closed)
            finally:
                os.seteuid(me)
