"""Paints what is in front of the camera besides the sitter: backdrop, chair, number slip."""

import math

import cv2
import numpy as np

from fieldkit.rehearsal.photos_canvas import Canvas, Colour, curve, dim, mirrored, moved
from fieldkit.rehearsal.photos_canvas import Pose as Place

_BACKDROP: Colour = (100, 197, 255)


def backdrop(width: int, height: int, rng: np.random.Generator) -> Canvas:
    """Paint the light-blue cloth behind the chair, almost evenly lit."""
    shift = rng.normal(0, 1.6, 3)
    colour = tuple(float(part) for part in np.clip(np.array(_BACKDROP) + shift, 0, 255))
    canvas = Canvas(width, height, (colour[0], colour[1], colour[2]))
    across = np.linspace(-1, 1, width, dtype=np.float32)
    down = np.linspace(-1, 1, height, dtype=np.float32)
    lean = float(rng.normal(0, 0.008))
    light = 1 - 0.022 * (across[None] ** 2 + down[:, None] ** 2) + lean * across[None]
    canvas.scale(light.astype(np.float32))
    return canvas


def paint_chair(canvas: Canvas, place: Place) -> None:
    """Paint the empty chair as it stands when nobody sits on it."""
    metal: Colour = (70, 74, 80)
    cover: Colour = (58, 62, 72)
    unit = place.unit
    for side in (-1, 1):
        canvas.fill(
            place.place([(side * 1.25, 2.4), (side * 1.38, 2.4), (side * 1.5, 9), (side * 1.3, 9)]),
            metal,
            1.0,
        )
    back = curve(mirrored([(0.0, 1.25), (1.1, 1.3), (1.5, 1.75), (1.48, 3.3), (1.2, 3.6), (0.0, 3.65)]))
    canvas.fill(place.place(moved(back, 0, 0.1)), dim(_BACKDROP, 0.7), unit * 0.2, 0.4)
    canvas.fill(place.place(back), cover, 1.2)
    canvas.fill(place.place(moved(back * 0.82, 0, 0.42)), dim(cover, 1.22), unit * 0.16, 0.7)
    canvas.stroke([place.place(moved(back * 0.93, 0, 0.17))], dim(cover, 0.6), unit * 0.03, 0.5, blur=1.0)
    seat = curve(mirrored([(0.0, 4.6), (1.5, 4.7), (2.0, 5.3), (1.9, 5.8), (0.0, 5.9)]))
    canvas.fill(place.place(seat), dim(cover, 1.1), 1.2)
    canvas.fill(place.place(moved(seat * (0.8, 0.7), 0, 1.5)), dim(cover, 1.35), unit * 0.2, 0.6)


def paint_slate(canvas: Canvas, place: Place, text: str, code: str) -> None:
    """Paint a number slip held up before the camera: a QR code of ``code`` over large letters."""
    slip = _slip(text, code)
    height, width = slip.shape
    tall = 5.6 * place.unit
    wide = tall * width / height
    corners = Place(place.x, place.y + 0.7 * place.unit, 1.0, place.tilt).place(
        [(-wide / 2, -tall / 2), (wide / 2, -tall / 2), (wide / 2, tall / 2), (-wide / 2, tall / 2)]
    )
    canvas.fill(moved(corners, 0, place.unit * 0.1), dim(_BACKDROP, 0.55), place.unit * 0.12, 0.45)
    canvas.fill(corners, (248, 247, 243), 0.8)
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    rows, columns = canvas.shape
    ink = cv2.warpPerspective(255 - slip, turn, (columns, rows), flags=cv2.INTER_AREA)
    cover = ink.astype(np.float32) * np.float32(0.93 / 255)
    canvas.blend(cover, slice(0, rows), slice(0, columns), (22, 22, 26))


def _slip(text: str, code: str) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    slip = np.full((1000, 740), 255, np.uint8)
    modules = cv2.QRCodeEncoder.create().encode(code)
    side = 600
    square = cv2.resize(modules, (side, side), interpolation=cv2.INTER_NEAREST)
    slip[60 : 60 + side, 70 : 70 + side] = square
    font, scale = cv2.FONT_HERSHEY_DUPLEX, 1.0
    (wide, _), _ = cv2.getTextSize(text or " ", font, scale, 2)
    scale = min(5.0, 640 / max(1, wide))
    weight = max(2, math.floor(scale * 2.4))
    (wide, tall), _ = cv2.getTextSize(text or " ", font, scale, weight)
    cv2.putText(slip, text, ((740 - wide) // 2, 830 + tall // 2), font, scale, 0, weight, cv2.LINE_AA)
    return slip
