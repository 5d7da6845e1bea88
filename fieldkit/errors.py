"""Every error a person can meet: what happened, what to do next, and the exit code.

    FieldkitError
    ├── UsageProblem      exit 2   the command line was wrong
    ├── InputProblem      exit 1   a file, a number or a state is not as it must be
    └── CannotWork        exit 3   the store or a device cannot be used

An error carries both languages. ``fields`` may hold what the person typed, or texts of their own in both:
they are shown on the screen and never logged; ``str(error)`` is the class name alone.
"""

import errno
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from fieldkit.words import Lang, Text

REFUSALS: Mapping[int, Text] = MappingProxyType(
    {
        errno.ENOENT: Text("没有这个文件或文件夹", "no such file or folder"),
        errno.EACCES: Text("没有权限", "permission denied"),
        errno.EPERM: Text("系统不允许", "not permitted"),
        errno.EISDIR: Text("这是一个文件夹", "it is a folder"),
        errno.ENOTDIR: Text("路径里有一段不是文件夹", "a part of the path is no folder"),
        errno.EROFS: Text("只读，可能有写保护", "read-only, maybe write-protected"),
        errno.EIO: Text("磁盘读写出错", "the disk fails"),
        errno.ENOSPC: Text("磁盘已满", "the disk is full"),
    }
)


class FieldkitError(Exception):
    """The root of the tree; only its leaves are raised."""

    exit_code: ClassVar[int] = 1
    message: ClassVar[Text]
    hint: ClassVar[Text]

    def __init__(self, **fields: object) -> None:
        super().__init__(type(self).__name__)
        self.fields = fields

    def what(self, lang: Lang) -> str:
        """Say what happened."""
        return self.message.say(lang, **self._said(lang))

    def next_step(self, lang: Lang) -> str:
        """Say what the person can do now."""
        return self.hint.say(lang, **self._said(lang))

    def _said(self, lang: Lang) -> dict[str, object]:
        return {
            name: value.say(lang) if isinstance(value, Text) else value for name, value in self.fields.items()
        }


class UsageProblem(FieldkitError):
    """The command line was wrong."""

    exit_code = 2


class InputProblem(FieldkitError):
    """A file, a number or a state is not as it must be."""

    exit_code = 1


class CannotWork(FieldkitError):
    """The store or a device cannot be used."""

    exit_code = 3


class BadTime(UsageProblem):
    """A time that cannot be read."""

    message = Text("看不懂的时间：{typed}", "Not a time: {typed}")
    hint = Text("请写 09:46 或 2026-03-16T09:46:00", "Write 09:46 or 2026-03-16T09:46:00")


def reason_of(error: OSError) -> Text:
    """Say why the system refused: what crews meet in both languages, the rest as the system says it."""
    said = error.strerror or type(error).__name__
    return REFUSALS.get(error.errno or 0, Text(said, said))


def where(error: BaseException) -> str:
    """Name an error's kind and the places in the code that it came through: nobody's data."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('fieldkit/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' > '.join(places)}"
