"""What kind of day it is: the crew's pace, the line's disorder, the witnesses and their errors."""

from dataclasses import dataclass, field
from typing import Literal

Shape = Literal["lognormal", "gamma", "uniform"]
LetIn = Literal["free", "wait", "single"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How people come and how the photographer works; times in seconds.

    The next group is let in while ``early`` people still wait, so many seconds ``sooner`` than the chair
    is free. A share of all checks in and sits ``elsewhere``, at another station; a class that waits sits
    in line, or ``as_they_please``. ``burst`` frames follow at a fifth of ``within``, then a breath; before
    a frame in ``retake`` of all the photographer stops and talks. Over the day all gaps become ``tempo``
    times as long.
    """

    people: int = 450
    let_in: LetIn = "wait"
    group: tuple[int, int] = (4, 9)
    class_size: tuple[int, int] = (25, 50)
    door: float = 5.0
    frames: tuple[float, ...] = (0.1, 0.25, 0.4, 0.2, 0.05)
    shape: Shape = "lognormal"
    within: float = 2.2
    within_spread: float = 0.4
    change: float = 15.0
    change_spread: float = 0.4
    pause: float = 0.004
    lunch: bool = True
    early: int = 0
    sooner: tuple[float, float] = (0.0, 3.0)
    elsewhere: float = 0.0
    as_they_please: bool = False
    burst: int = 0
    retake: float = 0.0
    tempo: float = 1.0


@dataclass(frozen=True, slots=True)
class Disorder:
    """Rates a person (spares a frame) of what goes wrong in the line.

    A ``swap`` is with the next, an ``exchange`` with somebody 2 to 20 places behind. Of who is called back
    a share is called ``at_once``, within a few people, half of them for one frame.
    """

    swap: float = 0.012
    exchange: float = 0.0
    later: float = 0.006
    leave: float = 0.012
    seen_leaving: float = 0.3
    call_back: float = 0.012
    call_back_checkin: float = 0.5
    at_once: float = 0.0
    unknown: float = 0.003
    spare_between: float = 0.01
    spare_within: float = 0.006
    test_burst: float = 0.002
    lost: float = 0.006


@dataclass(frozen=True, slots=True)
class Camera:
    """The camera's clock, its numbering and how its frames reach the laptop.

    ``stall`` is how often a frame begins a stall of the tether; what is held back comes at once.
    Bodies are changed for long stretches, or with ``take_turns`` after each person; ``unread`` is
    that the card of all bodies but the first was not read in.
    """

    offset: float = -3905.0
    drift: float = 4e-6
    whole_seconds: bool = False
    bodies: int = 1
    take_turns: bool = False
    unread: bool = False
    jump: float = 0.0
    no_time: float = 0.0
    read_in_later: bool = False
    read_in_at_lunch: bool = False
    stall: float = 0.0
    latency: tuple[float, float] = (0.5, 1.8)
    first_number: int = 31
    new_folder: bool = True


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Which witnesses there are, how often each speaks and how often it is wrong.

    With ``by_half`` slips are photographed until lunch, and who sits is confirmed from there on. With
    ``slip_last`` they are photographed behind the frames; ``seat_ahead`` is the share of people who are
    confirmed as the one before them rises.
    """

    slip: float = 0.0
    slip_unread: float = 0.01
    slip_wrong: float = 0.003
    slip_face: float = 0.0
    slip_held: bool = False
    slip_last: bool = False
    seat: float = 0.0
    seat_neighbour: float = 0.0
    seat_lead: tuple[float, float] = (4.0, 1.5)
    seat_ahead: float = 0.0
    seat_by: Literal["person", "seq"] = "person"
    by_half: bool = False
    click: float = 0.0
    click_double: float = 0.005
    likeness: float = 0.0
    likeness_others: int = 2
    genuine: tuple[float, float] = (0.62, 0.09)
    impostor: tuple[float, float] = (0.08, 0.1)
    look_alike: float = 0.004
    faces: bool = True
    face_missed: float = 0.004
    face_extra: float = 0.01
    spare_face: float = 0.03


@dataclass(frozen=True, slots=True)
class Regime:
    """One kind of day under a name; the door's clock is ``door_ahead`` seconds ahead of the chair's."""

    name: str
    pace: Pace = field(default_factory=Pace)
    disorder: Disorder = field(default_factory=Disorder)
    camera: Camera = field(default_factory=Camera)
    witnesses: Witnesses = field(default_factory=Witnesses)
    door_ahead: float = 0.0
