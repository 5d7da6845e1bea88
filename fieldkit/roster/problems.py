"""What a check found in a sheet: where, which code, how bad, and in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from fieldkit.words import Lang, Text

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding; ``row`` is the number the spreadsheet shows, ``column`` the field code.

    The message never quotes a name or a number of a person.
    """

    row: int
    column: str
    code: str
    severity: Severity
    message: Text
    fields: Mapping[str, object] = field(default_factory=dict)

    def say(self, lang: Lang) -> str:
        """Give the message in a language."""
        return self.message.say(lang, **self.fields)

    def as_json(self, lang: Lang) -> dict[str, object]:
        """Give the object that ``roster check --json`` lists."""
        return {
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "severity": self.severity,
            "message": self.say(lang),
        }


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any finding is an error."""
    return any(problem.severity == "error" for problem in problems)
