"""The one input line of a screen, always focused, that tells a scanner from a person."""

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import Input, Static

from fieldkit.screens.burst import Burst


class Entry(Input):
    """The input line. Keys that act only while it is empty are seen here, so that none is mistaken."""

    @dataclass
    class Entered(Message):
        """Enter was pressed, by a person or as the end of what a scanner sent."""

        value: str
        scanned: str | None

    @dataclass
    class Pressed(Message):
        """A key that acts on an empty line was pressed."""

        key: str

    def __init__(self, acting: frozenset[str] = frozenset(), *, secret: bool = False) -> None:
        super().__init__(password=secret, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._acting = acting
        self._burst = Burst()

    @property
    def hurried(self) -> bool:
        """Say whether a scanner seems to be typing just now."""
        return self._burst.running

    def put(self, text: str, *, selected: bool = False) -> None:
        """Replace what stands in the line without anybody having typed it."""
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)
        if selected:
            self.select_all()

    def on_key(self, event: events.Key) -> None:
        """Look at a key before the line takes it."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Entered(self.value, self._burst.enter(event.time)))
        elif event.key in self._acting and not self.value:
            event.stop()
            event.prevent_default()
            self.post_message(self.Pressed(event.key))
        elif event.is_printable and event.character:
            self._burst.key(event.character, event.time)


class Rows(Static):
    """Some lines of plain text that are never focused and never read as markup."""

    can_focus = False

    def __init__(self, *, classes: str = "") -> None:
        super().__init__("", markup=False, classes=classes)
