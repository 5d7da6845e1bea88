"""The kinds of events: what can happen, one constant each."""

STATION_BEGUN = "station.begun"
VISIT_MADE = "visit.made"
VISIT_OPENED = "visit.opened"
ROSTER_PEOPLE = "roster.people"
ROSTER_IMPORTED = "roster.imported"
TIMETABLE_SET = "timetable.set"
CHECKIN = "checkin"
CHIP_BOUND = "chip.bound"
SEAT = "seat"
NEXT = "next"
LEAVE = "leave"
FILE_CAPTURED = "file.captured"
FILE_SEEN = "file.seen"
FILE_VERIFIED = "file.verified"
CARD_READ = "card.read"
PORTRAIT_JUDGED = "portrait.judged"
LINKS_SAID = "links.said"
FRAME_JUDGED = "frame.judged"
REASON_NOTED = "reason.noted"
BATCH_SEALED = "batch.sealed"
CORRECTION_MADE = "correction.made"
DELIVERY_MADE = "delivery.made"
DAY_KEY_MADE = "day-key.made"
UNDO = "undo"

# Of a "leave": that it was seen while links were repaired, and not at the chair.
ALIGN_DESK = "align"

UNDOABLE = frozenset(
    {
        CHECKIN, CHIP_BOUND, SEAT, NEXT, LEAVE, LINKS_SAID, FRAME_JUDGED, REASON_NOTED, CORRECTION_MADE,
    }
)  # fmt: skip
