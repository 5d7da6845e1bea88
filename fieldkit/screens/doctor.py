"""Doctor (F8): every check of this laptop, how it is, and what to do about the one that is chosen."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from fieldkit.devices.desk import ports_now
from fieldkit.doctor.finding import Finding
from fieldkit.doctor.laptop import terminal
from fieldkit.kit import Kit
from fieldkit.screens.checkup import check_up
from fieldkit.screens.doctor_rows import finding_rows, most_urgent, step_rows, summary
from fieldkit.screens.forms import Answers, FormScreen
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.keys import ScreenName, screen_bindings
from fieldkit.screens.letters import LetterScreen
from fieldkit.screens.messages import Place, SettingsChanged
from fieldkit.screens.picker import Rows
from fieldkit.screens.settings import (
    CHOICE,
    PORT,
    SAM,
    SCANNER,
    changed,
    chosen_port,
    ports_form,
    settings_form,
    with_port,
)
from fieldkit.screens.verdicts import log_fault
from fieldkit.settings import Settings
from fieldkit.words import Lang, Text
from fieldkit.words import doctor as words
from fieldkit.words import settings as settings_words

CheckUp = Callable[[Kit, Finding, Sequence[float]], list[Finding]]

LEAST_ROWS = 3
# After that long what was found may not be so any more: it is looked at again when the screen is shown.
OLD_MS = 60_000
OTHER_ROWS = 5  # status, the line over the next step, last acts with theirs, keys


class DoctorScreen(LetterScreen):
    """The checks. ``key_ms`` are the app's own times from a key to the screen, in milliseconds."""

    of_keys: ClassVar[ScreenName] = "doctor"
    place: ClassVar[Place] = "here"
    title_text: ClassVar[Text] = words.DOCTOR
    presses: ClassVar[Mapping[str, str]] = MappingProxyType({"s": "settings"})
    scanned_text: ClassVar[Text] = settings_words.SCANNED_HERE
    BINDINGS: ClassVar[list[BindingType]] = [*screen_bindings("doctor")]

    @dataclass
    class CheckedUp(Message):
        """The laptop was checked; None where that failed."""

        findings: tuple[Finding, ...] | None

    def __init__(
        self, kit: Kit, glyphs: Glyphs, key_ms: Sequence[float] = (), check: CheckUp | None = None
    ) -> None:
        super().__init__(kit, glyphs)
        self.findings: tuple[Finding, ...] = ()
        self.chosen = 0
        self.checking = False
        self._key_ms = key_ms
        self._checked: tuple[Lang, int] | None = None
        self._check = check or _check
        self.list, self.step = Rows(classes="fill"), Rows(classes="step")

    def compose(self) -> ComposeResult:
        """Lay out the checks over the next step."""
        yield self.status
        yield self.list
        yield self.step
        yield self.last
        yield self.key_row

    def begin(self) -> None:
        """Check at once."""
        self.action_check()

    def speak(self) -> None:
        """Say everything in the kit's language, and check again what was found in another or long ago."""
        super().speak()
        if self._checked is not None:
            lang, at_ms = self._checked
            if lang != self.lang or self.kit.clock.mono_ms() - at_ms >= OLD_MS:
                self.action_check()

    def figures(self) -> str:
        """Count the checks by how they are."""
        if self.checking:
            return words.CHECKING.say(self.lang)
        return summary(self.findings, self.lang)

    def draw_lower(self) -> None:
        """Draw the checks, and the next step of the chosen one."""
        chosen = self.findings[self.chosen] if self.findings else None
        steps = step_rows(chosen, self.width, self.lang)
        room = max(LEAST_ROWS, self.size.height - OTHER_ROWS - len(steps))
        rows = finding_rows(self.findings, self.chosen, self.width, room, self.lang)
        self.list.update(Content("\n".join(rows)))
        self.step.update(Content("\n".join(steps)))

    def action_choose(self, step: int) -> None:
        """Go up or down the checks."""
        self.chosen = max(0, min(len(self.findings) - 1, self.chosen + step))
        self.draw_lower()

    def action_check(self) -> None:
        """Check everything again; one check-up at a time."""
        if self.checking:
            return
        self.checking = True
        self._checked = self.lang, self.kit.clock.mono_ms()
        size = self.app.size
        encoding = self.app.console.encoding
        self._examine(terminal(size.width, size.height, encoding, there=True), tuple(self._key_ms))
        self.draw()

    def action_settings(self) -> None:
        """Show the settings and ask which to change."""
        self.app.push_screen(self._settings())

    def _settings(self) -> FormScreen:
        return self.asking(settings_form(self.kit.settings), self._asked, self._close)

    def _asked(self, answers: Answers) -> None:
        place = int(answers[CHOICE])
        if place not in {SAM, SCANNER}:
            self._change(changed(self.kit.settings, place, self.lang))
            return
        ports = ports_now(self.kit.clock)

        def named(given: Answers) -> None:
            port = chosen_port(given[PORT], ports) or ""
            self._change(with_port(self.kit.settings, place, port))

        form = ports_form(self.kit.settings, place, ports)
        self.app.switch_screen(self.asking(form, named, self._again))

    def _change(self, settings: Settings) -> None:
        self.kit.change(settings)
        self.app.post_message(SettingsChanged())
        self._again()

    def _again(self) -> None:
        self.app.switch_screen(self._settings())

    def _close(self) -> None:
        self.app.pop_screen()
        self.action_check()

    def on_doctor_screen_checked_up(self, event: CheckedUp) -> None:
        """Show what was found; at first the most urgent is chosen, later the choice stays."""
        self.checking = False
        if event.findings is None:
            self.notice(words.CHECK_FAILED.say)
        else:
            if not self.findings:
                self.chosen = most_urgent(event.findings)
            self.findings = event.findings
            self.chosen = min(self.chosen, max(0, len(self.findings) - 1))
        self.draw()

    @work(thread=True)
    def _examine(self, screen: Finding, key_ms: Sequence[float]) -> None:
        found: tuple[Finding, ...] | None = None
        try:
            with closing(self.kit.again()) as kit:
                found = tuple(self._check(kit, screen, key_ms))
        except Exception as error:  # noqa: BLE001  a fault in a thread would end the app
            log_fault(error)
        self.post_message(self.CheckedUp(found))


def _check(kit: Kit, screen: Finding, key_ms: Sequence[float]) -> list[Finding]:
    return check_up(kit, screen=screen, key_ms=key_ms)
