"""Commands of door and chair: checkin, bind, seat, next, person, undo."""

from typing import Any

from fieldkit.commands.context import Context
from fieldkit.ledger import kinds
from fieldkit.ledger.events import Event
from fieldkit.ledger.read.history import last_acts
from fieldkit.ledger.read.line import sequence_number
from fieldkit.ledger.read.people import person_by_key
from fieldkit.line.chair import ChairOutcome
from fieldkit.line.chips import read_chip
from fieldkit.line.desk import DoorOutcome
from fieldkit.line.errors import NobodyListed, SeveralFound
from fieldkit.text import one_line
from fieldkit.words import Lang, Text
from fieldkit.words import line as words

_FRAMES_TOLD = 3
VERDICTS: dict[str, Text] = {"new": words.NEW, "again": words.AGAIN, "walk-in": words.WALK_IN}
BOUND: dict[str, Text] = {
    "new": words.CHIP_BOUND, "already": words.CHIP_ALREADY, "replaced": words.CHIP_REPLACED,
}  # fmt: skip


def checkin(context: Context) -> int:
    """Check somebody in; an unknown credential issues nothing and gives exit code 1."""
    asked = context.arguments
    outcome = context.kit.desk().check_in(asked.credential, walk_in=asked.walk_in, at=context.at)
    if context.arguments.json:
        context.json_line(_row(context, outcome))
    if outcome.person is None:
        error: NobodyListed | SeveralFound = NobodyListed(typed=asked.credential)
        if outcome.people:
            people = "、".join(f"{p.entry.name} {p.entry.student_no}" for p in outcome.people[:5])
            error = SeveralFound(typed=asked.credential, count=len(outcome.people), people=people)
        context.tell([error.what(context.lang), error.next_step(context.lang)])
        return error.exit_code
    entry = outcome.person.entry
    verdict = VERDICTS[outcome.status].say(context.lang)
    context.tell([f"{outcome.number}  {entry.name}  {entry.student_no}  {entry.class_name}  {verdict}"])
    context.tell(f"  {note.say(context.lang)}" for note in outcome.notes)
    return 0


def bind(context: Context) -> int:
    """Bind a chip to somebody; another's chip only with ``--replace``."""
    asked = context.arguments
    kit = context.kit
    chips, serial = kit.chips(), read_chip(asked.chip)
    person = kit.chair().find(asked.credential)
    holder = chips.holder(serial)
    replacing = holder.key if holder and asked.replace else None
    bound = chips.bind(serial, person.key, replacing=replacing, at=context.at)
    status = "already" if not bound.changed else "new" if bound.before is None else "replaced"
    entry = bound.person.entry
    context.answer(
        {
            "person": bound.person.key,
            "number": bound.number,
            "status": status,
            "before": bound.before.key if bound.before and bound.changed else None,
        },
        [BOUND[status].say(context.lang, name=entry.name, number=entry.student_no).rstrip()],
    )
    return 0


def seat(context: Context) -> int:
    """Say who sits down now."""
    return _sits(context, context.kit.chair().seat(context.arguments.who, at=context.at))


def next_sits(context: Context) -> int:
    """Say that the next in line sits down now."""
    return _sits(context, context.kit.chair().next(at=context.at))


def undo(context: Context) -> int:
    """Undo this station's last act of the open visit, and tell which act the next undo would take back."""
    kit = context.kit
    journal, visit = kit.journal, kit.require_visit().key
    target = journal.undo(visit)
    lines = [words.UNDONE.say(context.lang, what=_act_told(context, target))]
    for act in last_acts(kit.store, visit, journal.station.id, 1):
        following = journal.event(journal.station.id, act.seq)
        lines.append(words.UNDO_NEXT.say(context.lang, what=_act_told(context, following)))
    context.answer({"undone": target.kind, "subject": target.subject, "at": target.at}, lines)
    return 0


def person(context: Context) -> int:
    """Show all that is known of one person, history included."""
    from fieldkit.studio.dossier import dossier

    kit = context.kit
    found = dossier(kit.store, kit.require_visit().key, kit.chair().find(context.arguments.credential))
    context.answer(found, dossier_lines(found, context.lang))
    return 0


def dossier_lines(found: dict[str, Any], lang: Lang) -> list[str]:
    """Tell a person all that is known of somebody: what is in the roster, what happened, the frames."""
    from fieldkit.words import dossier as known

    origin = known.ORIGINS[found["origin"]].say(lang)
    facts = {known.FIELDS[name].say(lang): value for name, value in found.items() if name in known.FIELDS}
    facts |= {known.FIELDS["origin"].say(lang): origin, **found["extra"]}
    lines = [known.FACT.say(lang, name=name, value=value) for name, value in facts.items() if value]
    for act in found["history"]:
        kind = known.EVENTS[act["event"]].say(lang) if act["event"] in known.EVENTS else act["event"]
        lines.append(f"{act['at'][:19]}  {kind}{known.UNDONE.say(lang) if act['undone'] else ''}")
    lines += [
        f"{frame['frame']}  {frame['file']}  {known.STATUSES[frame['status']].say(lang)}"
        for frame in found["frames"]
    ]
    return lines


def _act_told(context: Context, act: Event) -> str:
    """Tell what an act was, when, and of which frames or whom."""
    what = words.ACTS["again" if act.again else act.kind].say(context.lang)
    said: dict[str, str | None] = act.body["frames"] if act.kind == kinds.LINKS_SAID else {}
    if said:
        joint = "、" if context.lang == "zh" else ", "
        frames = joint.join([*said][:_FRAMES_TOLD])
        if len(said) > _FRAMES_TOLD:
            frames = words.FRAMES_AND_MORE.say(context.lang, frames=frames, count=len(said))
        people = joint.join(_named(context, person) for person in [*dict.fromkeys(said.values())][:2])
        about = f"{frames} → {people}"
    elif act.kind == kinds.FRAME_JUDGED:
        about = act.subject
    else:
        about = _named(context, act.subject, act)
    return f"{what} {act.at[11:19]}  {about}"


def _named(context: Context, key: str | None, act: Event | None = None) -> str:
    """Name somebody by number and name; who is known by an act alone may be so no more once it is undone."""
    if key is None:
        return words.NOBODYS.say(context.lang)
    kit = context.kit
    person = person_by_key(kit.store, kit.require_visit().key, key)
    number, name = kit.chair().number(key) or "", person.entry.name if person else ""
    if act is not None and act.kind == kinds.CHECKIN:
        number = sequence_number(act.body["letter"], act.body["number"])
        name = name or act.body.get("adds", {}).get("name", "")
    return one_line(f"{number} {name}".strip() or key)


def _row(context: Context, outcome: DoorOutcome) -> dict[str, Any]:
    entry = outcome.person.entry if outcome.person else None
    row: dict[str, Any] = {
        "person": outcome.person.key if outcome.person else None,
        "number": outcome.number,
        "status": outcome.status,
        "name": entry.name if entry else None,
        "class": entry.class_name if entry else None,
        "student_no": entry.student_no if entry else None,
        "warnings": [note.say(context.lang) for note in outcome.notes],
    }
    if outcome.people:
        row["candidates"] = [
            {"person": p.key, "name": p.entry.name, "student_no": p.entry.student_no} for p in outcome.people
        ]
    return row


def _sits(context: Context, outcome: ChairOutcome) -> int:
    if outcome.number is None:
        context.say(words.NOT_CHECKED_IN)
    context.answer(
        {"person": outcome.person.key, "number": outcome.number},
        [words.SITS.say(context.lang, number=outcome.number or "—", name=outcome.person.entry.name)],
    )
    return 0
