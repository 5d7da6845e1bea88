"""What an experiment counted."""

from dataclasses import dataclass, field
from typing import Any

from tests.torture.checker import Finding

MOST_SHOWN = 12


@dataclass
class Figures:
    """Counts of one experiment and the first of what went wrong, each with where it was seen."""

    experiment: str
    counts: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    wrong: int = 0
    first: list[str] = field(default_factory=list)

    def count(self, what: str, by: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + by

    def found(self, where: str, finding: Finding) -> None:
        self.lost += len(finding.lost)
        self.wrong += len(finding.wrong)
        if finding and len(self.first) < MOST_SHOWN:
            self.first.append(f"{where}: lost {list(finding.lost[:3])} wrong {list(finding.wrong[:3])}")

    def note(self, where: str, what: str) -> None:
        self.found(where, Finding(wrong=(what,)))

    @property
    def clean(self) -> bool:
        return not self.lost and not self.wrong

    def row(self) -> dict[str, Any]:
        return {
            "experiment": self.experiment, **self.counts,
            "lost": self.lost, "wrong": self.wrong, "first": self.first,
        }  # fmt: skip
