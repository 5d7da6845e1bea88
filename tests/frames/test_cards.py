from hypothesis import given
from hypothesis import strategies as st

from fieldkit.frames.cards import CardRow, Copies, card_status
from fieldkit.words.frames import REASONS

STORED = CardRow("vol-1", "100CANON/IMG_0001.JPG", 100, "aa")
SAFE = Copies("aa", verified=1, holders=("relay",))


def only(rows, copies):
    (card,) = card_status(rows, copies)
    return card


def test_a_card_is_free_when_all_is_read_back_and_held_twice():
    card = only([STORED], [SAFE])

    assert card.may_format
    assert card.as_json() == {
        "card": "vol-1",
        "files": 1,
        "here": 1,
        "verified": 1,
        "second": 1,
        "may_format": True,
        "not_safe": [],
    }


def test_every_missing_proof_is_named():
    cases = {
        "not-verified": (STORED, Copies("aa", verified=0, holders=("relay",))),
        "no-second-copy": (STORED, Copies("aa", verified=3)),
        "incomplete": (CardRow("vol-1", "b", 1, state="incomplete"), SAFE),
        "cancelled": (CardRow("vol-1", "b", 1, state="unread"), SAFE),
        "damaged": (CardRow("vol-1", "b", 1, state="failed", reason="damaged"), SAFE),
        "read-error": (CardRow("vol-1", "b", 1, "zz"), SAFE),
    }
    for reason, (row, copy) in cases.items():
        card = only([row], [copy])
        assert [file.reason for file in card.unsafe] == [reason]
        assert reason in REASONS


def test_a_blob_that_is_no_longer_here_is_not_here():
    card = only([STORED], [Copies("aa", verified=2, here=False, holders=("relay", "central"))])

    assert not card.may_format
    assert not card.files[0].here


def test_the_last_word_about_a_name_counts():
    newer = CardRow("vol-1", STORED.path, 120, "bb")

    assert not only([STORED, newer], [SAFE]).may_format
    assert only([newer, STORED], [SAFE]).may_format


ROWS = st.builds(
    CardRow,
    card=st.sampled_from(["vol-1", "vol-2"]),
    path=st.sampled_from("abcd"),
    size=st.just(1),
    ct_sha256=st.sampled_from(["", "aa", "bb", "cc"]),
    state=st.sampled_from(["stored", "incomplete", "failed", "unread"]),
)
COPIES = st.builds(
    Copies,
    ct_sha256=st.sampled_from(["aa", "bb"]),
    verified=st.integers(0, 2),
    here=st.booleans(),
    holders=st.sampled_from([(), ("relay",)]),
)


@given(st.lists(ROWS, max_size=12), st.lists(COPIES, max_size=2, unique_by=lambda c: c.ct_sha256))
def test_no_card_is_free_while_one_file_lacks_a_proof(rows, copies):
    held = {copy.ct_sha256: copy for copy in copies}
    for card in card_status(rows, copies):
        last = {row.path: row for row in rows if row.card == card.card}
        proofs = [
            row.state == "stored"
            and row.ct_sha256 in held
            and held[row.ct_sha256].here
            and held[row.ct_sha256].verified > 0
            and bool(held[row.ct_sha256].holders)
            for row in last.values()
        ]
        assert card.may_format == all(proofs)
        assert len(card.files) == len(last)
