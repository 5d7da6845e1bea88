"""The delivery file: a crop by the register's limits, and nothing else done to the picture."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fieldkit.portrait.delivery import check_delivery
from fieldkit.portrait.errors import NoFaceToCrop
from fieldkit.portrait.faces import SHORT_SIDE, Found
from fieldkit.portrait.picture import Picture, Pixels, open_picture, to_srgb
from fieldkit.portrait.profile import Profile, Range
from fieldkit.portrait.verdict import Delivered, Limit, Problem

__all__ = ["Delivered", "Framing", "check_delivery", "crop_picture", "deliver_crop", "framing"]

Numbers = NDArray[np.float64]

_OFF_CENTRE = 12  # delivery pixels that the point between the eyes may lie beside the middle
_MOST_ENLARGED = 1.0
_BEST_QUALITY = 97


@dataclass(frozen=True, slots=True)
class Framing:
    """A crop in pixels of the upright frame, and where it puts the head in the delivery file.

    ``scale`` is delivery pixels for one of the frame; ``off_centre`` is signed, to the right.
    """

    left: float
    top: float
    scale: float
    hairline: float
    eyes: float
    face_width: float
    off_centre: float
    problems: tuple[Problem, ...]


def framing(profile: Profile, found: Found) -> Framing:
    """Choose the crop that keeps every limit with the most room, within the frame.

    Pure. Where no crop keeps them all, the one that misses least, with the limits it misses.
    Raises NoFaceToCrop.
    """
    if not found.faces:
        raise NoFaceToCrop
    face = found.faces[0]
    middle, eye_y = face.eye_middle
    head = max(1.0, eye_y - face.hair_top)
    cheeks = max(1.0, face.cheeks)
    smallest = max(profile.width / found.width, profile.height / found.height)
    widths = np.arange(profile.face_width[0] * 2, profile.face_width[1] * 2 + 1) / 2
    scales = np.unique(np.maximum(widths / cheeks, smallest))[:, None]
    across, down = profile.width / scales, profile.height / scales
    wanted = np.arange(0, profile.height)[None, :] + 0.0
    # The edge of the frame may push the crop: then the head moves in it.
    top = np.clip(eye_y - wanted / scales, 0, np.maximum(found.height - down, 0))
    left = np.clip(middle - across / 2, 0, np.maximum(found.width - across, 0))
    eyes = (eye_y - top) * scales
    hair = eyes - head * scales
    off = (middle - left) * scales - profile.width / 2
    cost = (
        _miss(eyes, profile.eyes)
        + _miss(hair, profile.hairline)
        + _miss(cheeks * scales, profile.face_width)
        + np.maximum(0, np.abs(off) - _OFF_CENTRE) * 10
    )
    row, column = np.unravel_index(int(np.argmin(cost)), cost.shape)
    scale = float(scales[row, 0])
    placed = Framing(
        left=float(left[row, 0]),
        top=float(top[row, column]),
        scale=scale,
        hairline=float(hair[row, column]),
        eyes=float(eyes[row, column]),
        face_width=cheeks * scale,
        off_centre=float(off[row, 0]),
        problems=(),
    )
    return Framing(
        placed.left, placed.top, scale, placed.hairline, placed.eyes, placed.face_width,
        placed.off_centre, _missed(placed, profile),
    )  # fmt: skip


def deliver_crop(jpeg: bytes, profile: Profile, found: Found) -> Delivered:
    """Make the delivery file of a frame in which faces were found.

    The same bytes, profile and faces give the same file. Nothing is mirrored, turned (but by the
    camera's own orientation mark), retouched or padded. Raises PictureUnreadable, PictureTooLarge
    and NoFaceToCrop.
    """
    return crop_picture(jpeg, open_picture(jpeg, SHORT_SIDE), profile, found)


def crop_picture(jpeg: bytes, picture: Picture, profile: Profile, found: Found) -> Delivered:
    """Make the delivery file from a picture that is decoded already, decoding finer where needed."""
    placed = framing(profile, found)
    if picture.shrink > 1 and placed.scale * picture.shrink > 1:
        picture = open_picture(jpeg, min(picture.width, picture.height))
    pixels = to_srgb(_cut(picture, placed, profile), picture)
    content, quality, missed = _squeeze(pixels, profile)
    return Delivered(content, profile.width, profile.height, quality, placed.problems + missed)


def _miss(value: Numbers, limit: Range) -> Numbers:
    """Give 0 … 1 within a limit, by how far from its middle; steeply more outside it."""
    middle, half = (limit[0] + limit[1]) / 2, max(0.5, (limit[1] - limit[0]) / 2)
    away = np.abs(value - middle)
    inside: Numbers = (away / half) ** 4 + np.maximum(0, away - half) * 10
    return inside


def _missed(placed: Framing, profile: Profile) -> tuple[Problem, ...]:
    measured = (
        (Limit.HAIRLINE, placed.hairline, profile.hairline),
        (Limit.EYES, placed.eyes, profile.eyes),
        (Limit.FACE_WIDTH, placed.face_width, profile.face_width),
    )
    problems = [
        Problem(limit, str(round(value)), f"{low}–{high}")
        for limit, value, (low, high) in measured
        if not low <= round(value) <= high
    ]
    if abs(placed.off_centre) > _OFF_CENTRE + 0.5:
        problems.append(Problem(Limit.CENTRED, str(abs(round(placed.off_centre))), str(_OFF_CENTRE)))
    if placed.scale > _MOST_ENLARGED + 0.005:
        problems.append(Problem(Limit.ENLARGED, f"{placed.scale:.2f}", f"{_MOST_ENLARGED:.0f}"))
    return tuple(problems)


def _cut(picture: Picture, placed: Framing, profile: Profile) -> Pixels:
    """Resample the crop with an area filter, so that fine patterns do not shimmer."""
    shrink = picture.shrink
    rows, columns = picture.pixels.shape[:2]
    wide, high = profile.width / placed.scale / shrink, profile.height / placed.scale / shrink
    left = min(max(0.0, placed.left / shrink), max(0.0, columns - wide))
    top = min(max(0.0, placed.top / shrink), max(0.0, rows - high))
    box = (left, top, min(float(columns), left + wide), min(float(rows), top + high))
    cut = Image.fromarray(picture.pixels).resize(
        (profile.width, profile.height), Image.Resampling.LANCZOS, box=box
    )
    return np.asarray(cut)


def _encode(image: Image.Image, quality: int, subsampling: int, dpi: int) -> bytes:
    out = BytesIO()
    image.save(
        out, "JPEG", quality=quality, subsampling=subsampling, optimize=True, progressive=False,
        dpi=(dpi, dpi), exif=b"", icc_profile=None,
    )  # fmt: skip
    return out.getvalue()


def _squeeze(pixels: Pixels, profile: Profile) -> tuple[bytes, int, tuple[Problem, ...]]:
    """Find the best quality whose file is not too large.

    Full colour resolution where even the best quality leaves room below the least size.
    """
    image = Image.fromarray(pixels)
    least, most = profile.bytes
    low, high = profile.quality, max(profile.quality, _BEST_QUALITY)
    best = _encode(image, low, 2, profile.dpi)
    if len(best) > most:
        return best, low, (Problem(Limit.BYTES_HIGH, str(len(best)), str(most)),)
    while low < high:
        middle = (low + high + 1) // 2
        tried = _encode(image, middle, 2, profile.dpi)
        if len(tried) <= most:
            low, best = middle, tried
        else:
            high = middle - 1
    if len(best) < least:
        for quality in range(low, 101):
            tried = _encode(image, quality, 0, profile.dpi)
            if len(tried) > most:
                break
            low, best = quality, tried
            if len(best) >= least:
                return best, low, ()
        return (
            best,
            low,
            ((Problem(Limit.BYTES_LOW, str(len(best)), str(least)),) if len(best) < least else ()),
        )
    return best, low, ()
