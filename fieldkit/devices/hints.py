"""What the file system says of a folder, as a hint of when and where to look."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from fieldkit.devices.settling import Sign

if TYPE_CHECKING:
    from watchdog.events import FileSystemEventHandler

_LOOKED_AT = frozenset({"opened", "closed_no_write"})


@dataclass(frozen=True, slots=True)
class Heard:
    """Files that something was reported of, and whether folders came or went."""

    files: frozenset[str] = frozenset()
    folders: bool = False


class FolderHints:
    """Listens to inotify through watchdog while it is open; without it ``alive`` is False."""

    def __init__(self, folder: Path, stirred: threading.Event, *, wanted: bool) -> None:
        self._folder = folder
        self._wake = stirred
        self._wanted = wanted
        self._observer: Any = None
        self._lock = threading.Lock()
        self._signs: dict[str, Sign] = {}
        self._closed_at: dict[str, int] = {}
        self._files: set[str] = set()
        self._folders = False

    @property
    def alive(self) -> bool:
        """Tell whether changes are reported at all."""
        return self._observer is not None and self._observer.is_alive()

    def take(self) -> Heard:
        """Give what was reported since the last call."""
        with self._lock:
            heard = Heard(frozenset(self._files), self._folders)
            self._files, self._folders = set(), False
        return heard

    def sign(self, path: str) -> Sign:
        """Tell whether a file is being written, or was closed after writing."""
        with self._lock:
            return self._signs.get(path, "unknown")

    def forget(self, paths: Iterable[str]) -> None:
        """Drop what is known of files that are settled or gone."""
        with self._lock:
            for path in paths:
                self._signs.pop(path, None)
                self._closed_at.pop(path, None)

    def __enter__(self) -> Self:
        """Start listening; a limit of the system only makes the folder blind."""
        self._observer = self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        _end(self._observer)
        self._observer = None

    def renew(self) -> None:
        """Listen anew, keeping what was heard: watches die with a mount, and say nothing of it."""
        before, self._observer = self._observer, self._listen()
        _end(before)

    def _listen(self) -> Any:
        if not self._wanted:
            return None
        from watchdog.observers import Observer

        logger = logging.getLogger("watchdog")
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
        observer = Observer()
        handler = cast("FileSystemEventHandler", _Handler(self._heard))
        try:
            observer.schedule(handler, str(self._folder), recursive=True)
            observer.start()
        except OSError:
            return None
        return observer

    def _heard(self, kind: str, path: str, moved_to: str) -> None:
        base = len(str(self._folder)) + 1
        name = (moved_to if kind == "moved" else path)[base:]
        if kind in _LOOKED_AT:
            return
        with self._lock:
            if kind == "folder":
                self._folders = True
            elif name:
                self._files.add(name)
                self._note(kind, name)
        self._wake.set()

    def _note(self, kind: str, name: str) -> None:
        if kind == "modified":
            # Times and rights set after closing are reported as changes too; the size tells.
            same = self._signs.get(name) == "ended" and self._closed_at.get(name) == self._size(name)
            self._signs[name] = "ended" if same else "open"
        elif kind in {"closed", "moved"}:
            self._signs[name] = "ended"
            self._closed_at[name] = self._size(name)

    def _size(self, name: str) -> int:
        try:
            return (self._folder / name).lstat().st_size
        except OSError:
            return -1


def _end(observer: Any) -> None:
    if observer is not None:
        try:
            observer.stop()
            observer.join(5)
        except (OSError, KeyError, RuntimeError):
            # The watches of a volume that is gone are gone with it.
            return


class _Handler:
    """What watchdog calls in its own thread."""

    def __init__(self, heard: Any) -> None:
        self._heard = heard

    def dispatch(self, event: Any) -> None:
        """Pass on the kind and the paths of an event about a file."""
        if event.is_directory:
            # A folder is reported as modified for every file in it, which is reported too.
            if event.event_type in {"created", "moved", "deleted"}:
                self._heard("folder", "", "")
        else:
            self._heard(event.event_type, str(event.src_path), str(event.dest_path or ""))
