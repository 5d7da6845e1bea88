"""The alarm row of the camera screen: what is odd about the last few people, told once by sound too."""

from dataclasses import dataclass

from textual.content import Content

from fieldkit.kit import Kit
from fieldkit.ledger.read.line import reasons
from fieldkit.ledger.read.people import person_by_key
from fieldkit.screens.banner import BEEP_APART, BEEPS
from fieldkit.screens.picker import Rows
from fieldkit.studio.watch_day import StationDay
from fieldkit.text import fit, one_line
from fieldkit.words import Lang, Text
from fieldkit.words import align as words


@dataclass(frozen=True, slots=True)
class Odd:
    """One alarm as it is shown: ``what`` it is, and ``who`` it names; ``where`` tells it from others."""

    what: Text
    who: str
    where: tuple[str | None, ...]


def odd_things(kit: Kit, day: StationDay) -> tuple[Odd, ...]:
    """Give the alarms of a station's day, without people whose absence was noted."""
    visit = kit.require_visit().key
    noted = reasons(kit.store, visit)
    found = []
    for alarm in day.alarms():
        if alarm.kind == "no-frames" and set(alarm.persons) <= set(noted):
            continue
        people = [person_by_key(kit.store, visit, key) for key in alarm.persons[:2]]
        names = [person.entry.name or person.entry.student_no for person in people if person]
        # The frame beside which a person is missed may change; the person does not.
        where = alarm.persons if alarm.persons else (alarm.frame,)
        found.append(Odd(alarm.text, "、".join(map(one_line, names)), (alarm.kind, *where)))
    return tuple(found)


def odd_row(odd: tuple[Odd, ...], width: int, lang: Lang) -> str:
    """Show the newest alarm in one line, and how many more there are."""
    last = odd[-1]
    who = f"{last.who}：" if last.who and lang == "zh" else f"{last.who}: " if last.who else ""
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
