"""What can be said of a portrait and of a delivery file: closed sets of words and plain values."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from fieldkit.words import Lang, Text
from fieldkit.words.portrait import LIMITS, REASONS

Verdict = Literal["good", "doubtful", "bad"]


class Reason(StrEnum):
    """Why a portrait is not plainly good."""

    UNREADABLE = "unreadable"
    TOO_SLOW = "too-slow"
    NO_FACE = "no-face"
    SEVERAL_FACES = "several-faces"
    TOO_SMALL = "too-small"
    OFF_CENTRE = "off-centre"
    FRAMING = "framing"
    TILTED = "tilted"
    BLURRED = "blurred"
    OVER_EXPOSED = "over-exposed"
    UNDER_EXPOSED = "under-exposed"
    UNEVEN_LIGHT = "uneven-light"
    COLOUR_CAST = "colour-cast"
    BACKGROUND = "background"
    EYES_NOT_FOUND = "eyes-not-found"

    @property
    def text(self) -> Text:
        """Give the words a person reads."""
        return REASONS[self.value]


class Limit(StrEnum):
    """A limit of the profile that a delivery file does not keep."""

    SIZE = "size"
    MODE = "mode"
    DPI = "dpi"
    BYTES_LOW = "bytes-low"
    BYTES_HIGH = "bytes-high"
    QUALITY = "quality"
    BASELINE = "baseline"
    METADATA = "metadata"
    ORIENTATION = "orientation"
    COMPLETE = "complete"
    BACKGROUND = "background"
    HAIRLINE = "hairline"
    EYES = "eyes"
    FACE_WIDTH = "face-width"
    CENTRED = "centred"
    ENLARGED = "enlarged"


@dataclass(frozen=True, slots=True)
class Problem:
    """One limit that is not kept: what was measured, and what was wanted."""

    limit: Limit
    found: str
    wanted: str

    def say(self, lang: Lang) -> str:
        """Say it in one language."""
        return LIMITS[self.limit.value].say(lang, found=self.found, wanted=self.wanted)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery file, its properties, and the limits that the frame could not satisfy."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    quality: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is said of one frame: how many faces, how good, why, and its delivery crop.

    ``crop`` is None where no face was found; ``problems`` are the limits the crop does not keep.
    """

    faces: int
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    crop: bytes | None = field(default=None, repr=False)
