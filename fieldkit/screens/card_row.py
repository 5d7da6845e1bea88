"""The rows of the camera screen about cards: how far one is read in, and which one is held."""

from textual.content import Content

from fieldkit.screens.copying import Copying, card_lines, card_state
from fieldkit.screens.holding import Question
from fieldkit.screens.messages import AnswerPressed
from fieldkit.screens.picker import Rows
from fieldkit.words import Lang


class CardRow(Rows):
    """Two rows, or none where there is nothing to tell."""

    def __init__(self) -> None:
        super().__init__(classes="copying")
        self.display = False
        self._asked: Question | None = None

    def tell(
        self,
        card: Copying | None,
        judged: tuple[int, int],
        asked: Question | None,
        width: int,
        lang: Lang,
    ) -> None:
        """Show the cards as they stand."""
        self._asked = asked
        lines = card_lines(card, judged, asked, width, lang)
        self.display = bool(lines)
        state = card_state(card, asked)
        if not self.has_class(f"-{state}"):
            self.set_classes(f"copying -{state}")
        self.update(Content("\n".join(lines)))

    def answer(self, *, belongs: bool) -> AnswerPressed | None:
        """Give what says of the card that is asked about whether it is the visit's; None where none is."""
        return None if self._asked is None else AnswerPressed(self._asked.path, belongs)
