"""One pass over a card folder: every file that is whole and new becomes an original that is kept.

    listed ─ known file ────────────────────────────────► known
       └─ read once ─ changed, cut, or still growing ───► incomplete   (the next pass takes it)
              │      ─ not what its ending says ────────► failed
              └─ whole ─ known content ─────────────────► known
                     └─ synced, renamed, folder synced ─► committed ─► read back

The card is only ever read. What to do with a file is decided by ``intake.judge``; here are effects.
"""

import contextlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Self

from fieldkit.frames.blobs import BLOCK, BlobStore
from fieldkit.frames.dcf import CardFile, Listing, arrange, list_folder
from fieldkit.frames.errors import BlobUnsafe
from fieldkit.frames.exif import HEAD_BYTES, Facts, read_facts
from fieldkit.frames.intake import (
    CapturedFile,
    FailedFile,
    IngestResult,
    Intake,
    Look,
    Proof,
    count_frames,
    judge,
)
from fieldkit.frames.jpeg import JpegWalk
from fieldkit.frames.tiff import extent
from fieldkit.frames.untouched import opened_untouched
from fieldkit.frames.volumes import card_at

Progress = Callable[[int, int], None]
"""Called with the files done and the bytes read so far."""

_SETTLE_SECONDS = 0.5
_FACT_KINDS = frozenset(("jpeg", "heif", "raw"))
_STRUCTURED_KINDS = frozenset(("raw", "heif", "movie"))


def ingest(
    card_folder: Path | Listing,
    store: BlobStore,
    intake: Intake,
    *,
    card: str | None = None,
    progress: Progress | None = None,
    cancel: Event | None = None,
    settle_seconds: float = _SETTLE_SECONDS,
    verify: bool = True,
) -> IngestResult:
    """Make one pass over a card, a DCF folder or a tether folder, or what was listed of one.

    Files come in shooting order, each committed before the next is begun; ``store`` must be entered.
    With ``verify`` each blob is also read back, beside the reading of the next. Raises NoSuchFolder,
    NotAFolder, FolderClosed, NoImages, BlobUnsafe, BlobUnproven, DiskFull, and what ``intake`` raises;
    what was committed stays.
    """
    listing = list_folder(card_folder) if isinstance(card_folder, Path) else card_folder
    shelf = arrange(listing.paths)
    name = card or card_at(listing.card_root)
    source = _Card(listing.root, listing.device, name)
    # Proofs that an earlier pass did not come to are made up for by the next look at the whole card.
    unproven = intake.unproven(name) if verify and listing.whole else ()
    files = shelf.files()
    with _ReadBack(store, intake, wanted=verify) as read_back:
        taking = _Taking(
            source,
            store,
            intake,
            read_back,
            progress or (lambda _files, _bytes: None),
        )
        unread = _run(taking, files, cancel or Event(), settle_seconds)
        for ct_sha256 in unproven:
            if cancel and cancel.is_set():
                break
            read_back.start(ct_sha256)
            read_back.collect(wait=False)
        read_back.collect(wait=True)
    tally = taking.tally
    return IngestResult(
        card=name,
        files=len(files),
        new=tally.new,
        known=tally.known,
        frames=count_frames(shelf, tally.content),
        incomplete=tuple(tally.incomplete),
        failed=(
            *tally.failed,
            *(FailedFile(shown(path), why) for path, why in listing.unreadable),
        ),
        unread=tuple(shown(file.path) for file in unread),
    )


def _run(
    taking: "_Taking", files: Sequence[CardFile], cancel: Event, settle_seconds: float
) -> list[CardFile]:
    """Go through the files and give those that a cancelled pass did not come to.

    Files whose structure proves nothing must stand still for a while; they wait together, last.
    """
    waiting = deque(files)
    moving: deque[tuple[CardFile, Look | None]] = deque()
    while waiting and not cancel.is_set():
        file = waiting.popleft()
        look = taking.one(file, None)
        if look is not None:
            moving.append((file, look))
    if moving:
        cancel.wait(settle_seconds)
    while moving and not cancel.is_set():
        taking.one(*moving.popleft())
    return [*waiting, *(file for file, _ in moving)]


@dataclass(slots=True)
class _Tally:
    new: int = 0
    known: int = 0
    done: int = 0
    bytes_read: int = 0
    content: dict[str, str] = field(default_factory=dict)
    incomplete: list[str] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)


class _NotRead(Exception):
    """One file of the card could not be read; the pass goes on with the next."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Card:
    """The folder being read, on the device it was listed on."""

    root: Path
    device: int
    name: str

    def gone(self) -> bool:
        try:
            return self.root.stat().st_dev != self.device
        except OSError:
            return True

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn a failure of the card into a reason for the one file."""
        try:
            yield
        except UnicodeEncodeError as error:
            raise _NotRead("bad-name") from error
        except OSError as error:
            raise _NotRead("card-gone" if self.gone() else _why(error)) from error

    def path(self, inside: str) -> Path:
        """Give where a file lies; its name must be one that the ledger can hold."""
        with self.errors():
            inside.encode("utf-8")
        return self.root / inside

    @contextlib.contextmanager
    def opened(self, path: str) -> Iterator[int]:
        """Open a file without leaving a trace on the card, not even the time of access."""
        full = self.path(path)
        with contextlib.ExitStack() as closing:
            with self.errors():
                descriptor = closing.enter_context(opened_untouched(full))
            yield descriptor

    def look(self, at: int | Path) -> Look:
        with self.errors():
            found = os.fstat(at) if isinstance(at, int) else at.stat(follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):
            raise _NotRead("gone")
        return Look(found.st_size, found.st_mtime_ns)


class _Taking:
    """Takes one file after the other and keeps count."""

    def __init__(
        self,
        card: _Card,
        store: BlobStore,
        intake: Intake,
        read_back: "_ReadBack",
        progress: Progress,
    ) -> None:
        self.tally = _Tally()
        self._card = card
        self._store = store
        self._intake = intake
        self._read_back = read_back
        self._progress = progress

    def one(self, file: CardFile, first: Look | None) -> Look | None:
        """Bring a file to one of its ends, or give a look at one that must first stand still."""
        try:
            look = self._card.look(self._card.path(file.path))
            content = self._intake.known_file(self._card.name, file.path, look.size, look.mtime_ns)
            if content is not None:
                self.tally.known += 1
                self.tally.content[file.path] = content
            elif self._new(file, first):
                return look
        except _NotRead as problem:
            self.tally.failed.append(FailedFile(shown(file.path), problem.reason))
        self.tally.done += 1
        self._progress(self.tally.done, self.tally.bytes_read)
        self._read_back.collect(wait=False)
        return None

    def _new(self, file: CardFile, first: Look | None) -> bool:
        """Take a file not read before if it is whole; true if it must first stand still."""
        with self._card.opened(file.path) as descriptor:
            look = self._card.look(descriptor)
            proof = self._structure(file, descriptor, look)
            if proof == "unknown" and first is None:
                return True
            if proof == "incomplete" or first not in {None, look}:
                self.tally.incomplete.append(file.path)
            else:
                self._take(file, descriptor, look)
        return False

    def _structure(self, file: CardFile, descriptor: int, look: Look) -> Proof:
        """Say what the file's own structure proves; a JPEG's is walked while it is copied."""
        if not look.size:
            return "incomplete"
        if file.kind == "jpeg":
            return "complete"
        if file.kind not in _STRUCTURED_KINDS:
            return "unknown"
        with self._card.errors():
            return extent(lambda offset, length: os.pread(descriptor, length, offset), look.size)

    def _take(self, file: CardFile, descriptor: int, look: Look) -> None:
        stream = _Stream(self._card, descriptor, look.size, walked=file.kind == "jpeg")
        spooled = self._store.spool(self._counted(stream.blocks()))
        with contextlib.ExitStack() as undo:
            undo.callback(self._store.drop, spooled)
            after = self._card.look(self._card.path(file.path))
            judgement = judge(look, after, spooled.pt_size, stream.proof)
            if judgement == "damaged":
                raise _NotRead("damaged")
            if judgement == "incomplete":
                self.tally.incomplete.append(file.path)
                return
            if self._intake.known_content(spooled.pt_sha256):
                self._intake.note_known(
                    self._card.name, file.path, look.size, look.mtime_ns, spooled.pt_sha256
                )
                self.tally.known += 1
                self.tally.content[file.path] = spooled.pt_sha256
                return
            undo.pop_all()
        stored = self._store.keep(spooled)
        facts = read_facts(stream.head) if file.kind in _FACT_KINDS else Facts()
        self._intake.commit(
            CapturedFile(
                card=self._card.name,
                path=file.path,
                folder=file.folder,
                number=file.number,
                ext=file.ext,
                kind=file.kind,
                size=look.size,
                mtime_ns=look.mtime_ns,
                pt_sha256=stored.pt_sha256,
                ct_sha256=stored.ct_sha256,
                ct_size=stored.ct_size,
                shot=facts.shot,
                body=facts.body,
                orientation=facts.orientation,
            )
        )
        self.tally.new += 1
        self.tally.content[file.path] = stored.pt_sha256
        self._read_back.start(stored.ct_sha256)

    def _counted(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.tally.bytes_read += len(block)
            self._progress(self.tally.done, self.tally.bytes_read)
            yield block


class _Stream:
    """A file's bytes read once: its head kept, its segments walked if it is a JPEG."""

    def __init__(self, card: _Card, descriptor: int, size: int, *, walked: bool) -> None:
        self._card = card
        self._descriptor = descriptor
        self._size = size
        self._walk = JpegWalk() if walked else None
        self.head = b""

    @property
    def proof(self) -> Proof:
        return self._walk.verdict if self._walk else "complete"

    def blocks(self) -> Iterator[bytes]:
        read = 0
        # A file that has outgrown the size it was opened with is still being written.
        while read <= self._size:
            with self._card.errors():
                block = os.read(self._descriptor, BLOCK)
            if not block:
                return
            if not read:
                self.head = block[:HEAD_BYTES]
            read += len(block)
            if self._walk:
                self._walk.feed(block)
            yield block


class _ReadBack:
    """Reads stored blobs back in a thread of its own; the ledger is told from the pass's thread."""

    def __init__(self, store: BlobStore, intake: Intake, *, wanted: bool) -> None:
        self._store = store
        self._intake = intake
        self._thread = ThreadPoolExecutor(1) if wanted else None
        self._pending: deque[tuple[str, Future[bool]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread:
            self._thread.shutdown(wait=True, cancel_futures=True)

    def start(self, ct_sha256: str) -> None:
        if self._thread:
            self._pending.append((ct_sha256, self._thread.submit(self._store.verify, ct_sha256)))

    def collect(self, *, wait: bool) -> None:
        """Tell the ledger what is read back by now; raises BlobUnsafe when one is not right.

        Where a blob cannot be read just now it raises BlobUnproven or BlobMissing and condemns nothing.
        """
        while self._pending and (wait or len(self._pending) > 4 or self._pending[0][1].done()):
            ct_sha256, future = self._pending.popleft()
            sound = future.result()
            if not sound:
                self._store.set_aside(ct_sha256)
            self._intake.read_back(ct_sha256, sound=sound)
            if not sound:
                raise BlobUnsafe


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "no-permission"
    return "gone" if isinstance(error, (FileNotFoundError, NotADirectoryError)) else "read-error"


def shown(path: str) -> str:
    """Give a name that can be printed, whatever bytes it was made of."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
