"""Where every file of every card is, from the ledger and the disk."""

from fieldkit.frames.blobs import BlobStore
from fieldkit.frames.cards import CardRow, CardStatus, Copies, FileState, card_status
from fieldkit.ledger.home import Home
from fieldkit.ledger.read import frames as read_frames

_STATES: dict[str, FileState] = {"incomplete": "incomplete", "failed": "failed", "unread": "unread"}


def cards_of(home: Home) -> tuple[CardStatus, ...]:
    """Give the state of every card that was ever read in.

    A card may be formatted only where each of its files was read back here and has a second holder by
    receipt; what the newest pass did not take counts against it.
    """
    blobs = BlobStore(home.path)
    contents = read_frames.card_contents(home.store)
    rows = [CardRow(row.card, row.path, row.size, row.ct_sha256) for row in contents]
    rows += [
        CardRow(left.card, left.path, 0, state=_STATES[left.state], reason=left.reason)
        for left in read_frames.card_left(home.store)
    ]
    copies = {
        row.ct_sha256: Copies(row.ct_sha256, row.verified, blobs.path(row.ct_sha256).exists())
        for row in contents
    }
    return card_status(rows, copies.values())
