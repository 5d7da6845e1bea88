"""Where what happens to cards is heard of."""

from typing import Protocol

from fieldkit.screens.copying import Copying
from fieldkit.screens.holding import Question
from fieldkit.screens.judging import Listener as JudgingListener


class Listener(JudgingListener, Protocol):
    """Hears of cards, from the threads that read them in."""

    def card(self, now: Copying | None) -> None:
        """Hear how far a card is read in; None where one was taken out."""
        ...

    def asked(self, path: str, question: Question | None) -> None:
        """Hear that the card there is held until somebody answers; None where it is not any more."""
        ...
