"""What can be told of a delivery file without finding a face in it."""

import warnings
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import JpegImagePlugin

from fieldkit.portrait.picture import UNDECODABLE, Pixels
from fieldkit.portrait.profile import Colour, Profile
from fieldkit.portrait.verdict import Limit, Problem

_ORIENTATION = 0x0112
# The luminance table of the JPEG standard (ITU-T T.81, table K.1), as it lies in the matrix.
_STANDARD = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
# How far, in CIELAB, a camera's rendering of the cloth may be from the prescribed colour.
BACKGROUND_NEAR = 30.0


def check_delivery(jpeg: bytes, profile: Profile) -> tuple[Problem, ...]:
    """Check a delivery file: form, size, quality, metadata, background; nothing is raised."""
    problems: list[Problem] = []
    least, most = profile.bytes
    if len(jpeg) < least:
        problems.append(Problem(Limit.BYTES_LOW, str(len(jpeg)), str(least)))
    if len(jpeg) > most:
        problems.append(Problem(Limit.BYTES_HIGH, str(len(jpeg)), str(most)))
    with warnings.catch_warnings():
        # Damaged EXIF makes Pillow warn on the terminal.
        warnings.simplefilter("ignore")
        problems += _inside(jpeg, profile)
    return tuple(problems)


def _inside(jpeg: bytes, profile: Profile) -> list[Problem]:
    problems: list[Problem] = []
    try:
        image = JpegImagePlugin.JpegImageFile(BytesIO(jpeg))
        size = f"{image.width}×{image.height}"
        if (image.width, image.height) != (profile.width, profile.height):
            problems.append(Problem(Limit.SIZE, size, f"{profile.width}×{profile.height}"))
        problems += _form(image, profile)
        if image.width * image.height <= 16 * profile.width * profile.height:
            image.load()
            problems += _edges(np.asarray(image.convert("RGB")), profile)
    except UNDECODABLE:
        problems.append(Problem(Limit.COMPLETE, "unreadable", "JPEG"))
    return problems


def estimated_quality(table: list[int]) -> int:
    """Estimate the quality factor, 1 … 100, from a luminance quantisation table.

    Inverts the scaling that the Independent JPEG Group's encoder gives the standard's table.
    """
    if len(table) != len(_STANDARD):
        return 0
    ratio = sum(table) / sum(_STANDARD)
    factor = 100 - 50 * ratio if ratio <= 1 else 50 / ratio
    return min(100, max(1, round(factor)))


def to_lab(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring sRGB colours (…, 3), 0 … 255, to CIELAB for D65."""
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    weights = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = linear @ weights.T / np.array([0.95047, 1.0, 1.08883])
    bent = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    lightness = 116 * bent[..., 1] - 16
    red = 500 * (bent[..., 0] - bent[..., 1])
    blue = 200 * (bent[..., 1] - bent[..., 2])
    lab: NDArray[np.float64] = np.stack([lightness, red, blue], axis=-1)
    return lab


def background_of(pixels: Pixels) -> tuple[Colour, float]:
    """Give the colour of a portrait's background and how far it is from even.

    Looks where nobody's head or shoulders are: the top edge and the upper half of both sides. The
    second figure is the median distance from that colour, of RGB levels, beyond sensor noise.
    """
    height, width = pixels.shape[:2]
    edge = max(2, width // 24)
    half = height // 2
    strips = (pixels[:edge], pixels[:half, :edge], pixels[:half, -edge:])
    # Means of small blocks: noise averages out, a shadow or a pattern stays.
    blocks = np.concatenate([_blocks(strip, edge) for strip in strips])
    colour = np.median(blocks, axis=0)
    uneven = float(np.percentile(np.abs(blocks - colour).max(axis=1), 80))
    red, green, blue = (round(float(part)) for part in colour)
    return (red, green, blue), uneven


def background_distance(colour: Colour, profile: Profile) -> float:
    """Give the distance in CIELAB from the nearest prescribed background."""
    seen = to_lab(np.array(colour, float))
    wanted = to_lab(np.array(profile.backgrounds, float))
    return float(np.sqrt(((wanted - seen) ** 2).sum(axis=-1)).min())


def _form(image: JpegImagePlugin.JpegImageFile, profile: Profile) -> list[Problem]:
    problems: list[Problem] = []
    if image.mode != "RGB":
        problems.append(Problem(Limit.MODE, image.mode, "RGB"))
    density = image.info.get("jfif_density") if image.info.get("jfif_unit") == 1 else None
    if density != (profile.dpi, profile.dpi):
        said = "–" if density is None else "×".join(str(part) for part in density)
        problems.append(Problem(Limit.DPI, said, str(profile.dpi)))
    tables = image.quantization
    quality = estimated_quality(list(tables[0])) if 0 in tables else 0
    if quality < profile.quality:
        problems.append(Problem(Limit.QUALITY, str(quality), str(profile.quality)))
    if image.info.get("progressive"):
        problems.append(Problem(Limit.BASELINE, "progressive", "baseline"))
    orientation = int(image.getexif().get(_ORIENTATION, 1))
    if orientation != 1:
        problems.append(Problem(Limit.ORIENTATION, str(orientation), "1"))
    held = [name for name in ("exif", "comment", "xmp", "photoshop") if image.info.get(name)]
    if held:
        problems.append(Problem(Limit.METADATA, " ".join(held), "–"))
    return problems


def _edges(pixels: Pixels, profile: Profile) -> list[Problem]:
    colour, _ = background_of(pixels)
    if background_distance(colour, profile) <= BACKGROUND_NEAR:
        return []
    wanted = " ".join(_rgb(reference) for reference in profile.backgrounds)
    return [Problem(Limit.BACKGROUND, _rgb(colour), wanted)]


def _rgb(colour: Colour) -> str:
    return ",".join(str(part) for part in colour)


def _blocks(strip: Pixels, side: int) -> NDArray[np.float64]:
    rows, columns = strip.shape[0] // side * side, strip.shape[1] // side * side
    if not rows or not columns:
        return strip.reshape(-1, 3).astype(float)
    cut = strip[:rows, :columns].reshape(rows // side, side, columns // side, side, 3)
    means: NDArray[np.float64] = cut.mean(axis=(1, 3)).reshape(-1, 3)
    return means
