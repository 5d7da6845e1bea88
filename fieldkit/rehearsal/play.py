"""Playing a rehearsal without a screen: the real program from the door to the delivery files."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from fieldkit.clock import Clock, FastClock, SetClock
from fieldkit.kit import Kit, open_kit
from fieldkit.ledger.home import make_home
from fieldkit.ledger.read.people import all_people
from fieldkit.rehearsal.crew import Crew
from fieldkit.rehearsal.equipment import Equipment
from fieldkit.rehearsal.pictures import Pictures
from fieldkit.rehearsal.school import SCHOOL, VISIT, make_school
from fieldkit.rehearsal.script import Script, write_script
from fieldkit.roster.intake import take_in
from fieldkit.roster.visits import new_visit
from fieldkit.studio.judging import Judges
from fieldkit.words import Lang

PASSPHRASE = "rehearsal"  # noqa: S105 - nothing secret is in a made-up school
STATION = "A"
ROSTER_NAME = "roster.xlsx"
DELIVERY_NAME = "delivery"
_FIRST_HOUR = 8
_BEFORE_DOORS_OPEN = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a rehearsal came to; ``wrong`` are frames linked to somebody else than who sat there."""

    people: int
    frames: int
    linked: int
    review: int
    spare: int
    wrong: int
    delivered: int
    seconds: float

    def row(self) -> dict[str, object]:
        """Give the JSON object of ``rehearse --headless``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Stage:
    """A home with a made-up school in it, ready to be played."""

    kit: Kit
    script: Script
    props: Path
    people: int


def first_minute(today: datetime) -> datetime:
    """Give the moment at which a rehearsed half day begins."""
    return today.replace(hour=_FIRST_HOUR, minute=30, second=0, microsecond=0)


def set_stage(
    home: Path, props: Path, people: int, seed: int, passphrase: str, lang: Lang, clock: Clock
) -> Stage:
    """Make a home with a made-up school, its roster read from a real workbook in ``props``.

    The half day begins a little after the clock's present time.
    """
    from fieldkit.roster.checks import check
    from fieldkit.roster.grid import read_grid
    from fieldkit.roster.writing import make_roster_workbook

    rng = random.Random(seed)  # noqa: S311
    entries = make_school(people, rng)
    make_home(home, STATION, passphrase, clock)
    props.mkdir(parents=True, exist_ok=True)
    make_roster_workbook(props / ROSTER_NAME, entries)
    kit = open_kit(home, passphrase, clock, lang)
    visit = new_visit(kit.journal, VISIT, SCHOOL, day_from=clock.now().date().isoformat(), price="20")
    report = check(read_grid(props / ROSTER_NAME))
    take_in(kit.journal, visit, report.entries)
    script = write_script(entries, clock.now() + _BEFORE_DOORS_OPEN, rng)
    return Stage(kit, script, props, people)


def play(
    stage: Stage,
    clock: SetClock,
    seed: int,
    speed: float,
    judges: Judges,
    deliver: Callable[[Kit, Path], int],
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Play the whole half day and give what came of it; ``deliver`` writes the files and counts them.

    The day's own time passes from act to act; ``speed`` is how fast its devices are meanwhile.
    Raises RehearsalBroke and what the use cases raise.
    """
    began = time.monotonic()
    kit, acts = stage.kit, stage.script.acts
    equipment = Equipment(stage.props, clock, speed, threading.Event())
    with ExitStack() as closing:
        closing.callback(equipment.unplug)
        equipment.plug()
        pictures = closing.enter_context(Pictures(stage.script, seed))
        pace = FastClock(clock.now(), speed)
        crew = closing.enter_context(Crew(kit, stage.script, equipment, pictures, judges, clock, pace))
        for place, act in enumerate(acts):
            crew.perform(act)
            if progress:
                progress(place + 1, len(acts))
        crew.finish()
    delivered = deliver(kit, stage.props / DELIVERY_NAME)
    return Summary(
        people=stage.people,
        **tally(kit, stage.script, crew.sat),
        delivered=delivered,
        seconds=round(time.monotonic() - began, 1),
    )


def tally(kit: Kit, script: Script, sat: Mapping[str, int | None]) -> dict[str, int]:
    """Count a rehearsal's frames by their links; ``wrong`` are linked to somebody else than who sat.

    ``sat`` gives for each file the place in the cast of whoever sat, None for an empty chair.
    """
    links = kit.links()
    statuses = [link.link.status for link in links]
    keys = {person.entry.id_number: person.key for person in all_people(kit.store, kit.require_visit().key)}
    truth = {
        # Whom nobody took in at the door has no key: no link of theirs can be right.
        file: None if sitter is None else keys.get(script.cast[sitter].id_number)
        for file, sitter in sat.items()
    }
    return {
        "frames": len(links),
        "linked": statuses.count("linked"),
        "review": statuses.count("review"),
        "spare": statuses.count("spare"),
        "wrong": sum(link.person is not None and link.person != truth.get(link.frame.file) for link in links),
    }
