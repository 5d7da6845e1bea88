"""The one input line of a screen, always focused, that tells a scanner from a person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from textual import events
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.visual import VisualType
from textual.widgets import Input, Static

from fieldkit.devices.wedge import (
    ENDS,
    Key,
    Outcome,
    Scan,
    Wedge,
    WedgeLimits,
    due_ms,
    interrupt,
    press,
    settle,
)
from fieldkit.model import CredentialRead
from fieldkit.screens.deliberate import PAUSE, Deliberate

ENDING = {"enter": "\r", "ctrl+j": "\n", "tab": "\t"}
LONGEST_NUMBER = 20
Run = tuple[Key, ...]


class Entry(Input):
    """The input line. Keys that act only while it is empty are seen here, so that none is mistaken.

    The ``lone`` keys act whatever stands in the line, but only where no other key came close by: a code may
    hold what a terminal takes for such a key.

    Keys that come as fast as a scanner's are told as a change only once they pause: until then
    nobody needs to look up what may be the beginning of a code.
    """

    @dataclass
    class Entered(Message):
        """Enter was pressed, by a person or as the end of what a scanner sent."""

        value: str
        scanned: str | None

    @dataclass
    class Pressed(Message):
        """A key that acts on an empty line, or that acts alone, was pressed."""

        key: str

    def __init__(
        self,
        acting: frozenset[str] = frozenset(),
        *,
        lone: frozenset[str] = frozenset(),
        secret: bool = False,
        limits: WedgeLimits | None = None,
    ) -> None:
        super().__init__(password=secret, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._acting, self._lone = acting, lone
        self._deliberate = Deliberate()
        self._lone_at: float | None = None
        self._wedge = Wedge(limits or WedgeLimits())
        self._hurried = self._untold = False
        self._waiting: Timer | None = None

    @property
    def hurried(self) -> bool:
        """Say whether it is not plain yet that no scanner types just now."""
        return self._hurried or self._lone_at is not None

    def expect(self, limits: WedgeLimits) -> None:
        """Tell scanners from people by other limits from now on."""
        self._wedge = replace(self._wedge, limits=limits)

    def put(self, text: str, *, selected: bool = False) -> None:
        """Replace what stands in the line without anybody having typed it."""
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)
        if selected:
            self.select_all()
        # Keys still held back go with the text they belong to; a code under way stays whole.
        self._wedge = replace(self._wedge, shown=len(self._wedge.run))
        self._untold = False

    def on_key(self, event: events.Key) -> None:
        """Look at a key before the line takes it."""
        self._alone(self._deliberate.press(event.key, event.time))
        character = ENDING.get(event.key, event.character if event.is_printable else None)
        if character is not None:
            event.stop()
            event.prevent_default()
            self._take(*press(self._wedge, Key(character, round(event.time * 1000))))
            return
        self._take(*interrupt(self._wedge))
        if event.key in self._lone:
            event.stop()
            event.prevent_default()
            # By way of the app: a scanner's next key may have come already.
            self._lone_at = at = event.time
            self.set_timer(PAUSE, lambda: self.app.call_later(self.call_later, self._release, at))
        elif self._acts(event.key):
            event.stop()
            event.prevent_default()

    def _release(self, pressed_at: float) -> None:
        if pressed_at == self._lone_at:
            self._lone_at = None
            self._alone(self._deliberate.due())

    def _alone(self, key: str | None) -> None:
        if key is not None and key in self._lone:
            self.post_message(self.Pressed(key))

    def on_paste(self) -> None:
        """End a burst before what is pasted comes behind it."""
        self._take(*interrupt(self._wedge))

    def _take(self, wedge: Wedge, outcomes: Iterable[Outcome]) -> None:
        self._wedge = wedge
        for outcome in outcomes:
            if isinstance(outcome, Scan):
                self.put(outcome.text)
                self.post_message(self.Entered(outcome.text, outcome.text))
            else:
                for character in outcome.text:
                    self._type(character)
        self._hurried = len(self._wedge.run) > 1
        if self._hurried:
            self._wait(self._wedge.limits.gap + 1, self._pause)
        else:
            self._tell()

    def _type(self, character: str) -> None:
        if character in "\r\n":
            # Who is told of Enter is told the text with it, and must not take it for seen before.
            self._untold = False
            self.post_message(self.Entered(self.value, None))
        elif character not in ENDS and not self._acts("space" if character == " " else character):
            self._insert(character)

    def _acts(self, key: str) -> bool:
        acts = key in self._acting and not self.value
        if acts:
            self.post_message(self.Pressed(key))
        return acts

    def _insert(self, text: str) -> None:
        with self.prevent(Input.Changed):
            self.replace(text, *self.selection)
        self._untold = self._untold or bool(text)

    def _tell(self) -> None:
        if self._untold:
            self._untold = False
            self.post_message(self.Changed(self, self.value))

    def _wait(self, milliseconds: int, then: Callable[[Run], None]) -> None:
        run = self._wedge.run
        if self._waiting is not None:
            self._waiting.stop()
        # By way of the app: keys that came meanwhile, but are not handled yet, are then ahead.
        self._waiting = self.set_timer(
            milliseconds / 1000, lambda: self.app.call_later(self.call_later, then, run)
        )

    def _pause(self, run: Run) -> None:
        # No key for longer than a scanner takes: what is held shows, though it may yet be a code.
        wedge = self._wedge
        if run is not wedge.run:
            return
        held = "".join(key.char for key in run[wedge.shown :])
        if ENDS.isdisjoint(held):
            self._insert(held)
            self._wedge = replace(wedge, shown=len(run))
            self._hurried = False
            self._tell()
        due = due_ms(wedge)
        if due is not None:
            self._wait(max(1, due - run[-1].at_ms - wedge.limits.gap - 1), self._end)

    def _end(self, run: Run) -> None:
        # The time since the last key was handled counts, so that a busy screen ends no burst.
        due = due_ms(self._wedge)
        if run is self._wedge.run and due is not None:
            self._take(*settle(self._wedge, due))


class Rows(Static):
    """Some lines of plain text that are never focused and never read as markup."""

    can_focus = False

    def __init__(self, *, classes: str = "") -> None:
        super().__init__("", markup=False, classes=classes)
        self._shown: Content | None = None

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show other lines: no drawing where they are the same, no new layout where the size is set."""
        shown = content if isinstance(content, Content) else None
        if shown is None or self._shown is None or not shown.is_same(self._shown):
            self._shown = shown
            super().update(content, layout=layout and self.styles.auto_dimensions)


def scanned(text: str) -> CredentialRead:
    """Say what kind of credential a scanner's text is: a number people could type, or an opaque code."""
    number = text.rstrip("\r\n\t")
    if number.isascii() and number.isalnum() and len(number) <= LONGEST_NUMBER:
        return CredentialRead("student-no", number, source="keyboard")
    return CredentialRead("capture-code", text, source="keyboard")
