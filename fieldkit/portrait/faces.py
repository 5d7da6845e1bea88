"""Where the faces of a picture are, and where in them the eyes and the top of the hair."""

import math
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from fieldkit.portrait.picture import Picture, Pixels, open_picture

SHORT_SIDE = 1000
_SEARCH_HEIGHT = 560
_FACE = 200
_FLAT = 24.0  # spread of grey levels below which a face is taken as badly lit

_FRONTAL, _FRONTAL_TOO = "haarcascade_frontalface_alt2", "haarcascade_frontalface_default"
_EYES = ("haarcascade_eye", "haarcascade_eye_tree_eyeglasses")
# Where the parts of a face lie in the cascade's square box, in shares of its side: set on drawn
# portraits and one public photograph, so they are estimates; what is seen goes before them.
_EYE_Y, _EYE_X = 0.385, 0.22
_CHEEKS = 0.90
# Width between the cheeks over the distance of the pupils, about 135 mm to 63 mm.
_CHEEKS_BY_EYES = 2.1
_HAIR_ABOVE_EYES = 2.05  # in distances of the pupils: a head with ordinary hair


Box = tuple[int, int, int, int]
Hit = tuple[float, Box]


@dataclass(frozen=True, slots=True)
class Face:
    """One face, in pixels of the whole upright frame.

    ``eyes_seen`` counts the eyes that were really found; the others are placed where they usually
    are. ``hair_seen`` says the same of ``hair_top``, the height of the top of the hair.
    """

    x: float
    y: float
    side: float
    left_eye: tuple[float, float]
    right_eye: tuple[float, float]
    eyes_seen: int
    hair_top: float
    hair_seen: bool
    strength: float

    @property
    def eye_distance(self) -> float:
        """Give the distance of the pupils."""
        return math.dist(self.left_eye, self.right_eye)

    @property
    def eye_middle(self) -> tuple[float, float]:
        """Give the point between the pupils."""
        (x1, y1), (x2, y2) = self.left_eye, self.right_eye
        return (x1 + x2) / 2, (y1 + y2) / 2

    @property
    def cheeks(self) -> float:
        """Give the width from cheek to cheek."""
        if self.eyes_seen < 2:
            return _CHEEKS * self.side
        return (_CHEEKS * self.side + _CHEEKS_BY_EYES * self.eye_distance) / 2

    @property
    def roll(self) -> float:
        """Give the tilt of the line of the eyes in degrees; 0 where they were not both found."""
        if self.eyes_seen < 2:
            return 0.0
        (x1, y1), (x2, y2) = self.left_eye, self.right_eye
        return math.degrees(math.atan2(y2 - y1, x2 - x1))


@dataclass(frozen=True, slots=True)
class Found:
    """The faces of a frame, the sitter's first; sizes are those of the whole upright frame."""

    width: int
    height: int
    faces: tuple[Face, ...]


def load_cascades() -> None:
    """Load what faces and eyes are found with, so that the first picture of this thread need not wait."""
    for name in (_FRONTAL, _FRONTAL_TOO, *_EYES):
        _cascade(name)


def find_faces(jpeg: bytes) -> Found:
    """Find the faces in a JPEG: the sitter first, then those that are surely faces too.

    Raises PictureUnreadable and PictureTooLarge.
    """
    return faces_in(open_picture(jpeg, SHORT_SIDE))


def faces_in(picture: Picture) -> Found:
    """Find the faces in a picture that is decoded already."""
    cv2.setNumThreads(1)
    grey = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY)
    ratio = min(1.0, _SEARCH_HEIGHT / min(grey.shape))
    least = max(24, int(min(grey.shape) * ratio) // 9)
    small = cv2.resize(grey, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    plain = _hits(_FRONTAL, small, 1.1, 3, least)
    hits = [(_look_at(picture, grey, ratio, hit), hit[1]) for hit in plain or _dim_hits(small, least)]
    # Closed eyes and glasses hide eyes; printed codes and collars have none.
    hits = [(face, box) for face, box in hits if face.eyes_seen or (plain and _twice_seen(small, box))]
    hits.sort(key=lambda hit: _sitter(hit[0], picture.width), reverse=True)
    others = [
        face
        for face, box in hits[1:]
        if not _overlap(box, hits[0][1]) and _surely_another(face, hits[0][0], small, box)
    ]
    return Found(picture.width, picture.height, (*(face for face, _ in hits[:1]), *others))


def _sitter(face: Face, width: int) -> float:
    """Rank what may be the sitter: large, in the middle, with eyes (a collar looks like a face)."""
    away = abs(face.x + face.side / 2 - width / 2) / width
    return face.side * (1 - away) * (0.35 + 0.325 * face.eyes_seen)


def _dim_hits(grey: Pixels, least: int) -> list[Hit]:
    """Look once more with the contrast evened out, for badly lit faces."""
    even = cv2.createCLAHE(2.0, (8, 8)).apply(grey)
    hits = _hits(_FRONTAL, even, 1.08, 3, least)
    return [hit for hit in hits if _twice_seen(even, hit[1])]


def _hits(name: str, grey: Pixels, step: float, neighbours: int, least: int) -> list[Hit]:
    boxes, _, weights = _cascade(name).detectMultiScale3(
        grey, step, neighbours, 0, (least, least), outputRejectLevels=True
    )
    return [
        (float(weight), (int(x), int(y), int(w), int(h)))
        for weight, (x, y, w, h) in zip(np.ravel(weights), np.reshape(boxes, (-1, 4)), strict=True)
    ]


def _overlap(one: Box, other: Box) -> bool:
    x1, y1, w1, h1 = one
    x2, y2, w2, h2 = other
    across = min(x1 + w1, x2 + w2) - max(x1, x2)
    down = min(y1 + h1, y2 + h2) - max(y1, y2)
    return across > 0 and down > 0 and across * down > 0.15 * min(w1 * h1, w2 * h2)


def _surely_another(face: Face, sitter: Face, grey: Pixels, box: Box) -> bool:
    """Tell a second face from a collar or a button: large, with an eye, and twice recognised."""
    if face.side < 0.35 * sitter.side or not face.eyes_seen:
        return False
    return _twice_seen(grey, box)


def _twice_seen(grey: Pixels, box: Box) -> bool:
    """Ask a cascade of another kind: both take a collar or a printed code for a face, seldom alike."""
    x, y, w, h = box
    edge = w // 3
    near = grey[max(0, y - edge) : y + h + edge, max(0, x - edge) : x + w + edge]
    found = _hits(_FRONTAL_TOO, near, 1.06, 3, w // 2)
    return any(weight > 0 for weight, _ in found)


def _look_at(picture: Picture, grey: Pixels, ratio: float, hit: Hit) -> Face:
    strength, (left, top_row, across, _) = hit
    x, y, side = left / ratio, top_row / ratio, across / ratio
    patch = grey[max(0, int(y)) : int(y + side), max(0, int(x)) : int(x + side)]
    scaled = cv2.resize(patch, (_FACE, _FACE), interpolation=cv2.INTER_AREA)
    if scaled.std() < _FLAT:
        scaled = cv2.equalizeHist(scaled)
    scale = picture.shrink
    seen = [_eye(scaled, 0.5 - _EYE_X), _eye(scaled, 0.5 + _EYE_X)]
    if all(seen) and abs(seen[0][1] - seen[1][1]) > 0.16:  # type: ignore[index]
        # No head that the cascade accepts is tilted so much: one of them is an eyebrow.
        worse = max((0, 1), key=lambda index: abs(seen[index][1] - _EYE_Y))  # type: ignore[index]
        seen[worse] = None
    eyes = [
        ((x + side * eye[0]) * scale, (y + side * eye[1]) * scale)
        for eye in (
            seen[0] or (0.5 - _EYE_X, (seen[1] or (0, _EYE_Y))[1]),
            seen[1] or (0.5 + _EYE_X, (seen[0] or (0, _EYE_Y))[1]),
        )
    ]
    distance = math.dist(*eyes)
    middle = (eyes[0][0] + eyes[1][0]) / 2, (eyes[0][1] + eyes[1][1]) / 2
    usual = middle[1] - _HAIR_ABOVE_EYES * distance
    top = _hair_top(picture, middle, 2 * _EYE_X * side * scale)
    return Face(
        x * scale, y * scale, side * scale, eyes[0], eyes[1], sum(map(bool, seen)),
        usual if top is None else top, top is not None, strength,
    )  # fmt: skip


def _eye(face: Pixels, where: float) -> tuple[float, float] | None:
    """Find one eye near where it usually is; shares of the box."""
    half = 0.21
    left, right = int((where - half) * _FACE), int((where + half) * _FACE)
    top, bottom = int(0.16 * _FACE), int(0.58 * _FACE)
    patch = face[top:bottom, left:right]
    best: tuple[float, tuple[float, float]] | None = None
    for name in _EYES:
        for _, (x, y, w, h) in _hits(name, patch, 1.07, 3, 28):
            at = (left + x + w / 2) / _FACE, (top + y + h / 2) / _FACE
            away = math.hypot(at[0] - where, at[1] - _EYE_Y)
            if away < 0.13 and (best is None or away < best[0]):
                best = away, at
    return None if best is None else best[1]


def _hair_top(picture: Picture, middle: tuple[float, float], distance: float) -> float | None:
    """Find where the head meets the background above, going down from the frame's top edge.

    None where the background is not even enough, or where what is found is no likely head.
    """
    scale = picture.shrink
    x, y, eyes = middle[0] / scale, middle[1] / scale, distance / scale
    highest = max(0, int(y - 3.4 * eyes))
    left, right = max(0, int(x - 0.5 * eyes)), int(x + 0.5 * eyes)
    strip = picture.pixels[highest : max(0, int(y - 0.8 * eyes)), left:right]
    if strip.shape[0] < 12 or strip.shape[1] < 4:
        return None
    beside = [
        picture.pixels[highest : int(y), max(0, int(x + at * eyes)) : max(0, int(x + end * eyes))]
        for at, end in ((-2.7, -1.75), (1.75, 2.7))
    ]
    background = np.concatenate([part.reshape(-1, 3) for part in beside])
    if len(background) < 200:
        return None
    colour = np.median(background, axis=0)
    spread = float(np.mean(np.abs(background - colour)))
    rows = np.median(np.abs(strip - colour).mean(axis=2), axis=1)
    head = rows > max(28.0, 4 * spread)
    if spread > 25 or head[:2].any() or not head.any():
        return None
    top = highest + int(np.argmax(head))
    steady = head[top - highest :].mean() > 0.8
    likely = 1.05 * eyes < y - top < 3.2 * eyes
    return float(top * scale) if steady and likely else None


def _cascade(name: str) -> "cv2.CascadeClassifier":
    return _cascade_of(name, threading.get_ident())


@cache
def _cascade_of(name: str, thread: int) -> "cv2.CascadeClassifier":
    # One for each thread: a cascade keeps scratch buffers and may not be shared.
    del thread
    return cv2.CascadeClassifier(str(Path(cv2.__file__).with_name("data") / f"{name}.xml"))
