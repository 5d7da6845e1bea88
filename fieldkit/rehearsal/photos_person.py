"""Paints an invented sitter: shoulders, head, features and hair, softly lit from both sides.

All points are in the sitter's measure: the pupils are one apart, (0, 0) lies between them, y goes
down. The relations follow the usual proportions of an adult head, so that a face detector trained
on photographs takes it for one: dark sockets and brows, bright cheeks and bridge of the nose.
"""

import numpy as np
from numpy.typing import NDArray

from fieldkit.rehearsal.photos_canvas import (
    Canvas,
    Colour,
    Path,
    Pose,
    Shade,
    curve,
    dim,
    mirrored,
    mix,
    moved,
    oval,
    soften,
)
from fieldkit.rehearsal.photos_clothes import paint_clothes
from fieldkit.rehearsal.photos_hair import paint_hair_behind, paint_hair_front
from fieldkit.rehearsal.photos_traits import Traits


def paint_person(
    canvas: Canvas, who: Traits, pose: Pose, *, smile: float = 0.0, eyes_shut: bool = False
) -> None:
    """Paint one sitter; ``smile`` is -1 … 1."""
    upright = Pose(pose.x, pose.y, pose.unit, pose.tilt * 0.25)
    paint_hair_behind(canvas, who, pose)
    neck = _neck(canvas, who, upright)
    paint_clothes(canvas, who, upright, neck)
    face = _head(canvas, who, pose)
    _light(canvas, who, pose, face)
    for side in (-1, 1):
        _eye(canvas, who, pose, side, face, shut=eyes_shut)
        _brow(canvas, who, pose, side)
    _nose(canvas, who, pose, face)
    _mouth(canvas, who, pose, face, smile)
    for mole in who.moles:
        if abs(mole[0]) > 0.3:
            canvas.fill(pose.place(oval(*mole, 0.022, 0.022)), dim(who.skin, 0.45), pose.unit * 0.008, 0.8)
    paint_hair_front(canvas, who, pose, face)
    if who.glasses is not None:
        _glasses(canvas, who, pose, who.glasses)


def head_outline(who: Traits) -> NDArray[np.float64]:
    """Give the outline of the bare head."""
    jaw, chin, cheek = who.jaw, who.chin, who.cheeks
    half: Path = [
        (0.0, -1.62), (0.5, -1.53), (0.92 * who.forehead, -1.12), (1.07 * who.forehead, -0.5),
        (cheek, 0.05), (cheek * 0.99, 0.5), (0.955 * jaw, 0.98), (0.79 * jaw, 1.32),
        (0.50 * jaw, chin - 0.12), (0.2, chin - 0.008), (0.0, chin),
    ]  # fmt: skip
    return curve(mirrored(half))


def _whole(canvas: Canvas, placed: NDArray[np.float64], blur: float = 0.0) -> Shade:
    cover, rows, columns = canvas.mask(placed, blur)
    whole: Shade = np.zeros(canvas.shape, np.float32)
    whole[rows, columns] = cover
    return whole


def _neck(canvas: Canvas, who: Traits, pose: Pose) -> Shade:
    wide, unit = who.neck, pose.unit
    half = [(wide, 0.9), (wide, 1.75), (wide * 1.05, 2.15), (wide * 1.5, 2.5), (wide * 1.7, 3.4), (0.0, 3.6)]
    shape = pose.place(curve(mirrored(half)))
    neck = _whole(canvas, shape)
    canvas.fill(shape, dim(who.skin, 0.93))
    for side in (-1, 1):
        edge = curve([(side * wide * 0.95, 1.2), (side * wide * 1.15, 1.7), (side * wide * 1.3, 2.4),
                      (side * wide * 0.8, 2.4), (side * wide * 0.72, 1.7)])  # fmt: skip
        canvas.fill(pose.place(edge), dim(who.skin, 0.68), unit * 0.13, 0.55, neck)
    shadow = curve([(-0.95, 0.9), (0.95, 0.9), (0.62, who.chin + 0.22), (0, who.chin + 0.36),
                    (-0.62, who.chin + 0.22)])  # fmt: skip
    canvas.fill(pose.place(shadow), mix(dim(who.skin, 0.55), (110, 52, 36), 0.18), unit * 0.1, 0.62, neck)
    return neck


def _head(canvas: Canvas, who: Traits, pose: Pose) -> Shade:
    unit = pose.unit
    for side in (-1, 1):
        ear = curve([(side * (who.cheeks - 0.06), -0.16), (side * (who.cheeks + 0.13), -0.2),
                     (side * (who.cheeks + 0.17), 0.08), (side * (who.cheeks + 0.08), 0.42),
                     (side * (who.cheeks - 0.08), 0.58)])  # fmt: skip
        canvas.fill(pose.place(ear), dim(who.skin, 0.92))
        inner = curve([(side * (who.cheeks + 0.02), -0.08), (side * (who.cheeks + 0.1), -0.06),
                       (side * (who.cheeks + 0.05), 0.3)])  # fmt: skip
        canvas.fill(pose.place(inner), dim(who.skin, 0.66), unit * 0.03, 0.6)
    outline = pose.place(head_outline(who))
    face = _whole(canvas, outline)
    canvas.fill(outline, who.skin)
    return face


def _light(canvas: Canvas, who: Traits, pose: Pose, face: Shade) -> None:
    """Round the head: darker and warmer to the rim, bright on forehead, nose, cheeks and chin."""
    unit = pose.unit
    cover, rows, columns = canvas.mask(pose.place(head_outline(who)))
    inside = soften(np.ascontiguousarray(cover), unit * 0.17)
    rim = np.clip((1 - inside) * 1.05, 0, 1) * cover
    canvas.blend(rim * np.float32(0.66), rows, columns, mix(dim(who.skin, 0.62), (150, 80, 55), 0.16))
    warm = mix(who.skin, (214, 108, 92), 0.42)
    pale = mix(who.skin, (255, 247, 238), 0.6)
    for side in (-1, 1):
        canvas.fill(pose.place(oval(side * 0.68, 0.66, 0.28, 0.2)), warm, unit * 0.16, 0.34, face)
        canvas.fill(pose.place(oval(side * 0.58, 0.42, 0.26, 0.13)), pale, unit * 0.12, 0.55, face)
        socket = curve([(side * 0.14, -0.1), (side * 0.3, -0.24), (side * 0.62, -0.25),
                        (side * 0.86, -0.08), (side * 0.72, 0.1), (side * 0.4, 0.16)])  # fmt: skip
        deep = mix(dim(who.skin, 0.55), (96, 50, 40), 0.22)
        canvas.fill(pose.place(socket), deep, unit * 0.085, 0.5, face)
        canvas.fill(pose.place(oval(side * 0.2, -0.08, 0.07, 0.16)), deep, unit * 0.06, 0.38, face)
        hollow = curve([(side * 0.98, 0.62), (side * 0.86, 1.0), (side * 0.55, 1.36), (side * 0.8, 1.25)])
        canvas.fill(pose.place(hollow), dim(who.skin, 0.7), unit * 0.12, 0.35, face)
    canvas.fill(pose.place(oval(0, -0.86, 0.62, 0.32)), pale, unit * 0.22, 0.45, face)
    canvas.fill(pose.place(oval(0, who.chin - 0.24, 0.2, 0.11)), pale, unit * 0.08, 0.36, face)


def _eye(canvas: Canvas, who: Traits, pose: Pose, side: int, face: Shade, *, shut: bool) -> None:
    unit, long, high = pose.unit, 0.245 * who.eye_long, 0.098 * who.eye_open
    x, slant = side * 0.5, who.eye_slant

    def at(out: float, y: float) -> tuple[float, float]:
        return x + side * out * long, y - slant * out

    lash = dim(who.hair, 0.5)
    if shut:
        lid = [at(-1, 0.05), at(-0.5, 0.085), at(0, 0.1), at(0.5, 0.09), at(1.04, 0.04)]
        ball = curve([at(-1, 0.04), at(-0.4, -0.1), at(0.4, -0.1), at(1, 0.03), at(0, 0.1)])
        canvas.fill(pose.place(ball), mix(who.skin, (255, 240, 228), 0.22), unit * 0.04, 0.85, face)
        canvas.stroke([pose.place(curve(lid, closed=False))], lash, unit * 0.028, 0.85, blur=0.8)
        return
    upper = [at(-1.0, 0.035), at(-0.62, -high * 0.72), at(-0.1, -high * 1.06), at(0.45, -high * 0.84),
             at(1.0, -0.005)]  # fmt: skip
    lower = [at(0.55, high * 0.56), at(0.0, high * 0.74), at(-0.55, high * 0.58)]
    opening = pose.place(curve([*upper, *lower]))
    canvas.fill(opening, (232, 226, 222))
    eye = _whole(canvas, opening)
    pupil = (x, -0.012)
    canvas.fill(pose.place(oval(*pupil, 0.119, 0.119)), dim(who.iris, 0.6), unit * 0.006, 1.0, eye)
    canvas.fill(pose.place(oval(*pupil, 0.098, 0.098)), who.iris, unit * 0.012, 0.9, eye)
    canvas.fill(pose.place(oval(*pupil, 0.05, 0.05)), (10, 8, 8), unit * 0.006, 1.0, eye)
    canvas.fill(pose.place(oval(x - 0.036, -0.05, 0.022, 0.024)), (250, 252, 255), unit * 0.004, 0.95, eye)
    canvas.fill(pose.place(oval(x + 0.045, 0.035, 0.014, 0.012)), (220, 225, 232), unit * 0.006, 0.5, eye)
    shade = curve([*upper, at(0.4, -high * 0.2), at(-0.4, -high * 0.3)])
    canvas.fill(pose.place(shade), (60, 44, 42), unit * 0.02, 0.5, eye)
    canvas.fill(pose.place(oval(*at(-0.97, 0.028), 0.022, 0.018)), (196, 120, 110), unit * 0.008, 0.7)
    canvas.stroke([pose.place(curve(upper, closed=False))], lash, unit * 0.03, 0.92, blur=0.7)
    tail = [at(0.45, -high * 0.86), at(0.85, -high * 0.3), at(1.12, -0.02)]
    canvas.stroke([pose.place(curve(tail, closed=False))], lash, unit * 0.034, 0.85, blur=0.7)
    under = [at(-0.85, 0.045), *reversed(lower), at(0.95, 0.01)]
    canvas.stroke([pose.place(curve(under, closed=False))], dim(who.skin, 0.45), unit * 0.012, 0.6, blur=0.8)
    lift = 0.055 if who.lid_fold else 0.032
    fold = [
        at(-0.9, -0.03),
        at(-0.5, -high - lift * 0.8),
        at(0.1, -high * 1.06 - lift),
        at(0.7, -high * 0.7 - lift),
        at(1.08, -0.05),
    ]
    strength = 0.6 if who.lid_fold else 0.2
    canvas.stroke(
        [pose.place(curve(fold, closed=False))], dim(who.skin, 0.45), unit * 0.014, strength, blur=1.0
    )
    bag = [at(-0.7, 0.15), at(0.0, 0.19), at(0.7, 0.14)]
    canvas.stroke([pose.place(curve(bag, closed=False))], dim(who.skin, 0.66), unit * 0.03, 0.28, blur=2.5)


def _brow(canvas: Canvas, who: Traits, pose: Pose, side: int) -> None:
    y, arch, thick, unit = -who.brow_high, who.brow_arch, who.brow_thick, pose.unit
    shape = [
        (0.2, y + 0.04), (0.26, y - thick * 0.62), (0.55, y - arch - thick * 0.72),
        (0.78, y - arch * 1.05 - thick * 0.3), (0.95, y + 0.035), (0.77, y - arch * 0.95 + thick * 0.22),
        (0.5, y - arch * 0.7 + thick * 0.42), (0.25, y + thick * 0.5 + 0.01),
    ]  # fmt: skip
    placed = pose.place(curve([(side * px, py) for px, py in shape]))
    colour = mix(who.hair, who.skin, 0.16)
    canvas.fill(placed, colour, unit * 0.022, 0.82)
    hairs = []
    for share in np.linspace(0.1, 0.9, 14):
        px = 0.22 + 0.7 * share
        py = y - arch * np.sin(np.pi * min(1.0, share * 1.15)) + 0.04 * share**3
        length = thick * (0.6 - 0.3 * share)
        hairs.append(pose.place([(side * px, py + length * 0.5), (side * (px + 0.05), py - length * 0.5)]))
    canvas.stroke(hairs, dim(who.hair, 0.8), unit * 0.012, 0.26, blur=0.6)


def _nose(canvas: Canvas, who: Traits, pose: Pose, face: Shade) -> None:
    unit, wide, tip = pose.unit, 0.235 * who.nose_wide, who.nose_long
    dark = mix(dim(who.skin, 0.56), (110, 54, 40), 0.25)
    pale = mix(who.skin, (255, 250, 244), 0.62)
    for side in (-1, 1):
        flank = curve(
            [
                (side * 0.13, -0.2),
                (side * 0.11, 0.15),
                (side * 0.17, tip - 0.2),
                (side * wide * 1.05, tip - 0.03),
                (side * 0.24, tip - 0.24),
                (side * 0.2, 0.1),
            ]
        )
        canvas.fill(pose.place(flank), dark, unit * 0.05, 0.42, face)
        wing = [
            (side * wide * 0.86, tip - 0.19),
            (side * wide * 1.1, tip - 0.06),
            (side * wide * 0.9, tip + 0.04),
        ]
        canvas.stroke([pose.place(curve(wing, closed=False))], dark, unit * 0.022, 0.5, blur=1.6)
        canvas.fill(
            pose.place(oval(side * wide * 0.48, tip + 0.025, 0.066, 0.03)), (66, 30, 26), unit * 0.014, 0.85
        )
    canvas.fill(pose.place(curve([(-0.06, -0.25), (0.06, -0.25), (0.065, tip - 0.2), (-0.065, tip - 0.2)])),
                pale, unit * 0.04, 0.5, face)  # fmt: skip
    canvas.fill(pose.place(oval(0, tip - 0.12, 0.085, 0.075)), pale, unit * 0.04, 0.62, face)
    below = curve(
        [(-wide * 0.85, tip + 0.04), (wide * 0.85, tip + 0.04), (0.1, tip + 0.14), (-0.1, tip + 0.14)]
    )
    canvas.fill(pose.place(below), dark, unit * 0.045, 0.42, face)


def _mouth(canvas: Canvas, who: Traits, pose: Pose, face: Shade, smile: float) -> None:
    unit, wide, full = pose.unit, who.mouth_wide * (1 + 0.08 * max(smile, 0)), who.lip_full
    y = (who.nose_long + who.chin) / 2 - 0.1
    corner = y - 0.03 - 0.04 * smile
    line = [
        (-wide, corner),
        (-wide * 0.5, y + 0.012),
        (0, y - 0.004),
        (wide * 0.5, y + 0.012),
        (wide, corner),
    ]
    up, low = 0.085 * full, 0.125 * full
    upper = [*line, (wide * 0.55, y - up * 0.62), (wide * 0.2, y - up), (0, y - up * 0.74),
             (-wide * 0.2, y - up), (-wide * 0.55, y - up * 0.62)]  # fmt: skip
    lower = [*line, (wide * 0.6, y + low * 0.66), (wide * 0.22, y + low), (-wide * 0.22, y + low),
             (-wide * 0.6, y + low * 0.66)]  # fmt: skip
    canvas.fill(pose.place(curve(lower)), who.lips, unit * 0.014, 0.92)
    canvas.fill(pose.place(curve(upper)), dim(who.lips, 0.84), unit * 0.014, 0.94)
    canvas.fill(
        pose.place(oval(0, y + low * 0.52, wide * 0.42, low * 0.2)),
        mix(who.lips, (255, 238, 232), 0.6),
        unit * 0.03,
        0.55,
    )
    canvas.stroke([pose.place(curve(line, closed=False))], dim(who.lips, 0.4), unit * 0.02, 0.85, blur=0.9)
    dark = dim(who.skin, 0.56)
    for side in (-1, 1):
        canvas.fill(pose.place(oval(side * wide * 1.03, corner, 0.03, 0.03)), dark, unit * 0.02, 0.6, face)
        fold = [(side * 0.28, who.nose_long - 0.02), (side * 0.42, y - 0.2), (side * (wide + 0.08), corner)]
        strength = 0.2 + 0.2 * max(smile, 0)
        canvas.stroke([pose.place(curve(fold, closed=False))], dark, unit * 0.03, strength, face, 3.0)
    canvas.fill(pose.place(oval(0, y + low + 0.09, wide * 0.5, 0.045)), dark, unit * 0.05, 0.45, face)


def _glasses(canvas: Canvas, who: Traits, pose: Pose, colour: Colour) -> None:
    unit, width = pose.unit, max(1.2, pose.unit * 0.03)
    square = 1 - who.glasses_round * 0.7
    turn = np.linspace(0, 2 * np.pi, 49)
    power = 0.55 + 0.45 * (1 - square)
    across = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** power * 0.39
    down = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** power * 0.3
    for side in (-1, 1):
        ring = pose.place(np.stack([side * 0.51 + across, 0.05 + down], axis=1))
        canvas.fill(ring, (238, 244, 250), 0.0, 0.05)
        canvas.stroke([moved(ring, 0, unit * 0.03)], dim(who.skin, 0.5), width, 0.3, blur=3)
        canvas.stroke([ring], colour, width, 0.95)
        temple = pose.place([(side * 0.89, -0.04), (side * (who.cheeks + 0.02), -0.06)])
        canvas.stroke([temple], colour, width, 0.9)
    bridge = pose.place(curve([(-0.13, 0.0), (0, -0.05), (0.13, 0.0)], closed=False))
    canvas.stroke([bridge], colour, width, 0.95)
