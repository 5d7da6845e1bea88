"""The banner: who it is and whether all is well, told by colour, shape, words and sound."""

from collections.abc import Mapping

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.showing import Age, Showing, Tone, banner_lines

BEEPS: Mapping[Tone, int] = {"idle": 0, "preview": 0, "ok": 1, "again": 2, "attention": 2, "stop": 3}
OLD_AFTER = 3.0
HIDDEN_AFTER = 30.0
BEEP_APART = 0.15


class Banner(Widget):
    """Shows one verdict; after three seconds in outline, after thirty without the full ID number."""

    can_focus = False
    showing: reactive[Showing] = reactive(Showing(), always_update=True)
    age: reactive[Age] = reactive[Age]("new")

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._ageing: list[Timer] = []

    def show(self, showing: Showing, *, sound: bool = True) -> None:
        """Show something new from now on, with its sound."""
        for timer in self._ageing:
            timer.stop()
        self.age = "new"
        self.showing = showing
        self._ageing = []
        if showing.tone not in {"idle", "preview"}:
            self._ageing.append(self.set_timer(OLD_AFTER, self._grow_old))
        if showing.id_number:
            self._ageing.append(self.set_timer(HIDDEN_AFTER, self._hide))
        if sound:
            for beep in range(BEEPS[showing.tone]):
                self._beep(beep)

    def again(self, showing: Showing) -> None:
        """Show the same in other words, as after a change of language, with neither sound nor new time."""
        self.showing = showing

    def watch_showing(self, before: Showing, now: Showing) -> None:
        """Take the colours of the tone."""
        if before.tone != now.tone:
            self.remove_class(f"-{before.tone}")
        self.add_class(f"-{now.tone}")

    def watch_age(self, _: Age, now: Age) -> None:
        """Draw in outline what is no longer news."""
        self.set_class(now != "new", "-old")

    def render(self) -> RenderResult:
        """Draw the banner as plain text: nothing in a name is ever markup."""
        width, height = self.size
        lines = banner_lines(self.showing, width, height, self._glyphs, self.age)
        return Content("\n".join(lines))

    def _beep(self, place: int) -> None:
        if place:
            self.set_timer(place * BEEP_APART, self.app.bell)
        else:
            self.app.bell()

    def _grow_old(self) -> None:
        self.age = "old"

    def _hide(self) -> None:
        self.age = "hidden"
