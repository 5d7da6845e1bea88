"""How the align screen reads a visit beside the app, and what stays in sight when it was read anew."""

from dataclasses import dataclass

from textual import work
from textual.message import Message

from fieldkit.kit import Kit
from fieldkit.screens.align_staying import found_again, meant, next_one
from fieldkit.screens.align_view import AlignView
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.verdicts import log_fault
from fieldkit.studio.problems import AlignDay, LineRow, Problem, read_days, widest_pause
from fieldkit.words import align as words

TURNED_STAYS = 0.7


class AlignReading(AlignView):
    """Reads the visit when something happened, and keeps the problem that is worked on in sight."""

    @dataclass
    class DaysRead(Message):
        """The visit was read; None where that failed."""

        days: tuple[AlignDay, ...] | None

    def __init__(self, kit: Kit, glyphs: Glyphs) -> None:
        super().__init__(kit, glyphs)
        self.waiting = self.going_back = self.turned = False
        self._wanted: tuple[str | None, ...] | None = None
        self._looked_for: set[tuple[str | None, ...]] = set()

    def begin(self) -> None:
        """Read the day."""
        self.show_picture(None)
        self.read_days(settle=True)

    def speak(self) -> None:
        """Say everything in the kit's language, and look at the whole day again."""
        self.draw()
        self.read_days(settle=True)

    def action_go(self, steps: int) -> None:
        """Go to another problem, whatever an alarm told of."""
        self._wanted = None
        super().action_go(steps)

    def action_end(self, end: int) -> None:
        """Go to the first problem or the last, whatever an alarm told of."""
        self._wanted = None
        super().action_end(end)

    def frames_changed(self) -> None:
        """Read the visit anew; the whole day is looked at when the screen is shown."""
        self.read_days()

    def read_days(self, *, settle: bool = False) -> None:
        """Read the visit beside the app; one reading at a time, the last never skipped."""
        if self.readings.begins():
            self._read(settle=settle)

    def on_align_reading_days_read(self, event: DaysRead) -> None:
        """Show what was read; the problem that is shown stays with its mark, else the next one comes."""
        again, chosen = self.readings.ended(), self._chosen_row()
        before, links = self.shown, self.frames_shown()
        marked = links[self.mark].frame.frame if self.mark < len(links) else None
        known = {problem.what for _, problem in self.problems}
        if event.days is not None:
            self.days = event.days
        same = found_again(before, self.problems)
        back = [at for at, (_, problem) in enumerate(self.problems) if problem.what not in known]
        if self.going_back and back:
            self.show_problem(back[0])
        elif same is None:
            self.show_problem(next_one(before, self.problems))
            self._tell_turned(before)
        elif self.waiting and before is not None and self.problems[same][1].what != before.what:
            # What is left of a problem that was worked on is looked at afresh.
            self.show_problem(same)
        else:
            self._stay(same, chosen, marked)
        self._seek()
        if again:
            self.read_days()
        else:
            self.waiting = self.going_back = False
            self._wanted = None

    def _chosen_row(self) -> LineRow | None:
        current = self.current()
        return current[0].line[self.chosen] if current and self.chosen is not None else None

    def _stay(self, at: int, chosen: LineRow | None, marked: str | None) -> None:
        self.at = at
        day, self.shown = self.problems[at]
        self.chosen = next((at for at, row in enumerate(day.line) if chosen and row.is_of(chosen)), None)
        frames = [link.frame.frame for link in self.frames_shown()]
        self.mark = frames.index(marked) if marked in frames else widest_pause(self.frames_shown())
        self.draw()

    def _tell_turned(self, before: Problem | None) -> None:
        # A key that was meant for the problem of a moment ago must not act on the one that took its place.
        if before is None or self.waiting or not self.is_current:
            return
        self.turned = True
        self.set_timer(TURNED_STAYS, self.look_again)
        self.notice(words.TURNED.say)

    def look_again(self) -> None:
        """Let keys act again, once there was time to see that another problem is shown."""
        self.turned = False

    def look_for(self, where: tuple[str | None, ...] | None) -> None:
        """Show the problem of which an alarm told, once; it may still have to be read."""
        if where is not None and where not in self._looked_for:
            self._wanted = where
            self._seek()

    def _seek(self) -> None:
        at = meant(self._wanted, self.problems) if self._wanted is not None else None
        if at is not None and self._wanted is not None:
            self._looked_for.add(self._wanted)
            self._wanted = None
            self.show_problem(at)

    @work(thread=True)
    def _read(self, *, settle: bool, days: tuple[AlignDay, ...] | None = None) -> None:
        try:
            days = self.kit.beside.ask(read_days, self.visit.key, settle)
        except Exception as error:  # noqa: BLE001  a fault in a thread would end the app
            log_fault(error)
        self.post_message(self.DaysRead(days))
