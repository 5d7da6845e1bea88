"""What both desks have in common: status line, banner, input, notices, last acts, key line."""

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer

from fieldkit.devices.wedge import WedgeLimits
from fieldkit.errors import FieldkitError
from fieldkit.screens.banner import Banner
from fieldkit.screens.forms import Answers, Form, FormScreen
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.keys import WHY_NOT, Need, ScreenName, key_line, need_of, way_to
from fieldkit.screens.messages import Light, Place
from fieldkit.screens.picker import Entry, Rows
from fieldkit.screens.rows import LastAct, clock_time, last_acts, size_shown, trail
from fieldkit.screens.showing import Showing
from fieldkit.text import cut, ends, one_line
from fieldkit.words import Lang, Saying, Text
from fieldkit.words import screens as words

if TYPE_CHECKING:
    from fieldkit.kit import Kit
    from fieldkit.screens.copying import Copying
    from fieldkit.screens.holding import Question

NOTICE_STAYS = 4.0
TICK = 1.0
MOST_ACTS = 4
LEAST_WIDTH, LEAST_HEIGHT = 80, 24
SHAPES = {"ok": "●", "absent": "○", "fault": "×", "busy": "▒"}


class FrameScreen(Screen[None]):
    """The frame around a desk: draws what there is, and does nothing of its own accord."""

    AUTO_FOCUS = "Entry"
    of_keys: ClassVar[ScreenName]
    place: ClassVar[Place]
    title_text: ClassVar[Text]
    acting: ClassVar[frozenset[str]] = frozenset()
    lone: ClassVar[frozenset[str]] = frozenset()
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, kit: "Kit", glyphs: Glyphs) -> None:
        super().__init__()
        self.kit = kit
        self.visit = kit.require_visit()
        self.lights: Sequence[Light] = ()
        self._acts: list[LastAct] = []
        self._notice_timer: Timer | None = None
        self._noticed: Saying | str = ""
        self.status = Rows(classes="status")
        self.banner = Banner(glyphs)
        self.entry = Entry(self.acting, lone=self.lone, limits=self.limits)
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

    def idle(self) -> Showing:
        """Give what the banner shows while nothing happens."""
        raise NotImplementedError

    def figures(self) -> str:
        """Give the figures of the status line."""
        raise NotImplementedError

    def draw_lower(self) -> None:
        """Draw what stands below the input line."""
        raise NotImplementedError

    def begin(self) -> None:
        """Put input line and banner to their beginning; a screen without them begins in its own way."""
        self.query_one(".prompt", Rows).update(Content(" > "))
        self.banner.show(self.idle())

    def frames_changed(self) -> None:
        """Read frames and links anew, where they are shown."""

    def points_at(self) -> tuple[str | None, ...] | None:
        """Give the newest alarm that is shown here, by what tells it from others; None without one."""
        return None

    def look_for(self, where: tuple[str | None, ...] | None) -> None:
        """Show what an alarm told of, where that can be settled."""

    def tell_card(self, card: "Copying | None", judged: tuple[int, int], asked: "Question | None") -> bool:  # noqa: ARG002
        """Show how far cards are read in, and say whether that is shown here."""
        return False

    # What all have in common.

    def on_mount(self) -> None:
        """Begin with the state of the ledger."""
        self.begin()
        self.draw()
        self.set_interval(TICK, self._tick)

    @property
    def lang(self) -> Lang:
        """Give the language of the staff."""
        return self.kit.lang

    @property
    def limits(self) -> WedgeLimits:
        """Give how this laptop's scanner is told from a person."""
        return WedgeLimits(needs_end=self.kit.settings.scanner_end_key)

    def asking(self, form: Form, done: Callable[[Answers], None], back: Callable[[], None]) -> FormScreen:
        """Give the screen of a form that knows this laptop's scanner as the desks do."""
        return FormScreen(form, done, self.lang, back, self.limits)

    def speak(self) -> None:
        """Say everything in the kit's language from now on."""
        self.draw()

    def on_screen_resume(self) -> None:
        """Catch up with what happened, or was set, while another screen was shown."""
        self.entry.expect(self.limits)
        self.draw()

    def draw(self) -> None:
        """Draw everything but the banner anew from the ledger."""
        if not self.is_attached:
            return
        station = self.kit.journal.station
        self._acts = last_acts(self.kit.store, self.visit.key, station.id, MOST_ACTS)
        self.draw_status()
        self.draw_lower()
        self.draw_last()
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
        return bool(self._acts) if need in {"acts", "repairs"} else False

    def allowed(self, act: str) -> bool:
        """Say whether an act makes sense now, and tell why where it does not."""
        need = need_of(act, self.of_keys)
        if need is None or self.has(need):
            return True
        self.notice(WHY_NOT[need].say)
        return False

    def notice(self, told: Saying | str) -> None:
        """Say something for a few seconds in the line of the last acts; a saying follows the language."""
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self.last.add_class("-notice")
        self._noticed, self._notice_timer = told, self.set_timer(NOTICE_STAYS, self.end_notice)
        self.draw_last()

    def draw_last(self) -> None:
        """Draw what was just said, or the last acts."""
        if self._notice_timer is None:
            self.last.update(Content(trail(self._acts, self.width, self.lang)))
            return
        told = self._noticed if isinstance(self._noticed, str) else self._noticed(self.lang)
        self.last.update(Content(cut(f" {one_line(told)}", self.width)))

    def end_notice(self) -> None:
        """Give the line of the last acts back to them."""
        if self._notice_timer is not None:
            self._notice_timer.stop()
            self._notice_timer = None
        self.last.remove_class("-notice")
        self.draw_last()

    def _tick(self) -> None:
        if not self.is_current:
            return
        try:
            self.draw()
        except FieldkitError as error:
            self.notice(error.what)

    def on_resize(self) -> None:
        """Lay everything out for the new width; what needs more room than there is says so."""
        self.draw()
        width, height = self.app.size
        if width < LEAST_WIDTH or height < LEAST_HEIGHT:
            self.notice(partial(words.TOO_SMALL.say, width=width, height=height))


def _free(kit: "Kit") -> int:
    try:
        return shutil.disk_usage(kit.home.path).free
    except OSError:
        return 0
