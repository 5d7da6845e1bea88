"""All that is known of one person, history included."""

from typing import Any

from fieldkit.ledger.read.frames import portraits
from fieldkit.ledger.read.history import history
from fieldkit.ledger.read.line import checkins, reasons
from fieldkit.ledger.store import Store
from fieldkit.model import Person
from fieldkit.studio.linking import visit_links


def dossier(store: Store, visit: str, person: Person) -> dict[str, Any]:
    """Give a person's fields, number, frames and every event about them, as a JSON object."""
    entry = person.entry
    numbers = checkins(store, visit, person.key)
    judged = portraits(store, visit)
    return {
        "person": person.key,
        "origin": person.origin,
        "name": entry.name,
        "student_no": entry.student_no,
        "id_number": entry.id_number,
        "sex": entry.sex,
        "class": entry.class_name,
        "major": entry.major,
        "college": entry.college,
        "exam_no": entry.exam_no,
        "capture_code": entry.capture_code,
        "extra": dict(entry.extra),
        "number": numbers[0].sequence_number if numbers else None,
        "reason": reasons(store, visit).get(person.key),
        "frames": [
            {
                **link.row(),
                "verdict": judged[link.frame.frame].verdict if link.frame.frame in judged else None,
            }
            for link in visit_links(store, visit)
            if person.key in {link.link.person, link.link.proposal}
        ],
        "history": [
            {
                "at": happened.event.at,
                "event": happened.event.kind,
                "station": happened.event.station,
                "undone": happened.undone,
            }
            for happened in history(store, visit, person.key)
        ],
    }
