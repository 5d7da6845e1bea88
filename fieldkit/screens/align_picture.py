"""A frame drawn with half blocks, two pixels a cell, on any terminal that has colours."""

from contextlib import suppress

from textual.content import Content

from fieldkit.errors import FieldkitError
from fieldkit.frames.blobs import BlobStore
from fieldkit.kit import Kit
from fieldkit.ledger.read import frames as read_frames

HALF = "▀"
_SHORT_SIDE = 160


def drawn_frame(kit: Kit, frame: str, width: int, height: int) -> Content | None:
    """Open a frame's JPEG and draw it in at most ``width`` by ``height`` cells; None where that cannot be."""
    for file in read_frames.files(kit.store, kit.require_visit().key, frame):
        if file.kind == "jpeg":
            with suppress(FieldkitError, OSError):
                jpeg = BlobStore(kit.home.path).opened(file.ct_sha256, kit.home.opening_secrets())
                return drawn(jpeg, width, height)
    return None


def drawn(jpeg: bytes, width: int, height: int) -> Content:
    """Draw a JPEG upright in at most ``width`` by ``height`` cells, in the middle of the width.

    Raises what ``open_picture`` raises.
    """
    from PIL import Image

    from fieldkit.portrait.picture import open_picture

    image = Image.fromarray(open_picture(jpeg, _SHORT_SIDE).pixels)
    image.thumbnail((width, 2 * height))
    across, down = image.size
    pixels = image.convert("RGB").load()
    assert pixels is not None
    left = " " * ((width - across) // 2)
    pieces: list[str | tuple[str, str]] = []
    for row in range(0, down - 1, 2):
        pieces.append(left)
        for column in range(across):
            upper, lower = pixels[column, row], pixels[column, row + 1]
            pieces.append((HALF, f"{_colour(upper)} on {_colour(lower)}"))
        pieces.append("\n")
    return Content.assemble(*pieces)


def _colour(pixel: object) -> str:
    assert isinstance(pixel, tuple)
    return "#{:02x}{:02x}{:02x}".format(*pixel[:3])
