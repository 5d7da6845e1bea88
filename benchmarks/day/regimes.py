"""The table of days that are measured, and what each must hold."""

from dataclasses import dataclass, replace

from benchmarks.day.regime import Camera, Disorder, Pace, Regime, Witnesses


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits per 10,000 portraits (wrong, spares), and as shares (review, covered, proposals)."""

    wrong: float
    review: float | None = None
    covered: float | None = None
    proposals: float | None = None


_SLIPS = Witnesses(slip=1.0, slip_unread=0.003)
_SLIPS_90 = Witnesses(slip=0.9, slip_unread=0.003)
_SEATS = Witnesses(seat=0.97)
_FREE = Pace(let_in="free")
# The next checks in one to four seconds after the last frame of the one before.
_EMPTY_CHAIR = Pace(let_in="single", sooner=(-3.7, -0.7), door=0.3, shape="uniform")
_BURSTS = Pace(frames=(0.0, 0.1, 0.2, 0.1, 0.2, 0.4), burst=3, within=3.0)
_ROUGH = Disorder(
    swap=0.03, later=0.02, leave=0.03, call_back=0.03, unknown=0.01, spare_between=0.02, spare_within=0.01
)
_ALL = Bounds(1, 0.01, 0.995)
_MOST = Bounds(3, 0.015, 0.99)


def _checked_in(in_100: int) -> Disorder:
    """Everybody has checked in and no slip is another's: only the line's own disorder, each so often."""
    rate = in_100 / 100
    return Disorder(
        swap=rate,
        later=0.0,
        leave=rate,
        call_back=rate,
        unknown=0.0,
        spare_between=rate / 2,
        spare_within=rate / 2,
    )


_EXCHANGES = replace(_checked_in(1), exchange=0.01)
_AT_ONCE = replace(_checked_in(1), call_back=0.03, at_once=0.7)
_SLIPS_THEN_SEATS = replace(_SLIPS, seat=0.97, by_half=True)
_READ = replace(_SLIPS, slip_wrong=0.0)
_READ_IN = Camera(offset=8 * 3600 + 41, read_in_later=True, whole_seconds=True)
_TWO_READ_IN = Camera(offset=-8 * 3600 + 77, read_in_later=True, bodies=2)
_ALL_CHECKED_IN: tuple[tuple[Regime, Bounds], ...] = tuple(
    (replace(regime, name=f"{in_100} in 100: {regime.name}", disorder=_checked_in(in_100)), bounds)
    for in_100 in (1, 2)
    for regime, bounds in (
        (Regime("slips by all", witnesses=_READ), _ALL),
        (Regime("slips by 90 %", witnesses=replace(_READ, slip=0.9)), Bounds(4, 0.04, 0.965)),
        (
            Regime(
                "slips, read in later",
                camera=_READ_IN,
                witnesses=_READ,
            ),
            _ALL,
        ),
        (Regime("seats 97 %", witnesses=_SEATS), _MOST),
        (
            Regime(
                "seats 97 %, two bodies, read in later",
                camera=_TWO_READ_IN,
                witnesses=_SEATS,
            ),
            _MOST,
        ),
        (
            Regime("seats 97 %, a few a neighbour's", witnesses=replace(_SEATS, seat_neighbour=0.003)),
            Bounds(5, 0.015, 0.99),
        ),
        (Regime("seats 70 %", witnesses=replace(_SEATS, seat=0.7)), Bounds(6, 0.17, 0.85)),
        (Regime("likeness", witnesses=Witnesses(likeness=0.97)), _ALL),
        (Regime("order, groups of 2 to 4", pace=replace(_FREE, group=(2, 4))), Bounds(8, proposals=0.95)),
        (Regime("order, one by one", pace=Pace(let_in="single")), Bounds(8, proposals=0.95)),
    )
)

REGIMES: tuple[tuple[Regime, Bounds], ...] = (
    *_ALL_CHECKED_IN,
    (Regime("slips by all", witnesses=_SLIPS), _ALL),
    (Regime("slips by 90 %", witnesses=_SLIPS_90), Bounds(4, 0.04, 0.965)),
    (Regime("slips by all, rough line", disorder=_ROUGH, witnesses=_SLIPS), Bounds(4, 0.04, 0.98)),
    (Regime("seats 97 %, rough line", disorder=_ROUGH, witnesses=_SEATS), Bounds(8, 0.06, 0.96)),
    (
        Regime(
            "slips by 90 %, let in free, few frames",
            pace=replace(_FREE, frames=(0.3, 0.5, 0.2), change=8.0, shape="gamma"),
            witnesses=_SLIPS_90,
        ),
        Bounds(4, 0.04, 0.965),
    ),
    (
        Regime(
            "slips, read in later, clock off 8 h",
            camera=_READ_IN,
            witnesses=_SLIPS,
        ),
        _ALL,
    ),
    (Regime("slips with a face", witnesses=replace(_SLIPS, slip_face=0.8)), _ALL),
    (Regime("seats 97 %", witnesses=_SEATS), _MOST),
    (
        Regime(
            "seats 97 %, two bodies, roll-over",
            camera=Camera(bodies=2, first_number=9400, whole_seconds=True),
            witnesses=replace(_SEATS, seat_by="seq"),
        ),
        _MOST,
    ),
    (
        Regime(
            "seats 97 %, read in later",
            pace=_FREE,
            camera=_TWO_READ_IN,
            witnesses=_SEATS,
        ),
        _MOST,
    ),
    (
        Regime(
            "seats 97 %, some a neighbour's",
            witnesses=replace(_SEATS, seat_neighbour=0.01),
        ),
        Bounds(5, 0.015, 0.99),
    ),
    (
        Regime(
            "seats 97 %, late, clock jumps",
            pace=Pace(shape="gamma", change=12.0, frames=(0.0, 0.2, 0.4, 0.3, 0.1)),
            camera=Camera(jump=3600.0, no_time=0.02),
            witnesses=replace(_SEATS, seat_lead=(-2.0, 1.5)),
        ),
        _MOST,
    ),
    (Regime("seats 70 %", witnesses=replace(_SEATS, seat=0.7)), Bounds(6, 0.17, 0.85)),
    (
        Regime("seats 70 %, let in free", pace=_FREE, witnesses=replace(_SEATS, seat=0.7)),
        Bounds(6, 0.17, 0.85),
    ),
    (
        Regime("seats 97 %, 300 an hour", pace=Pace(change=7.0), witnesses=_SEATS),
        Bounds(3, 0.05, 0.97),
    ),
    (
        Regime(
            "slips by all, bursts",
            pace=_BURSTS,
            witnesses=_SLIPS,
        ),
        _ALL,
    ),
    (
        Regime(
            "seats 97 %, bursts, retakes",
            pace=replace(_BURSTS, retake=0.02),
            witnesses=_SEATS,
        ),
        Bounds(3, 0.03, 0.985),
    ),
    (
        Regime(
            "seats 97 %, mostly one frame, 300 an hour",
            pace=Pace(frames=(0.8, 0.15, 0.05), within=1.6, change=10.0),
            witnesses=_SEATS,
        ),
        Bounds(5, 0.05, 0.96),
    ),
    (
        Regime(
            "seats 97 %, two bodies, tether stalls",
            camera=Camera(bodies=2, stall=0.003),
            witnesses=_SEATS,
        ),
        _MOST,
    ),
    (
        Regime(
            "seats 97 %, cards read in at lunch and at night",
            camera=Camera(offset=3 * 3600 + 11, read_in_later=True, read_in_at_lunch=True),
            witnesses=_SEATS,
        ),
        _MOST,
    ),
    (
        Regime(
            "slips by all, two take turns, read in later",
            camera=Camera(bodies=2, take_turns=True, read_in_later=True),
            witnesses=_SLIPS,
        ),
        _ALL,
    ),
    (
        Regime(
            "slips by all, a second card not read", camera=Camera(bodies=2, unread=True), witnesses=_SLIPS
        ),
        _ALL,
    ),
    (Regime("seats 97 %, the door's clock ahead", pace=_FREE, witnesses=_SEATS, door_ahead=25.0), _MOST),
    (Regime("seats 97 %, ever quicker", pace=Pace(tempo=0.4), witnesses=_SEATS), _MOST),
    (
        Regime(
            "seats 97 %, ever quicker, read in later",
            pace=Pace(tempo=0.4),
            camera=Camera(offset=-8 * 3600 + 77, read_in_later=True, whole_seconds=True),
            witnesses=_SEATS,
        ),
        _MOST,
    ),
    (Regime("likeness", witnesses=Witnesses(likeness=0.97)), _ALL),
    (
        Regime(
            "likeness, many frames, retakes",
            pace=Pace(frames=(0.05, 0.05, 0.1, 0.2, 0.2, 0.2, 0.1, 0.1), retake=0.02),
            witnesses=Witnesses(likeness=0.95, likeness_others=4),
        ),
        _ALL,
    ),
    (
        Regime("slips 50 % and seats 60 %", witnesses=Witnesses(slip=0.5, seat=0.6)),
        Bounds(4, 0.17, 0.85),
    ),
    (Regime("slips, then seats 97 %", witnesses=_SLIPS_THEN_SEATS), _MOST),
    (
        Regime(
            "slips, then seats 97 %, two bodies, read in later",
            camera=_TWO_READ_IN,
            witnesses=_SLIPS_THEN_SEATS,
        ),
        _MOST,
    ),
    (
        Regime("seats 97 %, a class sits as it pleases", pace=Pace(as_they_please=True), witnesses=_SEATS),
        _MOST,
    ),
    (Regime("seats 97 %, half sit elsewhere", pace=Pace(elsewhere=0.5), witnesses=_SEATS), _MOST),
    (
        Regime(
            "likeness, two bodies, read in later", camera=_TWO_READ_IN, witnesses=Witnesses(likeness=0.97)
        ),
        _ALL,
    ),
    *(
        (Regime(f"{name}, exchanges", disorder=_EXCHANGES, witnesses=witnesses), bounds)
        for name, witnesses, bounds in (
            ("slips by all", _READ, _ALL),
            ("slips by 90 %", replace(_READ, slip=0.9), Bounds(4, 0.04, 0.965)),
            ("seats 97 %", _SEATS, _MOST),
            ("likeness", Witnesses(likeness=0.97), _ALL),
        )
    ),
    *(
        (Regime(f"{name}, called back at once", disorder=_AT_ONCE, witnesses=witnesses), bounds)
        for name, witnesses, bounds in (("slips by all", _READ, _ALL), ("seats 97 %", _SEATS, _MOST))
    ),
    (
        Regime("seats 97 %, the next confirmed ahead", witnesses=replace(_SEATS, seat_ahead=1.0)),
        _MOST,
    ),
    (
        Regime("slips by all, photographed last", witnesses=replace(_SLIPS, slip_last=True)),
        Bounds(1, proposals=0.95),
    ),
    (Regime("clicker", witnesses=Witnesses(click=0.97)), Bounds(8)),
    (
        Regime("clicker, let in free", pace=_FREE, witnesses=Witnesses(click=0.97)),
        Bounds(8, proposals=0.95),
    ),
    (Regime("order, let in free", pace=_FREE), Bounds(8, proposals=0.95)),
    (
        Regime("order, let in free, groups of 2 to 4", pace=replace(_FREE, group=(2, 4))),
        Bounds(8, proposals=0.95),
    ),
    (
        Regime("order, let in while one waits, groups of 2 to 4", pace=replace(_FREE, group=(2, 4), early=1)),
        Bounds(8, proposals=0.8),
    ),
    (Regime("order, one by one", pace=Pace(let_in="single")), Bounds(8, proposals=0.95)),
    (Regime("order, one by one, from the empty chair", pace=_EMPTY_CHAIR), Bounds(8, proposals=0.95)),
    (
        Regime(
            "order, one by one, from the empty chair, one frame", pace=replace(_EMPTY_CHAIR, frames=(1.0,))
        ),
        Bounds(8, proposals=0.95),
    ),
    (Regime("order, waiting", pace=Pace(let_in="wait")), Bounds(8)),
    (
        Regime("seats 97 %, calm", disorder=Disorder(*[0.0] * 11), witnesses=replace(_SEATS, seat=0.97)),
        _MOST,
    ),
)
