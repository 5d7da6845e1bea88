"""Every key of the app in one table: bindings, key line and help are all made from it."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding

from fieldkit.text import cells
from fieldkit.words import Lang, Text
from fieldkit.words import align as align_words
from fieldkit.words import doctor as doctor_words
from fieldkit.words import screens as words
from fieldkit.words import settings as settings_words

ScreenName = Literal["door", "capture", "align", "doctor", "form", "help"]
Need = Literal["acts", "repairs", "waiting"]

DESKS: frozenset[ScreenName] = frozenset({"door", "capture"})
EVERYWHERE: frozenset[ScreenName] = frozenset({"door", "capture", "align", "doctor", "form", "help"})

WHY_NOT: dict[Need, Text] = {
    "acts": words.NOTHING_DONE, "repairs": align_words.NO_REPAIR, "waiting": words.NOBODY_IN_LINE,
}  # fmt: skip

ENTER = Text("回车", "Enter")
SPACE = Text("空格", "Space")


@dataclass(frozen=True, slots=True)
class Key:
    """One act and the keys for it.

    ``keys`` are Textual's names, none where the input line itself sees the key. ``need`` is what must be
    there for the act to make sense. ``place`` says where the key line shows it: with the screen's own
    acts, with what leads elsewhere, or not at all; what is "none" is not in the help either.
    """

    act: str
    shown: Text
    word: Text
    help: Text
    screens: frozenset[ScreenName]
    keys: str = ""
    need: Need | None = None
    place: Literal["acts", "ways", "help", "none"] = "acts"


def _same(text: str) -> Text:
    return Text(text, text)


_UNDO = _same("F9")
_ESC = _same("Esc")
_DOOR: frozenset[ScreenName] = frozenset({"door"})
_CAPTURE: frozenset[ScreenName] = frozenset({"capture"})
_ALIGN: frozenset[ScreenName] = frozenset({"align"})
_DOCTOR: frozenset[ScreenName] = frozenset({"doctor"})
_FORM: frozenset[ScreenName] = frozenset({"form"})
_HELP: frozenset[ScreenName] = frozenset({"help"})

KEYS: tuple[Key, ...] = (
    Key("enter", ENTER, words.KEY_CHECK_IN, words.KEY_CHECK_IN_HELP, _DOOR),
    Key("enter", ENTER, words.KEY_SEAT, words.KEY_SEAT_HELP, _CAPTURE),
    Key("enter", ENTER, words.KEY_ACCEPT, words.KEY_ACCEPT_HELP, _FORM),
    Key("next", SPACE, words.KEY_NEXT, words.KEY_NEXT_HELP, _CAPTURE, need="waiting"),
    Key("choose(-1)", _same("↑↓"), words.KEY_CHOOSE, words.KEY_CHOOSE_HELP, DESKS, "up"),
    Key("choose(1)", _same("↓"), words.KEY_CHOOSE, words.KEY_CHOOSE_HELP, DESKS, "down", place="help"),
    Key("walk_in", _same("+"), words.KEY_WALK_IN, words.KEY_WALK_IN_HELP, _DOOR),
    Key("bind", _same("^K"), words.KEY_BIND, words.KEY_BIND_HELP, _DOOR, "ctrl+k", place="help"),
    Key("leave", _same("Del"), words.KEY_LEAVE, words.KEY_LEAVE_HELP, _CAPTURE, need="waiting"),
    Key("halt", _same("^X"), words.KEY_HALT, words.KEY_HALT_HELP, _CAPTURE, "ctrl+x", place="help"),
    Key("answer", _same("^Y ^N"), words.KEY_ANSWER, words.KEY_ANSWER_HELP, _CAPTURE, place="help"),
    Key("undo", _UNDO, words.KEY_UNDO, words.KEY_UNDO_HELP, DESKS, "f9,ctrl+z", need="acts"),
    Key("clear", _ESC, words.KEY_CLEAR, words.KEY_CLEAR_HELP, DESKS, "escape"),
    Key("back", _ESC, words.KEY_BACK, words.KEY_BACK_HELP, _FORM, "escape"),
    Key("accept", ENTER, align_words.KEY_ACCEPT, align_words.KEY_ACCEPT_HELP, _ALIGN),
    Key("accept_all", _same("A"), align_words.KEY_ALL, align_words.KEY_ACCEPT_HELP, _ALIGN),
    Key("go(1)", _same("n"), align_words.KEY_NEXT, align_words.KEY_NEXT_HELP, _ALIGN),
    Key(
        "choose(-1)", _same("↑↓ ←→"), align_words.KEY_CHOOSE, align_words.KEY_CHOOSE_HELP,
        _ALIGN, "up", place="help",
    ),
    Key(
        "choose(1)", _same("↓ j"), align_words.KEY_CHOOSE, align_words.KEY_CHOOSE_HELP,
        _ALIGN, "down", place="help",
    ),
    Key(
        "choose(-8)", _same("PgUp"), align_words.KEY_CHOOSE, align_words.KEY_CHOOSE_HELP,
        _ALIGN, "pageup", place="help",
    ),
    Key(
        "choose(8)", _same("PgDn"), align_words.KEY_CHOOSE, align_words.KEY_CHOOSE_HELP,
        _ALIGN, "pagedown", place="help",
    ),
    Key(
        "mark(-1)", _same("← →"), align_words.KEY_MARK, align_words.KEY_MARK_HELP,
        _ALIGN, "left", place="help",
    ),
    Key("split", _same("s"), align_words.KEY_SPLIT, align_words.KEY_SPLIT_HELP, _ALIGN),
    Key(
        "mark(1)", _same("→"), align_words.KEY_MARK, align_words.KEY_MARK_HELP, _ALIGN, "right", place="help",
    ),
    Key("merge", _same("m"), align_words.KEY_MERGE, align_words.KEY_MERGE_HELP, _ALIGN),
    Key("boundary(1)", _same("[ ]"), align_words.KEY_BOUNDARY, align_words.KEY_BOUNDARY_HELP, _ALIGN),
    Key("nobodys", _same("r"), align_words.KEY_NOBODYS, align_words.KEY_NOBODYS_HELP, _ALIGN, place="help"),
    Key("left", _same("x"), align_words.KEY_LEFT, align_words.KEY_LEFT_HELP, _ALIGN, place="help"),
    Key("picture", _same("p"), align_words.KEY_PICTURE, align_words.KEY_PICTURE_HELP, _ALIGN, place="help"),
    Key(
        "somebody", _same("/"), align_words.KEY_SOMEBODY, align_words.KEY_SOMEBODY_HELP, _ALIGN, place="help"
    ),
    Key("clock", _same("o"), align_words.KEY_CLOCK, align_words.KEY_CLOCK_HELP, _ALIGN, place="help"),
    Key("swap", _same("w"), align_words.KEY_SWAP, align_words.KEY_SWAP_HELP, _ALIGN, place="help"),
    Key("shift(1)", _same("> <"), align_words.KEY_SHIFT, align_words.KEY_SHIFT_HELP, _ALIGN, place="help"),
    Key("undo", _UNDO, words.KEY_UNDO, align_words.KEY_UNDO_HELP, _ALIGN, "f9,ctrl+z", need="repairs"),
    Key("clear", _ESC, words.KEY_CLEAR, align_words.KEY_UNCHOOSE_HELP, _ALIGN, "escape", place="help"),
    Key("check", _same("r"), doctor_words.KEY_CHECK, doctor_words.KEY_CHECK_HELP, _DOCTOR, "r"),
    Key("choose(-1)", _same("↑↓"), words.KEY_CHOOSE, doctor_words.KEY_CHOOSE_HELP, _DOCTOR, "up,k"),
    Key(
        "choose(1)", _same("↓ j"), words.KEY_CHOOSE, doctor_words.KEY_CHOOSE_HELP, _DOCTOR, "down,j",
        place="help",
    ),
    Key("settings", _same("s"), settings_words.KEY_SETTINGS, settings_words.KEY_SETTINGS_HELP, _DOCTOR),
    Key("close", _ESC, words.KEY_CLOSE, words.KEY_CLOSE_HELP, _HELP, "escape,f1"),
    Key("door", _same("F2"), words.DOOR, words.KEY_DOOR_HELP, EVERYWHERE - _FORM, "f2,alt+2", place="ways"),
    Key(
        "capture", _same("F3"), words.CAPTURE, words.KEY_CAPTURE_HELP, EVERYWHERE - _FORM, "f3,alt+3",
        place="ways",
    ),
    Key(
        "align", _same("F4"), align_words.ALIGN, align_words.KEY_ALIGN_HELP, EVERYWHERE - _FORM, "f4,alt+4",
        place="ways",
    ),
    Key(
        "not_yet", _same("F5 F6 F7"), words.KEY_NOT_YET, words.NOT_YET, EVERYWHERE - _FORM,
        "f5,f6,f7,alt+5,alt+6,alt+7", place="none",
    ),
    Key("keys", _same("F1"), words.KEY_HELP, words.KEY_HELP_HELP, EVERYWHERE - _HELP, "f1", place="ways"),
    Key(
        "doctor", _same("F8"), doctor_words.DOCTOR, doctor_words.KEY_DOCTOR_HELP, EVERYWHERE - _FORM,
        "f8,alt+8", place="ways",
    ),
    Key(
        "language", _same("^T"), words.KEY_LANGUAGE, words.KEY_LANGUAGE_HELP, EVERYWHERE, "ctrl+t",
        place="ways",
    ),
    Key("quit", _same("^Q"), words.KEY_QUIT, words.KEY_QUIT_HELP, EVERYWHERE, "ctrl+q", place="ways"),
)  # fmt: skip

# What the help tells of in the row of another key.
BESIDE = frozenset({"accept_all", "choose(1)", "choose(-8)", "choose(8)", "mark(-1)", "mark(1)"})

# What the app itself does, whichever screen is shown.
APP_ACTS = frozenset({"door", "capture", "align", "doctor", "keys", "language", "quit", "not_yet"})


def keys_of(screen: ScreenName) -> list[Key]:
    """Give the keys of a screen in the order they are shown."""
    return [key for key in KEYS if screen in key.screens]


def screen_bindings(screen: ScreenName) -> list[Binding]:
    """Give the bindings of a screen; they come before what the input line does with a key."""
    return [_binding(key, key.act) for key in keys_of(screen) if key.keys and key.act not in APP_ACTS]


def app_bindings() -> list[Binding]:
    """Give the bindings that work on every screen."""
    return [_binding(key, key.act) for key in KEYS if key.act in APP_ACTS]


def key_line(
    screen: ScreenName, lang: Lang, lacking: AbstractSet[Need], width: int
) -> list[tuple[str, bool]]:
    """Give the pieces of the key line and whether each key works now; together at most ``width`` cells.

    The way to the screen that is shown is left out. Where room is short the gaps shrink, then what leads
    elsewhere stands without its word, help excepted; then the pieces at the end give way.
    """
    shown = [key for key in keys_of(screen) if key.place not in {"help", "none"} and key.act != screen]
    needed = [key for key in shown if key.act not in {"language", "quit"}]
    gap, bare = next(
        (
            (gap, bare)
            for gap, bare in (("  ", False), (" ", False), (" ", True))
            if cells("".join(_pieces(needed, lang, gap, bare=bare))) <= width
        ),
        (" ", True),
    )
    pieces: list[tuple[str, bool]] = []
    used = 0
    for key, piece in zip(shown, _pieces(shown, lang, gap, bare=bare), strict=True):
        used += cells(piece)
        if used > width:
            break
        pieces.append((piece, key.need is None or key.need not in lacking))
    return pieces


def _pieces(keys: Sequence[Key], lang: Lang, gap: str, *, bare: bool) -> list[str]:
    pieces: list[str] = []
    last = "acts"
    for key in keys:
        shown, word = key.shown.say(lang), key.word.say(lang)
        if bare and key.place == "ways" and key.act != "keys":
            word = ""
        joint = " │ " if last == "acts" and key.place == "ways" else gap if pieces else " "
        between = " " if word and (lang == "en" or (shown.isascii() and word.isascii())) else ""
        last = key.place
        pieces.append(f"{joint}{shown}{between}{word}")
    return pieces


def help_lines(screen: ScreenName, lang: Lang) -> list[tuple[str, str]]:
    """Give each key of a screen, all its names included, and what it does."""
    rows = []
    for key in keys_of(screen):
        if key.place == "none" or key.act in {*BESIDE, screen}:
            continue
        # One row tells of both ways through a list.
        several = "," in key.keys and key.act != "choose(-1)"
        names = [_name(name) for name in key.keys.split(",") if name] if several else []
        rows.append((" / ".join(names) or key.shown.say(lang), key.help.say(lang)))
    return rows


def way_to(screen: ScreenName) -> str:
    """Give the key that leads to a screen."""
    return next(key.shown.zh for key in KEYS if key.act == screen)


def need_of(act: str, screen: ScreenName) -> Need | None:
    """Give what an act of a screen needs, or None."""
    return next((key.need for key in keys_of(screen) if key.act == act), None)


def _name(key: str) -> str:
    return "+".join(part.capitalize() for part in key.split("+"))


def _binding(key: Key, action: str) -> Binding:
    return Binding(key.keys, action, key.word.en, show=False, priority=True)
