"""What is done at a desk: one input line, one use case after the other, no question ever asked."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.widgets import Input

from fieldkit.errors import FieldkitError
from fieldkit.ledger.read.people import person_by_key
from fieldkit.model import CredentialRead, Person
from fieldkit.screens.frame import FrameScreen
from fieldkit.screens.glyphs import Glyphs
from fieldkit.screens.messages import CardNotRead
from fieldkit.screens.picker import Entry, scanned
from fieldkit.screens.showing import Showing
from fieldkit.screens.verdicts import error_showing, undone_showing
from fieldkit.words import screens as words

if TYPE_CHECKING:
    from fieldkit.kit import Kit


class DeskScreen(FrameScreen):
    """A screen with one input line at which one use case after the other is done."""

    def __init__(self, kit: "Kit", glyphs: Glyphs) -> None:
        super().__init__(kit, glyphs)
        self.people: Sequence[Person] = ()
        self.chosen = 0
        self.moved = False
        self.looked_up = ""

    # What a desk says for itself.

    def typed(self, value: str) -> None:
        """Look up what is being typed."""
        raise NotImplementedError

    def preview(self) -> None:
        """Show the one who is chosen, before anything is done."""
        raise NotImplementedError

    def entered(self, value: str) -> Showing | None:
        """Do what Enter means for a person's typing; None where nothing was done."""
        raise NotImplementedError

    def presented(self, read: CredentialRead, walk_in: str | None) -> Showing:
        """Do what a presented credential means."""
        raise NotImplementedError

    # What both do alike.

    def perform(self, act: Callable[[], Showing | None]) -> Showing | None:
        """Do one use case and show what came of it; whatever goes wrong is a red verdict, never green."""
        try:
            showing = act()
        except Exception as error:  # noqa: BLE001
            showing = error_showing(error, self.lang)
        if showing is not None:
            self.end_notice()
            self.banner.show(showing)
        self.draw()
        return showing

    def present(self, read: CredentialRead, walk_in: str | None = None) -> None:
        """Serve a credential in whatever state the screen is; half-typed text gives way to it."""
        self.forget()
        self.perform(lambda: self.presented(read, walk_in))

    def forget(self) -> None:
        """Forget what was typed and chosen."""
        self.entry.put("")
        self.people, self.chosen, self.moved, self.looked_up = (), 0, False, ""

    def unread(self, message: CardNotRead) -> None:
        """Show that a card could not be read."""
        notes = (message.message.say(self.lang), message.hint.say(self.lang))
        self.banner.show(Showing("stop", words.CARD_UNREAD.both(), notes=notes))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look up what was typed; the entry speaks of a scanner's keys only once they pause."""
        event.stop()
        if event.value != self.entry.value:
            return
        self.moved = False
        self._look_up()

    def on_entry_entered(self, event: Entry.Entered) -> None:
        """Take what a scanner sent as a credential, what a person typed as they mean it."""
        event.stop()
        if event.scanned is None:
            self.perform(lambda: self.entered(event.value))
        else:
            self.present(scanned(event.scanned))

    def action_choose(self, step: int) -> None:
        """Go up or down the list."""
        if self.people:
            self.moved = True
            self.chosen = max(0, min(len(self.people) - 1, self.chosen + step))
            self.preview()
            self.draw_lower()

    def action_clear(self) -> None:
        """Forget what was typed and shown."""
        self.forget()
        self.banner.show(self.idle())
        self.draw()

    def action_undo(self) -> None:
        """Undo this station's newest act."""
        if self.allowed("undo"):
            self.forget()
            self.perform(self._undo)

    def speak(self) -> None:
        """Say everything in the kit's language from now on."""
        self.banner.show(self.idle() if not self.people else self.banner.showing, sound=False)
        self.draw()

    def seen(self, value: str) -> bool:
        """Say whether what Enter would accept has been on the screen; where not, show it now.

        Text that came too fast to be looked up counts as seen only where it names one person in full.
        """
        if not value.strip() or self.looked_up == value:
            return True
        from fieldkit.line.credentials import identify

        self._look_up()
        whole = identify(self.kit.store, self.visit.key, value).people
        return not self.people or [person.key for person in whole] == [self.people[0].key]

    def _undo(self) -> Showing:
        event = self.kit.journal.undo(self.visit.key)
        person = person_by_key(self.kit.store, self.visit.key, event.subject)
        return undone_showing(event, person, self.lang)

    def _look_up(self) -> None:
        self.looked_up = self.entry.value
        try:
            self.typed(self.looked_up)
        except FieldkitError as error:
            self.banner.show(error_showing(error, self.lang))
        self.draw_lower()
