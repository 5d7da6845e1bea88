"""The camera (F3): who sits now, who waits, and the frames as they arrive."""

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content

from fieldkit.kit import Kit
from fieldkit.ledger.read.people import person_by_key
from fieldkit.line.errors import NobodyFound
from fieldkit.line.queue import Line
from fieldkit.model import CredentialRead, Person
from fieldkit.screens.alarm import AlarmRow
from fieldkit.screens.card_row import CardRow
from fieldkit.screens.copying import Copying
from fieldkit.screens.desk import DeskScreen
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.holding import ANSWERS, Question
from fieldkit.screens.keys import Need, ScreenName, screen_bindings
from fieldkit.screens.messages import HaltPressed, Place
from fieldkit.screens.picker import Entry, Rows
from fieldkit.screens.rows import candidate_rows, queue_rows
from fieldkit.screens.shots import ShotsPart
from fieldkit.screens.showing import Showing
from fieldkit.screens.verdicts import chair_showing, person_showing
from fieldkit.words import Text
from fieldkit.words import bridge as bridge_words
from fieldkit.words import screens as words

MOST = 6
QUEUE_PART = 0.48
PRESSES = {"space": "next", "delete": "leave"}


class CaptureScreen(DeskScreen):
    """The camera. Space seats the next in line, a credential or number whoever really came."""

    of_keys: ClassVar[ScreenName] = "capture"
    place: ClassVar[Place] = "chair"
    title_text: ClassVar[Text] = words.CAPTURE
    acting: ClassVar[frozenset[str]] = frozenset(PRESSES)
    lone: ClassVar[frozenset[str]] = frozenset(ANSWERS)
    BINDINGS: ClassVar[list[BindingType]] = [*screen_bindings("capture")]

    def __init__(self, kit: Kit, glyphs: Glyphs) -> None:
        super().__init__(kit, glyphs)
        self.chair, self.desk = kit.chair(), kit.desk()
        self.line: Line = self.chair.line()
        self.in_line: int | None = None
        self.queue = Rows(classes="queue")
        self.frames = ShotsPart(kit, self.visit.key, MOST)
        # Held, not looked for: what is told while the screen is being made finds no parts in it yet.
        self.below = Horizontal(self.queue, self.frames, classes="below")
        self.cards = CardRow()
        self.alarm = AlarmRow()

    def lower(self) -> ComposeResult:
        """Give what is odd, the line and the frames side by side, and how far a card is read in."""
        yield self.alarm
        yield self.below
        yield self.cards

    def on_mount(self) -> None:
        """Read the frames that are there already."""
        self.frames_changed()

    def figures(self) -> str:
        """Give how many people sat, how many wait, how many frames there are."""
        sat = len({*self.line.served, self.line.sitting} - {None})
        seated = words.SEATED.say(self.lang, sat=sat, waiting=len(self.line.waiting))
        return f"{seated}  {words.FRAMES_SO_FAR.say(self.lang, frames=self.frames.shots.total)}"

    def points_at(self) -> tuple[str | None, ...] | None:
        """Give the newest alarm."""
        odd = self.frames.shots.odd
        return odd[-1].where if odd else None

    def idle(self) -> Showing:
        """Show who sits now."""
        self.line = self.chair.line()
        sitting = self.line.sitting
        person = person_by_key(self.kit.store, self.visit.key, sitting) if sitting else None
        if person is None:
            return Showing(headline=words.EMPTY_CHAIR.both())
        own = (self.frames.shots.of_person or {}).get(person.key, 0)
        notes = [words.OWN_FRAMES.say(self.lang, count=own)] if own else []
        number = self.chair.number(person.key)
        return person_showing("idle", words.NOW, person, notes, number)

    def draw(self) -> None:
        """Draw everything anew, with the line as it stands."""
        self.line = self.chair.line()
        if self.in_line is not None and self.in_line >= len(self.line.waiting):
            self.in_line = None
        super().draw()

    def has(self, need: Need) -> bool:
        """Say whether what an act needs is there."""
        return bool(self.line.waiting) if need == "waiting" else super().has(need)

    def typed(self, value: str) -> None:
        """Look up whom a number, a name or its beginning means; a bare number is a sequence number first."""
        self.in_line = None
        self.chosen = 0
        self.people = self._candidates(value)
        self.preview()

    def preview(self) -> None:
        """Show the chosen one large before anything is done."""
        if not self.people:
            self.banner.show(self.idle())
            return
        person = self.people[self.chosen]
        number = self.chair.number(person.key)
        notes = [] if number else [words.NO_NUMBER.say(self.lang)]
        self.banner.show(person_showing("preview", words.PRESS_ENTER_SEAT, person, notes, number))

    def action_choose(self, step: int) -> None:
        """Go up or down the candidates, or the line while nothing is typed."""
        if self.entry.value or not self.line.waiting:
            super().action_choose(step)
            return
        place = (
            (0 if step > 0 else len(self.line.waiting) - 1) if self.in_line is None else self.in_line + step
        )
        self.in_line = max(0, min(len(self.line.waiting) - 1, place))
        person = person_by_key(self.kit.store, self.visit.key, self.line.waiting[self.in_line].person)
        self.people, self.chosen = [person] if person else [], 0
        self.preview()
        self.draw_lower()

    def forget(self) -> None:
        """Forget what was typed and chosen, in the line too."""
        super().forget()
        self.in_line = None

    def on_entry_pressed(self, event: Entry.Pressed) -> None:
        """Do what a key means on an empty line, or say whether the card that is held is the visit's."""
        event.stop()
        if event.key in ANSWERS:
            if (said := self.cards.answer(belongs=ANSWERS[event.key])) is not None:
                self.post_message(said)
            else:
                self.notice(bridge_words.NOTHING_ASKED.say)
        elif self.allowed(PRESSES[event.key]):
            self.perform(self.next if event.key == "space" else self._leave)

    def action_halt(self) -> None:
        """Stop what is being read in, or go on."""
        self.post_message(HaltPressed())

    def entered(self, value: str) -> Showing | None:
        """Seat the chosen one; an empty line seats nobody unless somebody was chosen in the line."""
        if not self.seen(value):
            return None
        if self.people:
            return self._seated(self.people[self.chosen].key)
        if not value.strip():
            self.notice(words.NOTHING_CHOSEN.say)
            return None
        return self._nobody()

    def presented(self, read: CredentialRead, walk_in: str | None) -> Showing:  # noqa: ARG002
        """Seat whoever holds a credential: that is what ties the frames."""
        try:
            return self._seated(read.value, read.at)
        except NobodyFound:
            return self._nobody()

    def next(self) -> Showing:
        """Seat the first in line."""
        self.forget()
        return chair_showing(self.chair.next(), self.lang)

    def left(self, who: str) -> Showing:
        """Note that somebody left the line."""
        self.forget()
        return chair_showing(self.chair.leave(who), self.lang, words.HAS_LEFT)

    def draw_lower(self) -> None:
        """Draw the line, or the candidates across the whole width, and the frames."""
        choosing = bool(self.people) and self.in_line is None
        self.alarm.tell(self.frames.shots.odd, self.width, self.lang)
        self.below.set_class(self.alarm.display and self.cards.display, "-tight")
        self.frames.display = not choosing
        self.queue.set_class(choosing, "-wide")
        if choosing:
            rows = candidate_rows(
                self.kit.store, self.visit.key, self.people, self.chosen, self.width, self.lang
            )
        else:
            width = int(self.width * QUEUE_PART)
            rows = queue_rows(
                self.kit.store, self.visit.key, self.line.waiting, self.in_line, width, MOST, self.lang
            )
            self.frames.tell(self.width - width - 2, self.lang)
        self.queue.update(Content("\n".join(rows)))

    def tell_card(self, card: Copying | None, judged: tuple[int, int], asked: Question | None) -> bool:
        """Show how far cards are read in, and the one that is held."""
        self.cards.tell(card, judged, asked, self.width, self.lang)
        return True

    def frames_changed(self) -> None:
        """Read and link the frames beside the app."""
        self.frames.read()

    def on_shots_part_read(self) -> None:
        """Show the frames that were read."""
        if self.banner.showing.tone == "idle":
            self.banner.show(self.idle())
        self.draw()

    def _candidates(self, value: str) -> list[Person]:
        if not value.strip():
            return []
        found = self.desk.find(value, MOST)
        if value.strip().isdigit():
            letter = self.kit.journal.station.letter
            numbered = self.desk.find(f"{letter}-{value.strip()}", 1)
            found = [*numbered, *(person for person in found if person not in numbered)]
        return found[:MOST]

    def _leave(self) -> Showing:
        return self.left(self.line.waiting[self.in_line or 0].person)

    def _seated(self, who: str, at: datetime | None = None) -> Showing:
        outcome = self.chair.seat(who, at=at)
        self.forget()
        return chair_showing(outcome, self.lang)

    def _nobody(self) -> Showing:
        return Showing("stop", words.NOT_LISTED.both(), notes=(words.NOT_LISTED_CHAIR.say(self.lang),))
