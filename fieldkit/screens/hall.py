"""What posts to the app from other threads: each thing that happens becomes one message."""

from collections.abc import Callable

from textual.message import Message

from fieldkit.errors import FieldkitError
from fieldkit.model import CredentialRead
from fieldkit.screens.messages import CredentialPresented, FramesChanged, SomebodyLeft, TroubleTold


class Hall:
    """Says what happens in the hall; every call is False once the app is closing."""

    def __init__(self, post: Callable[[Message], bool]) -> None:
        self._post = post

    def presented_at_door(self, read: CredentialRead, walk_in: str | None) -> bool:
        """Say that a credential was presented at the door."""
        return self._post(CredentialPresented(read, "door", walk_in))

    def presented_at_chair(self, read: CredentialRead) -> bool:
        """Say that a credential was presented at the camera."""
        return self._post(CredentialPresented(read, "chair"))

    def left(self, who: str) -> bool:
        """Say that somebody left the line."""
        return self._post(SomebodyLeft(who))

    def frames_changed(self) -> bool:
        """Say that frames were read in, judged or linked anew."""
        return self._post(FramesChanged())

    def failed(self, error: FieldkitError) -> bool:
        """Say why a device, or what reads from it, gave up."""
        return self._post(TroubleTold(error))
