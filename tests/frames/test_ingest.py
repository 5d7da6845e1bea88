import errno
import hashlib
import os
import shutil
import subprocess
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.frames.blobs import BLOCK
from fieldkit.frames.dcf import list_some
from fieldkit.frames.errors import BlobUnproven, BlobUnsafe, DiskFull, NoImages
from fieldkit.frames.ingest import ingest
from fieldkit.frames.intake import Look, judge
from fieldkit.words.frames import REASONS


@pytest.fixture
def take(store, ledger, card):
    """One pass over the made-up card."""

    def run(folder=None, **options):
        options.setdefault("card", "vol-test")
        options.setdefault("settle_seconds", 0)
        return ingest(folder or card.top, store, ledger, **options)

    return run


def paths(ledger):
    return [captured.path for captured in ledger.captured]


def reasons(result):
    return {row.file: row.reason for row in result.failed}


def raw(size=400):
    """A TIFF-based raw of a body that is only sensor data."""
    entries = b"\x11\1\4\0\1\0\0\0\x26\0\0\0" + b"\x17\1\4\0\1\0\0\0" + size.to_bytes(4, "little")
    return b"II*\0\x08\0\0\0\2\0" + entries + b"\0\0\0\0" + os.urandom(size)


def test_a_card_is_taken_whole_and_once(take, card, ledger, store, keys, jpeg, listing_of):
    contents = {f"100CANON/IMG_{n:04}.JPG": jpeg(n) for n in (1, 2, 3)}
    for path, content in contents.items():
        card(path, content)
    card("100CANON/._IMG_0001.JPG", b"apple")
    card("MISC/AUTPRINT.MRK", b"print me")
    before = listing_of(card.top)

    assert take().as_json() == {
        "files": 3,
        "new": 3,
        "known": 0,
        "incomplete": 0,
        "failed": [],
        "frames": 3,
        "may_format": False,
    }
    for captured in ledger.captured:
        content = store.opened(captured.ct_sha256, [keys.identity])
        assert content == contents[captured.path]
        assert captured.pt_sha256 == hashlib.sha256(content).hexdigest()
        assert (captured.body, captured.folder) == ("00012345", 100)
        assert ledger.verified[captured.ct_sha256]

    again = take()
    assert (again.new, again.known, again.frames) == (0, 3, 3)
    assert len(ledger.captured) == 3
    assert listing_of(card.top) == before


def test_frames_come_in_shooting_order(take, card, ledger, jpeg):
    shot = ["100CANON/IMG_9998.JPG", "100CANON/_MG_9999.JPG", "100CANON/IMG_0001.JPG"]
    shot += ["101CANON/IMG_0002.JPG"]
    for n, path in enumerate(reversed(shot)):
        card(path, jpeg(n))
    take()

    assert paths(ledger) == shot


def test_raw_and_jpeg_are_one_frame_and_movies_none(take, card, ledger, jpeg):
    card("100CANON/IMG_0001.JPG", jpeg())
    card("100CANON/IMG_0001.CR2", raw())
    card("100CANON/IMG_0001.XMP", b"<x/>")
    card("100CANON/MVI_0002.MP4", b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x0cmdat1234")
    result = take()

    assert (result.files, result.new, result.frames) == (4, 4, 1)
    assert [captured.kind for captured in ledger.captured] == ["jpeg", "raw", "movie", "other"]


def test_the_same_names_on_another_card_are_other_frames(take, card, ledger, jpeg, tmp_path):
    card("100CANON/IMG_0001.JPG", jpeg(1))
    card("100CANON/IMG_0001.JPG", jpeg(2), tmp_path / "second")
    take()
    second = take(tmp_path / "second", card="vol-second")

    assert (second.new, second.frames) == (1, 1)
    assert len({captured.pt_sha256 for captured in ledger.captured}) == 2


def test_the_same_name_on_the_same_card_with_other_content_is_new(take, card, ledger, jpeg):
    card("100CANON/IMG_0001.JPG", jpeg(1))
    take()
    card("100CANON/IMG_0001.JPG", jpeg(2))

    assert take().new == 1
    assert len(ledger.captured) == 2


def test_the_same_content_under_two_names_is_one_frame(take, card, ledger, jpeg):
    card("100CANON/IMG_0001.JPG", jpeg(1))
    card("100CANON/IMG_0002.JPG", jpeg(1))
    result = take()

    assert (result.files, result.new, result.known, result.frames) == (2, 1, 1, 1)
    assert [row[1] for row in ledger.known] == ["100CANON/IMG_0002.JPG"]
    assert take().known == 2


def test_the_same_card_elsewhere_is_known_by_content(take, card, ledger, store, jpeg, tmp_path):
    card("100CANON/IMG_0001.JPG", jpeg(1))
    take()
    shutil.copytree(card.top, tmp_path / "copy", copy_function=shutil.copy)
    again = take(tmp_path / "copy", card="vol-copy")

    assert (again.new, again.known, again.frames) == (0, 1, 1)
    assert len(list(store.names())) == 1


def test_a_file_cut_short_waits_until_it_is_whole(take, card, ledger, jpeg):
    whole = jpeg(1)
    file = card("100CANON/IMG_0001.JPG", whole[:-300])
    card("100CANON/IMG_0002.JPG", b"")
    card("100CANON/IMG_0003.CR2", raw()[:-5])
    result = take()

    assert result.incomplete == tuple(f"100CANON/IMG_{n:04}.{x}" for n, x in EARLY)
    assert (result.new, result.frames) == (0, 0)
    file.write_bytes(whole)
    assert take().new == 1
    assert ledger.captured[0].pt_sha256 == hashlib.sha256(whole).hexdigest()


EARLY = [(1, "JPG"), (2, "JPG"), (3, "CR2")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 3000), min_size=1, max_size=4))
def test_exactly_the_whole_files_are_taken(take, card, ledger, jpeg, cuts):
    shutil.rmtree(card.top, ignore_errors=True)
    ledger.captured.clear()
    ledger.known.clear()
    whole = {}
    for n, cut in enumerate(cuts, 1):
        content = jpeg(n)
        card(f"100CANON/IMG_{n:04}.JPG", content[:cut])
        whole[f"100CANON/IMG_{n:04}.JPG"] = cut >= len(content)
    result = take(verify=False)

    assert paths(ledger) == [path for path, good in whole.items() if good]
    assert list(result.incomplete) == [path for path, good in whole.items() if not good]


def test_a_file_that_a_camera_is_writing_is_never_half_taken(take, card, ledger, jpeg):
    whole = jpeg(5, size=(500, 400))
    file = card("100CANON/IMG_0001.JPG", whole[:1])
    go_on, stop = threading.Event(), threading.Event()

    def write_slowly():
        with file.open("ab", buffering=0) as out:
            for at in range(1, len(whole), 2000):
                go_on.wait(5)
                go_on.clear()
                if stop.is_set():
                    return
                out.write(whole[at : at + 2000])

    writer = threading.Thread(target=write_slowly)
    writer.start()
    passes = 0
    try:
        while not ledger.captured:
            result = take(progress=lambda *_: go_on.set())
            passes += 1
            assert result.new + len(result.incomplete) == 1
    finally:
        stop.set()
        go_on.set()
        writer.join()

    assert passes > 1
    assert ledger.captured[0].pt_sha256 == hashlib.sha256(whole).hexdigest()
    assert ledger.captured[0].size == len(whole)


@pytest.mark.parametrize("disturb", ["append", "touch", "replace"])
def test_a_file_that_changes_while_it_is_read_waits(take, card, ledger, jpeg, disturb, home):
    file = card("100CANON/IMG_0001.JPG", jpeg(1))

    def change(_files, read):
        if not read or file.stat().st_mtime_ns == 5:
            return
        if disturb == "append":
            with file.open("ab") as out:
                out.write(b"more")
        elif disturb == "replace":
            file.unlink()
            file.write_bytes(jpeg(2))
        os.utime(file, ns=(5, 5))

    result = take(progress=change)

    assert result.incomplete == ("100CANON/IMG_0001.JPG",)
    assert not ledger.captured
    assert not list((home / "spool").iterdir())
    assert take().new == 1


def test_a_file_of_unknown_structure_must_stand_still(take, card, ledger):
    file = card("100SIGMA/SDIM0001.X3F", b"FOVb" + b"x" * 500)
    card("100SIGMA/SDIM0002.X3F", b"FOVb" + b"y" * 500)

    class Waiting(threading.Event):
        def wait(self, timeout=None):
            with file.open("ab") as out:
                out.write(b"still writing")
            return super().wait(0)

    result = take(cancel=Waiting())
    assert result.incomplete == ("100SIGMA/SDIM0001.X3F",)
    assert paths(ledger) == ["100SIGMA/SDIM0002.X3F"]
    assert take().new == 1


def test_a_file_that_goes_away_or_cannot_be_read_is_a_row(take, card, ledger, jpeg, monkeypatch, home):
    for n in (1, 2, 3, 4):
        card(f"100CANON/IMG_{n:04}.JPG", jpeg(n))
    card("100CANON/IMG_0005.JPG", b"%PDF-1.7 no photo at all")
    victim = card.top / "DCIM/100CANON/IMG_0002.JPG"
    bad = card.top / "DCIM/100CANON/IMG_0003.JPG"
    inode = bad.stat().st_ino
    real = os.read

    def read(descriptor, length):
        if os.fstat(descriptor).st_ino == inode:
            raise OSError(errno.EIO, "made to fail")
        return real(descriptor, length)

    monkeypatch.setattr(os, "read", read)
    result = take(progress=lambda files, _: victim.unlink(missing_ok=True) if files == 1 else None)

    assert reasons(result) == {
        "100CANON/IMG_0002.JPG": "gone",
        "100CANON/IMG_0003.JPG": "read-error",
        "100CANON/IMG_0005.JPG": "damaged",
    }
    assert set(reasons(result).values()) <= set(REASONS)
    assert paths(ledger) == ["100CANON/IMG_0001.JPG", "100CANON/IMG_0004.JPG"]
    assert (result.files, result.new, result.frames) == (5, 2, 2)
    assert not list((home / "spool").iterdir())


def test_a_card_pulled_out_leaves_what_was_committed(take, card, ledger, jpeg, tmp_path):
    for n in (1, 2, 3):
        card(f"100CANON/IMG_{n:04}.JPG", jpeg(n))

    def pull(files, _read):
        if files == 1 and card.top.exists():
            card.top.rename(tmp_path / "pulled")

    result = take(progress=pull)

    assert paths(ledger) == ["100CANON/IMG_0001.JPG"]
    assert set(reasons(result).values()) == {"card-gone"}
    (tmp_path / "pulled").rename(card.top)
    assert (take().new, len(ledger.captured)) == (2, 3)


def test_a_name_of_no_known_encoding_is_a_row(take, card, jpeg):
    card("100CANON/IMG_0001.JPG", jpeg(1))
    card(os.fsdecode(b"100CANON/IMG\xff0002.JPG"), jpeg(2))
    result = take()

    assert reasons(result) == {"100CANON/IMG\\udcff0002.JPG": "bad-name"}
    assert result.new == 1


def test_cancelling_stops_between_files_and_the_next_pass_goes_on(take, card, ledger, jpeg):
    for n in (1, 2, 3):
        card(f"100CANON/IMG_{n:04}.JPG", jpeg(n))
    card("100CANON/NOTE.BIN", b"unknown structure")
    cancel = threading.Event()
    result = take(cancel=cancel, progress=lambda files, _: files >= 2 and cancel.set())

    assert (result.new, len(result.unread)) == (2, 2)
    assert all(ledger.verified.values())
    assert len(ledger.verified) == 2
    assert take().new == 2


def test_progress_counts_files_and_bytes(take, card, jpeg):
    sizes = [card(f"100CANON/IMG_{n:04}.JPG", jpeg(n)).stat().st_size for n in (1, 2)]
    seen = []
    take(progress=lambda files, read: seen.append((files, read)))

    assert seen[-1] == (2, sum(sizes))
    assert seen == sorted(seen)


def test_what_the_ledger_refuses_is_not_counted_and_comes_again(take, card, ledger, store, jpeg):
    card("100CANON/IMG_0001.JPG", jpeg(1))

    class Refuses(type(ledger)):
        def commit(self, captured):
            raise OSError(errno.EIO, "the ledger's own disk")

    with pytest.raises(OSError, match="ledger's own"):
        ingest(card.top, store, Refuses(), card="c")
    assert len(list(store.names())) == 1
    assert take().new == 1


def test_a_full_disk_stops_the_pass_and_keeps_what_is_committed(take, card, ledger, jpeg, monkeypatch, home):
    for n in (1, 2):
        card(f"100CANON/IMG_{n:04}.JPG", jpeg(n))
    real = os.write

    def write(descriptor, content):
        if ledger.captured:
            raise OSError(errno.ENOSPC, "made to fail")
        return real(descriptor, content)

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(DiskFull):
        take()
    monkeypatch.undo()
    assert paths(ledger) == ["100CANON/IMG_0001.JPG"]
    assert not list((home / "spool").iterdir())
    assert take().new == 1


def test_a_blob_that_reads_back_wrong_stops_the_pass_and_is_copied_again(
    take, card, ledger, store, jpeg, monkeypatch
):
    card("100CANON/IMG_0001.JPG", jpeg(1))
    monkeypatch.setattr(store, "verify", lambda _: False)
    with pytest.raises(BlobUnsafe):
        take()
    assert list(ledger.verified.values()) == [False]
    monkeypatch.undo()
    card("101CANON/IMG_0002.JPG", jpeg(1))

    assert take().new == 1
    assert ledger.verified[ledger.captured[-1].ct_sha256]


def test_a_blob_that_cannot_be_read_back_just_now_is_kept_and_proved_by_the_next_pass(
    take, card, ledger, store, jpeg, monkeypatch
):
    card("100CANON/IMG_0001.JPG", jpeg(1))

    def fail(*_):
        raise OSError(errno.EIO, "made to fail")

    with monkeypatch.context() as patched:
        patched.setattr(os, "posix_fadvise", fail)
        with pytest.raises(BlobUnproven):
            take()
    (blob,) = [captured.ct_sha256 for captured in ledger.captured]
    assert store.holds(blob)
    assert ledger.verified == {}

    assert (take().known, ledger.verified) == (1, {blob: True})


def test_only_the_files_that_were_told_are_looked_at(take, card, ledger, jpeg):
    for n in (1, 2, 3):
        card(f"100CANON/IMG_{n:04}.JPG", jpeg(n))
    told = ["DCIM/100CANON/IMG_0003.JPG", "DCIM/100CANON/IMG_0002.JPG", "DCIM/100CANON/IMG_0009.JPG"]
    result = take(list_some(card.top, told))

    assert (result.files, result.new, result.failed) == (2, 2, ())
    assert paths(ledger) == ["100CANON/IMG_0002.JPG", "100CANON/IMG_0003.JPG"]
    assert (take().new, len(ledger.captured)) == (1, 3)


def test_names_of_people_reach_no_file_name(take, card, home, jpeg, tmp_path):
    folder = tmp_path / "tether"
    folder.mkdir()
    (folder / "张三 110101199003070003.jpg").write_bytes(jpeg(1))

    assert take(folder).new == 1
    written = " ".join(str(file.relative_to(home)) for file in home.rglob("*"))
    assert "张三" not in written
    assert "110101" not in written


def test_a_folder_without_photos_is_a_clear_error(take, card):
    card("100CANON/NOTES.XMP", b"x")
    with pytest.raises(NoImages):
        take()


def test_large_files_are_read_in_blocks(take, card, ledger, jpeg, store, keys):
    content = jpeg(1) + os.urandom(2 * BLOCK)
    card("100CANON/IMG_0001.JPG", content)

    assert take().new == 1
    assert store.opened(ledger.captured[0].ct_sha256, [keys.identity]) == content


@given(
    opened=st.builds(Look, st.integers(0, 3), st.integers(0, 2)),
    after=st.builds(Look, st.integers(0, 3), st.integers(0, 2)),
    read=st.integers(0, 3),
    proof=st.sampled_from(["complete", "incomplete", "damaged", "unknown"]),
)
def test_only_what_stood_still_and_proves_itself_is_whole(opened, after, read, proof):
    good = opened == after and read == opened.size > 0 and proof in {"complete", "unknown"}

    assert (judge(opened, after, read, proof) == "whole") == good


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_card_mounted_read_only_is_read(take, card, ledger, jpeg, listing_of):
    card.top.mkdir()
    mount = ["mount", "-t", "tmpfs", "tmpfs", card.top]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        card("100CANON/IMG_0001.JPG", jpeg(1))
        card("100CANON/IMG_0002.JPG", jpeg(2)[:-9])
        subprocess.run(["mount", "-o", "remount,ro,strictatime", card.top], check=True)
        before = listing_of(card.top)
        result = take()

        assert (result.new, len(result.incomplete), result.failed) == (1, 1, ())
        assert listing_of(card.top) == before
    finally:
        subprocess.run(["umount", "-l", card.top], check=True)
