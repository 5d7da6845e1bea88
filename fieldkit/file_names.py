"""What the name of a camera's file tells, by DCF (JEITA CP-3461) and its known deviations.

Folders are ``NNNxxxxx`` and files ``xxxxNNNN.EXT``; free names of tethering programs are read by
their last run of digits. Copies that a computer made (``IMG_0110 (1)``, ``IMG_0110-2``) keep their number.
"""

import re
from typing import NamedTuple

_FOLDER = re.compile(r"([1-9]\d\d)[A-Z0-9_]{5}", re.IGNORECASE | re.ASCII)
_STEM = re.compile(r"([A-Z0-9_]{4})(\d{4})", re.IGNORECASE | re.ASCII)
_COPY_STEM = re.compile(
    r"(?=.{0,3}[A-Z_])([A-Z0-9_]{4})(\d{4})(?: ?\(\d{1,3}\)|[-_]\d)", re.IGNORECASE | re.ASCII
)
_FREE_STEM = re.compile(r"(.*?)(\d+)(?: ?\(\d{1,3}\))?\D*", re.ASCII | re.DOTALL)


class FileName(NamedTuple):
    """The parts of a file's name before its extension; ``number`` is 0 where there is none."""

    prefix: str
    number: int
    dcf: bool


def folder_number(name: str) -> int:
    """Give the number 100–999 of a DCF folder name, or 0."""
    match = _FOLDER.fullmatch(name)
    return int(match[1]) if match else 0


def read_stem(stem: str) -> FileName:
    """Read a file's name without its extension."""
    strict = _STEM.fullmatch(stem) or _COPY_STEM.fullmatch(stem)
    if strict and strict[2] != "0000":
        return FileName(strict[1], int(strict[2]), dcf=True)
    free = _FREE_STEM.fullmatch(stem)
    return FileName(free[1], _number(free[2]), dcf=False) if free else FileName(stem, 0, dcf=False)


def counter(stem: str) -> int:
    """Give the last run of digits of a name without its extension, copies like their original; 0 for none.

    Unlike DCF's four digits it goes on over 9999 where a program or a camera counts farther.
    """
    copy = _COPY_STEM.fullmatch(stem)
    free = _FREE_STEM.fullmatch(f"{copy[1]}{copy[2]}" if copy else stem)
    return _number(free[2]) if free else 0


def _number(digits: str) -> int:
    # int() refuses thousands of digits; a number of more than 18 is no counter anyway.
    return int(digits[-18:])
