"""When a screen reads beside the app what it shows."""


class Readings:
    """Says when a screen reads beside the app: one reading at a time, the last one wanted never skipped."""

    def __init__(self) -> None:
        self.running = False
        self._again = False

    def begins(self) -> bool:
        """Note that a reading is wanted, and say whether to begin it now; else it follows the present one."""
        self._again = self.running
        begins, self.running = not self.running, True
        return begins

    def ended(self) -> bool:
        """Note that the reading ended, and say whether another is wanted."""
        self.running = False
        return self._again
