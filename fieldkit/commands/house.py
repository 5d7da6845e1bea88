"""Commands about the home: init, visits, checking the ledger."""

from pathlib import Path

from fieldkit.commands.context import Context
from fieldkit.errors import UsageProblem
from fieldkit.words import Text
from fieldkit.words import house as words

SHORT_PASSPHRASE = 8


class BadLetter(UsageProblem):
    """A station is one letter from A to Z."""

    message = Text("机位字母不对：{typed}", "Not a station's letter: {typed}")
    hint = Text("请用一个字母，A 到 Z", "Use one letter, A to Z")


def init(context: Context) -> int:
    """Make the home."""
    from fieldkit.ledger.errors import HomeExists
    from fieldkit.ledger.home import is_home, make_home

    letter = context.arguments.station.strip().upper()
    if len(letter) != 1 or not "A" <= letter <= "Z":
        raise BadLetter(typed=context.arguments.station)
    if is_home(context.home):
        raise HomeExists(home=context.home)
    passphrase = context.passphrase(new=True)
    escrow = make_home(context.home, letter, passphrase, context.clock)
    if len(passphrase) < SHORT_PASSPHRASE:
        context.say(words.WEAK_PASSPHRASE)
    context.say(words.ESCROW)
    context.tell([f"    {escrow}"])
    context.answer(
        {"station": letter, "home": str(context.home)},
        [words.HOME_MADE.say(context.lang, letter=letter, home=context.home)],
    )
    return 0


def visit_new(context: Context) -> int:
    """Make a visit and open it."""
    from fieldkit.roster.visits import new_visit

    asked = context.arguments
    visit = new_visit(
        context.kit.journal,
        asked.name,
        asked.school,
        day_from=asked.day_from,
        day_to=asked.day_to,
        price=asked.price,
        profile=_profile(context, asked.profile),
    )
    context.answer(
        {"name": visit.name, "school": visit.school, "open": True},
        [words.VISIT_OPENED.say(context.lang, name=visit.name, school=visit.school)],
    )
    return 0


def visit_open(context: Context) -> int:
    """Open a visit."""
    from fieldkit.roster.visits import reopen_visit

    visit = reopen_visit(context.kit.journal, context.arguments.name)
    context.answer(
        {"name": visit.name, "school": visit.school, "open": True},
        [words.VISIT_OPENED.say(context.lang, name=visit.name, school=visit.school)],
    )
    return 0


def visit_list(context: Context) -> int:
    """List the visits."""
    from fieldkit.ledger.read.people import count_people
    from fieldkit.ledger.read.visits import visits
    from fieldkit.paper.day import read_day
    from fieldkit.studio.linking import visit_links

    kit = context.kit
    current = kit.open_visit()
    rows = [
        {
            "name": visit.name,
            "school": visit.school,
            "open": current is not None and visit.key == current.key,
            "people": count_people(kit.store, visit.key),
            "taken": len(read_day(kit.store, visit.key, visit_links(kit.store, visit.key)).taken()),
        }
        for visit in visits(kit.store)
    ]
    lines = [words.VISIT_LINE.say(context.lang, mark="►" if row["open"] else " ", **row) for row in rows]
    context.answer(rows, lines or [words.NO_VISITS.say(context.lang)])
    return 0


def ledger_verify(context: Context) -> int:
    """Check chain, signatures, blobs and views."""
    from fieldkit.frames.blobs import BlobStore
    from fieldkit.frames.errors import BlobMissing, BlobUnproven
    from fieldkit.ledger.read.frames import blobs
    from fieldkit.ledger.verify import verify_ledger

    kit = context.kit
    found = verify_ledger(kit.store)
    kept, vouched = BlobStore(kit.home.path), blobs(kit.store)
    on_disk = set(kept.names()) if kept.blobs.exists() else set()
    problems = list(found.problems)
    for blob in sorted(vouched):
        if blob not in on_disk:
            problems.append(words.BLOB_MISSING.say(context.lang, blob=blob))
            continue
        try:
            if not kept.verify(blob):
                problems.append(words.BLOB_CHANGED.say(context.lang, blob=blob))
        except (BlobMissing, BlobUnproven) as error:
            problems.append(error.what(context.lang))
    unclaimed = sorted(on_disk - vouched.keys())
    context.tell(words.BLOB_UNKNOWN.say(context.lang, blob=blob) for blob in unclaimed)
    context.answer(
        {
            "events": found.events,
            "stations": found.stations,
            "blobs": len(vouched),
            "unclaimed": len(unclaimed),
            "problems": problems,
            "ok": not problems,
        },
        [words.LEDGER_WRONG.say(context.lang), *problems]
        if problems
        else [words.LEDGER_SOUND.say(context.lang, events=found.events, blobs=len(vouched))],
    )
    return 1 if problems else 0


def _profile(context: Context, asked: str) -> str:
    """Give what a visit remembers of its profile: the name, or the text of a file of its own."""
    from fieldkit.kit import PROFILES
    from fieldkit.portrait.profile import load_profile

    if not asked:
        return ""
    load_profile(asked, context.kit.home.path / PROFILES)
    path = Path(asked)
    return path.read_text(encoding="utf-8") if path.is_file() else asked
