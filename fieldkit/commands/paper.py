"""Commands about what leaves: reconcile, seal, deliver, print, correct."""

import contextlib
from pathlib import Path

from fieldkit.commands.context import Context
from fieldkit.commands.frames import Progress
from fieldkit.kit import Kit
from fieldkit.paper.day import read_day
from fieldkit.paper.delivery import Crops, Delivery
from fieldkit.paper.delivery import deliver as make_delivery
from fieldkit.paper.reconcile import BatchFigures, Standing
from fieldkit.paper.reconcile import reconcile as work_out
from fieldkit.words import Text
from fieldkit.words import paper as words

WORKERS = 2


def deliver_into(
    kit: Kit,
    folder: Path,
    judges: Crops,
    batch: str | None = None,
    progress: "Progress | None" = None,
) -> Delivery:
    """Bring a delivery folder of the open visit up to date. Raises what ``deliver`` raises."""
    shown = (lambda done, total: progress.say(words.CROPPING, done=done, total=total)) if progress else None
    visit, profile, links = kit.require_visit(), kit.profile(), kit.links()
    return make_delivery(kit.home, visit, profile, links, judges, folder, batch, shown)


def reconcile(context: Context) -> int:
    """Show the figures of every batch, or of one."""
    kit = context.kit
    visit = kit.require_visit()
    found = work_out(read_day(kit.store, visit.key, kit.links()), context.arguments.batch)
    lines = []
    for figures in found.batches:
        lines += [_batch_line(context, figures), *(_person_line(context, one) for one in figures.not_taken)]
    total = found.total()
    lines.append(
        words.BATCH_LINE.say(
            context.lang,
            **{**total, "batch": words.TOTAL.say(context.lang), "missing": total["not_taken"], "sealed": ""},
        )
    )
    context.answer(found.row(), lines)
    return 0


def seal(context: Context) -> int:
    """Sign batches off; what stays open is listed and gives exit code 1."""
    from fieldkit.paper.seal import seal as sign_off

    kit = context.kit
    done = sign_off(kit.journal, kit.require_visit(), kit.links, context.arguments.batch)
    lines = []
    for one in done:
        figures = one.figures
        batch = _batch(context, figures.batch)
        lines.append(
            words.SEALED.say(
                context.lang, batch=batch, frames=one.frames, taken=figures.taken, walk_ins=figures.walk_ins
            )
        )
        if figures.review:
            lines.append(words.OPEN_REVIEW.say(context.lang, batch=batch, count=figures.review))
        lines += [_person_line(context, person) for person in one.open]
    context.answer({"sealed": [one.row() for one in done]}, lines)
    return 1 if any(one.open or one.figures.review for one in done) else 0


def deliver(context: Context) -> int:
    """Write the delivery files; whoever was photographed and is left out gives exit code 1."""
    from fieldkit.paper.folder import refuse_home
    from fieldkit.portrait.worker import Judge

    refuse_home(Path(context.arguments.folder), context.kit.home.path)
    shown = Progress(context)
    with contextlib.ExitStack() as stack:
        judges = stack.enter_context(Judge(WORKERS))
        stack.callback(shown.end)
        done = deliver_into(
            context.kit, Path(context.arguments.folder), judges, context.arguments.batch, shown
        )
    counts = {name: len(getattr(done, name)) for name in ("delivered", "unchanged", "left_out")}
    lines = [words.DELIVERED.say(context.lang, **counts)]
    for one in done.left_out:
        entry = one.standing.person.entry
        reason = one.say(context.lang)
        lines.append(
            words.PERSON_LINE.say(context.lang, name=entry.name, student_no=entry.student_no, reason=reason)
        )
    context.answer(done.row(), lines)
    return 0 if done.complete else 1


def print_form(context: Context) -> int:
    """Print a form to a file."""
    from fieldkit.paper.forms import missing_tables, print_missing

    kit = context.kit
    visit = kit.require_visit()
    day = read_day(kit.store, visit.key, kit.links())
    tables = missing_tables(day, visit.school, context.arguments.batch)
    print_missing(tables, Path(context.arguments.out))
    context.answer(
        {"file": context.arguments.out, "tables": len(tables), "people": sum(len(t.rows) for t in tables)},
        [words.PRINTED.say(context.lang, file=context.arguments.out)],
    )
    return 0


def correct(context: Context) -> int:
    """Correct one field of one person; what looks odd about the value gives exit code 1."""
    from fieldkit.paper.corrections import correct as write_correction
    from fieldkit.paper.corrections import shown_field

    asked = context.arguments
    kit = context.kit
    person = kit.chair().find(asked.person)
    done = write_correction(kit.journal, kit.require_visit(), person.key, asked.field, asked.value)
    nothing = words.NOTHING.say(context.lang)
    warnings = [one.say(context.lang) for one in done.warnings]
    context.answer(
        {
            "person": person.key,
            "field": done.code,
            "old": done.old,
            "new": done.new,
            "warnings": warnings,
        },
        [
            words.CORRECTED.say(
                context.lang,
                field=shown_field(done.code).say(context.lang),
                old=done.old or nothing,
                new=done.new or nothing,
            ),
            *warnings,
        ],
    )
    return 1 if warnings else 0


def _batch(context: Context, batch: str) -> str:
    return batch or words.NO_BATCH.say(context.lang)


def _batch_line(context: Context, figures: BatchFigures) -> str:
    sealed = words.SEALED_MARK if figures.sealed else Text("", "")
    return words.BATCH_LINE.say(
        context.lang,
        **{
            **figures.counts(),
            "batch": _batch(context, figures.batch),
            "missing": len(figures.not_taken),
            "sealed": sealed.say(context.lang),
        },
    )


def _person_line(context: Context, one: Standing) -> str:
    entry = one.person.entry
    return words.PERSON_LINE.say(
        context.lang,
        name=entry.name,
        student_no=entry.student_no,
        reason=one.say(context.lang),
    )
