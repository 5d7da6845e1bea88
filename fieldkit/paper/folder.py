"""The delivery folder on disk: what is there, and changing it all at once or not at all."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fieldkit.disk import sync_folder, write_file_safely
from fieldkit.paper.errors import (
    DeliveryBusy,
    DeliveryInHome,
    DeliveryNotAFolder,
    FileInTheWay,
    disk_error,
)
from fieldkit.paper.sums import NAME, read_sums, write_sums

_STAGING = ".fieldkit-"
_MOST_SUMS = 64 << 20


class DeliveryFolder:
    """A delivery folder that is held by this run alone.

    New files are written aside first. ``commit`` then brings the list of checksums into place before
    the files, so that whenever it is cut short every file of ours is known as ours the next time.
    """

    def __init__(self, root: Path, sums: dict[str, str]) -> None:
        self.root = root
        self.sums = sums
        self._staging = root / f"{_STAGING}{secrets.token_hex(8)}"
        self._staged: dict[str, tuple[Path, str]] = {}
        self._found: dict[str, str | None] = {}

    def stage(self, path: str, content: bytes) -> str:
        """Write a file aside and give its SHA-256. Raises NoRoom, NotWritable."""
        sha256 = hashlib.sha256(content).hexdigest()
        aside = self._staging / f"{len(self._staged):06d}"
        with disk_errors(self.root / path):
            if not self._staging.is_dir():
                self._staging.mkdir(mode=0o700)
            write_file_safely(aside, content, 0o644)
        self._staged[path] = (aside, sha256)
        return sha256

    def found(self, path: str) -> str | None:
        """Give the SHA-256 of the file that stands there now; None where there is none.

        Raises FileInTheWay where it is no plain file, and NotWritable where it cannot be read.
        """
        if path not in self._found:
            self._found[path] = self._hash(path)
        return self._found[path]

    def read(self, path: str) -> bytes:
        """Give the content of a file that was found. Raises NotWritable."""
        with disk_errors(self.root / path):
            return (self.root / path).read_bytes()

    def is_ours(self, path: str) -> bool:
        """Say whether the list of checksums names a path."""
        return path in self.sums

    def check_folders(self, paths: Iterable[str]) -> None:
        """See that every folder can be made and leads nowhere else. Raises FileInTheWay."""
        for parent in sorted({parent for path in paths for parent in Path(path).parents if parent.name}):
            place = self.root / parent
            if place.is_symlink() or (place.exists() and not place.is_dir()):
                raise FileInTheWay(path=place)

    def commit(self, gone: list[str], sums: dict[str, str]) -> None:
        """Remove the files of ``gone``, put the list of checksums in place, then what was staged.

        Raises NoRoom, NotWritable.
        """
        with disk_errors(self.root):
            # The old lines stay until the files are in place: what we own must never be unknown.
            first = {**self.sums, **sums}
            if first != self.sums:
                self._write_sums(first)
            touched = set()
            for path, (aside, _) in self._staged.items():
                target = self.root / path
                if not target.parent.is_dir():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    touched.add(target.parent.parent)
                aside.replace(target)
                touched.add(target.parent)
            for path in gone:
                (self.root / path).unlink(missing_ok=True)
                touched.add((self.root / path).parent)
            for folder in sorted(touched, key=lambda one: len(one.parts), reverse=True):
                sync_folder(folder)
            if sums != first:
                self._write_sums(sums)
            for path in gone:
                with contextlib.suppress(OSError):
                    (self.root / path).parent.rmdir()

    def clear(self) -> None:
        """Take away what was written aside."""
        shutil.rmtree(self._staging, ignore_errors=True)

    def _write_sums(self, sums: Mapping[str, str]) -> None:
        write_file_safely(self.root / NAME, write_sums(sums), 0o644)

    def _hash(self, path: str) -> str | None:
        place = self.root / path
        with disk_errors(place):
            if place.is_symlink() or place.is_dir():
                raise FileInTheWay(path=place)
            try:
                with place.open("rb") as file:
                    return hashlib.file_digest(file, "sha256").hexdigest()
            except (FileNotFoundError, NotADirectoryError):
                return None


def refuse_home(folder: Path, home: Path) -> None:
    """See that a delivery folder does not lie in the home, which holds nothing that others read.

    Raises DeliveryInHome, DeliveryNotAFolder, NotWritable.
    """
    with disk_errors(folder):
        if _resolved(folder).is_relative_to(home.resolve()):
            raise DeliveryInHome(folder=folder)


@contextlib.contextmanager
def open_folder(folder: Path) -> Iterator[DeliveryFolder]:
    """Hold a delivery folder, making it where there is none; nothing stays behind if this raises.

    Raises DeliveryNotAFolder, DeliveryBusy, SumsForeign, NotWritable, NoRoom.
    """
    with disk_errors(folder):
        root = _resolved(folder)
        if root.exists() and not root.is_dir():
            raise DeliveryNotAFolder(folder=folder)
        made = _make(root, folder)
    try:
        with _held(root, folder):
            with disk_errors(root):
                for stale in root.glob(f"{_STAGING}*"):
                    shutil.rmtree(stale, ignore_errors=True)
                sums = _sums(root)
            place = DeliveryFolder(root, sums)
            try:
                yield place
            finally:
                place.clear()
    except BaseException:
        for one in reversed(made):
            with contextlib.suppress(OSError):
                one.rmdir()
        raise


@contextlib.contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn a failure of the disk that is delivered to into its leaf."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, path) from error


def _resolved(folder: Path) -> Path:
    try:
        return folder.expanduser().resolve()
    except (ValueError, RuntimeError) as error:
        raise DeliveryNotAFolder(folder=folder) from error


def _make(root: Path, folder: Path) -> list[Path]:
    missing = []
    place = root
    while not place.exists():
        missing.append(place)
        place = place.parent
    if not place.is_dir():
        raise DeliveryNotAFolder(folder=folder)
    made: list[Path] = []
    try:
        for one in reversed(missing):
            one.mkdir()
            made.append(one)
    except OSError:
        for one in reversed(made):
            one.rmdir()
        raise
    return made


@contextlib.contextmanager
def _held(root: Path, folder: Path) -> Iterator[None]:
    with disk_errors(root):
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DeliveryBusy(folder=folder) from error
        except OSError:
            # Some network shares cannot lock; two runs at once are then the person's own care.
            pass
        yield
    finally:
        os.close(descriptor)


def _sums(root: Path) -> dict[str, str]:
    place = root / NAME
    if place.is_symlink() or place.is_dir():
        raise FileInTheWay(path=place)
    try:
        with place.open("rb") as file:
            return read_sums(file.read(_MOST_SUMS), str(place))
    except FileNotFoundError:
        return {}
