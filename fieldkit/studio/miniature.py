"""A photo made so small that a terminal can show it."""

from dataclasses import dataclass

from fieldkit.ledger.store import Store
from fieldkit.studio.watch_day import WatchedVisit

_SHORT_SIDE = 160


@dataclass(frozen=True, slots=True)
class Miniature:
    """A small picture: its size in pixels and three bytes a pixel, row by row."""

    width: int
    height: int
    pixels: bytes

    def colour(self, column: int, row: int) -> str:
        """Give one pixel as ``#rrggbb``."""
        at = 3 * (row * self.width + column)
        return f"#{self.pixels[at : at + 3].hex()}"


def miniature(jpeg: bytes, width: int, height: int) -> Miniature:
    """Show a JPEG upright in at most ``width`` by ``height`` pixels. Raises what ``open_picture`` raises."""
    from PIL import Image

    from fieldkit.portrait.picture import open_picture

    image = Image.fromarray(open_picture(jpeg, _SHORT_SIDE).pixels).convert("RGB")
    image.thumbnail((width, height))
    return Miniature(*image.size, image.tobytes())


def miniature_beside(_: Store, __: WatchedVisit, jpeg: bytes, width: int, height: int) -> Miniature:
    """Answer ``miniature`` as a question to the process beside the app, which has such libraries loaded."""
    return miniature(jpeg, width, height)
