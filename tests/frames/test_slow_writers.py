"""A few hundred files written slowly by many writers; the long form is ``tests.frames.slow_writers``."""

from tests.frames.slow_writers import run


def test_no_half_file_is_taken_and_in_the_end_all_are(tmp_path):
    outcome = run(300, tmp_path)

    assert (outcome.whole, outcome.half, outcome.missing) == (300, 0, [])
