"""Doctor (F8): every check of this laptop, how it is, and what to do about the one that is chosen."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from fieldkit.devices.desk import ports_now
from fieldkit.doctor.finding import MARKS, Finding
from fieldkit.doctor.laptop import terminal
from fieldkit.kit import Kit
from fieldkit.screens.checkup import check_up
from fieldkit.screens.deliberate import PAUSE, Deliberate
from fieldkit.screens.forms import Answers, FormScreen
from fieldkit.screens.frame import FrameScreen
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.keys import ScreenName, screen_bindings
from fieldkit.screens.messages import Place, SettingsChanged
from fieldkit.screens.picker import Rows
from fieldkit.screens.rows import CHOSEN
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
from fieldkit.text import cells, fit, one_line, wrap
from fieldkit.words import Lang, Text
from fieldkit.words import doctor as words
from fieldkit.words import settings as settings_words

CheckUp = Callable[[Kit, Finding, Sequence[float]], list[Finding]]

SETTINGS_KEY = "s"
WHAT_WIDTH = 20
ROW_BEGIN = WHAT_WIDTH + 6
STEP_ROWS = 12
LEAST_ROWS = 3
OTHER_ROWS = 5  # status, the line over the next step, last acts with theirs, keys
URGENT = ("failure", "warning", "ok")


class DoctorScreen(FrameScreen):
    """The checks. ``key_ms`` are the app's own times from a key to the screen, in milliseconds."""

    AUTO_FOCUS = ""
    of_keys: ClassVar[ScreenName] = "doctor"
    place: ClassVar[Place] = "here"
    title_text: ClassVar[Text] = words.DOCTOR
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
        self._deliberate = Deliberate()
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
        size = self.app.size
        encoding = self.app.console.encoding
        self._examine(terminal(size.width, size.height, encoding, there=True), tuple(self._key_ms))
        self.draw()

    async def on_key(self, event: events.Key) -> None:
        """Hold the key of the settings back until it is plain that no scanner sent it."""
        if not event.is_printable and event.key != "enter":
            return
        event.stop()
        if self._deliberate.press(event.key, event.time) == SETTINGS_KEY:
            self.action_settings()
        elif self._deliberate.hurried:
            self.notice(settings_words.SCANNED_HERE.say(self.lang))
        else:
            self.set_timer(PAUSE, self.release)

    def release(self) -> None:
        """Do what the key means that was held back."""
        if self._deliberate.due() == SETTINGS_KEY:
            self.action_settings()

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
            self.notice(words.CHECK_FAILED.say(self.lang))
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
            kit = self.kit.again()
            try:
                found = tuple(self._check(kit, screen, key_ms))
            finally:
                kit.close()
        except Exception as error:  # noqa: BLE001  a fault in a thread would end the app
            log_fault(error)
        self.post_message(self.CheckedUp(found))


def summary(findings: Sequence[Finding], lang: Lang) -> str:
    """Count findings by their state, or nothing where there is none."""
    if not findings:
        return ""
    count = Counter(finding.state for finding in findings)
    return words.SUMMARY.say(
        lang, total=len(findings), ok=count["ok"], warning=count["warning"], failure=count["failure"]
    )


def most_urgent(findings: Sequence[Finding]) -> int:
    """Give the place of the first finding of the worst state."""
    places = range(len(findings))
    return min(places, key=lambda place: (URGENT.index(findings[place].state), place), default=0)


def finding_rows(findings: Sequence[Finding], chosen: int, width: int, most: int, lang: Lang) -> list[str]:
    """Show one line a finding, scrolled so that the chosen one is in sight."""
    first = max(0, min(chosen - most + 2, len(findings) - most))
    rows = []
    for place, finding in list(enumerate(findings))[first : first + most]:
        mark = CHOSEN if place == chosen else " "
        what, found = finding.what.say(lang), one_line(finding.found.say(lang, **finding.fields))
        rows.append(fit(f" {mark} {MARKS[finding.state]} {fit(what, WHAT_WIDTH)} {found}", width))
    return rows


def step_rows(finding: Finding | None, width: int, lang: Lang) -> list[str]:
    """Show the next step of a finding line by line, after what its row had to cut."""
    if finding is None:
        return []
    found = one_line(finding.found.say(lang, **finding.fields))
    # What the row above has no room for stands here in full.
    written, step = [found] if cells(found) > width - ROW_BEGIN else [], words.ALL_WELL.say(lang)
    if finding.next_step is not None:
        step = f"{words.NEXT.say(lang)}{finding.next_step.say(lang, **finding.fields)}"
    written += step.split("\n")
    lines = [piece for line in written for piece in _indented(one_line(line), width - 6)]
    return [fit(f"   {line}", width) for line in lines[:STEP_ROWS]]


def _indented(line: str, width: int) -> list[str]:
    # A rule that is to be copied keeps the shape it is written in.
    inside = line.lstrip()
    margin = line[: len(line) - len(inside)]
    return [margin + piece for piece in wrap(inside, width - len(margin), STEP_ROWS)] or [""]


def _check(kit: Kit, screen: Finding, key_ms: Sequence[float]) -> list[Finding]:
    return check_up(kit, screen=screen, key_ms=key_ms)
