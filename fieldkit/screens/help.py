"""Help (F1): the keys of the screen below, out of the table that binds them."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen

from fieldkit.screens.keys import DESKS, ScreenName, help_lines, screen_bindings
from fieldkit.screens.picker import Rows
from fieldkit.text import fit, wrap
from fieldkit.words import Lang
from fieldkit.words import screens as words

WIDTH = 74
HEIGHT = 22
KEY_WIDTH = 16


class HelpScreen(ModalScreen[None]):
    """Lists keys; nothing that is typed or scanned into it has any effect."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [*screen_bindings("help")]

    def __init__(self, of: ScreenName, lang: Lang) -> None:
        super().__init__()
        self._of = of
        self._lang: Lang = lang

    def compose(self) -> ComposeResult:
        """Show one box."""
        yield Rows(classes="help")

    def on_mount(self) -> None:
        """Write the keys."""
        self.query_one(".help", Rows).update(Content("\n".join(help_text(self._of, self._lang))))

    def action_close(self) -> None:
        """Go back to the screen below."""
        self.dismiss()


def help_text(of: ScreenName, lang: Lang) -> list[str]:
    """Give the help of a screen as lines of at most 74 cells."""
    lines = [words.HELP_TITLE.say(lang), ""]
    for keys, what in help_lines(of, lang):
        first, *rest = wrap(what, WIDTH - KEY_WIDTH, 2)
        lines.append(fit(keys, KEY_WIDTH) + first)
        lines += [" " * KEY_WIDTH + more for more in rest]
    if of in DESKS:
        lines.append("")
        lines += wrap(words.HELP_SCANNER.say(lang), WIDTH, 2)
        lines += wrap(words.HELP_TYPING.say(lang), WIDTH, 2)
    return lines if len(lines) <= HEIGHT else [lines[0], *lines[2:]]
