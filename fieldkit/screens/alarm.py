"""The alarm row of the camera screen: what is odd about the last few people, told once by sound too."""

from textual.content import Content

from fieldkit.screens.banner import BEEP_APART, BEEPS
from fieldkit.screens.picker import Rows
from fieldkit.studio.newest import Odd
from fieldkit.text import fit, one_line
from fieldkit.words import Lang
from fieldkit.words import align as words


def odd_row(odd: tuple[Odd, ...], width: int, lang: Lang) -> str:
    """Show the newest alarm in one line, and how many more there are."""
    last, named = odd[-1], one_line(odd[-1].who)
    who = f"{named}：" if named and lang == "zh" else f"{named}: " if named else ""
    more = f" (+{len(odd) - 1})" if len(odd) > 1 else ""
    return fit(words.ALARM_LINE.say(lang, who=who, what=last.what.say(lang), more=more), width)


class AlarmRow(Rows):
    """Shows what is odd; a new alarm sounds, those that stood when the screen opened do not."""

    def __init__(self) -> None:
        super().__init__(classes="alarm")
        self._known: set[tuple[str | None, ...]] | None = None

    def tell(self, odd: tuple[Odd, ...] | None, width: int, lang: Lang) -> None:
        """Show the alarms as they stand; None while nothing was read yet."""
        self.display = bool(odd)
        if odd is None:
            return
        if odd:
            self.update(Content(odd_row(odd, width, lang)))
        now = {one.where for one in odd}
        if self._known is not None and now - self._known:
            self.app.bell()
            for beep in range(1, BEEPS["attention"]):
                self.set_timer(beep * BEEP_APART, self.app.bell)
        self._known = now | (self._known or set())
