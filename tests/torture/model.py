"""A disk that promises only what POSIX does, fed with what strace saw.

Bytes survive once their file was synced, names once their folder was; everything else may or may not be
there, page by page and name by name. A sync that fails leaves its pages marked clean, as Linux does: the
next sync of the file does not bring them down. States of the disk are written out as folders and checked.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.tracing import Begun, Call, Step

PAGE = 4096
_CHANGES = frozenset(
    [
        "creat",
        "truncate",
        "fallocate",
        "copy_file_range",
        "sendfile",
        "pwritev",
        "pwritev2",
        "link",
        "linkat",
        "symlink",
        "symlinkat",
        "dup",
        "dup2",
        "dup3",
        "renameat",
        "renameat2",
        "mkdirat",
    ]
)


class NotModelled(Exception):
    """The victim made a call on the home whose meaning the model does not know."""


@dataclass
class File:
    """A file's bytes now and on the disk, and the pages on which a sync would still bring them down."""

    now: bytearray = field(default_factory=bytearray)
    kept: bytearray = field(default_factory=bytearray)
    dirty: set[int] = field(default_factory=set)
    # What a truncation that is not synced yet would cut.
    size_dirty: bool = False

    def write(self, at: int, content: bytes) -> None:
        if len(self.now) < at:
            self.now.extend(bytes(at - len(self.now)))
        self.now[at : at + len(content)] = content
        self.dirty.update(range(at // PAGE, (at + max(len(content), 1) - 1) // PAGE + 1))
        self.size_dirty = True

    def truncate(self, size: int) -> None:
        del self.now[size:]
        self.now.extend(bytes(size - len(self.now)))
        self.size_dirty = True
        self.dirty.add(size // PAGE)

    def snapshot(self) -> "File":
        return File(bytearray(self.now), bytearray(), set(self.dirty), self.size_dirty)

    def keep(self, then: "File") -> None:
        """Bring down what was dirty when the sync began."""
        self.kept = self.with_pages(then, then.dirty, then.size_dirty)
        self.forget(then)

    def forget(self, then: "File") -> None:
        """Count what was dirty then as clean, whether or not it came down."""
        self.dirty -= {page for page in then.dirty if _page(self.now, page) == _page(then.now, page)}
        self.size_dirty = self.size_dirty and len(self.now) != len(then.now)

    def with_pages(self, then: "File", pages: Iterable[int], size: bool) -> bytearray:
        """Give the bytes on the disk if just these pages came down, and perhaps the new size."""
        out = bytearray(self.kept)
        for page in pages:
            content = _page(then.now, page)
            if len(out) < page * PAGE:
                out.extend(bytes(page * PAGE - len(out)))
            out[page * PAGE : page * PAGE + len(content)] = content
        if size:
            del out[len(then.now) :]
            out.extend(bytes(len(then.now) - len(out)))
        return out


@dataclass
class Folder:
    """A folder's names now and on the disk."""

    now: dict[bytes, "File | Folder"] = field(default_factory=dict)
    kept: dict[bytes, "File | Folder"] = field(default_factory=dict)

    def keep(self) -> None:
        self.kept = dict(self.now)

    def differing(self) -> list[bytes]:
        names = {*self.now, *self.kept}
        return sorted(name for name in names if self.now.get(name) is not self.kept.get(name))


Node = File | Folder


@dataclass
class _Open:
    node: Node
    at: int = 0
    append: bool = False


class Disk:
    """The disk under one folder, which all begins synced."""

    def __init__(self, root: Path) -> None:
        self._top = bytes(root)
        self.root = _load(root)
        self._open: dict[int, _Open] = {}
        self._syncing: dict[int, File] = {}

    def restarted(self) -> None:
        """Forget what the program had open: it was killed, and another begins."""
        self._open.clear()
        self._syncing.clear()

    def run(self, steps: Iterable[Step]) -> Iterator[bytes]:
        """Follow the calls and stop at every ``writev``, which is where victims acknowledge."""
        for step in steps:
            if isinstance(step, Begun):
                self._begin(step.call)
            elif step.name == "writev":
                if step.result > 0:
                    yield b"".join(step.texts())
            else:
                self._follow(step)

    def _begin(self, call: Call) -> None:
        if call.name in {"fsync", "fdatasync"}:
            found = self._open.get(call.descriptor())
            if found and isinstance(found.node, File):
                self._syncing[call.thread] = found.node.snapshot()

    def _follow(self, call: Call) -> None:
        parts, texts = call.parts(), call.texts()
        at = self._open.get(call.descriptor())
        match call.name:
            case "openat" | "open" if call.result >= 0:
                self._opened(call, texts[0])
            case "close" if not call.injected:
                self._open.pop(call.descriptor(), None)
            case "fcntl" if at and "F_DUPFD" in call.arguments:
                raise NotModelled(call.arguments)
            case "fsync" | "fdatasync" if at:
                self._synced(call, at.node)
            case _ if call.result < 0:
                return
            case "read" | "readv" if at:
                at.at += call.result
            case "lseek" if at:
                at.at = call.result
            case "write" if at and isinstance(at.node, File):
                place = len(at.node.now) if at.append else at.at
                at.node.write(place, texts[0][: call.result])
                at.at = place + call.result
            case "pwrite64" if at and isinstance(at.node, File):
                at.node.write(int(parts[-1]), texts[0][: call.result])
            case "ftruncate" if at and isinstance(at.node, File):
                at.node.truncate(int(parts[1]))
            case "rename":
                self._renamed(*texts)
            case "unlink" | "rmdir":
                self._removed(texts[0])
            case "unlinkat" if texts[0].startswith(b"/"):
                self._removed(texts[0])
            case "mkdir":
                self._made(texts[0])
            case "sync" | "syncfs":
                raise NotModelled(call.name)
            case name if name in _CHANGES and (at or any(self._inside(text) for text in texts)):
                raise NotModelled(f"{name}({call.arguments[:200]})")
            case _:
                return

    def _opened(self, call: Call, path: bytes) -> None:
        # A descriptor that was used before and closed unseen is another file now.
        self._open.pop(call.result, None)
        if not self._inside(path):
            return
        place = self._place(path)
        if place is None:
            self._open[call.result] = _Open(self.root)
            return
        folder, name = place
        node = folder.now.get(name)
        if node is None:
            if "O_CREAT" not in call.arguments:
                return
            node = folder.now[name] = File()
        if "O_TRUNC" in call.arguments and isinstance(node, File):
            node.truncate(0)
        self._open[call.result] = _Open(node, append="O_APPEND" in call.arguments)

    def _synced(self, call: Call, node: Node) -> None:
        then = self._syncing.pop(call.thread, None)
        if isinstance(node, Folder):
            if call.result == 0:
                node.keep()
            return
        then = then or node.snapshot()
        if call.result == 0:
            node.keep(then)
        else:
            node.forget(then)

    def _renamed(self, old: bytes, new: bytes) -> None:
        if not self._inside(old) or not self._inside(new):
            return
        source, target = self._place(old), self._place(new)
        assert source
        assert target
        target[0].now[target[1]] = source[0].now.pop(source[1])

    def _removed(self, path: bytes) -> None:
        place = self._place(path) if self._inside(path) else None
        if place:
            place[0].now.pop(place[1], None)

    def _made(self, path: bytes) -> None:
        place = self._place(path) if self._inside(path) else None
        if place:
            place[0].now[place[1]] = Folder()

    def _inside(self, path: bytes) -> bool:
        return path == self._top or path.startswith(self._top + b"/")

    def _place(self, path: bytes) -> tuple[Folder, bytes] | None:
        parts = [part for part in path[len(self._top) :].split(b"/") if part]
        if not parts:
            return None
        folder = self.root
        for part in parts[:-1]:
            step = folder.now[part]
            assert isinstance(step, Folder)
            folder = step
        return folder, parts[-1]

    def write_out(self, to: Path, chance: random.Random | None = None) -> None:
        """Write a state that a power cut may leave: without ``chance`` the least, else a random one."""
        _write_folder(self.root, to, chance)


def _load(path: Path) -> Folder:
    folder = Folder()
    for entry in path.iterdir():
        node: Node
        if entry.is_dir():
            node = _load(entry)
        else:
            content = entry.read_bytes()
            node = File(bytearray(content), bytearray(content))
        folder.now[bytes(entry.name, "utf-8")] = node
    folder.kept = dict(folder.now)
    return folder


def _write_folder(folder: Folder, to: Path, chance: random.Random | None) -> None:
    to.mkdir()
    names = dict(folder.kept)
    for name in folder.differing():
        if chance and chance.random() < 0.5:
            if name in folder.now:
                names[name] = folder.now[name]
            else:
                del names[name]
    for name, node in names.items():
        place = to / name.decode()
        if isinstance(node, Folder):
            _write_folder(node, place, chance)
        else:
            place.write_bytes(_content(node, chance))


def _content(node: File, chance: random.Random | None) -> bytes:
    if chance is None:
        return bytes(node.kept)
    pages = [page for page in sorted(node.dirty) if chance.random() < 0.5]
    return bytes(node.with_pages(node, pages, node.size_dirty and chance.random() < 0.5))


def _page(content: bytearray, page: int) -> bytes:
    return bytes(content[page * PAGE : (page + 1) * PAGE])
