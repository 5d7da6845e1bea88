"""Binding chips at the door: which chip is held, and whom a key would bind it to.

A reader and a scanner only ever bring a chip or a person here; a chip is bound by a person's key alone.
"""

from dataclasses import dataclass, field

from fieldkit.clock import Clock
from fieldkit.line.chips import Chips
from fieldkit.model import Person
from fieldkit.screens.showing import Showing, with_fact, with_note
from fieldkit.screens.verdicts import person_showing
from fieldkit.words import Lang
from fieldkit.words import screens as words

RIGHT_AFTER_MS = 30_000


@dataclass(frozen=True, slots=True)
class Held:
    """A chip that nobody has bound yet, whose it is so far, and whom the key binds it to."""

    serial: str = field(repr=False)
    person: Person | None = None
    holder: Person | None = None


class ChipHand:
    """What the door knows of chips between one key and the next."""

    def __init__(self, chips: Chips, clock: Clock) -> None:
        self._chips = chips
        self._clock = clock
        self.held: Held | None = None
        self._wanted: Person | None = None
        self._last: tuple[Person, int] | None = None

    @property
    def serial(self) -> str:
        """Give the chip that a check-in by key binds as well, or empty text."""
        return self.held.serial if self.held else ""

    @property
    def wanted(self) -> bool:
        """Say whether the next chip is to be bound, not served."""
        return self._wanted is not None

    def let_go(self) -> None:
        """Forget the chip and whom it was for."""
        self.held = self._wanted = self._last = None

    def served(self, person: Person, showing: Showing, lang: Lang) -> Showing:
        """Note who was just served by what they presented; a chip held since before can be theirs."""
        self._wanted = None
        self._last = (person, self._clock.mono_ms())
        if self.held is None or self.held.person is not None:
            self.held = None
            return showing
        self.held = Held(self.held.serial, person)
        return with_note(showing, words.BIND_TO.say(lang, name=person.entry.name or person.key))

    def bound_with(self, person: Person, showing: Showing, lang: Lang) -> Showing:
        """Note that somebody was checked in by key, and the chip bound with it."""
        bound = self.held is not None
        self.held = None
        self._last = (person, self._clock.mono_ms())
        return with_fact(showing, words.CHIP_NOW_THEIRS.say(lang)) if bound else showing

    def unknown(self, serial: str, showing: Showing, lang: Lang) -> Showing:
        """Hold a chip that nobody is known by; whoever was identified right before may be whose it is."""
        person = self._recent()
        self.held = Held(serial, person)
        if person is None:
            return showing
        notes = [
            words.BIND_TO.say(lang, name=person.entry.name or person.key),
            words.BIND_OR_TYPE.say(lang),
        ]
        return person_showing("attention", words.UNKNOWN_CHIP, person, notes)

    def key(self, person: Person | None, lang: Lang) -> Showing | None:
        """Do what the key means; ``person`` is who is chosen. None where nobody is known to bind to.

        It binds the chip that is held for somebody, else holds it for who is chosen, else waits for a chip
        of theirs or of whoever was identified right before. Raises what ``Chips.bind`` raises.
        """
        if self.held is not None and self.held.person is not None:
            return self._bind()
        wanted = person or self._recent()
        if wanted is None:
            return None
        if self.held is not None:
            return self._hold(self.held.serial, wanted, lang)
        self._wanted = wanted
        return person_showing("preview", words.PRESENT_CHIP, wanted)

    def wanted_chip(self, serial: str, lang: Lang) -> Showing:
        """Hold the chip that was waited for, and say whose it is where it is somebody's."""
        assert self._wanted is not None
        person, self._wanted = self._wanted, None
        return self._hold(serial, person, lang)

    def _hold(self, serial: str, person: Person, lang: Lang) -> Showing:
        holder = self._chips.holder(serial)
        self.held = None
        if holder is not None and holder.key == person.key:
            return person_showing("again", words.CHIP_BOUND, person, [words.CHIP_IS_THEIRS.say(lang)])
        self.held = Held(serial, person, holder)
        if holder is None:
            note = words.BIND_TO.say(lang, name=person.entry.name or person.key)
            return person_showing("attention", words.UNKNOWN_CHIP, person, [note])
        whose = f"{holder.entry.name} {holder.entry.student_no}".strip() or holder.key
        return person_showing(
            "stop", words.CHIP_OF_ANOTHER, person, [words.BIND_ANEW.say(lang, holder=whose)]
        )

    def _bind(self) -> Showing:
        held, self.held = self.held, None
        assert held is not None
        assert held.person is not None
        replacing = held.holder.key if held.holder else None
        bound = self._chips.bind(held.serial, held.person.key, replacing=replacing)
        return person_showing("ok", words.CHIP_BOUND, bound.person, number=bound.number)

    def _recent(self) -> Person | None:
        if self._last is None or self._clock.mono_ms() - self._last[1] > RIGHT_AFTER_MS:
            return None
        return self._last[0]
