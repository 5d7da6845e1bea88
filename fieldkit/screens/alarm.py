"""The alarm row of the camera screen: what is odd about the last few people, told once by sound too."""

from textual.content import Content

from fieldkit.screens.banner import BEEP_APART, BEEPS
from fieldkit.screens.keys import ScreenName, way_to
from fieldkit.screens.picker import Rows
from fieldkit.studio.newest import Odd
from fieldkit.text import cells, cut, fit, one_line
from fieldkit.words import Lang
from fieldkit.words import align as words


def repaired_at(odd: Odd) -> ScreenName:
    """Give the screen on which an alarm is mended: what is plugged in is looked at in the check-up."""
    return "doctor" if odd.where[0] == "no-camera" else "align"


def odd_row(odd: tuple[Odd, ...], width: int, lang: Lang) -> str:
    """Show the newest alarm in one line, the key that leads to its repair, and how many more there are.

    Whom it concerns gives way to what there is to do.
    """
    last = odd[-1]
    more = f" (+{len(odd) - 1})" if len(odd) > 1 else ""
    what, between = last.what.say(lang), {"zh": "：", "en": ": "}[lang]

    def row(who: str) -> str:
        return words.ALARM_LINE.say(lang, key=way_to(repaired_at(last)), more=more, who=who, what=what)

    named = cut(one_line(last.who), width - cells(row(between)))
    return fit(row(f"{named}{between}" if named else ""), width)


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
