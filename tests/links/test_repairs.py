import pytest

from fieldkit.links import repairs
from fieldkit.links.engine import link_frames
from fieldkit.links.recording import Assign

PEOPLE = 16


def by_word(day, repair):
    """Link the day anew with the words of a repair, as the ledger would."""
    at = day.observations[-1].at
    words = [Assign(at, frame, person) for frame, person in repair.words]
    return link_frames((*day.observations, *words))


def repaired(kind, day, links, at):
    person, other = f"P{at:03}", f"P{at + 1:03}"
    frames = [link.frame for link in links if link.person == person]
    return {
        "assign": lambda: repairs.assign(frames[:1], other),
        "unassign": lambda: repairs.unassign(frames),
        "swap": lambda: repairs.swap(links, person, other),
        "split": lambda: repairs.split(links, frames[1], other),
        "merge": lambda: repairs.merge(links, other, person),
        "shift": lambda: repairs.shift(links, day.line, frames[0]),
    }[kind]()


@pytest.mark.parametrize("kind", ["assign", "unassign", "swap", "split", "merge", "shift"])
def test_a_repair_anywhere_changes_the_frames_it_names_and_no_others(build, turns_of, kind) -> None:
    day = build(turns_of(PEOPLE), PEOPLE)
    before = link_frames(day.observations)
    for at in range(1, PEOPLE):
        repair = repaired(kind, day, before, at)
        named = dict(repair.words)

        after = by_word(day, repair)

        assert named
        assert {day.truth[frame] for frame in named} <= {f"P{at:03}", f"P{at + 1:03}"}
        for old, new in zip(before, after, strict=True):
            if old.frame in named:
                assert new.person == named[old.frame]
            else:
                assert new == old


def test_undoing_a_repair_gives_back_what_was(build, turns_of) -> None:
    day = build(turns_of(6), 6)
    before = link_frames(day.observations)

    assert by_word(day, repairs.swap(before, "P002", "P003")) != before
    assert link_frames(day.observations) == before


def test_sealed_frames_are_in_no_repair(build, turns_of) -> None:
    day = build(turns_of(6), 6)
    frames = [frame for frame, owner in day.truth.items() if owner == "P002"]
    links = link_frames(day.observations, sealed=dict.fromkeys(frames, "P002"))

    made = [
        repairs.swap(links, "P002", "P003"),
        repairs.merge(links, "P003", "P002"),
        repairs.split(links, frames[0], "P003"),
        repairs.shift(links, day.line, frames[0]),
    ]

    assert not [word for repair in made for word in repair.words if word[0] in frames]


def test_a_shift_ends_at_the_next_firm_witness(build, turns_of) -> None:
    turns = [
        type(turn)(turn.person, turn.seq, turn.frames, told=at not in {3, 4})
        for at, turn in enumerate(turns_of(10))
    ]
    day = build(turns, 10)
    links = link_frames(day.observations)
    first = next(link.frame for link in links if day.truth[link.frame] == "P004")

    repair = repairs.shift(links, day.line, first)

    moved = {day.truth[frame] for frame, _ in repair.words}
    assert "P006" not in moved
    assert "P004" in moved


def test_a_corrected_clock_settles_only_what_was_under_review(build, turns_of) -> None:
    day = build(turns_of(20), 20, "seat")
    after = link_frames(day.observations)
    before = link_frames([row for row in day.observations if not hasattr(row, "seq") or hasattr(row, "id")])

    repair = repairs.clock(before, after)

    assert {frame for frame, _ in repair.words} <= {link.frame for link in before if link.status == "review"}
    assert all(day.truth[frame] == person for frame, person in repair.words)
    assert repairs.clock(after, after).words == ()
