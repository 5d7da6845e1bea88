"""What a crew sets on its laptop: one TOML file in the home, read whole, written whole."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from fieldkit.disk import write_file_safely
from fieldkit.errors import CannotWork, reason_of
from fieldkit.words import Lang, Text

SETTINGS_NAME = "settings.toml"
OLD_NAME = "settings.toml.old"
_MOST_BYTES = 64 * 1024

ProblemKind = Literal["unreadable", "unknown", "wrong"]


class SettingsNotKept(CannotWork):
    """The settings cannot be written; the old ones stand."""

    message = Text("设置没有存下：{reason}", "The settings were not kept: {reason}")
    hint = Text("检查磁盘空间和文件夹权限", "Check the free space and the folder's permissions")


@dataclass(frozen=True, slots=True)
class Settings:
    """One laptop's settings; an empty language is whatever the environment asks for, an empty port none.

    ``scanner_end_key`` says that a scanner that types ends each code with Enter or Tab.
    """

    language: Lang | Literal[""] = ""
    sound: bool = True
    sam_port: str = ""
    scanner_port: str = ""
    scanner_end_key: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in the file that was passed over: the whole file, a key nobody knows, or its value."""

    kind: ProblemKind
    key: str = ""


def read_settings(home: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """Read the settings of a home, and what in their file was passed over; never raises."""
    try:
        with (home / SETTINGS_NAME).open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return Settings(), ()
    except OSError:
        return Settings(), (Problem("unreadable"),)
    try:
        found = tomllib.loads(content.decode("utf-8-sig")) if len(content) <= _MOST_BYTES else None
    except (ValueError, RecursionError):
        found = None
    if found is None:
        return Settings(), (Problem("unreadable"),)
    problems = [Problem("unknown", key) for key in found if key not in _KEYS]
    values: dict[str, Any] = {}
    for key, fits in _KEYS.items():
        if key in found:
            if fits(found[key]):
                values[key] = found[key]
            else:
                problems.append(Problem("wrong", key))
    return replace(Settings(), **values), tuple(problems)


def write_settings(home: Path, settings: Settings) -> None:
    """Write the settings of a home; a file with anything in it that was passed over is kept beside.

    Raises SettingsNotKept.
    """
    try:
        if read_settings(home)[1]:
            (home / SETTINGS_NAME).replace(home / OLD_NAME)
        lines = [f"{key} = {_toml(value)}" for key, value in asdict(settings).items()]
        write_file_safely(home / SETTINGS_NAME, "\n".join([*lines, ""]).encode("utf-8"))
    except OSError as error:
        raise SettingsNotKept(reason=reason_of(error)) from error


def _toml(value: object) -> str:
    # A string of JSON is one of TOML too.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


def is_port(value: object) -> bool:
    """Say whether a value can name a port: an absolute path, or nothing."""
    return isinstance(value, str) and value.isprintable() and (not value or Path(value).is_absolute())


_KEYS: Mapping[str, Callable[[object], bool]] = {
    "language": lambda value: value in ("", "zh", "en"),
    "sound": _is_yes_or_no,
    "sam_port": is_port,
    "scanner_port": is_port,
    "scanner_end_key": _is_yes_or_no,
}
