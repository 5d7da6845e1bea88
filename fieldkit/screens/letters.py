"""Screens without an input line, on which letters act once it is plain that a person pressed them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from textual import events

from fieldkit.kit import Kit
from fieldkit.screens.deliberate import PAUSE, Deliberate
from fieldkit.screens.frame import FrameScreen
from fieldkit.screens.glyphs import Glyphs
from fieldkit.words import Text


class LetterScreen(FrameScreen):
    """A screen whose acts are letters and Enter; ``presses`` names the act of each."""

    AUTO_FOCUS = ""
    presses: ClassVar[Mapping[str, str]] = MappingProxyType({})
    scanned_text: ClassVar[Text]

    def __init__(self, kit: Kit, glyphs: Glyphs) -> None:
        super().__init__(kit, glyphs)
        self._deliberate = Deliberate()

    async def on_key(self, event: events.Key) -> None:
        """Hold a letter or Enter back for a moment, so that a scanner's keys do nothing."""
        key = event.key if event.key == "enter" else event.character
        if not key or (key != "enter" and not event.is_printable):
            return
        event.stop()
        await self._press(self._deliberate.press(key, event.time))
        if self._deliberate.hurried:
            self.notice(self.scanned_text.say)
        else:
            self.set_timer(PAUSE, self.release)

    async def release(self) -> None:
        """Do what a key means that was held back."""
        await self._press(self._deliberate.due())

    async def _press(self, key: str | None) -> None:
        # A key that waited means nothing once a form or another screen came over this one.
        if key is not None and key in self.presses and self.is_active:
            await self.app.run_action(self.presses[key], self)
