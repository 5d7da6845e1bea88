"""Commands about the roster and the timetable."""

from pathlib import Path
from typing import Any

from fieldkit.commands.context import Context, read_secret_file
from fieldkit.roster.checks import RosterReport
from fieldkit.words import house as words


def check(context: Context) -> int:
    """Check a roster file; needs no home and changes nothing. Errors give exit code 1."""
    report = _read(context)
    _answer(context, report, {})
    return 1 if report.has_errors else 0


def import_roster(context: Context) -> int:
    """Import a roster into the open visit; refused or left-out rows give exit code 1."""
    from fieldkit.ledger.read.people import person_by_key
    from fieldkit.roster.intake import take_in

    kit = context.kit
    visit = kit.require_visit()
    report = _read(context)
    if report.has_errors and not context.arguments.accept_valid:
        _answer(context, report, {"imported": 0})
        context.say(words.ROSTER_REFUSED)
        return 1
    done = take_in(kit.journal, visit, report.entries)
    counts = {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}
    _answer(context, report, {"imported": done.rows, **counts, "missing": list(done.missing)})
    context.say(words.ROSTER_TAKEN, **counts, missing=len(done.missing))
    for key in done.missing:
        person = person_by_key(kit.store, visit.key, key)
        if person:
            context.say(words.NO_LONGER_FOUND, name=person.entry.name, student_no=person.entry.student_no)
    return 1 if report.has_errors else 0


def timetable_import(context: Context) -> int:
    """Import the timetable of the open visit; warnings are listed."""
    from fieldkit.roster.plan import first_day, take_timetable
    from fieldkit.roster.timetable import read_timetable

    kit = context.kit
    visit = kit.require_visit()
    timetable = read_timetable(Path(context.arguments.file), _password(context), first_day(visit))
    slots = take_timetable(kit.journal, visit, timetable)
    context.tell(
        words.ROSTER_LINE.say(context.lang, row=p.row, column=p.column, message=p.say(context.lang))
        for p in timetable.problems
    )
    context.answer(
        {
            "batches": len(slots),
            "problems": [problem.as_json(context.lang) for problem in timetable.problems],
        },
        [words.TIMETABLE_TAKEN.say(context.lang, slots=len(slots))],
    )
    return 0


def timetable_show(context: Context) -> int:
    """Show the timetable of the open visit."""
    from fieldkit.ledger.read.visits import slots

    kit = context.kit
    found = slots(kit.store, kit.require_visit().key)
    rows = [
        {
            "batch": slot.batch,
            "class": slot.class_name,
            "day": slot.day,
            "from": slot.starts,
            "to": slot.ends,
            "college": slot.college,
            "headcount": slot.headcount,
            "room": slot.room,
            "station": slot.station,
        }
        for slot in found
    ]
    lines = [
        f"{slot.day} {slot.starts}–{slot.ends}  {slot.college} {slot.class_name}  {slot.room} {slot.station}"
        for slot in found
    ]
    context.answer(rows, lines or [words.TIMETABLE_EMPTY.say(context.lang)])
    return 0


def _read(context: Context) -> RosterReport:
    from fieldkit.roster.checks import check as check_grid
    from fieldkit.roster.grid import read_grid

    return check_grid(read_grid(Path(context.arguments.file), _password(context)))


def _password(context: Context) -> str | None:
    path = context.arguments.password_file
    return None if path is None else read_secret_file(Path(path))


def _answer(context: Context, report: RosterReport, more: dict[str, Any]) -> None:
    problems = [problem.as_json(context.lang) for problem in report.problems]
    context.tell(
        words.ROSTER_LINE.say(context.lang, row=p.row, column=p.column, message=p.say(context.lang))
        for p in report.problems
    )
    context.answer(
        {"rows": report.rows, "accepted": len(report.accepted), "problems": problems, **more},
        [
            words.ROSTER_FIGURES.say(
                context.lang, rows=report.rows, accepted=len(report.accepted), problems=len(problems)
            )
        ],
    )
