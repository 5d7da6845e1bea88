"""Letters that act, on screens without an input line: pressed by a person, never sent by a scanner."""

from fieldkit.devices.wedge import WedgeLimits

LONGEST_GAP = WedgeLimits().gap / 1000
PAUSE = 0.05


class Deliberate:
    """Holds a key back until it is plain that no scanner sent it: a scanner's next key comes too soon."""

    def __init__(self) -> None:
        self._held: str | None = None
        self._last = float("-inf")
        self.hurried = False

    def press(self, key: str, at: float) -> str | None:
        """Note a key, pressed ``at`` seconds of any clock, and give an earlier one that a person pressed."""
        self.hurried = at - self._last <= LONGEST_GAP
        self._last = at
        released, self._held = self._held, None if self.hurried else key
        return None if self.hurried else released

    def due(self) -> str | None:
        """Give the key that was held back, once ``PAUSE`` has passed without another."""
        released, self._held = self._held, None
        return released
