"""What a rehearsal's people do at the desks, as messages to the app: devices speak for themselves."""

from collections.abc import Callable, Mapping

from textual.message import Message

from fieldkit.errors import FieldkitError
from fieldkit.line.desk import Note
from fieldkit.model import CredentialRead
from fieldkit.screens.messages import CredentialPresented, RehearsalTold, SomebodyLeft, TroubleTold
from fieldkit.words import bridge as words


class Hall:
    """Says what people do in the hall; every call is False once the app is closing."""

    def __init__(self, post: Callable[[Message], bool]) -> None:
        self._post = post

    def walks_in(self, read: CredentialRead, name: str) -> bool:
        """Say that the door operator takes in somebody who is not listed."""
        return self._post(CredentialPresented(read, "door", name))

    def left(self, who: str) -> bool:
        """Say that somebody left the line."""
        return self._post(SomebodyLeft(who))

    def begun(self) -> bool:
        """Say that people will come."""
        return self._post(RehearsalTold(words.REHEARSAL_BEGINS, (Note(words.REHEARSAL_WATCH),)))

    def ended(self, figures: Mapping[str, int]) -> bool:
        """Say that the rehearsed half day is over, and how its frames are linked."""
        came_of = Note(words.REHEARSAL_FIGURES, tuple(figures.items()))
        return self._post(RehearsalTold(words.REHEARSAL_OVER, (came_of, Note(words.REHEARSAL_NEXT))))

    def failed(self, error: FieldkitError) -> bool:
        """Say why the rehearsal broke off."""
        return self._post(TroubleTold(error))
