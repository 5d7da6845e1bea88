"""What a pass over a card folder hands to the ledger, and how it decides; plain values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from fieldkit.frames.dcf import Kind, Shelf

Proof = Literal["complete", "incomplete", "damaged", "unknown"]
Judgement = Literal["whole", "incomplete", "damaged"]


@dataclass(frozen=True, slots=True)
class Look:
    """What the file system says of a file at one moment."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class CapturedFile:
    """One file of a card whose content is on stable storage here.

    ``path`` is as in ``100CANON/IMG_0031.JPG``; ``shot`` is the camera's own clock, without a zone.
    """

    card: str
    path: str
    folder: int
    number: int
    ext: str
    kind: Kind
    size: int
    mtime_ns: int
    pt_sha256: str
    ct_sha256: str
    ct_size: int
    shot: datetime | None = None
    body: str = ""
    orientation: int = 1


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that was not taken; ``reason`` is a key of the room's words."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What one pass did; ``unread`` are the files that a cancelled pass did not come to."""

    card: str
    files: int = 0
    new: int = 0
    known: int = 0
    frames: int = 0
    incomplete: tuple[str, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    unread: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Give the object that ``fieldkit ingest --json`` prints.

        A pass never says that a card may be formatted: only ``card status`` has the proof.
        """
        return {
            "files": self.files,
            "new": self.new,
            "known": self.known,
            "incomplete": len(self.incomplete),
            "failed": [{"file": row.file, "reason": row.reason} for row in self.failed],
            "frames": self.frames,
            "may_format": False,
        }


class Intake(Protocol):
    """What the ledger answers and is told; all calls come from the thread that runs the pass."""

    def known_file(self, card: str, path: str, size: int, mtime_ns: int) -> str | None:
        """Give the plaintext SHA-256 a file was read with, if just this file was read before."""
        ...

    def unproven(self, card: str) -> Sequence[str]:
        """Give the blobs here of a card's files that were never read back."""
        ...

    def known_content(self, pt_sha256: str) -> bool:
        """Tell whether a sound original with this content is kept."""
        ...

    def note_known(self, card: str, path: str, size: int, mtime_ns: int, pt_sha256: str) -> None:
        """Note that a file of a card holds content that is kept already."""
        ...

    def commit(self, captured: CapturedFile) -> None:
        """Record an original that is on stable storage; whatever it raises stops the pass."""
        ...

    def read_back(self, ct_sha256: str, *, sound: bool) -> None:
        """Note that a blob was read back from the medium, and whether its hash was right."""
        ...


def judge(opened: Look, after: Look, read: int, proof: Proof) -> Judgement:
    """Decide whether the bytes just read are the whole file.

    A file that changed while it was read, or is empty, is not, whatever it looks like; then
    its own structure decides, and where that is unknown, that it stood still.
    """
    if opened != after or read != opened.size or not read:
        return "incomplete"
    if proof == "damaged":
        return "damaged"
    return "incomplete" if proof == "incomplete" else "whole"


def count_frames(shelf: Shelf, content: dict[str, str]) -> int:
    """Count the exposures among the files that are kept; ``content`` maps path to plaintext hash.

    The same content under two names is one exposure.
    """
    seen: set[str] = set()
    frames = 0
    for frame in shelf.frames:
        hashes = {content[file.path] for file in frame.files if file.path in content}
        frames += bool(hashes) and not hashes & seen
        seen |= hashes
    return frames
