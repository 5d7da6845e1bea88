"""A frame drawn with half blocks, two pixels a cell, on any terminal that has colours."""

from contextlib import suppress

from textual.content import Content

from fieldkit.errors import FieldkitError
from fieldkit.frames.blobs import BlobStore
from fieldkit.kit import Kit
from fieldkit.ledger.read import frames as read_frames
from fieldkit.studio.miniature import Miniature, miniature_beside

HALF = "▀"


def drawn_frame(kit: Kit, frame: str, width: int, height: int) -> Content | None:
    """Open a frame's JPEG and draw it in at most ``width`` by ``height`` cells; None where that cannot be."""
    visit = kit.require_visit().key
    for file in read_frames.files(kit.store, visit, frame):
        if file.kind == "jpeg":
            with suppress(FieldkitError, OSError):
                jpeg = BlobStore(kit.home.path).opened(file.ct_sha256, kit.home.opening_secrets())
                small = kit.beside.ask(miniature_beside, visit, jpeg, width, 2 * height)
                return drawn(small, width)
    return None


def drawn(small: Miniature, width: int) -> Content:
    """Draw a small picture in the middle of ``width`` cells."""
    left = " " * ((width - small.width) // 2)
    pieces: list[str | tuple[str, str]] = []
    for row in range(0, small.height - 1, 2):
        pieces.append(left)
        for column in range(small.width):
            upper, lower = small.colour(column, row), small.colour(column, row + 1)
            pieces.append((HALF, f"{upper} on {lower}"))
        pieces.append("\n")
    return Content.assemble(*pieces)
