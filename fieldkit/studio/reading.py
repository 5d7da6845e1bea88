"""Reading a card folder into the open visit: what the ledger answers and writes down file by file."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from threading import Event

from fieldkit.frames.blobs import BlobStore
from fieldkit.frames.dcf import Listing, list_folder
from fieldkit.frames.ingest import Progress, ingest, shown
from fieldkit.frames.intake import CapturedFile, IngestResult
from fieldkit.frames.volumes import card_at
from fieldkit.ledger import kinds
from fieldkit.ledger.home import Home
from fieldkit.ledger.read import frames as read_frames
from fieldkit.ledger.read.frames import LeftRow
from fieldkit.ledger.read.visits import Visit

IMAGES = frozenset({"jpeg", "raw", "heif"})
SETTLE_SECONDS = 0.5
_VERIFIED_AT_ONCE = 64


def read_in(
    home: Home,
    visit: Visit,
    card: Path | Listing,
    *,
    progress: Progress | None = None,
    cancel: Event | None = None,
    settle_seconds: float = SETTLE_SECONDS,
) -> IngestResult:
    """Make one pass over a card folder, or what was listed of one; each file is acknowledged by its event.

    A file that an earlier visit holds already stays there alone: a card that was not formatted brings
    nobody's photo to another school. Raises what ``ingest`` and writing raise.
    """
    # A folder that cannot be read must not even make a day key.
    listing = list_folder(card) if isinstance(card, Path) else card
    name = card_at(listing.card_root)
    with BlobStore(home.path, home.sealing_recipients()) as blobs:
        # Asking for each of thousands of files takes far longer than asking once for all.
        kept = read_frames.kept_of_card(home.store, name) if listing.whole else {}
        intake = _LedgerIntake(home, visit, blobs, kept)
        try:
            result = ingest(
                listing,
                blobs,
                intake,
                card=name,
                progress=progress,
                cancel=cancel,
                settle_seconds=settle_seconds,
            )
            _note_left(home, visit, result, listing)
            return result
        finally:
            intake.finish()


def _note_left(home: Home, visit: Visit, result: IngestResult, listing: Listing) -> None:
    """Write down what a pass did not take, where that differs from what is written.

    A pass over some files says nothing of the others: what is written of those stays.
    """
    found = [
        *(LeftRow(result.card, path, "incomplete", "") for path in result.incomplete),
        *(LeftRow(result.card, failed.file, "failed", failed.reason) for failed in result.failed),
        *(LeftRow(result.card, path, "unread", "") for path in result.unread),
    ]
    looked_at = frozenset(map(shown, listing.paths))

    def left() -> tuple[list[LeftRow], bool]:
        before = read_frames.card_left(home.store, result.card)
        others = [] if listing.whole else [row for row in before if row.path not in looked_at]
        now = sorted([*found, *others], key=_place)
        return now, now != sorted(before, key=_place)

    if not left()[1]:
        return
    with home.journal.writing() as pen:
        # Another program may have read in other files of this card meanwhile.
        rows, differs = left()
        if differs:
            body = {
                "card": result.card,
                "left": [{"path": row.path, "state": row.state, "reason": row.reason} for row in rows],
            }
            pen.record(kinds.CARD_READ, body, visit=visit.key, school=visit.school)


def _place(row: LeftRow) -> str:
    return row.path


class _LedgerIntake:
    """Answers and writes for one pass."""

    def __init__(
        self,
        home: Home,
        visit: Visit,
        blobs: BlobStore,
        kept: Mapping[tuple[str, int, int], tuple[str, str]],
    ) -> None:
        self._kept = kept
        self._journal = home.journal
        self._store = home.store
        self._visit = visit
        self._blobs = blobs
        self._verified: list[str] = []

    def known_file(self, card: str, path: str, size: int, mtime_ns: int) -> str | None:
        if (kept := self._kept.get((path, size, mtime_ns))) and self._blobs.holds(kept[1]):
            return kept[0]
        content = read_frames.content_on_card(self._store, card, path, size, mtime_ns)
        return content if content and self.known_content(content) else None

    def unproven(self, card: str) -> list[str]:
        unproven = read_frames.unproven_of_card(self._store, card)
        return [blob for blob in unproven if self._blobs.holds(blob)]

    def known_content(self, pt_sha256: str) -> bool:
        blob = read_frames.blob_of_content(self._store, pt_sha256)
        return blob is not None and self._blobs.holds(blob)

    def note_known(self, card: str, path: str, size: int, mtime_ns: int, pt_sha256: str) -> None:
        seen = {"card": card, "path": path, "size": size, "mtime_ns": mtime_ns, "pt_sha256": pt_sha256}
        with self._journal.writing() as pen:
            pen.record(kinds.FILE_SEEN, seen, visit=self._visit.key, school=self._visit.school)

    def commit(self, captured: CapturedFile) -> None:
        place = PurePosixPath(captured.path)
        with self._journal.writing() as pen:
            frame, number = self._frame(captured, place)
            pen.record(
                kinds.FILE_CAPTURED,
                {
                    "frame": frame,
                    "frame_number": number,
                    "card": captured.card,
                    "path": captured.path,
                    "folder": str(place.parent),
                    "stem": place.stem.upper(),
                    "kind": captured.kind,
                    "size": captured.size,
                    "mtime_ns": captured.mtime_ns,
                    "pt_sha256": captured.pt_sha256,
                    "ct_sha256": captured.ct_sha256,
                    "ct_size": captured.ct_size,
                    "shot": captured.shot.isoformat() if captured.shot else None,
                    "camera": captured.body or captured.card,
                },
                visit=self._visit.key,
                school=self._visit.school,
                subject=frame,
            )

    def read_back(self, ct_sha256: str, *, sound: bool) -> None:
        if sound:
            self._verified.append(ct_sha256)
        if len(self._verified) >= _VERIFIED_AT_ONCE:
            self.finish()

    def finish(self) -> None:
        """Write down which blobs were read back since the last time."""
        if self._verified:
            with self._journal.writing() as pen:
                pen.record(kinds.FILE_VERIFIED, {"blobs": self._verified}, visit=self._visit.key)
            self._verified = []

    def _frame(self, captured: CapturedFile, place: PurePosixPath) -> tuple[str, int]:
        """Name the frame of a file: that of its pair, else a new one; empty for what is no image."""
        if captured.kind not in IMAGES:
            return "", 0
        visit = self._visit.key
        # Its blob was lost and it is read once more: it stays the exposure that it was.
        if held := read_frames.frame_of_content(self._store, visit, captured.pt_sha256):
            return held, 0
        pair = read_frames.frame_of_stem(
            self._store, visit, captured.card, str(place.parent), place.stem.upper()
        )
        if pair and not read_frames.has_kind(self._store, visit, pair, captured.kind):
            found = read_frames.frame(self._store, visit, pair)
            if found and (found.shot is None or captured.shot is None or found.shot == captured.shot):
                return pair, 0
        number = read_frames.next_frame_number(self._store, visit, self._journal.station.id)
        return f"f{self._journal.station.letter}{number:06d}", number
