"""Checking the ledger as a whole: numbers, chain, signatures, pages, views."""

from collections.abc import Iterator
from dataclasses import dataclass

from fieldkit.ledger import kinds
from fieldkit.ledger.errors import LedgerBroken
from fieldkit.ledger.events import GENESIS, hash_text, read_event
from fieldkit.ledger.keys import check_signature
from fieldkit.ledger.store import Row, Store
from fieldkit.ledger.views.fold import differing_views


@dataclass(frozen=True)
class Verification:
    """What a check of the ledger found; it holds where ``problems`` is empty."""

    events: int
    stations: int
    problems: tuple[str, ...]


def verify_ledger(store: Store) -> Verification:
    """Check every event of every station, the store's pages, and every view against its rebuild."""
    rows = store.query("SELECT * FROM events ORDER BY station, seq")
    problems = [*_chain_problems(rows), *(f"page: {text}" for text in store.check_pages())]
    if not problems:
        problems += [f"view {table}" for table in differing_views(store)]
    return Verification(len(rows), len({row["station"] for row in rows}), tuple(problems))


def _chain_problems(rows: list[Row]) -> Iterator[str]:
    station, seq, prev, public = "", 0, GENESIS, ""
    for row in rows:
        name = f"{row['station']}/{row['seq']}"
        if row["station"] != station:
            station, seq, prev, public = row["station"], 0, GENESIS, ""
        seq += 1
        if row["seq"] != seq:
            yield f"{name}: gap before"
            seq = row["seq"]
        if row["prev"] != prev:
            yield f"{name}: chain"
        if hash_text(row["canonical"]) != row["hash"]:
            yield f"{name}: hash"
        prev = row["hash"]
        try:
            event = read_event(row["canonical"])
            if event.kind == kinds.STATION_BEGUN:
                public = event.body["verify_key"]
            check_signature(public, row["hash"], row["sig"])
        except LedgerBroken as error:
            yield f"{name}: {error.fields['where']}"
            continue
        said = (event.station, event.seq, event.prev, event.kind, event.visit, event.hlc)
        if said != tuple(row[column] for column in ("station", "seq", "prev", "kind", "visit", "hlc")):
            yield f"{name}: columns"
