"""What is said about a frame: whose it is, how sure that is, and who says so."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["linked", "review", "spare"]
Witness = Literal["sealed", "operator", "slate", "seat", "likeness", "clicker", "order", "time", "faces"]

_SLIP_READ = 0.995


@dataclass(frozen=True, slots=True)
class Link:
    """One frame's link.

    ``person`` is set where the status is ``linked``, ``proposal`` may be set where it is
    ``review``. ``confidence`` is the probability that the person, the proposal, or "nobody's" is
    right; ``why`` names the witnesses, strongest first.
    """

    frame: str
    status: Status
    person: str | None
    proposal: str | None
    confidence: float
    why: tuple[Witness, ...]

    @property
    def sealed(self) -> bool:
        """Tell whether the frame's batch was signed off, so that the link stands as it is."""
        return "sealed" in self.why


def slip_link(frame: str) -> Link:
    """Give the link of a frame that only shows a slip."""
    return Link(frame, "spare", None, None, _SLIP_READ, ("slate",))


def link_row(link: Link) -> dict[str, object]:
    """Give the JSON object of a link; only a link under review has a proposal."""
    row: dict[str, object] = {"frame": link.frame, "status": link.status, "person": link.person}
    if link.status == "review":
        row["proposal"] = link.proposal
    return row | {"confidence": round(link.confidence, 4), "why": list(link.why)}
