"""The command line: reads it, runs one command, and turns every error into a message and an exit code."""

import importlib
import logging
import os
import sys
from collections.abc import Sequence

from fieldkit.commands.parser import read_command_line
from fieldkit.errors import CannotWork, FieldkitError, where
from fieldkit.words import Lang, Text
from fieldkit.words import cli as words

INTERRUPTED = 130


class Unforeseen(CannotWork):
    """A fault of the program itself; the log holds its trace without anybody's data."""

    message = Text("程序出错（{kind}）", "The program failed ({kind})")
    hint = Text(
        "已提交的数据都在；请把日志交给技术支持",
        "What was acknowledged is safe; give the log to support",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    lang = choose_language(given, os.environ)
    try:
        return _run(given, lang)
    except FieldkitError as error:
        return complain(error, lang)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001
        return complain(Unforeseen(kind=type(error).__name__), lang)


def choose_language(arguments: Sequence[str], environment: "os._Environ[str] | dict[str, str]") -> Lang:
    """Give the language asked for by option, environment or the home's settings, else the system's."""
    asked = _option(arguments, "--lang") or environment.get("FIELDKIT_LANG", "")
    asked = asked or _kept(_option(arguments, "--home") or environment.get("FIELDKIT_HOME", ""))
    asked = asked or environment.get("LC_ALL") or environment.get("LANG") or ""
    return "en" if asked.lower().startswith("en") else "zh"


def _option(arguments: Sequence[str], name: str) -> str:
    asked = ""
    for place, word in enumerate(arguments):
        if word == name and place + 1 < len(arguments):
            asked = arguments[place + 1]
        elif word.startswith(f"{name}="):
            asked = word.partition("=")[2]
    return asked


def _kept(home: str) -> str:
    from fieldkit.commands.context import home_folder
    from fieldkit.settings import read_settings

    return read_settings(home_folder(home))[0].language


def complain(error: FieldkitError, lang: Lang) -> int:
    """Tell the person what happened and what to do next; give the exit code."""
    next_step = error.next_step(lang)
    sys.stderr.write(f"fieldkit: {error.what(lang)}\n")
    if next_step:
        sys.stderr.write(f"{words.NEXT_STEP.say(lang)}{next_step}\n")
    return error.exit_code


def _run(arguments: Sequence[str], lang: Lang) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    answer = read_command_line(arguments, lang)
    module, _, function = (answer.run or "terminal:open_app").partition(":")
    from fieldkit.commands.context import Context

    command = getattr(importlib.import_module(f"fieldkit.commands.{module}"), function)
    with Context(answer, lang) as context:
        try:
            return int(command(context))
        except Exception as error:
            if not isinstance(error, FieldkitError | BrokenPipeError):
                logging.getLogger("fieldkit").error("%s", where(error))  # noqa: TRY400 - its text may hold data
            raise
