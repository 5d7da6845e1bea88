"""A JPEG brought into memory upright and no larger than needed, without a word on the terminal."""

import struct
import warnings
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, JpegImagePlugin

from fieldkit.portrait.errors import PictureTooLarge, PictureUnreadable

MOST_PIXELS = 200_000_000
# A file of several scans, as progressive ones are, holds every coefficient in memory until its last.
MOST_PIXELS_IN_SCANS = 80_000_000
# Each scan is a pass over all pixels: a few kilobytes of scans can keep a decoder busy for hours.
MOST_PASSED = 2_400_000_000

# Of 8-bit elements; the stubs of OpenCV know of no element type.
Pixels = NDArray[Any]

_ORIENTATION, _EXIF_IFD, _COLOUR_SPACE, _INTEROP_IFD, _INTEROP_INDEX = (
    0x0112, 0x8769, 0xA001, 0xA005, 1,
)  # fmt: skip
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Linear Adobe RGB (1998) to linear sRGB, both D65: the product of the two standards' matrices.
_ADOBE_TO_SRGB = np.array(
    [[1.39836, -0.39836, 0.0], [0.0, 1.0, 0.0], [0.0, -0.04293, 1.04293]], dtype=np.float32
)
_ADOBE_GAMMA = 563 / 256


@dataclass(frozen=True, slots=True)
class Picture:
    """Upright RGB pixels of a JPEG, at ``1/shrink`` of the size it has on the card.

    ``width`` and ``height`` are those of the whole frame, upright. ``icc`` is the embedded colour
    profile; ``adobe`` says that the camera marked the frame as Adobe RGB without embedding one.
    """

    pixels: Pixels = field(repr=False)
    width: int
    height: int
    shrink: int
    icc: bytes = field(default=b"", repr=False)
    adobe: bool = False


def open_picture(jpeg: bytes, short_side: int) -> Picture:
    """Decode a JPEG at the smallest of 1/1, 1/2, 1/4, 1/8 whose short side is still long enough.

    Decoding in the DCT domain costs a quarter of decoding all the pixels of a camera file.
    Raises PictureUnreadable and PictureTooLarge.
    """
    with warnings.catch_warnings():
        # Damaged EXIF makes Pillow warn on the terminal.
        warnings.simplefilter("ignore")
        return _open(jpeg, short_side)


def _open(jpeg: bytes, short_side: int) -> Picture:
    try:
        # The plug-in itself, since Image.open would warn of large pictures on the terminal.
        stream = BytesIO(jpeg)
        image = JpegImagePlugin.JpegImageFile(stream)
        width, height = image.size
        # The plug-in stops reading behind the head of the first scan.
        scans = _scans(image, jpeg, stream.tell())
        most = MOST_PIXELS if scans == 1 else MOST_PIXELS_IN_SCANS
        if width * height > most:
            raise PictureTooLarge(width=width, height=height, limit=most // 1_000_000)
        if width * height * scans > MOST_PASSED:
            raise PictureUnreadable
        shrink = next((step for step in (8, 4, 2) if min(width, height) // step >= short_side), 1)
        image.draft(None, (max(1, width // shrink), max(1, height // shrink)))
        decoded = image.convert("RGB")
        orientation, adobe = _marks(image)
    except UNDECODABLE as error:
        raise PictureUnreadable from error
    turn = _TURNS.get(orientation)
    upright = decoded if turn is None else decoded.transpose(turn)
    if orientation >= 5:
        width, height = height, width
    icc = image.info.get("icc_profile") or b""
    return Picture(np.asarray(upright), width, height, shrink, icc, adobe)


def _scans(image: JpegImagePlugin.JpegImageFile, jpeg: bytes, head: int) -> int:
    """Give how many scans a decoder goes through: one where the first holds all colours at once."""
    first = jpeg.rfind(b"\xff\xda", 0, head)
    if not image.info.get("progressive") and jpeg[first + 4] >= image.layers:
        return 1
    return max(2, jpeg.count(b"\xff\xda", first))


def to_srgb(pixels: Pixels, picture: Picture) -> Pixels:
    """Bring pixels of a picture to sRGB by its embedded profile or its Adobe RGB mark.

    A profile that cannot be used is left out: the pixels then count as sRGB.
    """
    if picture.icc:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(picture.icc))
            target = ImageCms.createProfile("sRGB")
            changed = ImageCms.profileToProfile(
                Image.fromarray(pixels),
                source,
                target,
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return pixels
        return pixels if changed is None else np.asarray(changed)
    return _adobe_to_srgb(pixels) if picture.adobe else pixels


UNDECODABLE = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError,
    ZeroDivisionError, AttributeError, struct.error, MemoryError,
)  # fmt: skip


def _marks(image: Image.Image) -> tuple[int, bool]:
    # Camera makers' and editors' EXIF is often damaged: then the frame counts as upright and sRGB.
    try:
        exif = image.getexif()
        orientation = int(exif.get(_ORIENTATION, 1))
        detail = exif.get_ifd(_EXIF_IFD)
        uncalibrated = detail.get(_COLOUR_SPACE) == 0xFFFF
        index = exif.get_ifd(_INTEROP_IFD).get(_INTEROP_INDEX, "") if uncalibrated else ""
        return (orientation if orientation in _TURNS else 1), str(index).startswith("R03")
    except UNDECODABLE:
        return 1, False


def _adobe_to_srgb(pixels: Pixels) -> Pixels:
    linear = (pixels.astype(np.float32) / 255) ** _ADOBE_GAMMA
    linear = np.clip(linear @ _ADOBE_TO_SRGB.T, 0, 1)
    curved = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    srgb: Pixels = np.rint(curved * 255).astype(np.uint8)
    return srgb
