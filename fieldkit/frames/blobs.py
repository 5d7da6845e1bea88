"""The store of originals: age files named by their own hash, on stable storage before anyone is told.

``spool/<random>.part`` is written, synced, renamed to ``blobs/ab/<ct_sha256>.age``, and the folder is
synced. Any ``age`` program opens a blob with one of its keys. No name carries personal data.
"""

import contextlib
import errno
import fcntl
import hashlib
import io
import os
import re
import secrets
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from fieldkit.disk import make_folder_safely, sync_folder
from fieldkit.frames.errors import BadRecipient, BlobClosed, BlobMissing, BlobUnproven, BlobUnsafe, DiskFull

BLOCK = 1 << 20
_BLOCKS_BEHIND = 4
_BLOB_NAME = re.compile(r"([0-9a-f]{64})\.age")
_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


@dataclass(frozen=True, slots=True)
class Spooled:
    """A ciphertext that lies in the spool and counts for nothing yet."""

    path: Path
    descriptor: int
    pt_sha256: str
    pt_size: int
    ct_sha256: str
    ct_size: int


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """An original on stable storage; sizes in bytes, hashes in lower-case hex."""

    ct_sha256: str
    ct_size: int
    pt_sha256: str
    pt_size: int


class BlobStore:
    """The originals under one home, encrypted for the recipients given (age X25519, ``age1…``).

    Use it as a context manager where originals are written: it keeps two threads, and empties the
    spool of what a crash left. Without recipients it only reads. Raises BadRecipient, DiskFull, BlobUnsafe.
    """

    def __init__(self, home: Path, recipients: Sequence[str] = ()) -> None:
        self.blobs = home / "blobs"
        self.spool_folder = home / "spool"
        self._recipients = tuple(recipients)
        self._threads: tuple[ThreadPoolExecutor, ThreadPoolExecutor] | None = None
        self._in_use = -1

    def __enter__(self) -> Self:
        _check_recipients(self._recipients)
        with _disk_errors():
            for folder in (self.blobs, self.spool_folder):
                make_folder_safely(folder)
            # Whoever made a folder in it may have been stopped before its name was synced.
            sync_folder(self.blobs)
            self._in_use = os.open(self.spool_folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                self._clear_after_crash(self._in_use)
            except BaseException:
                # Left open it would keep its lock, and the next try would wait for it for ever.
                os.close(self._in_use)
                raise
        self._threads = (ThreadPoolExecutor(1), ThreadPoolExecutor(1))
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads:
            for thread in self._threads:
                thread.shutdown(wait=True, cancel_futures=True)
            os.close(self._in_use)
        self._threads = None

    def _clear_after_crash(self, spool: int) -> None:
        """Empty the spool unless another program writes to it now; a lock held by all tells."""
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(spool, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.empty_spool()
        fcntl.flock(spool, fcntl.LOCK_SH)

    def spool(self, blocks: Iterable[bytes]) -> Spooled:
        """Encrypt a stream into the spool, hashing what goes in and what comes out.

        Every block is held once and let go, so memory does not grow with the file. An error that
        ``blocks`` raises comes out unchanged, and nothing stays in the spool. Raises DiskFull,
        BlobUnsafe; the store must be entered.
        """
        import pyrage

        if self._threads is None:
            raise RuntimeError("enter the store before writing to it")
        path = self.spool_folder / f"{secrets.token_hex(16)}.part"
        keys = [pyrage.x25519.Recipient.from_str(text) for text in self._recipients]
        with _disk_errors():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        source = _Source(blocks, self._threads[0])
        target = _Target(descriptor, self._threads[1])
        try:
            _encrypt(source, target, keys)
            pt_sha256, ct_sha256 = source.lane.finish(), target.lane.finish()
        except BaseException:
            # The descriptor must not be closed, and its number used anew, under a write.
            target.lane.drain()
            _abandon(path, descriptor)
            raise
        return Spooled(path, descriptor, pt_sha256, source.lane.size, ct_sha256, target.lane.size)

    def keep(self, spooled: Spooled) -> StoredBlob:
        """Bring a spooled original to stable storage under its final name.

        When this returns, a power cut cannot take it away. A sync that fails is never tried again
        on the same file, for the kernel may already have dropped its pages. Raises BlobUnsafe,
        DiskFull.
        """
        final = self.path(spooled.ct_sha256)
        try:
            with _disk_errors():
                os.fchmod(spooled.descriptor, 0o400)
                os.fsync(spooled.descriptor)
        except BaseException:
            _abandon(spooled.path, spooled.descriptor)
            raise
        with _disk_errors():
            os.close(spooled.descriptor)
            if not final.parent.is_dir():
                make_folder_safely(final.parent)
            spooled.path.rename(final)
            sync_folder(final.parent)
        return StoredBlob(spooled.ct_sha256, spooled.ct_size, spooled.pt_sha256, spooled.pt_size)

    def drop(self, spooled: Spooled) -> None:
        """Let a spooled original go that is not wanted: known already, or not complete."""
        _abandon(spooled.path, spooled.descriptor)

    def add(self, blocks: Iterable[bytes]) -> StoredBlob:
        """Spool and keep in one step."""
        return self.keep(self.spool(blocks))

    def path(self, ct_sha256: str) -> Path:
        """Give where a blob lies or would lie; raises ValueError for what is not a SHA-256."""
        name = f"{ct_sha256}.age"
        if not _BLOB_NAME.fullmatch(name):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self.blobs / ct_sha256[:2] / name

    def holds(self, ct_sha256: str) -> bool:
        """Say whether a blob is there. Raises BlobUnsafe where the disk does not answer."""
        with _disk_errors():
            return self.path(ct_sha256).exists()

    def write_opened(self, ct_sha256: str, identities: Sequence[str], out: BinaryIO) -> None:
        """Decrypt a blob into ``out`` with age identities (``AGE-SECRET-KEY-…``), block by block.

        Raises BlobMissing, BlobClosed.
        """
        import pyrage

        try:
            keys = [pyrage.x25519.Identity.from_str(text) for text in identities]
            with self.path(ct_sha256).open("rb") as sealed:
                pyrage.decrypt_io(sealed, out, keys)
        except FileNotFoundError as error:
            raise BlobMissing(blob=ct_sha256) from error
        except (pyrage.DecryptError, pyrage.IdentityError, OSError) as error:
            raise BlobClosed(blob=ct_sha256) from error

    def opened(self, ct_sha256: str, identities: Sequence[str]) -> bytes:
        """Give an original opened, whole in memory; raises BlobMissing, BlobClosed."""
        out = io.BytesIO()
        self.write_opened(ct_sha256, identities, out)
        return out.getvalue()

    def verify(self, ct_sha256: str) -> bool:
        """Read a blob back from the medium, not from memory, and tell whether its hash is right.

        The cache is dropped first, which works because the file is synced. That the disk does not
        answer now proves nothing against the blob: raises BlobMissing, BlobUnproven.
        """
        digest = hashlib.sha256()
        try:
            with self.path(ct_sha256).open("rb", buffering=0) as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
                while block := file.read(BLOCK):
                    digest.update(block)
        except FileNotFoundError as error:
            raise BlobMissing(blob=ct_sha256) from error
        except OSError as error:
            raise BlobUnproven(blob=ct_sha256) from error
        return digest.hexdigest() == ct_sha256

    def set_aside(self, ct_sha256: str) -> None:
        """Take a blob that reads back wrong out of the store, without deleting it.

        It keeps its bytes under ``.spoiled``, so that its content can be copied anew from the card.
        """
        file = self.path(ct_sha256)
        with _disk_errors():
            file.rename(file.with_suffix(".spoiled"))
            sync_folder(file.parent)

    def names(self) -> Iterator[str]:
        """Give the hash of every blob on the disk, in order; foreign files are passed over."""
        for folder in sorted(self.blobs.glob("[0-9a-f][0-9a-f]")):
            for file in sorted(folder.iterdir()):
                match = _BLOB_NAME.fullmatch(file.name)
                if match and match[1][:2] == folder.name:
                    yield match[1]

    def empty_spool(self) -> int:
        """Delete what a crash left in the spool and say how many files that were.

        Only while no other program writes: what lies there was never acknowledged.
        """
        emptied = 0
        for file in self.spool_folder.glob("*.part"):
            file.unlink(missing_ok=True)
            emptied += 1
        return emptied


class _Lane:
    """A SHA-256 of a stream, computed on another core a few blocks behind it; it may also write.

    After the first failure nothing more is done with the stream.
    """

    def __init__(self, thread: ThreadPoolExecutor, descriptor: int | None = None) -> None:
        self._digest = hashlib.sha256()
        self._thread = thread
        self._descriptor = descriptor
        self._failed = False
        self._pending: deque[Future[None]] = deque()
        self.size = 0

    def send(self, block: bytes) -> None:
        """Take the next block; raises what went wrong with an earlier one."""
        self.size += len(block)
        self._pending.append(self._thread.submit(self._work, block))
        if len(self._pending) > _BLOCKS_BEHIND:
            self._pending.popleft().result()

    def finish(self) -> str:
        """Wait for all blocks and give the hash; raises what went wrong with one."""
        while self._pending:
            self._pending.popleft().result()
        return self._digest.hexdigest()

    def drain(self) -> None:
        """Wait until nothing is under way any more, whatever came of it."""
        self._failed = True
        wait(self._pending)

    def _work(self, block: bytes) -> None:
        if self._failed:
            return
        try:
            if self._descriptor is not None:
                with _disk_errors():
                    rest = memoryview(block)
                    while rest:
                        rest = rest[os.write(self._descriptor, rest) :]
            self._digest.update(block)
        except BaseException:
            self._failed = True
            raise


class _Source:
    """What the encryption reads from: blocks served in the pieces that it asks for."""

    def __init__(self, blocks: Iterable[bytes], thread: ThreadPoolExecutor) -> None:
        self._blocks = iter(blocks)
        self._block = b""
        self._at = 0
        self.lane = _Lane(thread)
        self.failure: BaseException | None = None

    def read(self, length: int = -1) -> bytes:
        try:
            while self._at >= len(self._block):
                block = next(self._blocks, None)
                if block is None:
                    return b""
                self.lane.send(block)
                self._block, self._at = block, 0
        except BaseException as error:
            self.failure = error
            raise
        end = len(self._block) if length < 0 else self._at + length
        piece = self._block[self._at : end]
        self._at += len(piece)
        return piece


class _Target:
    """What the encryption writes to: pieces gathered to blocks, hashed and written out."""

    def __init__(self, descriptor: int, thread: ThreadPoolExecutor) -> None:
        self._pieces: list[bytes] = []
        self._gathered = 0
        self.lane = _Lane(thread, descriptor)
        self.failure: BaseException | None = None

    def write(self, piece: bytes) -> int:
        self._pieces.append(piece)
        self._gathered += len(piece)
        if self._gathered >= BLOCK:
            try:
                self.flush()
            except BaseException as error:
                self.failure = error
                raise
        return len(piece)

    def flush(self) -> None:
        """Send on what was gathered."""
        self.lane.send(b"".join(self._pieces))
        self._pieces.clear()
        self._gathered = 0


def _encrypt(source: _Source, target: _Target, keys: Sequence[object]) -> None:
    import pyrage

    try:
        pyrage.encrypt_io(source, target, keys)
    except pyrage.EncryptError as error:
        # The library turns an error of the source or the target into its own; theirs says more.
        raise (source.failure or target.failure or BlobUnsafe()) from error
    target.flush()


def _check_recipients(recipients: Sequence[str]) -> None:
    import pyrage

    try:
        for text in recipients:
            pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BadRecipient from error
    if not recipients:
        raise BadRecipient


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    """Turn a failure of our own disk into the leaf error that stops the pass."""
    try:
        yield
    except OSError as error:
        raise (DiskFull if error.errno in _NO_ROOM else BlobUnsafe) from error


def _abandon(path: Path, descriptor: int) -> None:
    with contextlib.suppress(OSError):
        os.close(descriptor)
    with contextlib.suppress(OSError):
        path.unlink()
