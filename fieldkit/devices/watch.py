"""A camera's folder, mounted or tethered: which files have come and stopped growing.

The truth is a look at the folder, made again and again: often at its names, at every file's size now and
then. The file system's own messages only say when to look. So an overflow of them, a remount they do not
survive, or a FUSE mount that sends none costs time at most, never a file.
"""

import logging
import os
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fieldkit.clock import Clock
from fieldkit.devices.events import FilesSettled, FilesVanished, FolderChanged, SettledFile
from fieldkit.devices.hints import FolderHints
from fieldkit.devices.loop import Emit
from fieldkit.devices.settling import Settling, Shape, Sign
from fieldkit.devices.volumes import MOUNTINFO, MountChanges, read_mount_table

_CALM_S = 0.05
_PENDING_S = 0.12
_LOOK_S = 0.5
_IDLE_S = 2.0
_BLIND_S = 0.2
# A look may cost this part of the time at most, and asking again for sizes that part, whatever the
# number of files.
_LOOK_PART = 1 / 3
_SIZES_PART = 1 / 10
_MISSING_S = 0.5
_DEEPEST = 8
_MOST_AT_REST = 64
_MOST_ENDS_READ = 10_000
_MOST_FILES_AN_EVENT = 1000
_TEMPORARY = (".part", ".tmp", ".temp", ".crdownload", ".partial", "~")
_SILENT_KINDS = ("fuse", "nfs", "cifs", "smb", "9p")
_JPEG = (".jpg", ".jpeg")
# What a JPEG's end and the file system say together; an end inside a file that is open may be a thumbnail's.
_WITH_END: dict[Sign, Sign] = {"ended": "closed", "unknown": "ended", "open": "unknown"}


@dataclass(frozen=True, slots=True)
class Tree:
    """What a scan found: relative path to shape; ``whole`` is False where a part was unreadable."""

    files: dict[str, Shape]
    whole: bool


class FolderWatch:
    """Tells the files of one folder as they settle, over unmounting and mounting again.

    With ``DCIM`` in it only that is looked at. Hidden, empty and temporary files are not told.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.name = "card folder"
        self._clock = clock
        self._stirred = threading.Event()
        self._ends: dict[SettledFile, bool] = {}

    def wake(self) -> None:
        """End the wait for the next look."""
        self._stirred.set()

    def run(self, stop: threading.Event, emit: Emit) -> None:
        """Serve until stopped."""
        told_missing = False
        while not stop.is_set():
            identity = _identity(self.folder)
            if identity is None:
                if not told_missing and not self._present(emit, present=False):
                    return
                told_missing = True
                self._rest(_MISSING_S, stop)
                continue
            told_missing = False
            if not self._watch(identity, stop, emit):
                return
            if _identity(self.folder) is not None and not self._present(emit, present=False):
                return

    def _watch(self, identity: tuple[int, ...], stop: threading.Event, emit: Emit) -> bool:
        """Look until the folder is another one; False when the loop is to end."""
        settling = Settling()
        hints_wanted = _sends_hints(self.folder)
        next_whole_ms = 0
        with MountChanges() as mounts, FolderHints(self.folder, self._stirred, wanted=hints_wanted) as hints:
            in_turn = _InTurn(settling, self._clock)
            if not self._present(emit, present=True):
                return False
            while not stop.is_set():
                if mounts.changed():
                    hints.renew()
                    next_whole_ms = 0
                heard = hints.take()
                started_ms = self._clock.mono_ms()
                if heard.folders or started_ms >= next_whole_ms:
                    rest_ms = round((_IDLE_S if hints.alive else _BLIND_S) * 1000)
                    with in_turn.look(round(rest_ms * _SIZES_PART)):
                        tree = scan_folder(self.folder, in_turn.shape)
                    cost_ms = self._clock.mono_ms() - started_ms
                    next_whole_ms = started_ms + max(rest_ms, round(cost_ms / _LOOK_PART))
                else:
                    some = settling.pending | _told_of(self.folder, heard.files)
                    tree = Tree(_shapes(self.folder, some), whole=False)
                    cost_ms = self._clock.mono_ms() - started_ms
                if _identity(self.folder) != identity:
                    return True
                if not self._take(settling, tree, hints, emit):
                    return False
                now_ms = self._clock.mono_ms()
                due_ms = max(0, next_whole_ms - now_ms)
                if settling.pending:
                    soon_ms = settling.due_ms(now_ms) or round(_PENDING_S * 1000)
                    due_ms = min(due_ms, max(soon_ms, round(cost_ms / _LOOK_PART)))
                self._rest(due_ms / 1000, stop)
        return False

    def _take(self, settling: Settling, tree: Tree, hints: FolderHints, emit: Emit) -> bool:
        now_ms = self._clock.mono_ms()
        settling.look(tree.files, now_ms)
        gone = settling.vanished(tree.files) if tree.whole else ()
        hints.forget(gone)
        if gone and not emit(FilesVanished(self._clock.now(), str(self.folder), gone)):
            return False
        still = settling.settled(self._signs(settling.calm(now_ms), hints), now_ms)
        hints.forget(file.path for file in still)
        if not settling.pending:
            self._ends.clear()
        for start in range(0, len(still), _MOST_FILES_AN_EVENT):
            files = still[start : start + _MOST_FILES_AN_EVENT]
            if not emit(FilesSettled(self._clock.now(), str(self.folder), files)):
                return False
        return True

    def _signs(self, calm: Sequence[SettledFile], hints: FolderHints) -> dict[str, Sign]:
        signs: dict[str, Sign] = {}
        few = len(calm) <= _MOST_AT_REST
        read = 0
        for file in calm:
            told = hints.sign(file.path)
            # A card with thousands of files is at rest: reading the end of each would only delay it.
            if file.path.lower().endswith(_JPEG) and (few or told != "unknown"):
                if file not in self._ends and read < _MOST_ENDS_READ:
                    self._ends[file] = jpeg_has_end(self.folder, file)
                    read += 1
                signs[file.path] = _WITH_END[told] if self._ends.get(file) else "open"
            elif told != "unknown":
                signs[file.path] = told
        return signs

    def _present(self, emit: Emit, *, present: bool) -> bool:
        return emit(FolderChanged(self._clock.now(), str(self.folder), present))

    def _rest(self, seconds: float, stop: threading.Event) -> None:
        # A file being written stirs a hundred times a second; twenty looks are enough.
        if not stop.wait(_CALM_S):
            self._stirred.wait(max(0.0, min(seconds, _LOOK_S) - _CALM_S))
        self._stirred.clear()


class _InTurn:
    """Has the sizes of files at rest asked for in turn, in each look as many as there is time for."""

    def __init__(self, settling: Settling, clock: Clock) -> None:
        self._settling = settling
        self._clock = clock
        self._asked = self._met = self._end_ms = 0

    @contextmanager
    def look(self, most_ms: int) -> Iterator[None]:
        """Make one look; it goes on where the last one had to stop, and begins anew after the last file."""
        self._met, self._end_ms = 0, self._clock.mono_ms() + most_ms
        yield
        if self._asked >= self._met:
            self._asked = 0

    def shape(self, path: str) -> Shape | None:
        """Give what is known of a file, or None where its size is to be asked for."""
        shape = self._settling.at_rest(path)
        if shape is not None:
            self._met += 1
            if self._met > self._asked and self._clock.mono_ms() <= self._end_ms:
                self._asked = self._met
                return None
        return shape


def scan_folder(folder: Path, at_rest: Callable[[str], Shape | None] | None = None) -> Tree:
    """List the files of a card folder with their sizes and times; unreadable parts are left out.

    A file that ``at_rest`` gives a shape for is taken to be as it was: asking for thousands of sizes takes
    a FUSE mount far longer than listing the names.
    """
    pictures = _pictures(folder)
    files: dict[str, Shape] = {}
    whole = True
    base = len(str(folder)) + 1
    waiting = [(str(pictures), 0)]
    while waiting:
        place, depth = waiting.pop()
        try:
            for entry, is_folder in _entries(place):
                if is_folder:
                    if depth < _DEEPEST:
                        waiting.append((entry.path, depth + 1))
                    continue
                path = entry.path[base:]
                shape = at_rest(path) if at_rest is not None else None
                if shape is None:
                    status = entry.stat(follow_symlinks=False)
                    shape = status.st_size, status.st_mtime_ns
                if shape[0]:
                    files[path] = shape
        except OSError as problem:
            whole = False
            logging.getLogger("fieldkit.devices").info("scan: %s", type(problem).__name__)
    return Tree(files, whole)


def jpeg_has_end(folder: Path, file: SettledFile) -> bool:
    """Tell whether a JPEG's last bytes are its end marker, with or without padding behind it.

    False where it is no longer the file that was seen: its end would speak for another state.
    """
    try:
        with (folder / file.path).open("rb") as opened:
            opened.seek(max(0, file.size - 4096))
            ends = opened.read(4096).rstrip(b"\0").endswith(b"\xff\xd9")
            status = os.fstat(opened.fileno())
    except OSError:
        return False
    return ends and (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)


def _entries(place: str) -> Iterator[tuple[os.DirEntry[str], bool]]:
    with os.scandir(place) as listed:
        for entry in listed:
            if not _is_told(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield entry, True
            elif entry.is_file(follow_symlinks=False):
                yield entry, False


def _pictures(folder: Path) -> Path:
    return next((folder / name for name in ("DCIM", "dcim") if (folder / name).is_dir()), folder)


def _told_of(folder: Path, paths: frozenset[str]) -> frozenset[str]:
    pictures = _pictures(folder)
    below = "" if pictures == folder else f"{pictures.name}/"
    return frozenset(path for path in paths if path.startswith(below) and _is_told(path))


def _is_told(path: str) -> bool:
    names = path.split("/")
    return not (path.lower().endswith(_TEMPORARY) or any(name.startswith(".") for name in names))


def _shapes(folder: Path, paths: frozenset[str]) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    place = str(folder)
    for path in paths:
        try:
            status = os.lstat(f"{place}/{path}")
        except OSError:
            continue
        if status.st_size and stat.S_ISREG(status.st_mode):
            shapes[path] = (status.st_size, status.st_mtime_ns)
    return shapes


def _identity(folder: Path) -> tuple[int, ...] | None:
    try:
        status = folder.stat()
        file_system = os.statvfs(folder).f_fsid
        with os.scandir(folder) as listed:
            next(listed, None)
    except OSError:
        return None
    return status.st_dev, status.st_ino, file_system


def _sends_hints(folder: Path) -> bool:
    """Tell whether the file system under a folder reports changes made by others."""
    try:
        mounts = read_mount_table(MOUNTINFO.read_bytes())
    except OSError:
        return True
    place = str(folder.resolve())
    over = [
        mount for mount in mounts if place == mount.path or place.startswith(mount.path.rstrip("/") + "/")
    ]
    last = max(enumerate(over), key=lambda at: (len(at[1].path), at[0]), default=None)
    return last is None or not last[1].kind.startswith(_SILENT_KINDS)
