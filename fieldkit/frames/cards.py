"""Where every file of every card is, and whether the card may be formatted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

FileState = Literal["stored", "incomplete", "failed", "unread"]


@dataclass(frozen=True, slots=True)
class CardRow:
    """The last word about one file of a card.

    ``ct_sha256`` names the blob here that holds its content; ``reason`` says why it is not stored.
    """

    card: str
    path: str
    size: int
    ct_sha256: str = ""
    state: FileState = "stored"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Copies:
    """Where one blob is: how often it was read back here, and who else holds it by receipt."""

    ct_sha256: str
    verified: int = 0
    here: bool = True
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileStatus:
    """One file of a card and where it is; ``reason`` is empty when it is safe."""

    path: str
    size: int
    here: bool
    verified: int
    holders: tuple[str, ...]
    reason: str

    @property
    def safe(self) -> bool:
        """Tell whether the card's own copy is no longer needed."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class CardStatus:
    """One card, file by file."""

    card: str
    files: tuple[FileStatus, ...]

    @property
    def may_format(self) -> bool:
        """Tell whether every file was read back here and has a second holder; never for no files."""
        return bool(self.files) and all(file.safe for file in self.files)

    @property
    def unsafe(self) -> tuple[FileStatus, ...]:
        """Give the files that would be lost, or might be."""
        return tuple(file for file in self.files if not file.safe)

    def as_json(self) -> dict[str, object]:
        """Give the object that ``fieldkit card status --json`` prints for this card."""
        return {
            "card": self.card,
            "files": len(self.files),
            "here": sum(file.here for file in self.files),
            "verified": sum(file.verified > 0 for file in self.files),
            "second": sum(bool(file.holders) for file in self.files),
            "may_format": self.may_format,
            "not_safe": [{"file": file.path, "reason": file.reason} for file in self.unsafe],
        }


def card_status(rows: Iterable[CardRow], copies: Iterable[Copies]) -> tuple[CardStatus, ...]:
    """Put together each card's files and where their contents are; later rows replace earlier ones.

    A file whose name is used again for other content on the same card counts with its last content.
    """
    held = {copy.ct_sha256: copy for copy in copies}
    cards: dict[str, dict[str, CardRow]] = {}
    for row in rows:
        cards.setdefault(row.card, {})[row.path] = row
    return tuple(
        CardStatus(card, tuple(_file_status(row, held) for _, row in sorted(files.items())))
        for card, files in sorted(cards.items())
    )


def _file_status(row: CardRow, held: Mapping[str, Copies]) -> FileStatus:
    copy = held.get(row.ct_sha256) if row.ct_sha256 else None
    stored = row.state == "stored" and copy is not None
    here = stored and copy is not None and copy.here
    verified = copy.verified if here and copy is not None else 0
    holders = copy.holders if stored and copy is not None else ()
    if not stored or not here:
        reason = row.reason or {"incomplete": "incomplete", "unread": "cancelled"}.get(
            row.state, "read-error"
        )
    elif not verified:
        reason = "not-verified"
    else:
        reason = "" if holders else "no-second-copy"
    return FileStatus(row.path, row.size, here, verified, holders, reason)
