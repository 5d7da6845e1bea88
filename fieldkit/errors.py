"""Every error a person can meet: what happened, what to do next, and the exit code.

    FieldkitError
    ├── UsageProblem      exit 2   the command line was wrong
    ├── InputProblem      exit 1   a file, a number or a state is not as it must be
    └── CannotWork        exit 3   the store or a device cannot be used

An error carries both languages. ``fields`` may hold what the person typed: they are shown on the
screen and never logged; ``str(error)`` is the class name alone.
"""

from typing import ClassVar

from fieldkit.words import Lang, Text


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
        return self.message.say(lang, **self.fields)

    def next_step(self, lang: Lang) -> str:
        """Say what the person can do now."""
        return self.hint.say(lang, **self.fields)


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


def where(error: BaseException) -> str:
    """Name an error's kind and the places in the code that it came through: nobody's data."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('fieldkit/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' > '.join(places)}"
