"""What align (F4) shows: one problem of the links after the other, and the line around it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from fieldkit.kit import Kit
from fieldkit.screens.align_problem import align_lines, caption
from fieldkit.screens.align_rows import PRESSES, line_around, named_in, repair_trail, row_of
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.keys import ScreenName, screen_bindings
from fieldkit.screens.letters import LetterScreen
from fieldkit.screens.messages import Place
from fieldkit.screens.picker import Rows
from fieldkit.screens.readings import Readings
from fieldkit.studio.linking import VisitLink
from fieldkit.studio.problems import AlignDay, Problem, at_hand, widest_pause
from fieldkit.words import Text
from fieldkit.words import align as words

LINE_ROWS = 8
LEAST_ROWS = 3
# What stands around the rows of the line: status, headings and rules, the problem, notices and keys.
AROUND_LINE = 16


class AlignView(LetterScreen):
    """The problems of a visit's links as they were read: shows them, and lets the operator look around."""

    of_keys: ClassVar[ScreenName] = "align"
    place: ClassVar[Place] = "here"
    title_text: ClassVar[Text] = words.ALIGN
    presses: ClassVar[Mapping[str, str]] = PRESSES
    scanned_text: ClassVar[Text] = words.SCANNED_HERE
    BINDINGS: ClassVar[list[BindingType]] = [*screen_bindings("align")]

    def __init__(self, kit: Kit, glyphs: Glyphs) -> None:
        super().__init__(kit, glyphs)
        self.days: tuple[AlignDay, ...] = ()
        self.at = self.mark = 0
        self.chosen: int | None = None
        self.readings = Readings()
        self.shown: Problem | None = None
        self.pictured = False
        self.line_part, self.problem_part = Rows(classes="people"), Rows(classes="problem")
        self.caption, self.picture = Rows(), Rows(classes="picture")
        self.fill = Rows(classes="fill")

    def compose(self) -> ComposeResult:
        """Lay out the line over the problem."""
        yield self.status
        yield self.line_part
        yield self.problem_part
        yield self.caption
        yield self.picture
        yield self.fill
        yield self.last
        yield self.key_row

    # What is shown.

    @property
    def problems(self) -> list[tuple[AlignDay, Problem]]:
        """Give all problems, station by station."""
        return [(day, problem) for day in self.days for problem in day.problems]

    def current(self) -> tuple[AlignDay, Problem] | None:
        """Give the problem that is shown, and its day."""
        problems = self.problems
        return problems[self.at] if self.at < len(problems) else None

    def frames_shown(self) -> Sequence[VisitLink]:
        """Give the frames that are shown."""
        current = self.current()
        return at_hand(*current, self.chosen) if current else ()

    def show_picture(self, picture: Content | None) -> None:
        """Show a picture in the place of the problem, or the problem."""
        self.pictured = picture is not None
        self.caption.display = self.picture.display = self.pictured
        self.line_part.display = self.problem_part.display = self.fill.display = not self.pictured
        self.picture.update(picture or Content(""))
        if self.pictured:
            self.draw_lower()

    def person(self) -> str | None:
        """Give whom the operator chose in the line, or None."""
        current = self.current()
        return current[0].line[self.chosen].person if current and self.chosen is not None else None

    def figures(self) -> str:
        """Give which problem of how many is shown."""
        count = len(self.problems)
        return words.PROBLEM_OF.say(self.lang, place=self.at + 1, count=count) if count else ""

    def draw(self) -> None:
        """Draw everything anew."""
        if not self.is_attached:
            return
        self._acts = repair_trail(self.kit, self.visit.key)
        self.draw_status()
        self.draw_lower()
        self.draw_last()
        self.draw_keys()

    def draw_lower(self) -> None:
        """Draw the line and the problem."""
        current = self.current()
        if current is None:
            texts = (
                words.READING
                if self.readings.running
                else words.ALL_SETTLED
                if self.days
                else words.NO_FRAMES_YET
            )
            self.line_part.update(Content(f"\n\n   {texts.say(self.lang)}"))
            self.problem_part.update(Content(""))
            return
        (day, problem), named = current, named_in(self.kit, self.visit.key)
        rows = self._line_rows(day)
        self.line_part.styles.height = rows + 3
        around = line_around(day, row_of(day, problem), self.chosen, rows, self.width, self.lang, named)
        self.line_part.update(Content("\n".join(around)))
        lines = align_lines(day, problem, self.mark, self.chosen, self.width, self.lang, named)
        self.problem_part.update(Content("\n".join(lines)))
        if self.pictured:
            told = caption(day, problem, self.mark, self.chosen, self.width, self.lang, named)
            self.caption.update(Content(told))

    def _line_rows(self, day: AlignDay) -> int:
        # More on a large screen; fewer on a small one, so that notices and keys stay in sight.
        return max(LEAST_ROWS, min(self.size.height - AROUND_LINE, max(LINE_ROWS, len(day.line))))

    def action_go(self, steps: int) -> None:
        """Go to another problem; from the last to the first."""
        self.show_problem(self.at + steps)

    def action_end(self, end: int) -> None:
        """Go to the first problem, or to the last."""
        self.show_problem(end)

    def action_choose(self, step: int) -> None:
        """Choose somebody in the line, beginning beside whom the problem concerns."""
        current = self.current()
        if current is None:
            return
        day, problem = current
        at = row_of(day, problem) if self.chosen is None else self.chosen
        self.chosen = max(0, min(len(day.line) - 1, at + step))
        if problem.sitting is None:
            self.mark = widest_pause(self.frames_shown())
        self.draw_lower()

    def action_mark(self, step: int) -> None:
        """Move the mark within the frames."""
        links = self.frames_shown()
        if links:
            self.mark = max(0, min(len(links) - 1, self.mark + step))
            self.draw_lower()

    def action_clear(self) -> None:
        """Forget who was chosen and where the mark was."""
        self.show_problem(self.at)

    def show_problem(self, at: int) -> None:
        """Show a problem with nobody chosen and the mark at its widest pause."""
        count = len(self.problems)
        self.at = at % count if count else 0
        current, self.chosen = self.current(), None
        self.mark = widest_pause(self.frames_shown())
        self.shown = current[1] if current else None
        self.show_picture(None)
        self.draw()
