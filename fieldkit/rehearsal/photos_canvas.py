"""A drawing surface for soft, shaded shapes in the sitter's own measures."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Path = Sequence[tuple[float, float]]
Points = Path | NDArray[np.float64]
Colour = tuple[float, float, float]
# Of 32-bit floats; the stubs of OpenCV know of no element type.
Shade = NDArray[Any]

_SUBPIXEL = 4  # bits of a pixel's fraction that the polygon filler takes


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a sitter is in the picture.

    The point between the eyes, the distance of the pupils in pixels, and the head's tilt in degrees.
    """

    x: float
    y: float
    unit: float
    tilt: float = 0.0

    def place(self, points: Points) -> NDArray[np.float64]:
        """Bring points of the sitter's own measure (pupils one apart) into the picture."""
        turn = math.radians(self.tilt)
        across = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
        placed: NDArray[np.float64] = np.asarray(points, float) @ across * self.unit
        placed += np.array([self.x, self.y])
        return placed


class Canvas:
    """Red, green and blue planes of 32-bit floats, 0 to 255, painted from back to front.

    Planes, since arithmetic over three interleaved channels is many times slower.
    """

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.planes: Shade = np.empty((3, height, width), np.float32)
        for plane, part in zip(self.planes, colour, strict=True):
            plane.fill(part)

    @property
    def shape(self) -> tuple[int, int]:
        """Give rows and columns."""
        return self.planes.shape[1], self.planes.shape[2]

    def photo(self, light: float = 1.0) -> NDArray[np.uint8]:
        """Give the picture as RGB pixels of shape (rows, columns, 3), exposed by ``light``."""
        merged = cv2.merge([cv2.convertScaleAbs(plane, alpha=light) for plane in self.planes])
        pixels: NDArray[np.uint8] = merged
        return pixels

    def mask(self, placed: NDArray[np.float64], blur: float = 0.0) -> tuple[Shade, slice, slice]:
        """Fill a polygon softly; gives its cover (0 to 1) and the rows and columns it lies in."""
        height, width = self.shape
        edge = 2 + math.ceil(2.6 * blur)
        low, high = np.floor(placed.min(0)) - edge, np.ceil(placed.max(0)) + edge + 1
        left, top = max(0, int(low[0])), max(0, int(low[1]))
        right, bottom = min(width, int(high[0])), min(height, int(high[1]))
        if right <= left or bottom <= top:
            return np.zeros((0, 0), np.float32), slice(0, 0), slice(0, 0)
        filled = np.zeros((bottom - top, right - left), np.uint8)
        corners = np.rint((placed - (left, top)) * (1 << _SUBPIXEL)).astype(np.int32)
        cv2.fillPoly(filled, [corners], 255, cv2.LINE_AA, _SUBPIXEL)
        cover = filled.astype(np.float32) * np.float32(1 / 255)
        if blur > 0:
            cover = soften(cover, blur)
        return cover, slice(top, bottom), slice(left, right)

    def fill(
        self,
        placed: NDArray[np.float64],
        colour: Colour,
        blur: float = 0.0,
        strength: float = 1.0,
        within: Shade | None = None,
    ) -> None:
        """Paint a polygon; ``within`` is a cover of the whole canvas that the paint keeps inside."""
        cover, rows, columns = self.mask(placed, blur)
        if within is not None:
            cover = cover * within[rows, columns]
        if strength != 1.0:
            cover = cover * np.float32(strength)
        self.blend(cover, rows, columns, colour)

    def blend(self, cover: Shade, rows: slice, columns: slice, colour: Colour) -> None:
        """Bring the pixels of a region towards a colour."""
        for plane, part in zip(self.planes, colour, strict=True):
            region = plane[rows, columns]
            region += (np.float32(part) - region) * cover

    def scale(self, factor: Shade) -> None:
        """Lighten or darken everything by a factor for each pixel."""
        self.planes *= factor

    def stroke(
        self,
        lines: Sequence[NDArray[np.float64]],
        colour: Colour,
        width: float,
        strength: float = 1.0,
        within: Shade | None = None,
        blur: float = 0.0,
    ) -> None:
        """Draw open lines of one width in pixels."""
        if not lines:
            return
        every = np.concatenate(lines)
        frame = np.array([every.min(0), (every.max(0)[0], every.min(0)[1]), every.max(0)])
        edge = width + 3 + 2.6 * blur
        frame = frame + np.array([(-edge, -edge), (edge, -edge), (edge, edge)])
        empty, rows, columns = self.mask(frame)
        if not empty.size:
            return
        drawn = np.zeros(empty.shape, np.uint8)
        origin = (columns.start, rows.start)
        paths = [np.rint((line - origin) * (1 << _SUBPIXEL)).astype(np.int32) for line in lines]
        cv2.polylines(
            drawn, paths, isClosed=False, color=255, thickness=max(1, round(width)),
            lineType=cv2.LINE_AA, shift=_SUBPIXEL,
        )  # fmt: skip
        thin = min(1.0, width)
        cover = drawn.astype(np.float32) * np.float32(strength * thin / 255)
        if blur > 0:
            cover = soften(cover, blur)
        if within is not None:
            cover *= within[rows, columns]
        self.blend(cover, rows, columns, colour)


def soften(cover: Shade, blur: float) -> Shade:
    """Blur a cover; a wide blur is done at a quarter of the size, where it looks the same."""
    if blur < 6:
        softened: Shade = cv2.GaussianBlur(cover, (0, 0), blur)
        return softened
    height, width = cover.shape
    small = cv2.resize(cover, (-(-width // 4), -(-height // 4)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), blur / 4)
    wide: Shade = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return wide


def curve(points: Points, closed: bool = True, steps: int = 10) -> NDArray[np.float64]:
    """Lead a smooth line through points (Catmull–Rom)."""
    given = np.asarray(points, float)
    if closed:
        padded = np.concatenate([given[-1:], given, given[:2]])
    else:
        padded = np.concatenate([given[:1], given, given[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, None, :] for i in range(4))
    line = 0.5 * (
        2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
        + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )  # fmt: skip
    flat: NDArray[np.float64] = line.reshape(-1, 2)
    return flat if closed else np.concatenate([flat, given[-1:]])


def oval(x: float, y: float, across: float, down: float, steps: int = 28) -> NDArray[np.float64]:
    """Give an ellipse as a polygon."""
    turn = np.linspace(0, 2 * math.pi, steps, endpoint=False)
    return np.stack([x + across * np.cos(turn), y + down * np.sin(turn)], axis=1)


def moved(points: Points, across: float, down: float) -> NDArray[np.float64]:
    """Move points."""
    shifted: NDArray[np.float64] = np.asarray(points, float) + np.array([across, down])
    return shifted


def mirrored(points: Path) -> list[tuple[float, float]]:
    """Close a half outline, given from top to bottom on the right, with its mirror image."""
    left = [(-x, y) for x, y in reversed(points) if abs(x) > 1e-9]
    return [*points, *left]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Mix two colours; ``share`` is how much of the other."""
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def dim(colour: Colour, factor: float) -> Colour:
    """Darken or lighten a colour."""
    red, green, blue = (min(255.0, part * factor) for part in colour)
    return red, green, blue
