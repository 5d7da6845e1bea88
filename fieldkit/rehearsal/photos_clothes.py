"""Paints what an invented sitter wears."""

import numpy as np

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
)
from fieldkit.rehearsal.photos_traits import Traits

_BOTTOM = 9.0


def paint_clothes(canvas: Canvas, who: Traits, pose: Pose, skin: Shade) -> None:
    """Paint shoulders and collar over the neck; ``skin`` is the neck's cover."""
    cloth = _body(canvas, who, pose, skin)
    unit = pose.unit
    if who.clothes == "jacket":
        _vee(canvas, who, pose, who.second_cloth, 0.62, 4.4)
        _collar(canvas, who, pose, mix(who.second_cloth, (255, 255, 255), 0.4))
        _lapels(canvas, who, pose, cloth)
    elif who.clothes == "shirt":
        _collar(canvas, who, pose, mix(who.cloth, (255, 255, 255), 0.12))
        seam = pose.place([(0.02, 2.75), (0.02, _BOTTOM)])
        canvas.stroke([seam], dim(who.cloth, 0.62), unit * 0.025, 0.6, blur=1.2)
        for y in (3.15, 3.95, 4.75):
            dot = pose.place(
                [(0.02 + 0.045 * np.cos(t), y + 0.045 * np.sin(t)) for t in np.linspace(0, 6.2, 16)]
            )
            canvas.fill(dot, dim(who.cloth, 0.8), 0.8)
    elif who.clothes == "gown":
        _vee(canvas, who, pose, (226, 224, 220), 0.5, 3.5)
        _collar(canvas, who, pose, (236, 234, 230))
        band: Colour = mix((150, 36, 48), who.second_cloth, 0.1)
        for side in (-1, 1):
            strip: Path = [
                (side * 0.62, 2.25),
                (side * 0.95, 2.22),
                (side * 0.3, 4.6),
                (0.0, 4.9),
                (0.0, 4.2),
            ]
            canvas.fill(pose.place(strip), band if side < 0 else dim(band, 0.9), 1.2)
    elif who.clothes == "vee":
        _skin_vee(canvas, who, pose)
    else:
        rib = curve(
            [(-who.neck * 1.32, 2.22), (-0.5, 2.66), (0.0, 2.78), (0.5, 2.66), (who.neck * 1.32, 2.22)],
            closed=False,
        )
        canvas.stroke([pose.place(rib)], dim(who.cloth, 0.8), unit * 0.14, 0.8, blur=1.0)
        canvas.stroke([pose.place(moved(rib, 0, 0.09))], dim(who.cloth, 0.55), unit * 0.02, 0.5, blur=1.0)


def _body(canvas: Canvas, who: Traits, pose: Pose, skin: Shade) -> Shade:
    wide, neck, unit = who.shoulders, who.neck, pose.unit
    dip = {"round": 2.72, "vee": 2.72, "shirt": 2.7, "jacket": 2.7, "gown": 2.66}[who.clothes]
    half: Path = [
        (neck * 1.28, 2.16), (neck * 1.9, 2.36), (wide * 0.72, 2.72), (wide * 0.95, 3.05), (wide * 1.06, 3.7),
        (wide * 1.14, 5.0), (wide * 1.2, _BOTTOM),
    ]  # fmt: skip
    right = curve(half, closed=False)
    neckline = curve(
        [(-neck * 1.28, 2.16), (-0.45, dip - 0.1), (0.0, dip), (0.45, dip - 0.1), (neck * 1.28, 2.16)],
        closed=False,
    )
    left = np.stack([-right[::-1, 0], right[::-1, 1]], axis=1)
    placed = pose.place(np.concatenate([right, left, neckline[1:-1]]))
    cover, rows, columns = canvas.mask(placed)
    whole: Shade = np.zeros(canvas.shape, np.float32)
    whole[rows, columns] = cover
    canvas.fill(moved(placed, 0, -unit * 0.03), dim(who.skin, 0.5), unit * 0.06, 0.4, skin)
    canvas.fill(placed, who.cloth, 0.6)
    for side in (-1, 1):
        edge = curve([(side * wide * 1.1, 3.0), (side * wide * 0.9, 4.2), (side * wide * 0.95, 8.0),
                      (side * wide * 1.3, 8.0)])  # fmt: skip
        canvas.fill(pose.place(edge), dim(who.cloth, 0.6), unit * 0.3, 0.6, whole)
        for start, end in (((0.9, 2.9), (1.5, 5.0)), ((1.7, 3.2), (1.45, 4.8)), ((0.5, 3.6), (0.9, 5.6))):
            fold = [
                (side * start[0], start[1]),
                (side * (start[0] + end[0]) / 2 + 0.1, (start[1] + end[1]) / 2),
                (side * end[0], end[1]),
            ]
            canvas.stroke(
                [pose.place(curve(fold, closed=False))],
                dim(who.cloth, 0.66),
                unit * 0.12,
                0.4,
                whole,
                unit * 0.09,
            )
    sheen = curve(
        [(-wide * 0.8, 2.9), (0, 2.7), (wide * 0.8, 2.9), (wide * 0.6, 3.3), (0, 3.3), (-wide * 0.6, 3.3)]
    )
    canvas.fill(pose.place(sheen), mix(who.cloth, (255, 255, 255), 0.4), unit * 0.25, 0.25, whole)
    return whole


def _collar(canvas: Canvas, who: Traits, pose: Pose, colour: Colour) -> None:
    neck, unit = who.neck, pose.unit
    for side in (-1, 1):
        wing: Path = [
            (side * neck * 1.12, 1.92),
            (side * neck * 1.42, 2.16),
            (side * 0.92, 2.72),
            (side * 0.5, 3.05),
            (side * 0.0, 2.68),
            (side * neck * 0.62, 2.5),
        ]
        placed = pose.place(wing)
        canvas.fill(moved(placed, 0, unit * 0.05), dim(who.cloth, 0.4), unit * 0.05, 0.5)
        canvas.fill(placed, colour if side < 0 else dim(colour, 0.96), 0.7)
        canvas.stroke([pose.place([*wing[1:5]])], dim(colour, 0.68), unit * 0.016, 0.5, blur=0.9)
    inside = pose.place(mirrored([(neck * 1.0, 2.0), (neck * 0.6, 2.52), (0.0, 2.7)]))
    canvas.stroke([inside[:3], inside[2:]], dim(colour, 0.6), unit * 0.03, 0.45, blur=1.6)


def _vee(canvas: Canvas, who: Traits, pose: Pose, colour: Colour, wide: float, deep: float) -> None:
    half: Path = [(0.0, 2.66), (who.neck * 0.75, 2.46), (who.neck * 1.2, 2.2), (wide, 2.9), (0.0, deep)]
    canvas.fill(pose.place(mirrored(half)), colour, 0.8)


def _skin_vee(canvas: Canvas, who: Traits, pose: Pose) -> None:
    unit = pose.unit
    half: Path = [(0.0, 2.62), (who.neck * 0.75, 2.42), (who.neck * 1.2, 2.16), (0.4, 2.85), (0.0, 3.3)]
    canvas.fill(pose.place(mirrored(half)), dim(who.skin, 0.93), 1.0)
    for side in (-1, 1):
        edge = pose.place([(side * who.neck * 1.25, 2.08), (side * 0.42, 2.86), (0.0, 3.34)])
        canvas.stroke([edge], dim(who.cloth, 0.72), unit * 0.06, 0.9, blur=0.9)


def _lapels(canvas: Canvas, who: Traits, pose: Pose, cloth: Shade) -> None:
    unit = pose.unit
    for side in (-1, 1):
        lapel: Path = [
            (side * who.neck * 1.55, 2.2),
            (side * 1.25, 2.95),
            (side * 0.98, 3.1),
            (side * 1.1, 3.25),
            (side * 0.1, 4.75),
            (0.0, 4.6),
            (side * 0.55, 3.0),
        ]
        placed = pose.place(lapel)
        canvas.fill(
            moved(placed, side * unit * 0.04, unit * 0.05), dim(who.cloth, 0.35), unit * 0.06, 0.6, cloth
        )
        canvas.fill(placed, mix(who.cloth, (255, 255, 255), 0.07), 0.8)
        canvas.stroke([pose.place(lapel[1:5])], dim(who.cloth, 0.55), unit * 0.018, 0.6, blur=0.9)
    canvas.stroke(
        [pose.place([(0.05, 4.7), (0.05, _BOTTOM)])], dim(who.cloth, 0.5), unit * 0.03, 0.7, blur=1.0
    )
