"""Making and opening visits."""

import re
import secrets
from datetime import date
from decimal import Decimal, InvalidOperation

from fieldkit.errors import InputProblem, UsageProblem
from fieldkit.ledger import kinds
from fieldkit.ledger.journal import Journal
from fieldkit.ledger.read.visits import Visit, open_visit, visit_by_name
from fieldkit.words import Text

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class VisitExists(InputProblem):
    """A visit of this name was made before."""

    message = Text("场次已存在：{name}", "There is a visit {name} already")
    hint = Text(
        "换个名字，或用 fieldkit visit open {name}", "Use another name, or fieldkit visit open {name}"
    )


class NoSuchVisit(InputProblem):
    """No visit has this name."""

    message = Text("没有这个场次：{name}", "There is no visit {name}")
    hint = Text("fieldkit visit list 列出全部场次", "fieldkit visit list shows what there is")


class NoOpenVisit(InputProblem):
    """A command needs a visit and none is open."""

    message = Text("还没有打开场次", "No visit is open")
    hint = Text(
        "fieldkit visit new 名称 --school 学校，或 fieldkit visit open 名称",
        "fieldkit visit new NAME --school S, or fieldkit visit open NAME",
    )


class BadDay(UsageProblem):
    """A day that cannot be read, or an end before its beginning."""

    message = Text("日期不对：{typed}", "Not a usable day: {typed}")
    hint = Text(
        "请写 2026-03-16，且结束不早于开始", "Write 2026-03-16, and let the end not be before the start"
    )


class BadPrice(UsageProblem):
    """A price that cannot be read."""

    message = Text("价格不对：{typed}", "Not a price: {typed}")
    hint = Text("请写元，例如 20 或 12.50", "Write yuan, as 20 or 12.50")


class BadName(UsageProblem):
    """A visit or school name that is empty or has characters no name has."""

    message = Text("名称不可用：{typed}", "Not a usable name: {typed}")
    hint = Text("请写一行普通文字", "Write one line of plain text")


def new_visit(
    journal: Journal,
    name: str,
    school: str,
    *,
    day_from: str = "",
    day_to: str = "",
    price: str = "",
    profile: str = "",
) -> Visit:
    """Make a visit and open it; ``profile`` names or holds the delivery profile.

    Raises VisitExists, BadDay, BadPrice, BadName.
    """
    name, school = _plain(name), _plain(school)
    day_from, day_to = _days(day_from, day_to)
    body = {
        "name": name,
        "from": day_from,
        "to": day_to,
        "price": _price(price),
        "profile": profile,
        "salt": secrets.token_hex(16),
    }
    key = f"V{secrets.token_hex(8)}"
    with journal.writing() as pen:
        if visit_by_name(journal.store, name):
            raise VisitExists(name=name)
        pen.record(kinds.VISIT_MADE, body, visit=key, school=school)
        pen.record(kinds.VISIT_OPENED, {}, visit=key, school=school)
    return require_visit(journal)


def reopen_visit(journal: Journal, name: str) -> Visit:
    """Open another visit of this laptop. Raises NoSuchVisit."""
    with journal.writing() as pen:
        visit = visit_by_name(journal.store, name)
        if visit is None:
            raise NoSuchVisit(name=name)
        pen.record(kinds.VISIT_OPENED, {}, visit=visit.key, school=visit.school)
    return visit


def require_visit(journal: Journal) -> Visit:
    """Give the open visit. Raises NoOpenVisit."""
    visit = open_visit(journal.store, journal.station.id)
    if visit is None:
        raise NoOpenVisit
    return visit


def _plain(typed: str) -> str:
    text = typed.strip()
    if not text or not text.isprintable() or len(text) > 120:
        raise BadName(typed=typed)
    return text


def _days(day_from: str, day_to: str) -> tuple[str, str]:
    for typed in (day_from, day_to):
        if typed:
            try:
                date.fromisoformat(typed)
            except ValueError as error:
                raise BadDay(typed=typed) from error
            if not _DAY.fullmatch(typed):
                raise BadDay(typed=typed)
    if day_from and day_to and day_to < day_from:
        raise BadDay(typed=f"{day_from} … {day_to}")
    return day_from, day_to or day_from


def _price(typed: str) -> str:
    if not typed:
        return ""
    try:
        price = Decimal(typed)
    except InvalidOperation as error:
        raise BadPrice(typed=typed) from error
    if not price.is_finite() or price < 0 or price.as_tuple().exponent not in (0, -1, -2):
        raise BadPrice(typed=typed)
    return str(price)
