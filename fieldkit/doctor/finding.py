"""What one check found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fieldkit.words import Lang, Text

State = Literal["ok", "warning", "failure"]
MARKS: Mapping[State, str] = {"ok": "■", "warning": "▲", "failure": "×"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, how it is, and what to do where it is not well."""

    name: str
    what: Text
    state: State
    found: Text
    next_step: Text | None = None
    fields: Mapping[str, object] = field(default_factory=dict)

    def line(self, lang: Lang) -> str:
        """Write it as one line for a person."""
        return f"{MARKS[self.state]} {self.what.say(lang)}: {self.found.say(lang, **self.fields)}"

    def row(self, lang: Lang) -> dict[str, object]:
        """Give the JSON object of ``fieldkit doctor --json``."""
        step = None if self.next_step is None else self.next_step.say(lang, **self.fields)
        return {
            "check": self.name,
            "state": self.state,
            "found": self.found.say(lang, **self.fields),
            "next": step,
        }
