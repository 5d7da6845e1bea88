"""Paints an invented sitter's hair: what lies behind the head, and what lies on it."""

import numpy as np
from numpy.typing import NDArray

from fieldkit.rehearsal.photos_canvas import Canvas, Path, Pose, Shade, curve, dim, mirrored, mix, moved
from fieldkit.rehearsal.photos_traits import Traits

Line = NDArray[np.float64]


def paint_hair_behind(canvas: Canvas, who: Traits, pose: Pose) -> None:
    """Paint long hair that falls behind neck and shoulders."""
    lengths = {"long": 3.1, "bob": 1.45}
    if who.style not in lengths:
        return
    end, volume = lengths[who.style], who.volume
    wide = who.cheeks + volume * 0.75
    half: Path = [
        (0.0, -1.5 - volume), (0.6, -1.36 - volume), (wide * 0.9, -0.9), (wide + 0.06, 0.1),
        (wide + 0.06, min(1.0, end * 0.7)), (wide + 0.0, end * 0.92), (wide * 0.62, end + 0.05), (0.0, end),
    ]  # fmt: skip
    shape = curve(mirrored(half))
    canvas.fill(pose.place(shape), dim(who.hair, 0.8), 1.2)
    strands = []
    for place in np.linspace(-1, 1, 26):
        x = place * wide
        bend = 0.06 * np.sin(9.1 * place)
        strands.append(
            pose.place(
                curve(
                    [(x * 0.9, -0.6), (x, 0.3), (x + bend, end * 0.6), (x * 0.97, end * 0.95)], closed=False
                )
            )
        )
    canvas.stroke(strands[::2], mix(who.hair, (150, 120, 100), 0.3), pose.unit * 0.02, 0.35, blur=1.2)
    canvas.stroke(strands[1::2], dim(who.hair, 0.4), pose.unit * 0.025, 0.4, blur=1.2)


def paint_hair_front(canvas: Canvas, who: Traits, pose: Pose, face: Shade) -> None:
    """Paint the hair on the head, with its shadow on the forehead, shine and strands."""
    unit = pose.unit
    outer, inner = _outline(who)
    shape = np.concatenate([curve(outer, closed=False), curve(inner, closed=False)[::-1]])
    placed = pose.place(shape)
    canvas.fill(moved(placed, 0, unit * 0.06), dim(who.skin, 0.5), unit * 0.06, 0.45, face)
    canvas.fill(placed, who.hair, unit * 0.012)
    cover, rows, columns = canvas.mask(placed)
    whole: Shade = np.zeros(canvas.shape, np.float32)
    whole[rows, columns] = cover
    shine = mix(who.hair, (190, 175, 165), 0.34)
    arc = [(-1.0, -0.95), (-0.55, -1.45), (0.1, -1.6), (0.65, -1.4), (1.0, -0.9)]
    canvas.stroke([pose.place(curve(arc, closed=False))], shine, unit * 0.16, 0.5, whole, unit * 0.08)
    light, dark = _strands(who, pose)
    canvas.stroke(light, mix(who.hair, (165, 140, 122), 0.4), unit * 0.014, 0.4, whole, 0.7)
    canvas.stroke(dark, dim(who.hair, 0.45), unit * 0.018, 0.5, whole, 0.7)


def _crown(wide: float, top: float, low: float, lean: float) -> list[tuple[float, float]]:
    turn = np.linspace(np.pi, 0, 11)
    return [
        (float(wide * np.cos(t)), float(low + (top - low) * np.sin(t) ** 0.86 * (1 - lean * np.cos(t))))
        for t in turn
    ]


def _outline(who: Traits) -> tuple[Path, Path]:
    """Give the outer and the inner border of the hair, each from left to right."""
    top, wide, part = -1.62 - who.volume, who.cheeks + who.volume * 0.3, who.parting
    crown = _crown(wide, top, -0.42, float(np.sign(part)) * 0.03)
    if who.style in {"bob", "long"}:
        down = 1.3 if who.style == "bob" else 1.75
        side = wide + 0.08
        outer = [(-side + 0.08, down), (-side, 0.7), (-side + 0.02, 0.1), *crown,
                 (side - 0.02, 0.1), (side, 0.7), (side - 0.08, down)]  # fmt: skip
        edge = who.cheeks - 0.13
        inner: Path = [
            (-edge - 0.1, down), (-edge - 0.03, 0.9), (-edge - 0.01, 0.2), (-edge + 0.08, -0.5),
            (part - (part + edge) * 0.45, -1.06), (part, -1.34), (part + (edge - part) * 0.45, -1.06),
            (edge - 0.08, -0.5), (edge + 0.01, 0.2), (edge + 0.03, 0.9), (edge + 0.1, down),
        ]  # fmt: skip
        return outer, inner
    down = -0.05 if who.style == "tied" else 0.22
    outer = [(-who.cheeks - 0.005, down), (-who.cheeks - 0.03, down - 0.35), *crown,
             (who.cheeks + 0.03, down - 0.35), (who.cheeks + 0.005, down)]  # fmt: skip
    temple = who.cheeks - 0.09
    low, mid, high = {
        "crop": (-0.88, -1.1, -1.16), "side": (-0.8, -0.98, -1.2), "fringe": (-0.66, -0.68, -0.74),
        "tied": (-0.84, -1.1, -1.24),
    }[who.style]  # fmt: skip
    centre = {"crop": 0.0, "side": part, "fringe": 0.1, "tied": part}[who.style]
    brow: Path = [
        (-0.84, low), (centre - (centre + 0.84) * 0.5, mid), (centre, high),
        (centre + (0.84 - centre) * 0.5, mid), (0.84, low),
    ]  # fmt: skip
    return outer, [(-who.cheeks + 0.02, down), (-temple, down - 0.25), (-temple + 0.02, -0.5), *brow,
                   (temple - 0.02, -0.5), (temple, down - 0.25), (who.cheeks - 0.02, down)]  # fmt: skip


def _strands(who: Traits, pose: Pose) -> tuple[list[Line], list[Line]]:
    rng = np.random.default_rng(round(abs(who.parting) * 1e6))
    origin = (who.parting * 0.9 if who.style != "crop" else 0.0, -1.6 - who.volume * 0.8)
    long = who.style in {"bob", "long"}
    lines = []
    for index, place in enumerate(np.linspace(-1.25, 1.25, 40)):
        wobble = float(rng.normal()) * 0.05
        bottom = 1.6 if long and abs(place) > 0.75 else -0.55 + 0.12 * float(rng.normal())
        x = place * who.cheeks
        knee = (origin[0] + (x - origin[0]) * 0.75 + wobble, -1.25 + 0.25 * abs(place))
        end = (np.clip(x, -who.cheeks - 0.2, who.cheeks + 0.2) + wobble, bottom)
        lines.append(pose.place(curve([(origin[0] + index * 0.002, origin[1]), knee, end], closed=False)))
    return lines[::2], lines[1::2]
