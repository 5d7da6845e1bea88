"""The forms before there is an open visit: first start, passphrase, escrow key, visits."""

from collections.abc import Sequence
from pathlib import Path

from fieldkit.ledger.read.visits import Visit
from fieldkit.screens.forms import Answers, Form, Line, Question, choose_one_of, needed
from fieldkit.words import Text
from fieldkit.words import screens as words

PROOF_LENGTH = 6


def _choice(place: int, text: Text) -> Line:
    return Line(Text(f" [{place}]  {text.zh}", f" [{place}]  {text.en}"))


def start_form(home: Path, choices: Sequence[Text]) -> Form:
    """Ask what to begin with where there is no home yet."""
    return Form(
        words.WELCOME,
        (
            Line(words.NO_HOME_YET),
            Line(words.HOME_AT, (("home", str(home)),)),
            Line(Text("", "")),
            *(_choice(place, text) for place, text in enumerate(choices, 1)),
        ),
        (Question("choice", words.CHOOSE, choose_one_of(len(choices))),),
        words.OPENING,
    )


def new_home_form(home: Path) -> Form:
    """Ask for what a home and its first visit need."""
    return Form(
        words.NEW_TITLE,
        (Line(words.HOME_AT, (("home", str(home)),)),),
        (
            Question("passphrase", words.PASSPHRASE_NEW, _not_empty, secret=True),
            Question("again", words.PASSPHRASE_AGAIN, _same, secret=True),
            Question("station", words.STATION_LETTER, _letter),
            *_visit_questions(),
        ),
        words.MAKING_HOME,
    )


def escrow_form(secret: str) -> Form:
    """Show the escrow key, once, and ask for proof that it was written down."""

    def proved(answer: str, _: Answers) -> Text | None:
        return None if answer.strip().upper() == secret[-PROOF_LENGTH:].upper() else words.ESCROW_WRONG

    return Form(
        words.ESCROW_TITLE,
        (Line(words.ESCROW_WHY), Line(Text("", "")), Line(Text("{key}", "{key}"), (("key", secret),))),
        (Question("proof", words.ESCROW_PROOF, proved),),
    )


def unlock_form(home: Path) -> Form:
    """Ask for the passphrase of a home."""
    return Form(
        words.UNLOCK_TITLE,
        (Line(words.HOME_AT, (("home", str(home)),)),),
        (Question("passphrase", words.PASSPHRASE, _not_empty, secret=True),),
        words.OPENING,
    )


def visits_form(visits: Sequence[Visit]) -> Form:
    """Ask which visit to open; the last choice makes a new one."""
    lines = [
        _choice(place, Text(*(2 * [f"{visit.name}  {visit.school}".replace("{", "{{").replace("}", "}}")])))
        for place, visit in enumerate(visits, 1)
    ]
    count = len(visits) + 1
    return Form(
        words.VISIT_TITLE,
        (*lines, _choice(count, words.VISIT_NEW_CHOICE)),
        (Question("choice", words.CHOOSE, choose_one_of(count)),),
    )


def new_visit_form() -> Form:
    """Ask for what a visit needs."""
    return Form(words.NEW_VISIT_TITLE, (), _visit_questions())


def _visit_questions() -> tuple[Question, ...]:
    return (
        Question("visit", words.VISIT_NAME, needed),
        Question("school", words.SCHOOL_NAME, needed),
    )


def _not_empty(answer: str, _: Answers) -> Text | None:
    return None if answer else words.PASSPHRASE_EMPTY


def _same(answer: str, answers: Answers) -> Text | None:
    return None if answer == answers["passphrase"] else words.PASSPHRASES_DIFFER


def _letter(answer: str, _: Answers) -> Text | None:
    letter = answer.strip().upper()
    return None if len(letter) == 1 and "A" <= letter <= "Z" else words.NOT_A_LETTER
