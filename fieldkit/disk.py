"""Writing small files so that they are whole after a power cut."""

import os
from pathlib import Path


def write_file_safely(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file whole or not at all: new file, fsync, rename, fsync of the folder.

    Raises OSError; the old file, if any, then still stands.
    """
    fresh = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder_safely(path: Path, mode: int = 0o700) -> None:
    """Make a folder, and its parents, so that a power cut cannot take it away.

    Its own name is synced even where it is there already: whoever made it may not have come to that.
    Raises OSError.
    """
    if not path.is_dir():
        if not path.parent.is_dir():
            make_folder_safely(path.parent, mode)
        path.mkdir(mode=mode, exist_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's own entries to stable storage.

    Raises OSError.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
