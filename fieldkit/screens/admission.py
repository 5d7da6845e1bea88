"""Whether a card may be read in: decided by the pass that lists it, before anything of it is read."""

from collections.abc import Callable
from dataclasses import replace

from fieldkit.frames.dcf import Listing
from fieldkit.kit import Kit
from fieldkit.screens.due import Inside
from fieldkit.screens.holding import Question
from fieldkit.studio.belonging import note_answer, note_held, stranger, was_refused

Asked = Callable[[str, Question | None], None]


class Gate:
    """Holds a card that does not look like the visit's until somebody answers; ``asked`` is told."""

    def __init__(self, kit: Kit, card: Inside, asked: Asked) -> None:
        self._kit = kit
        self._card = card
        self._asked = asked

    def __call__(self, listing: Listing) -> bool:
        """Say whether the card may be read in. Raises what writing raises."""
        card, home, visit = self._card, self._kit.home, self._kit.require_visit()
        if card.question is not None and card.answer is not None:
            belongs, card.answer = card.answer, None
            note_answer(home, visit, listing, belongs=belongs)
            return self._hold(None if belongs else replace(card.question, refused=True))
        found = stranger(home, visit, listing, self._kit.clock.now())
        if found is None:
            return self._hold(None)
        refused = was_refused(home, visit, listing)
        note_held(home, visit, listing, refused=refused)
        return self._hold(Question(card.event.path, card.name, found.files, found.day, refused))

    def _hold(self, question: Question | None) -> bool:
        before, self._card.question = self._card.question, question
        self._card.admitted = question is None
        if question != before:
            self._asked(self._card.event.path, question)
        return self._card.admitted
