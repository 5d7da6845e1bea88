"""The forms that settings are changed with, and what an answer changes."""

from collections.abc import Sequence
from dataclasses import replace

from fieldkit.screens.forms import Answers, Form, Line, Question, choose_one_of
from fieldkit.settings import Settings, is_port
from fieldkit.text import fit, one_line
from fieldkit.words import Lang, Text
from fieldkit.words import settings as words

CHOICE, PORT = "choice", "port"
SAM, SCANNER = 3, 4
WHAT_WIDTH = 22

Ports = Sequence[tuple[str, str]]


def settings_form(settings: Settings) -> Form:
    """Show every setting with its number, and ask which to change."""
    rows = (
        (words.LANGUAGE, words.THIS_LANGUAGE),
        (words.SOUND, words.SOUND_IS[settings.sound]),
        (words.SAM_PORT, _plain(settings.sam_port) if settings.sam_port else words.NO_PORT),
        (words.SCANNER_PORT, _plain(settings.scanner_port) if settings.scanner_port else words.NO_PORT),
        (words.END_KEY, words.END_KEY_IS[settings.scanner_end_key]),
    )
    lines = [
        Line(Text(*(f" [{place}]  {fit(what, WHAT_WIDTH)} {now}" for what, now in zip(*row, strict=True))))
        for place, row in enumerate(rows, 1)
    ]
    return Form(
        words.TITLE,
        (Line(Text("", "")), *lines),
        (Question(CHOICE, words.CHOOSE, choose_one_of(len(rows))),),
    )


def changed(settings: Settings, place: int, lang: Lang) -> Settings:
    """Give the settings with the one of this number turned round."""
    if place == 1:
        return replace(settings, language="en" if lang == "zh" else "zh")
    if place == 2:
        return replace(settings, sound=not settings.sound)
    return replace(settings, scanner_end_key=not settings.scanner_end_key)


def ports_form(settings: Settings, place: int, ports: Ports) -> Form:
    """Ask for a port: one that is there by its number, or any by its path."""
    other = settings.scanner_port if place == SAM else settings.sam_port

    def check(answer: str, _: Answers) -> Text | None:
        port = chosen_port(answer, ports)
        if port is None:
            return words.NOT_A_PORT
        return words.PORT_TAKEN if port and port == other else None

    lines = [Line(Text(f" [1]  {words.NO_PORT.zh}", f" [1]  {words.NO_PORT.en}"))]
    for number, (port, maker) in enumerate(ports, 2):
        shown = _plain(f" [{number}]  {port}  {maker}")
        lines.append(Line(shown))
    what = words.SAM_PORT if place == SAM else words.SCANNER_PORT
    return Form(what, tuple(lines), (Question(PORT, words.PORT_CHOOSE, check),))


def chosen_port(answer: str, ports: Ports) -> str | None:
    """Read an answer: the number of a port, empty text for none, or a path; None where it is neither."""
    text = answer.strip()
    if text.startswith("/"):
        return text if is_port(text) else None
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= len(ports) + 1:
        return None
    return "" if int(text) == 1 else ports[int(text) - 2][0]


def with_port(settings: Settings, place: int, port: str) -> Settings:
    """Give the settings with another port for the reader or the scanner."""
    if place == SAM:
        return replace(settings, sam_port=port)
    return replace(settings, scanner_port=port)


def _plain(text: str) -> Text:
    shown = one_line(text).replace("{", "{{").replace("}", "}}")
    return Text(shown, shown)
