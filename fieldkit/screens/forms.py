"""Forms: one question after the other on one input line, so that there is no field to look for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen

from fieldkit.devices.wedge import WedgeLimits
from fieldkit.errors import FieldkitError
from fieldkit.screens.keys import ScreenName, key_line, screen_bindings
from fieldkit.screens.picker import Entry, Rows
from fieldkit.screens.verdicts import error_showing
from fieldkit.text import cut, fit, one_line, wrap
from fieldkit.words import Lang, Text
from fieldkit.words import screens as words

Answers = Mapping[str, str]
LABEL_WIDTH = 40
HIDDEN = "•"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``check`` says what is wrong with an answer, or None, given the answers before it."""

    name: str
    label: Text
    check: Callable[[str, Answers], Text | None]
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form's text: words of ours, with what fills their places."""

    text: Text
    fields: tuple[tuple[str, str], ...] = ()

    def say(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.text.say(lang, **dict(self.fields))


@dataclass(frozen=True, slots=True)
class Form:
    """A title, some lines, questions, and what is said while the answers are acted upon."""

    title: Text
    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    busy: Text | None = None


class FormScreen(Screen[None]):
    """Asks the questions of a form and gives the answers to ``done``, whose errors it shows."""

    AUTO_FOCUS = "Entry"
    of_keys: ClassVar[ScreenName] = "form"
    BINDINGS: ClassVar[list[BindingType]] = [*screen_bindings("form")]

    def __init__(
        self,
        form: Form,
        done: Callable[[Answers], None],
        lang: Lang,
        back: Callable[[], None] | None = None,
        limits: WedgeLimits | None = None,
    ) -> None:
        super().__init__()
        self.form, self.lang = form, lang
        self._done, self._back = done, back
        self.answers: dict[str, str] = {}
        self._problem: Text | FieldkitError | None = None
        self._busy = False
        self.text = Rows(classes="form")
        self.entry = Entry(limits=limits)
        self.key_row = Rows(classes="keys")

    def compose(self) -> ComposeResult:
        """Lay the form out: text, input line, keys."""
        yield self.text
        yield Horizontal(Rows(classes="prompt"), self.entry, classes="line")
        yield Rows(classes="fill")
        yield self.key_row

    def on_mount(self) -> None:
        """Ask the first question."""
        self.query_one(".prompt", Rows).update(Content(" > "))
        self.draw()

    @property
    def question(self) -> Question:
        """Give the question that is asked now."""
        return self.form.questions[len(self.answers)]

    def on_entry_entered(self, event: Entry.Entered) -> None:
        """Check the answer and go on."""
        event.stop()
        if self._busy:
            return
        # What a scanner reads is a credential and answers no question, nor may it stay in front of an answer.
        if event.scanned is not None:
            self._problem = words.NO_ANSWER
            self.entry.put("")
            self.draw()
            return
        wrong = self.question.check(event.value, self.answers)
        if wrong is not None:
            self._problem = wrong
            if self.question.secret:
                self.entry.put("")
            self.draw()
            return
        self._problem = None
        self.answers[self.question.name] = event.value
        self.entry.put("")
        if len(self.answers) < len(self.form.questions):
            self.draw()
            return
        # What follows may take a second: it begins after the screen has said so.
        self._busy = True
        self.draw()
        self.call_after_refresh(self._finish)

    def action_back(self) -> None:
        """Clear the line, else go back one question, else to where the form was opened."""
        self._problem = None
        if self.entry.value:
            self.entry.put("")
        elif self.answers:
            self.answers.popitem()
        elif self._back:
            self._back()
            return
        self.draw()

    def speak(self, lang: Lang) -> None:
        """Say everything in another language from now on."""
        self.lang = lang
        self.draw()

    def on_resize(self) -> None:
        """Lay everything out for the new width."""
        self.draw()

    def draw(self) -> None:
        """Draw the form as far as it is answered."""
        if not self.is_attached:
            return
        self.entry.password = not self._busy and self.question.secret
        width = self.size.width
        problem = _said(self._problem, self.lang)
        lines = form_lines(self.form, self.answers, problem, width, self.lang, busy=self._busy)
        self.text.update(Content("\n".join(lines)))
        self.key_row.update(
            Content("".join(piece for piece, _ in key_line(self.of_keys, self.lang, frozenset(), width)))
        )

    def _finish(self) -> None:
        try:
            self._done(dict(self.answers))
        except FieldkitError as error:
            self._problem = error
        self._busy = False
        self.answers.popitem()
        self.draw()


def _said(problem: Text | FieldkitError | None, lang: Lang) -> tuple[str, ...]:
    if isinstance(problem, FieldkitError):
        return error_showing(problem, lang).notes
    return (problem.say(lang),) if problem else ()


def form_lines(
    form: Form, answers: Answers, problem: tuple[str, ...], width: int, lang: Lang, *, busy: bool
) -> list[str]:
    """Lay a form out: title, text, what was answered, the question, and what was wrong."""
    lines = ["", f"   {form.title.both()}", ""]
    for line in form.lines:
        lines += [f"   {part}" for part in wrap(line.say(lang), width - 6, 3)] or [""]
    lines.append("")
    for question in form.questions[: len(answers)]:
        answer = answers[question.name]
        shown = HIDDEN * len(answer) if question.secret else one_line(answer)
        lines.append(f"   ■ {fit(question.label.say(lang), LABEL_WIDTH)} {shown}")
    if busy and form.busy:
        lines += ["", f"   {form.busy.say(lang)}"]
    elif not busy:
        lines.append(f"   ► {form.questions[len(answers)].label.say(lang)}")
    lines += [f"   × {part}" for part in problem]
    return [cut(line, width) for line in lines]


def choose_one_of(count: int) -> Callable[[str, Answers], Text | None]:
    """Give a check that an answer is a number from 1 to ``count``."""

    def check(answer: str, _: Answers) -> Text | None:
        text = answer.strip()
        return None if text.isascii() and text.isdigit() and 1 <= int(text) <= count else words.NOT_A_CHOICE

    return check


def needed(answer: str, _: Answers) -> Text | None:
    """Say that an answer must not be empty."""
    return None if answer.strip() else words.NEEDED
