"""Who of those named stands in the order of the line."""

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.links.turns import longest_in_order


def longest(places: list[int]) -> int:
    """Give the length of the longest run that never steps back, the slow way."""
    best: list[int] = []
    for at, place in enumerate(places):
        best.append(1 + max((best[before] for before in range(at) if places[before] <= place), default=0))
    return max(best, default=0)


@given(st.lists(st.integers(0, 30), max_size=40))
def test_the_most_places_that_never_step_back_are_marked(places: list[int]) -> None:
    marked = longest_in_order(places)
    kept = [place for place, keep in zip(places, marked, strict=True) if keep]
    assert kept == sorted(kept)
    assert len(kept) == longest(places)
