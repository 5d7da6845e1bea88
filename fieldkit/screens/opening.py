"""The way to an open visit: which form comes next, from an empty folder to the desks."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fieldkit.clock import Clock
from fieldkit.ledger.home import is_home, make_home
from fieldkit.ledger.read.visits import visits
from fieldkit.screens import start
from fieldkit.screens.forms import Answers, Form
from fieldkit.words import Lang, Text
from fieldkit.words import screens as words

if TYPE_CHECKING:
    from fieldkit.kit import Kit


class Host(Protocol):
    """The app that the forms are shown in, and that owns what they open."""

    lang: Lang

    def ask(
        self, form: Form, done: Callable[[Answers], None], back: Callable[[], None] | None = None
    ) -> None:
        """Show a form in the place of the one before."""
        ...

    def own(self, kit: "Kit") -> None:
        """Take over a home that was opened."""
        ...

    def to_desks(self) -> None:
        """Show the desks of the open visit, or have one chosen."""
        ...


class Opening:
    """Asks for what is lacking. ``rehearse`` is offered where there is no home yet, if it is given."""

    def __init__(self, host: Host, home: Path, clock: Clock, rehearse: Callable[[], None] | None) -> None:
        self._host = host
        self._home, self._clock = home, clock
        self._rehearse = rehearse

    def first(self) -> tuple[Form, Callable[[Answers], None]]:
        """Give the form to begin with, where this laptop stands, and what its answers are given to."""
        if is_home(self._home):
            return start.unlock_form(self._home), self._unlock
        choices: list[Text] = [words.CHOICE_NEW]
        if self._rehearse is not None:
            choices.insert(0, words.CHOICE_REHEARSE)

        def chosen(answers: Answers) -> None:
            if choices[int(answers["choice"]) - 1] is words.CHOICE_NEW:
                self._host.ask(start.new_home_form(self._home), self._make_home, back=self._again)
            elif self._rehearse is not None:
                self._rehearse()

        return start.start_form(self._home, choices), chosen

    def choose_visit(self, kit: "Kit") -> None:
        """Ask which visit to open, or for a new one."""
        from fieldkit.roster.visits import new_visit, reopen_visit

        known = visits(kit.store)

        def made(answers: Answers) -> None:
            new_visit(kit.journal, answers["visit"], answers["school"])
            self._host.to_desks()

        def chosen(answers: Answers) -> None:
            place = int(answers["choice"]) - 1
            if place == len(known):
                self._host.ask(start.new_visit_form(), made, back=lambda: self.choose_visit(kit))
                return
            reopen_visit(kit.journal, known[place].name)
            self._host.to_desks()

        if known:
            self._host.ask(start.visits_form(known), chosen)
        else:
            self._host.ask(start.new_visit_form(), made)

    def _again(self) -> None:
        self._host.ask(*self.first())

    def _make_home(self, answers: Answers) -> None:
        letter, passphrase = answers["station"].strip().upper(), answers["passphrase"]
        secret = make_home(self._home, letter, passphrase, self._clock)

        def noted(_: Answers) -> None:
            from fieldkit.kit import open_kit
            from fieldkit.roster.visits import new_visit

            kit = open_kit(self._home, passphrase, self._clock, self._host.lang)
            self._host.own(kit)
            new_visit(kit.journal, answers["visit"], answers["school"])
            self._host.to_desks()

        self._host.ask(start.escrow_form(secret), noted)

    def _unlock(self, answers: Answers) -> None:
        from fieldkit.kit import open_kit

        self._host.own(open_kit(self._home, answers["passphrase"], self._clock, self._host.lang))
        self._host.to_desks()
