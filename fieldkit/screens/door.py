"""The door (F2): a credential becomes a verdict and a sequence number, in one glance."""

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from fieldkit.kit import Kit
from fieldkit.ledger.read.line import count_checked_in
from fieldkit.ledger.read.people import count_people
from fieldkit.line.credentials import identify
from fieldkit.line.desk import DoorOutcome
from fieldkit.model import CredentialRead, Person
from fieldkit.roster.identity import name_key
from fieldkit.screens.binding import ChipHand
from fieldkit.screens.desk import DeskScreen
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.keys import ScreenName, screen_bindings
from fieldkit.screens.messages import Place
from fieldkit.screens.picker import Rows
from fieldkit.screens.rows import candidate_rows
from fieldkit.screens.showing import Showing, with_note
from fieldkit.screens.verdicts import door_showing, person_showing, read_walk_in, said
from fieldkit.text import fit
from fieldkit.words import Text
from fieldkit.words import screens as words

MOST = 6
COUNT_AGAIN = 15.0
WALK_IN = ("+", "＋")


class DoorScreen(DeskScreen):
    """The door. Typing previews, Enter or a credential checks in; nothing here asks a question."""

    of_keys: ClassVar[ScreenName] = "door"
    place: ClassVar[Place] = "door"
    title_text: ClassVar[Text] = words.DOOR
    BINDINGS: ClassVar[list[BindingType]] = [*screen_bindings("door")]

    def __init__(self, kit: Kit, glyphs: Glyphs) -> None:
        super().__init__(kit, glyphs)
        self.desk = kit.desk()
        self.chips = ChipHand(kit.chips(), kit.clock)
        self.glyphs = glyphs
        self.below = Rows(classes="below")
        self.all_people = 0

    def lower(self) -> ComposeResult:
        """Give the candidates, whose place the number takes once it is given."""
        yield self.below

    def figures(self) -> str:
        """Give how many of the visit's people have come."""
        came = count_checked_in(self.kit.store, self.visit.key)
        return words.ARRIVED.say(self.lang, came=came, people=self.all_people)

    def count(self) -> None:
        """Count the people of the visit: only when there may be others, as it reads them all."""
        self.all_people = count_people(self.kit.store, self.visit.key)

    def on_mount(self) -> None:
        """Count before anything is shown."""
        self.count()
        self.set_interval(COUNT_AGAIN, self.count)

    def idle(self) -> Showing:
        """Ask for a credential; say what can be done where there is no roster."""
        how = words.READY_HOW if self.all_people else words.EMPTY_ROSTER
        return Showing(headline=words.READY.both(), notes=(how.say(self.lang),))

    def typed(self, value: str) -> None:
        """Look up half-typed text and preview the likeliest person."""
        self.chosen = 0
        if value.startswith(WALK_IN):
            name, number = read_walk_in(value)
            self.people = [] if number else self.desk.find(name, MOST)
            note = words.LISTED_NAME if self._listed(name, number) else words.WALK_IN_HOW
            self.banner.show(
                Showing(
                    "preview",
                    words.WALK_IN_PREVIEW.both(),
                    name=name,
                    details=(number,),
                    notes=(note.say(self.lang),),
                )
            )
            return
        self.people = self.desk.find(value, MOST)
        self.preview()

    def preview(self) -> None:
        """Show the chosen person large, in neutral colours, with what the operator must see."""
        if self.entry.value.startswith(WALK_IN):
            return
        if not self.people:
            self.banner.show(self.idle())
            return
        person = self.people[self.chosen]
        notes = said(self.desk.notes_on(person), self.lang)
        headline = words.PRESS_ENTER_BIND if self.chips.serial else words.PRESS_ENTER
        self.banner.show(person_showing("preview", headline, person, notes))

    def entered(self, value: str) -> Showing | None:
        """Check in the chosen person, a walk-in, or whom the text names."""
        if value.startswith(WALK_IN):
            return self._walk_in(value)
        if not value.strip() and not self.people:
            self.notice(words.NOTHING_CHOSEN.say)
            return None
        if not self.seen(value):
            return None
        if not self.people:
            return self._show(self.desk.check_in(value, binds=self.chips.serial))
        return self._show(self._chosen(value, self.people[self.chosen]))

    def presented(self, read: CredentialRead, walk_in: str | None) -> Showing:
        """Check in whoever holds a credential; a chip that is waited for is only held."""
        if self.chips.wanted and read.kind == "chip-serial":
            return self.chips.wanted_chip(read.value, self.lang)
        outcome = self.desk.check_in(
            read.value, kind=read.kind, walk_in=walk_in, photo=read.photo, at=read.at
        )
        showing = self._showing(outcome)
        if outcome.number and outcome.person:
            showing = self.chips.served(outcome.person, showing, self.lang)
        elif read.kind == "chip-serial" and not outcome.people:
            return self.chips.unknown(read.value, showing, self.lang)
        name = read.name.strip()
        if outcome.person and name and name_key(name) != name_key(outcome.person.entry.name):
            showing = with_note(showing, words.NAME_DIFFERS.say(self.lang))
        if showing.tone == "stop" and name:
            # A card tells name and number: nobody has to type them, and a person's Enter accepts them.
            self.entry.put(f"+{name} {read.value}", selected=True)
            showing = replace(showing, notes=(words.NOT_LISTED_ENTER.say(self.lang),))
        return showing

    def draw_lower(self) -> None:
        """Draw the candidates, or else the number of the verdict in large digits."""
        if self.people:
            rows = candidate_rows(
                self.kit.store, self.visit.key, self.people, self.chosen, self.width, self.lang
            )
        elif self.banner.showing.number:
            large = self.glyphs.number(self.banner.showing.number, self.width - 20)
            rows = [fit(f"   {words.WRITE_NUMBER.both()}", self.width), *(f"{'':>8}{line}" for line in large)]
        else:
            rows = []
        self.below.update(Content("\n".join(rows)))

    def _chosen(self, value: str, person: Person) -> DoorOutcome:
        whole = identify(self.kit.store, self.visit.key, value) if value.strip() else None
        if whole is not None and not self.moved:
            name = name_key(person.entry.name)
            same = tuple(found for found in whole.people if name_key(found.entry.name) == name)
            # Two large names that are equal tell nobody apart: the numbers have to be compared first.
            if name and len(same) > 1:
                return DoorOutcome("unknown", whole.kind, people=same)
        # What was typed in full says by which credential somebody came; a choice from a list does not.
        if whole is not None and [found.key for found in whole.people] == [person.key]:
            return self.desk.check_in(value, binds=self.chips.serial)
        return self.desk.check_in_person(person.key, binds=self.chips.serial)

    def _walk_in(self, value: str) -> Showing | None:
        name, number = read_walk_in(value)
        if not name:
            self.notice(words.NO_NAME.say)
            return None
        if self._listed(name, number):
            self.notice(words.LISTED_NAME.say)
            return None
        return self._show(self.desk.check_in(number or name, walk_in=name, binds=self.chips.serial))

    def _listed(self, name: str, number: str) -> bool:
        # Without a number a walk-in would become the listed person of the same name.
        return bool(name and not number and identify(self.kit.store, self.visit.key, name).people)

    def action_bind(self) -> None:
        """Bind the chip that is held, or wait for the one of whoever is chosen."""
        chosen = self.people[self.chosen] if self.people else None
        if self.perform(lambda: self.chips.key(chosen, self.lang)) is None:
            self.notice(words.CHIP_FIRST_WHO.say)
            return
        self.forget()
        self.draw()

    def action_clear(self) -> None:
        """Forget the chip too."""
        self.chips.let_go()
        super().action_clear()

    def action_undo(self) -> None:
        """Forget the chip: what it was held for may be undone."""
        self.chips.let_go()
        super().action_undo()

    def _show(self, outcome: DoorOutcome) -> Showing:
        showing = self._showing(outcome)
        if outcome.person and outcome.number:
            showing = self.chips.bound_with(outcome.person, showing, self.lang)
        return showing

    def _showing(self, outcome: DoorOutcome) -> Showing:
        self.forget()
        self.people = [] if outcome.number else list(outcome.people)[:MOST]
        if outcome.person and outcome.person.origin != "roster":
            self.count()
        return door_showing(outcome, self.lang)
