"""What an invented sitter looks like, drawn from a seed alone: nobody's likeness."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from fieldkit.rehearsal.photos_canvas import Colour, mix

Hair = Literal["crop", "side", "fringe", "bob", "long", "tied"]
Clothes = Literal["shirt", "jacket", "round", "vee", "gown"]

_SKINS: tuple[Colour, ...] = (
    (241, 205, 180), (232, 190, 160), (222, 178, 145), (208, 160, 126), (190, 140, 106),
)  # fmt: skip
_HAIRS: tuple[Colour, ...] = (
    (24, 21, 22), (34, 27, 25), (48, 35, 28), (64, 44, 32), (84, 58, 40),
)  # fmt: skip
_CLOTHES: tuple[Colour, ...] = (
    (238, 238, 236), (226, 222, 214), (62, 66, 78), (38, 40, 46), (120, 44, 50), (96, 104, 92),
    (172, 152, 128), (205, 176, 178), (84, 72, 104), (140, 144, 150),
)  # fmt: skip
_FRAMES: tuple[Colour, ...] = ((40, 38, 40), (92, 70, 52), (120, 122, 128), (150, 118, 66))


@dataclass(frozen=True, slots=True)
class Traits:
    """A sitter. Sizes are factors around 1 or shares of the distance of the pupils."""

    skin: Colour
    hair: Colour
    lips: Colour
    iris: Colour
    style: Hair
    parting: float
    jaw: float
    chin: float
    cheeks: float
    forehead: float
    eye_open: float
    eye_long: float
    eye_slant: float
    lid_fold: bool
    brow_thick: float
    brow_arch: float
    brow_high: float
    nose_wide: float
    nose_long: float
    mouth_wide: float
    lip_full: float
    volume: float
    neck: float
    shoulders: float
    clothes: Clothes
    cloth: Colour
    second_cloth: Colour
    glasses: Colour | None
    glasses_round: float
    moles: tuple[tuple[float, float], ...]


def traits_of(seed: int) -> Traits:
    """Invent a sitter: the same seed gives the same one, on every machine."""
    rng = np.random.default_rng([7, abs(seed)])

    def around(middle: float, spread: float) -> float:
        return middle + spread * float(np.clip(rng.normal(), -2, 2)) / 2

    woman = bool(rng.random() < 0.5)
    place = float(rng.random() ** 1.6) * (len(_SKINS) - 1.001)
    skin = mix(_SKINS[int(place)], _SKINS[int(place) + 1], place % 1)
    hair = _HAIRS[int(rng.choice(5, p=[0.38, 0.3, 0.18, 0.09, 0.05]))]
    styles: tuple[Hair, ...] = ("bob", "long", "tied", "long") if woman else ("crop", "side", "fringe")
    kinds: tuple[Clothes, ...] = ("shirt", "jacket", "round", "vee", "gown")
    clothes = kinds[int(rng.choice(5, p=[0.34, 0.2, 0.2, 0.14, 0.12]))]
    cloth = _CLOTHES[int(rng.integers(len(_CLOTHES)))]
    if clothes == "jacket":
        cloth = _CLOTHES[int(rng.choice([2, 3, 3, 2, 9]))]
    if clothes == "gown":
        cloth = (30, 30, 36)
    glasses = _FRAMES[int(rng.integers(len(_FRAMES)))] if rng.random() < 0.34 else None
    lip_red: Colour = (196, 88, 92) if woman else (178, 98, 90)
    return Traits(
        skin=skin,
        hair=hair,
        lips=mix(skin, lip_red, around(0.62 if woman else 0.5, 0.16)),
        iris=mix((38, 24, 18), (84, 54, 34), float(rng.random())),
        style=styles[int(rng.integers(len(styles)))],
        parting=float(rng.choice([-1, 1])) * around(0.42, 0.2),
        jaw=around(0.92 if woman else 1.03, 0.09),
        chin=around(1.74 if woman else 1.82, 0.09),
        cheeks=around(1.08 if woman else 1.11, 0.05),
        forehead=around(1.0, 0.05),
        eye_open=around(1.06 if woman else 0.98, 0.13),
        eye_long=around(1.0, 0.06),
        eye_slant=around(0.02, 0.03),
        lid_fold=bool(rng.random() < 0.6),
        brow_thick=around(0.075 if woman else 0.105, 0.025),
        brow_arch=around(0.07 if woman else 0.045, 0.03),
        brow_high=around(0.37, 0.04),
        nose_wide=around(0.92 if woman else 1.04, 0.12),
        nose_long=around(0.8, 0.06),
        mouth_wide=around(0.41, 0.05),
        lip_full=around(1.08 if woman else 0.94, 0.2),
        volume=around(0.3 if woman else 0.24, 0.08),
        neck=around(0.6 if woman else 0.73, 0.06),
        shoulders=around(2.45 if woman else 2.8, 0.18),
        clothes=clothes,
        cloth=cloth,
        second_cloth=_CLOTHES[int(rng.choice([0, 1, 7, 0]))],
        glasses=glasses,
        glasses_round=float(rng.random()),
        moles=tuple(
            (float(rng.uniform(-0.65, 0.65)), float(rng.uniform(0.35, 1.2)))
            for _ in range(int(rng.choice(3, p=[0.62, 0.28, 0.1])))
        ),
    )
