import errno
import hashlib
import os
import resource
import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest

from fieldkit.frames.blobs import BLOCK, BlobStore
from fieldkit.frames.errors import BadRecipient, BlobClosed, BlobMissing, BlobUnproven, BlobUnsafe, DiskFull


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def files(folder):
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


@pytest.mark.parametrize("size", [0, 1, 65535, BLOCK, 3 * BLOCK + 17])
def test_an_original_comes_back_as_it_went_in(store, home, keys, size):
    content = os.urandom(size)
    blocks = [content[at : at + BLOCK] for at in range(0, size, BLOCK)]
    blob = store.add(blocks)
    file = home / "blobs" / blob.ct_sha256[:2] / f"{blob.ct_sha256}.age"

    assert (blob.pt_sha256, blob.pt_size) == (sha256(content), size)
    assert (blob.ct_sha256, blob.ct_size) == (sha256(file.read_bytes()), file.stat().st_size)
    assert file.stat().st_mode & 0o777 == 0o400
    assert store.opened(blob.ct_sha256, [keys.identity]) == content
    assert store.verify(blob.ct_sha256)
    assert list(store.names()) == [blob.ct_sha256]
    assert not list((home / "spool").iterdir())


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed")
def test_any_age_program_rescues_an_original(store, keys, tmp_path):
    blob = store.add([b"a face" * 1000])
    key = tmp_path / "escrow.key"
    key.write_text(keys.escrow)
    rescued = subprocess.run(
        ["age", "-d", "-i", key, store.path(blob.ct_sha256)], check=True, capture_output=True
    )

    assert rescued.stdout == b"a face" * 1000


def test_the_content_is_nowhere_in_the_clear(store, home):
    store.add([b"CANARY-110101" * 5000])

    assert all(b"CANARY" not in file.read_bytes() for file in home.rglob("*.age"))


def test_the_same_content_twice_gives_two_blobs_that_never_overwrite(store):
    assert store.add([b"x"]).ct_sha256 != store.add([b"x"]).ct_sha256
    assert len(list(store.names())) == 2


def test_a_strange_key_or_a_changed_byte_does_not_open(store):
    blob = store.add([b"face"])
    with pytest.raises(BlobClosed):
        store.opened(blob.ct_sha256, [str(pyrage.x25519.Identity.generate())])
    with pytest.raises(BlobClosed):
        store.opened(blob.ct_sha256, ["no key"])
    with pytest.raises(BlobMissing):
        store.opened("0" * 64, [])


def test_a_changed_byte_is_found_on_reading_back(store, keys):
    blob = store.add([b"face" * 100])
    file = store.path(blob.ct_sha256)
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    assert not store.verify(blob.ct_sha256)
    with pytest.raises(BlobClosed):
        store.opened(blob.ct_sha256, [keys.identity])
    file.unlink()
    with pytest.raises(BlobMissing):
        store.verify(blob.ct_sha256)


def test_a_program_without_a_free_descriptor_condemns_no_original(store):
    blob = store.add([b"face"])
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open("/", os.O_RDONLY)
    os.close(free)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, most[1]))
        with pytest.raises(BlobUnproven):
            store.verify(blob.ct_sha256)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)

    assert store.verify(blob.ct_sha256)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOMEM, errno.EACCES])
def test_a_disk_that_does_not_answer_condemns_no_original(store, monkeypatch, number):
    blob = store.add([b"face"])

    def fail(*_):
        raise OSError(number, "made to fail")

    with monkeypatch.context() as patched:
        patched.setattr(os, "posix_fadvise", fail)
        with pytest.raises(BlobUnproven):
            store.verify(blob.ct_sha256)

    assert store.verify(blob.ct_sha256)


def test_names_never_leave_the_store(store):
    with pytest.raises(ValueError, match="SHA-256"):
        store.path("../../etc/passwd")


@pytest.mark.parametrize("recipients", [[], ["age1nonsense"], ["ssh-ed25519 AAAA"]])
def test_without_a_good_key_nothing_begins(home, recipients):
    with pytest.raises(BadRecipient), BlobStore(home, recipients):
        pass
    assert not home.exists()


def test_an_error_of_the_source_comes_out_as_it_is_and_leaves_nothing(store, home):
    def broken():
        yield b"x" * BLOCK
        raise OSError(errno.EIO, "card")

    with pytest.raises(OSError, match="card"):
        store.spool(broken())
    assert files(home) == []


def test_start_up_empties_the_spool_and_keeps_the_blobs(store, home):
    blob = store.add([b"kept"])
    left = store.spool([b"cut off"])
    os.close(left.descriptor)
    (home / "blobs" / blob.ct_sha256[:2] / "notes.txt").write_text("foreign")

    assert store.empty_spool() == 1
    assert files(home / "spool") == []
    assert list(store.names()) == [blob.ct_sha256]


def test_a_store_that_opens_clears_up_unless_another_writes(store, home, keys):
    left = store.spool([b"under way"])
    with BlobStore(home, keys.recipients) as second:
        second.add([b"beside it"])
        assert files(home / "spool") == [left.path.name]
    store.__exit__(None, None, None)
    with BlobStore(home, keys.recipients):
        assert files(home / "spool") == []
    os.close(left.descriptor)


def test_a_spoiled_blob_is_set_aside_and_not_deleted(store):
    blob = store.add([b"face"])
    content = store.path(blob.ct_sha256).read_bytes()
    store.set_aside(blob.ct_sha256)

    assert list(store.names()) == []
    with pytest.raises(BlobMissing):
        store.opened(blob.ct_sha256, [])
    (aside,) = store.blobs.rglob("*.spoiled")
    assert aside.read_bytes() == content


@pytest.mark.parametrize(
    ("call", "number", "error"),
    [
        ("write", errno.ENOSPC, DiskFull),
        ("write", errno.EIO, BlobUnsafe),
        ("fsync", errno.EIO, BlobUnsafe),
        ("fsync", errno.ENOSPC, DiskFull),
        ("fchmod", errno.EROFS, BlobUnsafe),
    ],
)
def test_a_failing_disk_stops_and_is_never_asked_twice(store, home, monkeypatch, call, number, error):
    calls = []

    def fails(descriptor, *_rest):
        calls.append(os.fstat(descriptor).st_ino)
        raise OSError(number, "made to fail")

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(error) as caught:
        store.add([b"x" * (2 * BLOCK)])
    assert caught.value.exit_code == 3
    assert len(calls) == 1
    monkeypatch.undo()
    assert files(home) == []
    store.add([b"x"])


def test_a_folder_that_is_not_synced_counts_as_unsafe(store, home, monkeypatch):
    real = os.fsync
    synced = []

    def fails_on_folders(descriptor):
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(errno.EIO, "made to fail")
        synced.append(descriptor)
        real(descriptor)

    spooled = store.spool([b"x"])
    monkeypatch.setattr(os, "fsync", fails_on_folders)
    with pytest.raises(BlobUnsafe):
        store.keep(spooled)
    assert len(synced) == 1


def test_order_of_syncing(store, home, monkeypatch):
    """The file before its name, the name before the answer; a new folder before what is in it."""
    steps = []
    real_fsync, real_rename = os.fsync, os.rename

    def fsync(descriptor):
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        steps.append(("fsync", os.path.relpath(path, home)))
        real_fsync(descriptor)

    def rename(source, target, **rest):
        steps.append(("rename", os.path.relpath(target, home)))
        real_rename(source, target, **rest)

    spooled = store.spool([b"x"])
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", rename)
    blob = store.keep(spooled)
    folder = f"blobs/{blob.ct_sha256[:2]}"

    assert steps == [
        ("fsync", f"spool/{spooled.path.name}"),
        ("fsync", "blobs"),
        ("rename", f"{folder}/{blob.ct_sha256}.age"),
        ("fsync", folder),
    ]


def test_memory_does_not_grow_with_the_file(store):
    block = os.urandom(BLOCK)
    store.add([block] * 4)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    store.add(block for _ in range(120))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 48 * 1024


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_really_full_disk_is_named_and_nothing_half_is_kept(tmp_path, keys):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        with BlobStore(small, keys.recipients) as store:
            kept = store.add([b"a" * BLOCK])
            with pytest.raises(DiskFull):
                store.add([b"b" * BLOCK] * 4)
            assert list(store.names()) == [kept.ct_sha256]
            assert store.opened(kept.ct_sha256, [keys.identity]) == b"a" * BLOCK
            assert files(small / "spool") == []
    finally:
        subprocess.run(["umount", "-l", small], check=True)
