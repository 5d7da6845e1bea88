"""What is read in first: what a camera has just written, then whole cards, then the rest."""

from fieldkit.screens.due import LATER_MS, LIVE_MOST, Due, Turn


def turns(due, now_ms=0):
    taken = []
    while (turn := due.next(now_ms)) is not None:
        taken.append(turn)
    return taken


def test_a_few_files_go_before_whole_cards_and_many_after_them():
    due, many = Due(), [f"{number}.JPG" for number in range(LIVE_MOST + 1)]
    due.want("/a")
    due.want("/b", many)
    due.want("/c", ["1.JPG"])
    due.want("/c", ["1.JPG", "2.JPG"])

    assert turns(due) == [
        Turn("/c", frozenset({"1.JPG", "2.JPG"})),
        Turn("/a"),
        Turn("/b", frozenset(many)),
    ]


def test_a_whole_look_covers_the_files_that_were_told_before_it_begins():
    due, many = Due(), [f"{number}.JPG" for number in range(LIVE_MOST + 1)]
    due.want("/a", many)
    due.want("/a")
    due.want("/a")

    assert turns(due) == [Turn("/a")]


def test_a_card_seen_in_part_is_looked_at_as_a_whole_once_it_was_quiet():
    due = Due()
    due.want("/a", ["1.JPG"])
    turns(due)
    due.want("/a", ["2.JPG"])
    turns(due, LATER_MS - 1)

    assert due.partly_seen
    assert turns(due, LATER_MS) == []
    assert turns(due, 2 * LATER_MS - 1) == [Turn("/a")]
    assert not due.partly_seen
    assert turns(due, 9 * LATER_MS) == []


def test_nothing_is_due_of_a_card_that_is_gone():
    due = Due()
    due.want("/a")
    due.want("/a", ["1.JPG"])
    turns(due)
    due.want("/a", ["2.JPG"])
    due.want("/b")
    due.forget("/a")

    assert turns(due, 9 * LATER_MS) == [Turn("/b")]
