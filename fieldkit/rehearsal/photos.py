"""Photographs made by the program: invented sitters as a camera would have taken them.

Everything follows from seeds, so that a rehearsal can be played again; nobody is portrayed.
Import this module only where photos are made: it loads the imaging libraries.
"""

from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fieldkit.rehearsal.photos_canvas import Pose
from fieldkit.rehearsal.photos_person import paint_person
from fieldkit.rehearsal.photos_scene import backdrop, paint_chair, paint_slate
from fieldkit.rehearsal.photos_traits import traits_of

Kind = Literal["portrait", "empty-chair", "two-people", "blink", "slate"]
# Of 8-bit elements; the stubs of OpenCV know of no element type.
Pixels = NDArray[Any]

UPRIGHT = (2048, 3072)
LANDSCAPE = (3072, 2048)

_DETAIL = 2.4  # pixels of the photograph for each painted one
_TILE = 1024
_TURNS = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_COUNTERCLOCKWISE, 8: cv2.ROTATE_90_CLOCKWISE}


def draw_portrait(seed: int, width: int = 480, height: int = 640) -> Pixels:
    """Paint one invented sitter before the light-blue backdrop, without a camera's traces.

    Gives RGB pixels of shape (height, width, 3).
    """
    rng = np.random.default_rng([11, abs(seed)])
    canvas = backdrop(width, height, rng)
    pose = Pose(width / 2, height * 0.42, min(height / 6.1, width / 4.6))
    paint_person(canvas, traits_of(seed), pose, smile=0.3)
    return canvas.photo()


def camera_jpeg(
    person_seed: int,
    shot_seed: int,
    *,
    shot: datetime,
    body: str,
    number: int,
    kind: Kind = "portrait",
    size: tuple[int, int] = UPRIGHT,
    orientation: int = 1,
    slate: str = "",
    code: str = "",
    quality: int = 93,
) -> bytes:
    """Make one exposure as the camera would write it: a JPEG with noise and EXIF.

    ``shot`` is the camera's own clock (a zone is left out, milliseconds go to the sub-second tag);
    ``body`` is the serial number of the camera's body, ``number`` its DCF number; ``size`` is that
    of the upright picture; ``orientation`` 1, 3, 6 or 8 stores it turned, as a camera held
    sideways does. ``slate`` is the text on the slip and ``code`` what its QR code holds
    (``slate`` where empty). Raises ValueError for another orientation.
    """
    if orientation != 1 and orientation not in _TURNS:
        raise ValueError("a camera writes orientation 1, 3, 6 or 8")
    rng = np.random.default_rng([13, abs(person_seed), abs(shot_seed)])
    width, height = size
    scene = _scene(person_seed, rng, width, height, kind, slate, code)
    photo = cv2.resize(scene, size, interpolation=cv2.INTER_CUBIC)
    _add_noise(photo, rng)
    if orientation != 1:
        photo = cv2.rotate(photo, _TURNS[orientation])
    out = BytesIO()
    Image.fromarray(photo).save(
        out, "JPEG", quality=quality, subsampling=1, exif=_exif(shot, body, number, orientation),
        dpi=(72, 72),
    )  # fmt: skip
    return out.getvalue()


def _scene(
    person_seed: int,
    rng: np.random.Generator,
    width: int,
    height: int,
    kind: Kind,
    slate: str,
    code: str,
) -> Pixels:
    wide, high = round(width / _DETAIL), round(height / _DETAIL)
    canvas = backdrop(wide, high, rng)
    # The crew frames so that the delivery crop, 3:4, fits with some air around.
    unit = min(high / 7.4, wide / 5.2) * float(rng.uniform(0.94, 1.05))
    sway = rng.normal(0, 0.09, 2).clip(-0.2, 0.2) * unit
    tilt = float(np.clip(rng.normal(0, 1.1), -2.6, 2.6))
    pose = Pose(wide / 2 + sway[0], high * 0.43 + sway[1], unit, tilt)
    smile = float(np.clip(rng.normal(0.25, 0.3), -0.5, 1.0))
    light = 1 + float(rng.normal(0, 0.012))
    if kind == "empty-chair":
        paint_chair(canvas, pose)
    elif kind == "slate":
        paint_slate(canvas, pose, slate, code or slate or " ")
    elif kind == "two-people":
        apart = min(wide / 4.4, 1.75 * unit)
        for side, seed in ((-1, person_seed), (1, person_seed + 500_009)):
            beside = Pose(pose.x + side * apart, pose.y + (0.25 * unit if side > 0 else 0), unit * 0.72, tilt)
            paint_person(canvas, traits_of(seed), beside, smile=smile)
    else:
        paint_person(canvas, traits_of(person_seed), pose, smile=smile, eyes_shut=kind == "blink")
    return canvas.photo(light)


@cache
def _noise_tile() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Give what a sensor adds and what it takes away, as two tiles without sign."""
    rng = np.random.default_rng(17)
    grain = rng.normal(0, 3.0, (_TILE, _TILE, 1)) + rng.normal(0, 1.4, (_TILE, _TILE, 3))
    soft = cv2.GaussianBlur(grain.astype(np.float32), (0, 0), 0.55)
    whole = np.rint(soft * np.float32(1.5))
    return np.clip(whole, 0, 255).astype(np.uint8), np.clip(-whole, 0, 255).astype(np.uint8)


def _add_noise(photo: Pixels, rng: np.random.Generator) -> None:
    """Add sensor noise in place: one tile laid at random offsets, so that no two frames agree."""
    more, less = _noise_tile()
    height, width = photo.shape[:2]
    step = _TILE // 2
    for top in range(0, height, step):
        for left in range(0, width, step):
            part = photo[top : top + step, left : left + step]
            y, x = (int(place) for place in rng.integers(0, _TILE - step, 2))
            rows, columns = slice(y, y + part.shape[0]), slice(x, x + part.shape[1])
            lifted = cv2.add(np.ascontiguousarray(part), np.ascontiguousarray(more[rows, columns]))
            part[:] = cv2.subtract(lifted, np.ascontiguousarray(less[rows, columns]))


def _exif(shot: datetime, body: str, number: int, orientation: int) -> bytes:
    exif = Image.Exif()
    taken = shot.strftime("%Y:%m:%d %H:%M:%S")
    exif[0x010F] = "fieldkit"  # Make
    exif[0x0110] = "Rehearsal 6M"  # Model
    exif[0x0112] = orientation
    exif[0x0132] = taken  # DateTime
    detail = exif.get_ifd(0x8769)
    detail[0x829A] = (1, 125)  # ExposureTime
    detail[0x829D] = (80, 10)  # FNumber
    detail[0x8827] = 100  # ISOSpeedRatings
    detail[0x9003] = taken  # DateTimeOriginal
    detail[0x9004] = taken  # DateTimeDigitized
    detail[0x9291] = f"{shot.microsecond // 1000:03d}"  # SubSecTimeOriginal
    detail[0x9211] = number  # ImageNumber
    detail[0xA001] = 1  # ColorSpace: sRGB
    detail[0xA431] = body  # BodySerialNumber
    return exif.tobytes()
