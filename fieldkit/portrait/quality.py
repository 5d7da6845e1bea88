"""Whether a portrait is good: measured figures, and the reasons that follow from them.

The measures that need no more than a face's place follow ISO/IEC 29794-5 as its open reference
implementation (OFIQ) computes them; their names and ranges are the standard's. A measure that
rests on the eye cascades, which miss eyes behind glasses, can make a portrait doubtful, not bad.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from fieldkit.portrait.crop import Framing, crop_picture, framing
from fieldkit.portrait.delivery import (
    BACKGROUND_NEAR,
    background_distance,
    background_of,
    to_lab,
)
from fieldkit.portrait.errors import PictureTooLarge, PictureUnreadable
from fieldkit.portrait.faces import SHORT_SIDE, Face, Found, faces_in
from fieldkit.portrait.picture import Picture, Pixels, open_picture, to_srgb
from fieldkit.portrait.profile import Profile
from fieldkit.portrait.verdict import Judgement, Limit, Reason, Verdict

_PATCH = 256


@dataclass(frozen=True, slots=True)
class Bound:
    """From which value on a measure makes a portrait doubtful, and from which bad."""

    measure: str
    reason: Reason
    doubtful: float
    bad: float | None = None
    below: bool = False

    def verdict(self, value: float) -> Verdict:
        """Judge one value."""
        sign = -1 if self.below else 1
        if self.bad is not None and sign * value > sign * self.bad:
            return "bad"
        return "doubtful" if sign * value > sign * self.doubtful else "good"


# The standard gives scores, not limits. These were set on drawn portraits with known faults and
# checked on one public photograph: a season's real frames should correct them.
_BOUNDS = (
    Bound("enlarged", Reason.TOO_SMALL, 1.02, 1.5),
    Bound("off_centre", Reason.OFF_CENTRE, 12.5, 60.0),
    Bound("roll", Reason.TILTED, 8.0),  # ISO/IEC 19794-5, 7.2.2
    Bound("eye_opening", Reason.EYES_NOT_FOUND, 0.03, below=True),
    Bound("blur", Reason.BLURRED, 0.60, 0.74),
    Bound("over_exposed", Reason.OVER_EXPOSED, 0.06, 0.30),
    Bound("luminance_mean", Reason.OVER_EXPOSED, 0.86, 0.94),
    Bound("under_exposed", Reason.UNDER_EXPOSED, 0.30, 0.60),
    Bound("luminance_mean", Reason.UNDER_EXPOSED, 0.20, 0.11, below=True),
    Bound("illumination_uniformity", Reason.UNEVEN_LIGHT, 45.0, below=True),
    Bound("colour_cast", Reason.COLOUR_CAST, 14.0),
    Bound("background_distance", Reason.BACKGROUND, BACKGROUND_NEAR),
    Bound("background_uneven", Reason.BACKGROUND, 26.0),
)


def judge(jpeg: bytes, profile: Profile) -> Judgement:
    """Find the faces of a frame, judge it and make its delivery crop, in this process.

    A frame that cannot be decoded gets the verdict ``bad`` with the reason ``unreadable``; nothing
    is raised for what a file can hold.
    """
    try:
        picture = open_picture(jpeg, SHORT_SIDE)
        found = faces_in(picture)
        if not found.faces:
            return Judgement(0, "bad", (Reason.NO_FACE,))
        delivered = crop_picture(jpeg, picture, profile, found)
    except (PictureUnreadable, PictureTooLarge):
        return Judgement(0, "bad", (Reason.UNREADABLE,))
    placed = framing(profile, found)
    measures = measure(picture, found, placed, profile)
    verdict, reasons = weigh(measures, found, placed)
    return Judgement(len(found.faces), verdict, reasons, measures, delivered.problems, delivered.jpeg)


def measure(picture: Picture, found: Found, placed: Framing, profile: Profile) -> dict[str, float]:
    """Measure the sitter's face and the background; shares are 0 … 1, scores 0 … 100."""
    face = found.faces[0]
    patch = to_srgb(_face_patch(picture, face), picture)
    light = cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY)
    skin = light[_rows(0.30, 0.92), _rows(0.14, 0.86)]
    histogram = np.bincount(skin.ravel(), minlength=256) / skin.size
    mean = float(histogram @ np.arange(256)) / 255
    present = histogram[histogram > 0]
    colour, uneven = background_of(_above(picture, placed, profile))
    return {
        "eye_distance": round(face.eye_distance, 1),
        "eyes_seen": float(face.eyes_seen),
        "eye_opening": round(_eye_opening(light, face), 4),
        "strength": round(face.strength, 1),
        "roll": round(abs(face.roll), 2),
        "head_pose_roll": float(round(100 * max(0.0, math.cos(math.radians(face.roll))) ** 2)),
        "enlarged": round(placed.scale, 3),
        "off_centre": round(abs(placed.off_centre), 1),
        "hairline": round(placed.hairline, 1),
        "eyes": round(placed.eyes, 1),
        "face_width": round(placed.face_width, 1),
        "blur": round(_blur(light), 3),
        "over_exposed": round(float(histogram[247:].sum()), 4),
        "under_exposed": round(float(histogram[:26].sum()), 4),
        "luminance_mean": round(mean, 3),
        "dynamic_range": round(12.5 * float(-(present * np.log2(present)).sum()), 1),
        "illumination_uniformity": round(_uniformity(light), 1),
        "colour_cast": round(_cast(patch), 1),
        "background_distance": round(background_distance(colour, profile), 1),
        "background_uneven": round(uneven, 1),
    }


def weigh(measures: dict[str, float], found: Found, placed: Framing) -> tuple[Verdict, tuple[Reason, ...]]:
    """Turn measures into a verdict and its reasons, the gravest first. Pure."""
    said: dict[Reason, Verdict] = {}
    if len(found.faces) > 1:
        said[Reason.SEVERAL_FACES] = "bad" if found.faces[1].side > 0.6 * found.faces[0].side else "doubtful"
    if any(p.limit in {Limit.HAIRLINE, Limit.EYES, Limit.FACE_WIDTH} for p in placed.problems):
        said[Reason.FRAMING] = "bad" if _far_out(placed) else "doubtful"
    for bound in _BOUNDS:
        verdict = bound.verdict(measures[bound.measure])
        if verdict != "good" and said.get(bound.reason) != "bad":
            said[bound.reason] = verdict
    if measures["eyes_seen"] == 0:
        said[Reason.EYES_NOT_FOUND] = "doubtful"
    order = sorted(said, key=lambda reason: said[reason] != "bad")
    worst: Verdict = "good" if not said else "bad" if "bad" in said.values() else "doubtful"
    return worst, tuple(order)


def _far_out(placed: Framing) -> bool:
    # Hair is found by contrast with the backdrop and may be misjudged; a cut head may not.
    return placed.hairline < 12 or len(placed.problems) > 2


def _rows(low: float, high: float) -> slice:
    return slice(int(low * _PATCH), int(high * _PATCH))


def _face_patch(picture: Picture, face: Face) -> Pixels:
    shrink = picture.shrink
    left, top = max(0, int(face.x / shrink)), max(0, int(face.y / shrink))
    side = max(1, int(face.side / shrink))
    cut = picture.pixels[top : top + side, left : left + side]
    how = cv2.INTER_AREA if cut.shape[0] > _PATCH else cv2.INTER_LINEAR
    patch: Pixels = cv2.resize(cut, (_PATCH, _PATCH), interpolation=how)
    return patch


def _above(picture: Picture, placed: Framing, profile: Profile) -> Pixels:
    shrink = picture.shrink * placed.scale
    left, top = int(placed.left / picture.shrink), int(placed.top / picture.shrink)
    wide, high = int(profile.width / shrink), int(profile.height / shrink)
    cut = picture.pixels[top : top + high, left : left + wide]
    small: Pixels = cv2.resize(cut, (240, 320), interpolation=cv2.INTER_AREA)
    return to_srgb(small, picture)


def _blur(light: Pixels) -> float:
    """Give 0 for sharp … 1 for blurred: how little a further blur changes (Crété-Roffet 2007)."""
    sharp = light[_rows(0.2, 0.95), _rows(0.1, 0.9)].astype(np.float32)
    scores = []
    for kernel, axis in (((9, 1), 1), ((1, 9), 0)):
        blurred = cv2.blur(sharp, kernel)
        before = np.abs(np.diff(sharp, axis=axis))
        after = np.abs(np.diff(blurred, axis=axis))
        total = float(before.sum())
        lost = float(np.maximum(0, before - after).sum())
        scores.append((total - lost) / total if total > 0 else 1.0)
    return max(scores)


def _uniformity(light: Pixels) -> float:
    """Compare the luminance of both cheeks (OFIQ IlluminationUniformity, without landmarks)."""
    low, high = _rows(0.50, 0.74).start, _rows(0.50, 0.74).stop
    left, right = light[low:high, _rows(0.17, 0.37)], light[low:high, _rows(0.63, 0.83)]
    # Bins of 8 levels: narrow bins would call two evenly lit cheeks of a smooth skin unlike.
    one, other = (np.bincount(side.ravel() >> 3, minlength=32) / side.size for side in (left, right))
    shared = np.minimum(_spread(one), _spread(other))
    return 100 * math.pow(min(1.0, float(shared.sum())), 0.3)


def _eye_opening(light: Pixels, face: Face) -> float:
    """Give the height of the darker, rounder of both irises, in shares of the face's box.

    A shut eye leaves the line of its lashes. The run of dark pixels is taken upright through the
    eye's middle, against the brightness of the cheeks.
    """
    cheek = float(np.median(light[_rows(0.52, 0.72), _rows(0.2, 0.8)]))
    heights = []
    for eye in (face.left_eye, face.right_eye):
        x, y = (eye[0] - face.x) / face.side, (eye[1] - face.y) / face.side
        patch = light[_rows(y - 0.075, y + 0.075), _rows(x - 0.05, x + 0.05)]
        if not patch.size:
            continue
        darkest = float(np.percentile(patch, 2))
        dark = patch < darkest + 0.45 * (cheek - darkest)
        run = best = np.zeros(dark.shape[1])
        for row in dark:
            run = (run + 1) * row
            best = np.maximum(best, run)
        heights.append(float(np.percentile(best, 80)) / _PATCH)
    return max(heights, default=0.0)


def _spread(histogram: NDArray[np.float64]) -> NDArray[np.float64]:
    spread: NDArray[np.float64] = np.convolve(histogram, (0.25, 0.5, 0.25), mode="same")
    return spread


def _cast(patch: Pixels) -> float:
    """Give how far the cheeks' colour lies outside what skin of any tone has in CIELAB.

    OFIQ NaturalColour: a* in 5 … 25, b* in 5 … 35.
    """
    cheeks = patch[_rows(0.5, 0.72), _rows(0.2, 0.8)].reshape(-1, 3)
    _, red, blue = to_lab(np.median(cheeks, axis=0).astype(float))
    out_red = max(5 - red, red - 25, 0.0)
    out_blue = max(5 - blue, blue - 35, 0.0)
    return float(math.hypot(out_red, out_blue))
