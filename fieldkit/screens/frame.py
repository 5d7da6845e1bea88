"""What both desks have in common: status line, banner, input, notices, last acts, key line."""

import shutil
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from fieldkit.errors import FieldkitError
from fieldkit.kit import Kit
from fieldkit.ledger.read.people import person_by_key
from fieldkit.model import CredentialRead, Person
from fieldkit.screens.banner import Banner
from fieldkit.screens.burst import scanned
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.keys import WHY_NOT, Need, ScreenName, key_line, need_of, way_to
from fieldkit.screens.messages import CardNotRead, Light, Place
from fieldkit.screens.picker import Entry, Rows
from fieldkit.screens.rows import LastAct, clock_time, last_acts, size_shown, trail
from fieldkit.screens.showing import Showing
from fieldkit.screens.verdicts import error_showing, undone_showing
from fieldkit.text import cut, ends, one_line
from fieldkit.words import Lang, Text
from fieldkit.words import screens as words

NOTICE_STAYS = 4.0
TICK = 1.0
MOST_ACTS = 4
SHAPES = {"ok": "●", "absent": "○", "fault": "×"}


class DeskScreen(Screen[None]):
    """A screen with one input line at which one use case after the other is done."""

    AUTO_FOCUS = "Entry"
    of_keys: ClassVar[ScreenName]
    place: ClassVar[Place]
    title_text: ClassVar[Text]
    acting: ClassVar[frozenset[str]] = frozenset()
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, kit: Kit, glyphs: Glyphs) -> None:
        super().__init__()
        self.kit = kit
        self.visit = kit.require_visit()
        self.people: Sequence[Person] = ()
        self.chosen = 0
        self.moved = False
        self.lights: Sequence[Light] = ()
        self._acts: list[LastAct] = []
        self._notice_timer: Timer | None = None
        self.status = Rows(classes="status")
        self.banner = Banner(glyphs)
        self.entry = Entry(self.acting)
        self.last = Rows(classes="last")
        self.key_row = Rows(classes="keys")

    def compose(self) -> ComposeResult:
        """Lay the screen out from top to bottom."""
        yield self.status
        yield self.banner
        yield Horizontal(Rows(classes="prompt"), self.entry, classes="line")
        yield from self.lower()
        yield self.last
        yield self.key_row

    # What a screen says for itself.

    def lower(self) -> ComposeResult:
        """Give what stands below the input line."""
        raise NotImplementedError

    def figures(self) -> str:
        """Give the figures of the status line."""
        raise NotImplementedError

    def idle(self) -> Showing:
        """Give what the banner shows while nothing happens."""
        raise NotImplementedError

    def typed(self, value: str) -> None:
        """Look up what is being typed."""
        raise NotImplementedError

    def entered(self, value: str) -> Showing | None:
        """Do what Enter means for a person's typing; None where nothing was done."""
        raise NotImplementedError

    def presented(self, read: CredentialRead, walk_in: str | None) -> Showing:
        """Do what a presented credential means."""
        raise NotImplementedError

    def draw_lower(self) -> None:
        """Draw what stands below the input line."""
        raise NotImplementedError

    def preview(self) -> None:
        """Show the one who is chosen, before anything is done."""
        raise NotImplementedError

    # What all have in common.

    @property
    def lang(self) -> Lang:
        """Give the language of the staff."""
        return self.kit.lang

    def on_mount(self) -> None:
        """Begin with the state of the ledger."""
        self.query_one(".prompt", Rows).update(Content(" > "))
        self.banner.show(self.idle())
        self.draw()
        self.set_interval(TICK, self._tick)

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was shown."""
        self.draw()

    def draw(self) -> None:
        """Draw everything but the banner anew from the ledger."""
        if not self.is_attached:
            return
        station = self.kit.journal.station
        self._acts = last_acts(self.kit.store, self.visit.key, station.id, station.letter, MOST_ACTS)
        self.draw_status()
        self.draw_lower()
        if self._notice_timer is None:
            self.last.update(Content(trail(self._acts, self.width, self.lang)))
        self.draw_keys()

    @property
    def width(self) -> int:
        """Give the width of the screen in cells."""
        return self.size.width

    def draw_status(self) -> None:
        """Draw the status line: where we are, the figures, the devices there are, the time."""
        lights = "".join(f" {light.name.say(self.lang)}{SHAPES[light.state]}" for light in self.lights)
        disk = words.DISK_FREE.say(self.lang, size=size_shown(_free(self.kit)))
        title = f" {way_to(self.of_keys)} {self.title_text.say(self.lang)}"
        letter = words.STATION.say(self.lang, letter=self.kit.journal.station.letter)
        time = clock_time(self.kit.clock.now())
        right = "  ".join(piece for piece in (self.figures(), lights.strip(), disk, f"{time} ") if piece)
        left = f"{title}  {letter}  {one_line(self.visit.name)}"
        self.status.update(Content(ends(left, right, self.width)))

    def draw_keys(self) -> None:
        """Draw the key line; a key that cannot act now stays in its place, dimmed."""
        lacking = frozenset(need for need in WHY_NOT if not self.has(need))
        pieces = key_line(self.of_keys, self.lang, lacking, self.width)
        self.key_row.update(
            Content.assemble(*((piece, "" if works else "dim strike") for piece, works in pieces))
        )

    def has(self, need: Need) -> bool:
        """Say whether what an act needs is there."""
        return bool(self._acts) if need == "acts" else False

    def allowed(self, act: str) -> bool:
        """Say whether an act makes sense now, and tell why where it does not."""
        need = need_of(act, self.of_keys)
        if need is None or self.has(need):
            return True
        self.notice(WHY_NOT[need].say(self.lang))
        return False

    def notice(self, text: str) -> None:
        """Say something for a few seconds in the line of the last acts."""
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self.last.add_class("-notice")
        self.last.update(Content(cut(f" {one_line(text)}", self.width)))
        self._notice_timer = self.set_timer(NOTICE_STAYS, self._end_notice)

    def perform(self, act: Callable[[], Showing | None]) -> Showing | None:
        """Do one use case and show what came of it; whatever goes wrong is a red verdict, never green."""
        try:
            showing = act()
        except Exception as error:  # noqa: BLE001
            showing = error_showing(error, self.lang)
        if showing is not None:
            self._end_notice()
            self.banner.show(showing)
        self.draw()
        return showing

    def present(self, read: CredentialRead, walk_in: str | None = None) -> None:
        """Serve a credential in whatever state the screen is; half-typed text gives way to it."""
        self.forget()
        self.perform(lambda: self.presented(read, walk_in))

    def forget(self) -> None:
        """Forget what was typed and chosen."""
        self.entry.put("")
        self.people, self.chosen, self.moved = (), 0, False

    def unread(self, message: CardNotRead) -> None:
        """Show that a card could not be read."""
        notes = (message.message.say(self.lang), message.hint.say(self.lang))
        self.banner.show(Showing("stop", words.CARD_UNREAD.both(), notes=notes))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look up what was typed, unless more was typed meanwhile."""
        event.stop()
        if event.value == self.entry.value:
            self.moved = False
            self._look_up(event.value)

    def on_entry_entered(self, event: Entry.Entered) -> None:
        """Take what a scanner sent as a credential, what a person typed as they mean it."""
        event.stop()
        if event.scanned is None:
            self.perform(lambda: self.entered(event.value))
        elif event.scanned:
            self.present(scanned(event.scanned))

    def action_choose(self, step: int) -> None:
        """Go up or down the list."""
        if self.people:
            self.moved = True
            self.chosen = max(0, min(len(self.people) - 1, self.chosen + step))
            self.preview()
            self.draw_lower()

    def action_clear(self) -> None:
        """Forget what was typed and shown."""
        self.forget()
        self.banner.show(self.idle())
        self.draw()

    def action_undo(self) -> None:
        """Undo this station's newest act."""
        if self.allowed("undo"):
            self.forget()
            self.perform(self._undo)

    def _undo(self) -> Showing:
        event = self.kit.journal.undo(self.visit.key)
        person = person_by_key(self.kit.store, self.visit.key, event.subject)
        return undone_showing(event, person, self.lang)

    def speak(self) -> None:
        """Say everything in the kit's language from now on."""
        self.banner.show(self.idle() if not self.people else self.banner.showing, sound=False)
        self.draw()

    def _look_up(self, value: str) -> None:
        try:
            self.typed(value)
        except FieldkitError as error:
            self.banner.show(error_showing(error, self.lang))
        self.draw_lower()

    def _tick(self) -> None:
        if self.is_current:
            self.draw()

    def _end_notice(self) -> None:
        if self._notice_timer is not None:
            self._notice_timer.stop()
            self._notice_timer = None
        self.last.remove_class("-notice")
        self.last.update(Content(trail(self._acts, self.width, self.lang)))

    def on_resize(self) -> None:
        """Lay everything out for the new width."""
        self.draw()


def _free(kit: Kit) -> int:
    try:
        return shutil.disk_usage(kit.home.path).free
    except OSError:
        return 0
