"""Telling a scanner that types from a person who types, by timing alone."""

from fieldkit.model import CredentialRead

# A person who types very fast leaves 60 ms between two keys; a scanner sends a key every 1 to 20 ms.
LONGEST_GAP = 0.035
LEAST = 4


class Burst:
    """Remembers the keys that came too fast for a person, so that they can stand for themselves."""

    def __init__(self) -> None:
        self._characters: list[str] = []
        self._last = float("-inf")
        self._ended = float("-inf")

    def key(self, character: str, at: float) -> None:
        """Note one printable key; ``at`` is in seconds of any clock that does not jump."""
        if at - self._last > LONGEST_GAP:
            self._characters.clear()
        self._characters.append(character)
        self._last = at

    @property
    def running(self) -> bool:
        """Say whether the last keys came too fast for a person."""
        return len(self._characters) > 1

    def enter(self, at: float) -> str | None:
        """Give what a scanner sent before this Enter, None where a person pressed it.

        Empty text stands for a second Enter right behind a scanner's first: it belongs to nobody.
        """
        if at - self._ended <= LONGEST_GAP:
            self._ended = at
            return ""
        scanned = len(self._characters) >= LEAST and at - self._last <= LONGEST_GAP
        self._last = float("-inf")
        if not scanned:
            return None
        self._ended = at
        return "".join(self._characters)


def scanned(text: str) -> CredentialRead:
    """Say what kind of credential a scanner's text is: a number people could type, or an opaque code."""
    plain = text.isascii() and text.isalnum() and len(text) <= 20
    return CredentialRead("student-no" if plain else "capture-code", text, source="keyboard")
