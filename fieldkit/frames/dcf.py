"""Which files of a card folder are frames, and in what order they were shot.

Names follow DCF (JEITA CP-3461): folders ``NNNxxxxx`` and files ``xxxxNNNN.EXT``, beside which free
names of tethering programs are read by their last run of digits. Pure but for ``list_folder``.
"""

import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Literal

from fieldkit.file_names import folder_number, read_stem
from fieldkit.frames.errors import FolderClosed, NoImages, NoSuchFolder, NotAFolder

Kind = Literal["jpeg", "raw", "heif", "movie", "other"]

_EXTENSIONS: dict[Kind, str] = {
    "jpeg": "JPG JPEG JPE",
    "heif": "HEIC HEIF HIF",
    "raw": "CR2 CR3 CRW NEF NRW ARW SR2 SRF SRW RAF RW2 RWL ORF PEF DNG 3FR FFF IIQ X3F ERF TIF TIFF",
    "movie": "MOV MP4 AVI MTS M2TS MPG LRV INSV",
    "other": "XMP WAV THM AAE GPR JSN",
}
_KINDS: dict[str, Kind] = {ext: kind for kind, names in _EXTENSIONS.items() for ext in names.split()}
_FRAME_KINDS: dict[Kind, int] = {"jpeg": 0, "heif": 1, "raw": 2}

_LITTER_FOLDERS = frozenset(
    (
        *("MISC", "PRIVATE", "MP_ROOT", "AVF_INFO", "LOST.DIR", "@EADIR", "__MACOSX"),
        *("$RECYCLE.BIN", "SYSTEM VOLUME INFORMATION"),
    )
)
_LITTER_FILES = frozenset(("THUMBS.DB", "DESKTOP.INI", "ICON\r"))
_LITTER_EXTENSIONS = frozenset(("CTG", "TMP", "PART", "PARTIAL", "CRDOWNLOAD", "DOWNLOAD", "BAK", "LNK"))
_DEEPEST = 4
_LAST_NUMBER = 9999
# A step over 9999 is taken for a roll-over only when few numbers are missing around it: a wide hole
# at both ends is a body whose counter jumped to that of another card.
_ROLL_OVER_HOLE = 500


@dataclass(frozen=True, slots=True)
class CardFile:
    """One file of a card folder, as its name tells it.

    ``path`` is relative to DCIM or to the tether folder, with ``/``. ``folder`` is the DCF folder
    number and ``number`` the file number; each is 0 where the name gives none.
    """

    path: str
    folder: int
    number: int
    ext: str
    kind: Kind
    prefix: str = ""
    dcf: bool = False

    @property
    def stem(self) -> str:
        """Give the path without its extension, which the files of one exposure share."""
        return self.path[: len(self.path) - len(self.ext) - 1] if self.ext else self.path


@dataclass(frozen=True, slots=True)
class Frame:
    """One exposure: the files that share folder, number and stem, JPEG before HEIF before RAW."""

    files: tuple[CardFile, ...]
    companions: tuple[CardFile, ...] = ()

    @property
    def folder(self) -> int:
        """Give the DCF folder number, 0 for a free folder."""
        return self.files[0].folder

    @property
    def number(self) -> int:
        """Give the file number, 0 for a name without one."""
        return self.files[0].number


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of a folder: frames in shooting order, and what belongs to none."""

    frames: tuple[Frame, ...]
    loose: tuple[CardFile, ...]

    def files(self) -> tuple[CardFile, ...]:
        """Give every file, the frames' in shooting order first."""
        inside = [file for frame in self.frames for file in (*frame.files, *frame.companions)]
        return (*inside, *self.loose)


@dataclass(frozen=True, slots=True)
class Listing:
    """What was found on the disk: the folder that paths are relative to, and the paths.

    ``whole`` is False where only some files were asked for.
    """

    root: Path
    card_root: Path
    device: int
    paths: tuple[str, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    whole: bool = True


def is_litter(name: str, *, folder: bool = False) -> bool:
    """Tell whether a name is an operating system's or a camera's own, and no photo's."""
    upper = name.upper()
    if name.startswith("."):
        return True
    if folder:
        is_camera_settings = upper.endswith(("MISC", "MSC")) and not folder_number(name)
        return upper in _LITTER_FOLDERS or (is_camera_settings and len(upper) <= 8)
    return upper in _LITTER_FILES or upper.rpartition(".")[2] in _LITTER_EXTENSIONS


def read_path(path: str) -> CardFile | None:
    """Read one relative path by DCF's rules and their known deviations; None for what is ignored.

    Unknown endings count as ``other`` inside a DCF folder, where they came from a camera, and are
    ignored in a free folder, where they may be anything.
    """
    *folders, name = path.split("/")
    if not name or is_litter(name) or any(is_litter(part, folder=True) for part in folders):
        return None
    stem, dot, ext = name.rpartition(".")
    if not dot:
        stem, ext = name, ""
    folder = folder_number(folders[-1]) if folders else 0
    kind = _KINDS.get(ext.upper())
    if kind is None:
        if not folder:
            return None
        kind = "other"
    prefix, number, dcf = read_stem(stem)
    return CardFile(path, folder, number, ext, kind, prefix, dcf)


def arrange(paths: Iterable[str]) -> Shelf:
    """Group paths into frames and put them in shooting order.

    The order is folder number, then file number with 9999→0001; names are compared only where free
    names leave nothing else. It does not depend on the order of ``paths``.
    """
    groups: dict[str, list[CardFile]] = {}
    for file in filter(None, map(read_path, sorted(set(paths)))):
        groups.setdefault(file.stem.casefold(), []).append(file)
    frames: list[Frame] = []
    loose: list[CardFile] = []
    for members in _split_twins(groups.values()):
        shot = sorted(
            (file for file in members if file.kind in _FRAME_KINDS),
            key=lambda file: (_FRAME_KINDS[file.kind], file.path),
        )
        rest = tuple(file for file in members if file.kind not in _FRAME_KINDS)
        if shot:
            frames.append(Frame(tuple(shot), rest))
        else:
            loose.extend(rest)
    return Shelf(_in_shooting_order(frames), tuple(sorted(loose, key=_by_name)))


def _split_twins(groups: Iterable[list[CardFile]]) -> Iterable[list[CardFile]]:
    """Part files whose names differ only in letter case: they are different exposures."""
    for members in groups:
        if len({file.path.casefold() for file in members}) == len(members):
            yield members
            continue
        exact: dict[str, list[CardFile]] = {}
        for file in members:
            exact.setdefault(file.stem, []).append(file)
        for same in exact.values():
            if len({file.path.casefold() for file in same}) == len(same):
                yield same
            else:
                yield from ([file] for file in same)


def _by_name(file: CardFile) -> tuple[object, ...]:
    return (file.folder, _natural(file.path), file.path)


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    parts = re.split(r"(\d{1,18})", text.casefold(), flags=re.ASCII)
    return tuple((1, int(p), "") if i % 2 else (0, 0, p) for i, p in enumerate(parts))


def _in_shooting_order(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    by_folder: dict[tuple[int, str], list[Frame]] = {}
    for frame in frames:
        head = frame.files[0]
        where = "" if head.folder else head.path.rpartition("/")[0]
        by_folder.setdefault((head.folder, where), []).append(frame)
    numbered = sorted({folder for folder, _ in by_folder if folder})
    first_folder = _first_after_hole(numbered, lowest=100, highest=999, hole=50)

    def folder_key(key: tuple[int, str]) -> tuple[object, ...]:
        folder, where = key
        return (folder < first_folder, folder, _natural(where), where)

    return tuple(frame for key in sorted(by_folder, key=folder_key) for frame in _one_folder(by_folder[key]))


def _one_folder(frames: Sequence[Frame]) -> list[Frame]:
    series: dict[str, list[Frame]] = {}
    for frame in frames:
        head = frame.files[0]
        series.setdefault("" if head.dcf else head.prefix.casefold(), []).append(frame)
    ordered: list[Frame] = []
    for prefix in sorted(series, key=lambda text: (_natural(text), text)):
        members = series[prefix]
        counters = sorted({f.number for f in members if 0 < f.number <= _LAST_NUMBER})
        first = _first_after_hole(counters, lowest=1, highest=_LAST_NUMBER, hole=_ROLL_OVER_HOLE)
        if any(f.number > _LAST_NUMBER for f in members):
            first = 0
        ordered += sorted(members, key=partial(_frame_key, first))
    return ordered


def _frame_key(first: int, frame: Frame) -> tuple[object, ...]:
    path = frame.files[0].path
    return (frame.number < first, frame.number, _natural(path), path)


def _first_after_hole(numbers: Sequence[int], *, lowest: int, highest: int, hole: int) -> int:
    """Give the number at which a counter that rolled over began; the lowest when it did not.

    ``numbers`` ascend. The counter rolled over when both ends of its range are in use and a wider
    hole lies between them.
    """
    if len(numbers) < 2:
        return lowest
    around = (numbers[0] - lowest) + (highest - numbers[-1]) + 1
    width, first = max((b - a, b) for a, b in pairwise(numbers))
    return first if around <= hole and width > around else lowest


def list_folder(folder: Path) -> Listing:
    """List the files of a card (a folder holding DCIM), a DCF folder of one, or a tether folder.

    Links are not followed, names are not judged. A subfolder that cannot be listed is a row of
    ``unreadable`` (path, reason). Raises NoSuchFolder, NotAFolder, FolderClosed, NoImages.
    """
    root, card_root, start = _roots(folder)
    paths: list[str] = []
    unreadable: list[tuple[str, str]] = []
    _walk(root, start, paths, unreadable)
    found = filter(None, map(read_path, paths))
    if not unreadable and not any(file.kind != "other" for file in found):
        raise NoImages(folder=str(folder))
    return Listing(root, card_root, _device(root, folder), tuple(paths), tuple(unreadable))


def list_some(folder: Path, told: Iterable[str]) -> Listing:
    """List those of the told files of a card that are there; ``told`` are paths in ``folder``.

    Raises NoSuchFolder, NotAFolder, FolderClosed.
    """
    root, card_root, start = _roots(folder)
    inside = os.path.relpath(root / start, os.path.realpath(folder))
    below = "" if inside == "." else f"{inside}/"
    above = f"{start}/" if start else ""
    paths = [f"{above}{path[len(below) :]}" for path in told if path.startswith(below)]
    there = tuple(path for path in paths if path.count("/") <= _DEEPEST and _may_be_there(root, path))
    return Listing(root, card_root, _device(root, folder), there, whole=False)


def _roots(folder: Path) -> tuple[Path, Path, str]:
    """Give what paths are relative to, the card's top, and the folder below that is meant alone."""
    try:
        is_folder = stat.S_ISDIR(folder.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise NoSuchFolder(folder=str(folder)) from error
    except OSError as error:
        raise FolderClosed(folder=str(folder)) from error
    if not is_folder:
        raise NotAFolder(folder=str(folder))
    top = Path(os.path.realpath(folder))
    try:
        with os.scandir(top) as entries:
            dcim = min(
                (one.name for one in entries if one.name.upper() == "DCIM" and one.is_dir()), default=""
            )
    except OSError as error:
        raise FolderClosed(folder=str(folder)) from error
    if dcim:
        return top / dcim, top, ""
    if top.name.upper() == "DCIM":
        return top, top.parent, ""
    if folder_number(top.name) and top.parent.name.upper() == "DCIM":
        return top.parent, top.parent.parent, top.name
    return top, top, ""


def _device(root: Path, folder: Path) -> int:
    try:
        return root.stat().st_dev
    except OSError as error:
        raise FolderClosed(folder=str(folder)) from error


def _may_be_there(root: Path, path: str) -> bool:
    """Tell whether a file was not deleted since it was told; one that does not answer is there."""
    try:
        return stat.S_ISREG((root / path).lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True


def _walk(root: Path, start: str, paths: list[str], unreadable: list[tuple[str, str]]) -> None:
    waiting = [start]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(root / here) as entries:
                for entry in entries:
                    path = f"{here}/{entry.name}" if here else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        if not is_litter(entry.name, folder=True) and path.count("/") < _DEEPEST:
                            waiting.append(path)
                    elif entry.is_file(follow_symlinks=False):
                        paths.append(path)
        except PermissionError:
            unreadable.append((here, "no-permission"))
        except FileNotFoundError:
            unreadable.append((here, "gone"))
        except OSError:
            unreadable.append((here, "read-error"))
