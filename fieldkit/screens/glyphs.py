"""Names large enough to read at two metres: glyphs of 16 dots drawn with block characters.

The glyphs come at run time from a font of the system, so that no font travels with the program. GNU
Unifont (Debian package ``fonts-unifont``) is drawn for exactly 16 dots; where it has no glyph, or is
not installed, Noto Sans CJK (``fonts-noto-cjk``) is rasterised without grey.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.text import cells, centre, fit, one_line, spread

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

DOTS = 16
ROWS = DOTS // 2

# One cell shows two dots above each other, or two by two.
_HALVES = " ▀▄█"
_QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
# A code point that no font has a glyph for shows the font's own mark for what is missing.
_NOBODY = "\U0010fffe"


@dataclass(frozen=True, slots=True)
class Face:
    """A font file that may be there, its index in a collection, and how far its glyphs are moved up."""

    paths: tuple[str, ...]
    index: int = 0
    up: int = 0


FACES = (
    Face(
        (
            "/usr/share/fonts/opentype/unifont/unifont.otf",
            "/usr/share/fonts/truetype/unifont/unifont.ttf",
            "/usr/share/fonts/unifont/unifont.otf",
        )
    ),
    Face(
        (
            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
            "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
            "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
        ),
        index=2,
        up=4,
    ),
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as rows of dots, the leftmost dot in the highest of ``width`` bits."""

    width: int
    rows: tuple[int, ...]


class Glyphs:
    """Draws names; opens fonts when the first one is asked for and keeps what it has drawn."""

    def __init__(self, faces: Sequence[Face] = FACES) -> None:
        self._faces = tuple(faces)
        self._fonts: list[tuple[FreeTypeFont, int, bytes]] | None = None
        self._drawn: dict[str, Glyph | None] = {}

    def big(self, text: str, width: int, height: int = ROWS) -> list[str]:
        """Draw a name in exactly ``height`` lines of ``width`` cells, as large as fits.

        Half blocks on one line, on two lines, quarter blocks, and plain spaced characters are tried in
        this order; the last also serves where no font is found.
        """
        name = one_line(text).strip()
        lines = self._largest(name, width, height) if name else []
        above = (height - len(lines)) // 2
        blank = " " * width
        return [blank] * above + lines + [blank] * (height - above - len(lines))

    def number(self, number: str, width: int) -> list[str]:
        """Draw a sequence number in five lines of ``width`` cells; one plain line where no font is found."""
        glyphs = self._glyphs(number)
        if not glyphs or sum(glyph.width for glyph in glyphs) > width:
            return [fit(spread(number, width), width)]
        # Capitals and digits of a 16-dot face stand in the ten dots above its base line.
        return [fit(line, width) for line in _halves([Glyph(g.width, g.rows[4:14]) for g in glyphs])]

    def _largest(self, name: str, width: int, height: int) -> list[str]:
        glyphs = self._glyphs(name)
        if glyphs and height >= ROWS:
            if sum(glyph.width for glyph in glyphs) <= width:
                return [centre(line, width) for line in _halves(glyphs)]
            if height >= 2 * ROWS and (place := _break(name, glyphs, width)):
                both = [*_halves(glyphs[:place]), *_halves(glyphs[place:])]
                return [centre(line, width) for line in both]
            if sum(glyph.width for glyph in glyphs) <= 2 * width:
                return [centre(line, width) for line in _quarters(glyphs)]
        return [centre(spread(name, width), width)]

    def _glyphs(self, text: str) -> list[Glyph]:
        found = [self._glyph(character) for character in text]
        return [glyph for glyph in found if glyph] if all(found) else []

    def _glyph(self, character: str) -> Glyph | None:
        if character not in self._drawn:
            self._drawn[character] = self._draw(character)
        return self._drawn[character]

    def _draw(self, character: str) -> Glyph | None:
        for font, up, missing in self._open():
            dots = _dots(font, character, up)
            if dots != missing:
                width = DOTS if cells(character) == 2 else _narrow(font, character)
                rows = [int.from_bytes(dots[place : place + 2], "big") for place in range(0, 2 * DOTS, 2)]
                return Glyph(width, tuple(row >> (DOTS - width) for row in rows))
        return None

    def _open(self) -> "list[tuple[FreeTypeFont, int, bytes]]":
        if self._fonts is None:
            self._fonts = [loaded for face in self._faces if (loaded := _load(face))]
        return self._fonts


def _load(face: Face) -> "tuple[FreeTypeFont, int, bytes] | None":
    path = next((path for path in face.paths if Path(path).is_file()), None)
    if path is None:
        return None
    from PIL import ImageFont

    try:
        font = ImageFont.truetype(path, DOTS, index=face.index, layout_engine=ImageFont.Layout.BASIC)
        return font, face.up, _dots(font, _NOBODY, face.up)
    except OSError:
        # A font that is damaged is as good as none: the name is then shown in plain characters.
        return None


def _dots(font: "FreeTypeFont", character: str, up: int) -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("1", (DOTS, DOTS))
    pen = ImageDraw.Draw(picture)
    pen.fontmode = "1"
    pen.text((0, -up), character, font=font, fill=1)
    return picture.tobytes()


def _narrow(font: "FreeTypeFont", character: str) -> int:
    # An even number of dots, as two stand side by side in a quarter block.
    return min(DOTS, max(DOTS // 2, 2 * math.ceil(font.getlength(character) / 2)))


def _break(name: str, glyphs: Sequence[Glyph], width: int) -> int:
    """Find where a name is best broken into two lines that fit; 0 where none does."""
    places = [
        place
        for place in range(1, len(glyphs))
        if sum(glyph.width for glyph in glyphs[:place]) <= width
        and sum(glyph.width for glyph in glyphs[place:]) <= width
    ]
    at_gap = [place for place in places if name[place - 1] in "·• "]
    return min(at_gap or places, key=lambda place: abs(place - len(glyphs) / 2), default=0)


def _bits(glyphs: Sequence[Glyph], row: int) -> str:
    return "".join(f"{glyph.rows[row]:0{glyph.width}b}" for glyph in glyphs)


def _halves(glyphs: Sequence[Glyph]) -> list[str]:
    lines = []
    for row in range(0, len(glyphs[0].rows), 2):
        upper, lower = _bits(glyphs, row), _bits(glyphs, row + 1)
        lines.append("".join(_HALVES[int(a) + 2 * int(b)] for a, b in zip(upper, lower, strict=True)))
    return lines


def _quarters(glyphs: Sequence[Glyph]) -> list[str]:
    lines = []
    for row in range(0, len(glyphs[0].rows), 2):
        upper, lower = _bits(glyphs, row), _bits(glyphs, row + 1)
        lines.append(
            "".join(
                _QUARTERS[
                    int(upper[at]) + 2 * int(upper[at + 1]) + 4 * int(lower[at]) + 8 * int(lower[at + 1])
                ]
                for at in range(0, len(upper), 2)
            )
        )
    return lines
