"""What a rehearsal's people do at the desks, as messages to the app: devices speak for themselves."""

from collections.abc import Callable

from textual.message import Message

from fieldkit.errors import FieldkitError
from fieldkit.model import CredentialRead
from fieldkit.screens.messages import CredentialPresented, RehearsalEnded, SomebodyLeft, TroubleTold


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

    def ended(self) -> bool:
        """Say that the rehearsed half day is over."""
        return self._post(RehearsalEnded())

    def failed(self, error: FieldkitError) -> bool:
        """Say why the rehearsal broke off."""
        return self._post(TroubleTold(error))
