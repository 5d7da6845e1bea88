"""The limits a delivery photo must keep, as data: one TOML file for each register or operator."""

import string
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import reason_of
from fieldkit.portrait.errors import (
    ProfileKeyMissing,
    ProfileKeyUnknown,
    ProfileNotFound,
    ProfileUnreadable,
    ProfileValueWrong,
)
from fieldkit.words import Text
from fieldkit.words.portrait import (
    COLOURS,
    NAME_TEMPLATES,
    NUMBER_RANGE,
    SOME_TEXT,
    WHOLE_NUMBER,
    YES_OR_NO,
)

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NAME_FIELDS = ("sfzh", "xh", "ksh", "seq", "code")
_MOST_BYTES = 64 * 1024

Range = tuple[int, int]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Profile:
    """One register's limits: pixels of the delivery file unless said otherwise.

    ``hairline`` and ``eyes`` count from the top edge to the top of the hair and to the pupils,
    ``face_width`` from cheek to cheek, ``bytes`` and the ranges include both ends.
    """

    name: str
    width: int
    height: int
    dpi: int
    bytes: Range
    quality: int
    backgrounds: tuple[Colour, ...]
    hairline: Range
    eyes: Range
    face_width: Range
    names: tuple[str, ...]
    keep_chip_photo: bool


class _Wrong(Exception):
    def __init__(self, wanted: Text) -> None:
        super().__init__()
        self.wanted = wanted


def known_profiles(folder: Path | None = None) -> tuple[str, ...]:
    """List the names that ``load_profile`` knows: the shipped ones and those in the folder."""
    shipped = {entry.name for entry in _shipped().iterdir()}
    try:
        own = {entry.name for entry in folder.iterdir()} if folder is not None else set()
    except OSError:
        own = set()
    return tuple(sorted(name[:-5] for name in shipped | own if name.endswith(".toml")))


def load_profile(name_or_path: str | Path, folder: Path | None = None) -> Profile:
    """Read a profile: a name in the folder, else a shipped name, else the path of a TOML file.

    Raises ProfileNotFound, ProfileUnreadable, ProfileKeyMissing, ProfileKeyUnknown and
    ProfileValueWrong.
    """
    typed = str(name_or_path)
    path = Path(name_or_path)
    if path.suffix.lower() == ".toml" or len(path.parts) != 1:
        return read_profile(_text_of(path), typed)
    if folder is not None and _is_file(folder / f"{typed}.toml"):
        return read_profile(_text_of(folder / f"{typed}.toml"), typed)
    try:
        shipped = {entry.name for entry in _shipped().iterdir()}
    except OSError as error:
        raise ProfileUnreadable(path=typed, where=reason_of(error)) from error
    if f"{typed}.toml" in shipped:
        return read_profile(_text_of(_shipped() / f"{typed}.toml"), typed)
    raise ProfileNotFound(typed=typed, known=" ".join(known_profiles(folder)))


def read_profile(text: str, path: str) -> Profile:
    """Read the text of a profile; ``path`` is only named in errors.

    Raises ProfileUnreadable, ProfileKeyMissing, ProfileKeyUnknown and ProfileValueWrong.
    """
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ProfileUnreadable(path=path, where=str(error)) from error
    keys = [entry.name for entry in fields(Profile)]
    for key in found:
        if key not in keys:
            raise ProfileKeyUnknown(path=path, key=key, known=" ".join(keys))
    values: dict[str, object] = {}
    for key in keys:
        read, example = _KEYS[key]
        if key not in found:
            raise ProfileKeyMissing(path=path, key=key, example=example)
        try:
            values[key] = read(found[key])
        except _Wrong as wrong:
            raise ProfileValueWrong(path=path, key=key, wanted=wrong.wanted, example=example) from None
    profile = Profile(**values)  # type: ignore[arg-type]  # each reader gives its field's type
    for key, least, most, inside in (
        ("eyes", *profile.eyes, (1, profile.height - 1)),
        ("hairline", *profile.hairline, (0, profile.eyes[1])),
        ("face_width", *profile.face_width, (16, profile.width)),
    ):
        if not inside[0] <= least <= most <= inside[1]:
            wanted = _filled(NUMBER_RANGE, low=inside[0], high=inside[1])
            raise ProfileValueWrong(path=path, key=key, wanted=wanted, example=_KEYS[key][1])
    return profile


def delivery_name(profile: Profile, person: Mapping[str, str]) -> str:
    """Give the file name, without ending, by the first template whose fields the person has.

    Empty text where no template can be filled.
    """
    for template in profile.names:
        wanted = [name for _, name, _, _ in string.Formatter().parse(template) if name]
        if all(person.get(name) for name in wanted):
            return template.format(**{name: person[name] for name in wanted})
    return ""


def _shipped() -> "Traversable":
    from importlib import resources

    return resources.files("fieldkit.portrait") / "profiles"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _text_of(path: "Path | Traversable") -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ProfileUnreadable(path=str(path), where=f"> {_MOST_BYTES} bytes")
        return content.decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError) as error:
        known = " ".join(known_profiles())
        raise ProfileNotFound(typed=str(path), known=known) from error
    except OSError as error:
        raise ProfileUnreadable(path=str(path), where=reason_of(error)) from error
    except UnicodeDecodeError as error:
        raise ProfileUnreadable(path=str(path), where=f"byte {error.start}") from error
    except ValueError as error:
        raise ProfileUnreadable(path="?", where="path") from error


def _filled(text: Text, **numbers: int) -> Text:
    return Text(text.zh.format(**numbers), text.en.format(**numbers))


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if type(value) is int and low <= value <= high:
            return value
        raise _Wrong(_filled(WHOLE_NUMBER, low=low, high=high))

    return read


def _range(low: int, high: int) -> Callable[[object], Range]:
    def read(value: object) -> Range:
        if isinstance(value, list) and [type(end) for end in value] == [int, int]:
            least, most = value
            if low <= least <= most <= high:
                return least, most
        raise _Wrong(_filled(NUMBER_RANGE, low=low, high=high))

    return read


def _colours(value: object) -> tuple[Colour, ...]:
    if not isinstance(value, list) or not value:
        raise _Wrong(COLOURS)
    colours: list[Colour] = []
    for entry in value:
        if not isinstance(entry, list) or [type(part) for part in entry] != [int, int, int]:
            raise _Wrong(COLOURS)
        red, green, blue = entry
        if not all(0 <= part <= 255 for part in (red, green, blue)):
            raise _Wrong(COLOURS)
        colours.append((red, green, blue))
    return tuple(colours)


def _templates(value: object) -> tuple[str, ...]:
    wrong = _Wrong(NAME_TEMPLATES)
    if not isinstance(value, list) or not value:
        raise wrong
    for template in value:
        if not isinstance(template, str) or any(mark in template for mark in '/\\\0:*?"<>|\n'):
            raise wrong
        try:
            parts = list(string.Formatter().parse(template))
        except ValueError:
            raise wrong from None
        names = [name for _, name, _, _ in parts if name is not None]
        plain = all(not spec and not change for _, _, spec, change in parts)
        if not names or not plain or any(name not in NAME_FIELDS for name in names):
            raise wrong
    return tuple(value)


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _Wrong(YES_OR_NO)


def _text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value
    raise _Wrong(SOME_TEXT)


# key → how it is read, and an example that a message can show
_KEYS: Mapping[str, tuple[Callable[[object], object], str]] = {
    "name": (_text, '"register"'),
    "width": (_whole(64, 4096), "480"),
    "height": (_whole(64, 4096), "640"),
    "dpi": (_whole(1, 2400), "300"),
    "bytes": (_range(0, 100_000_000), "[20480, 40000]"),
    "quality": (_whole(1, 100), "60"),
    "backgrounds": (_colours, "[[100, 197, 255]]"),
    "hairline": (_range(0, 4096), "[50, 110]"),
    "eyes": (_range(0, 4096), "[200, 300]"),
    "face_width": (_range(16, 4096), "[180, 300]"),
    "names": (_templates, '["{sfzh}", "{xh}"]'),
    "keep_chip_photo": (_yes_or_no, "false"),
}
