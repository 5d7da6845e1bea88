"""What is learned of a day: how often witnesses speak and err, how the line and photographer work."""

from dataclasses import dataclass, replace

import numpy as np

from fieldkit.links.arrivals import EVEN
from fieldkit.links.densities import SIDE, Delays, Gaps
from fieldkit.links.evidence import Evidence
from fieldkit.links.following import Steps
from fieldkit.links.times import Floats

# The most people who are told to wait when the next are let in.
QUEUE = 40
USUAL_SLIP_ASTRAY = 2e-5
# Share of seats that come while frames of who sat before follow, usually and at least.
USUAL_OVER = 0.05
# Share of slips that cannot be read, usually; and the most sittings without a read slip that begin with one.
_UNREAD, _MOST_UNREAD = 0.006, 0.5
# Seconds of unevenness from which gaps and delays tell no less for more, and how far both are then mixed.
_UNEVEN = 1.3
_GAPS_MIXED, _DELAYS_MIXED = 0.4, 0.15
# Seconds by which delays then scatter.
_LONG_DELAY = 6.0


@dataclass(frozen=True, slots=True)
class Rates:
    """Everything the model counts on."""

    within: Gaps
    change: Gaps
    # From check-in to the first frame, where the chair stood empty; None until it is learned.
    walk: Gaps | None
    # How likely 1 to LONGEST frames a person are.
    counts: Floats
    seat_delay: Delays
    click_delay: Delays
    # Shares of sittings: confirmed at the camera, with a slip that was read, clicked for.
    seat: float
    slip: float
    click: float
    # Shares of seats: of anybody's card, of the next in line who then leaves no frame, of a neighbour's card.
    seat_astray: float = 0.002
    seat_idle: float = 0.003
    neighbour_seat: float = 0.006
    # Share of seats that come while frames of who sat before follow.
    seat_over: float = USUAL_OVER
    # Shares of slips: read as anybody's, read as a neighbour's.
    slip_astray: float = USUAL_SLIP_ASTRAY
    neighbour_slip: float = 0.003
    # Shares of sittings without a read slip that begin with one nobody could read.
    unread_slip: float = 0.1
    # Shares of the line who leave unseen, and who sit after the next.
    skip: float = 0.025
    swap: float = 0.012
    # Shares of sittings out of line, here and usually, and of strangers among all.
    guest: float = 0.02
    usual_guest: float = 0.015
    stranger: float = 0.002
    # Who follows whom among those out of line; None where nothing was learned.
    steps: Steps | None = None
    # Shares of sittings that come before their check-in, and of gaps inside that change the camera body.
    late: float = 3e-4
    other_body: float = 0.01
    # Shares of bursts between people, and of frames within a sitting, that are nobody's.
    spare_between: float = 0.012
    spare_within: float = 0.012
    # Shares of frames with no face, one, and more.
    face_portrait: tuple[float, float, float] = (0.006, 0.979, 0.015)
    face_spare: tuple[float, float, float] = (0.88, 0.1, 0.02)
    face_slip: tuple[float, float, float] = (0.7, 0.25, 0.05)
    # Middle and spread of scores of a person's own face and of others', here and as they were first found.
    genuine: tuple[float, float] = (0.6, 0.12)
    impostor: tuple[float, float] = (0.1, 0.12)
    usual_scale: tuple[tuple[float, float], tuple[float, float]] = ((0.6, 0.12), (0.1, 0.12))
    # Chance that two people just look alike; share of sitters who are among those a frame was compared with.
    look_alike: float = 3e-5
    scored: float = 0.9
    # How many wait when the next are let in, by order only.
    queue: Floats | None = None
    # How sure it is where the line stands: by order only, or where seats may all be the next one's.
    standing: float = 1.0


def blurred(evidence: Evidence, rates: Rates) -> Rates:
    """Let gaps and delays tell less on a day whose frames are timed by arrivals that are unevenly late.

    One late frame makes the gap before it long and the gap behind it short: that counts once, not twice.
    """
    uneven = float(np.clip((evidence.jitter - EVEN) / (_UNEVEN - EVEN), 0, 1))
    if not uneven or not evidence.seat_times.size:
        return rates
    mixed, share = _GAPS_MIXED * uneven, _DELAYS_MIXED * uneven
    within, change, delay = rates.within.density, rates.change.density, rates.seat_delay.density
    both = 0.5 * (within + change)
    far = np.exp(-np.abs(SIDE - rates.seat_delay.at(0.5)) / _LONG_DELAY)
    return replace(
        rates,
        within=Gaps((1 - mixed) * within + mixed * both),
        change=Gaps((1 - mixed) * change + mixed * both),
        seat_delay=Delays((1 - share) * delay + share * far / far.sum()),
    )


def usual_unread(slip: float) -> float:
    """Give how often a sitting without a read slip begins with an unread one, by how often slips are read."""
    return min(_UNREAD * slip / (1 - slip), _MOST_UNREAD)


def clip_rate(hits: float, chances: float, prior: float, strength: float) -> float:
    """Learn a rate from counts, held by what is usual in lines like these."""
    return float(np.clip((hits + prior * strength) / (chances + strength), 1e-4, 0.985))
