"""How long it takes from a key to the screen, measured by the app itself."""

import time
from collections import deque

KEPT = 200
LONGEST_MS = 5000.0


class KeyTimes:
    """The times of the newest keys; what lasted longer than five seconds was another clock's."""

    def __init__(self) -> None:
        self.milliseconds: deque[float] = deque(maxlen=KEPT)

    def shown(self, pressed_at: float) -> None:
        """Note that the screen has answered a key that was pressed at this time of the monotonic clock."""
        spent = (time.monotonic() - pressed_at) * 1000
        if 0 <= spent <= LONGEST_MS:
            self.milliseconds.append(spent)
