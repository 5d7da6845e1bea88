"""How a line moves on over people who left: forward from what had ended, and back."""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from fieldkit.links.evidence import Evidence
from fieldkit.links.rates import Rates
from fieldkit.links.times import Floats

# How many people the line passes over at once at most, and where more than this share left.
_SKIPS, _MANY_SKIPS = 5, 24
_MANY_LEFT = 0.1
# Chance to pass over who came again, so has another place, and who was seen leaving.
_CAME_AGAIN, _SEEN_LEAVING = 0.5, 0.9
_LEAST, _MOST = 1e-3, 0.97


class Passing:
    """The way from each place in line to the next who sits, over a few people, in a window.

    ``sit`` weighs for each place that its entry sits down; ``straight_on`` that no exception comes between.
    """

    def __init__(
        self, evidence: Evidence, rates: Rates, width: int, straight_on: float, elsewhere: Floats
    ) -> None:
        skip, self.sit = _skip_products(evidence, rates, elsewhere)
        self._skip = straight_on * skip
        self._width = width
        rows = self._skip.shape[0]
        self._far, self._by_far = np.ones(rows), np.empty((rows, width))
        # Row ``far`` of either view stands ``far + 1`` places off: one product serves all rows.
        self._ended = np.zeros(width + rows)
        step = self._ended.strides[0]
        self._behind = as_strided(self._ended[rows - 1 :], (rows, width), (-step, step))
        self._sat = np.zeros((rows, width + rows))
        self._ahead = as_strided(self._sat[:, 1:], (rows, width), ((width + rows + 1) * step, step))

    def onward(self, ended: Floats, base: int) -> Floats:
        """Give for each place of the window from ``base`` on how it is reached from what had ended."""
        self._ended[-self._width :] = ended
        np.multiply(self._skip[:, base : base + self._width], self._behind, out=self._by_far)
        reached: Floats = self._far @ self._by_far
        return reached

    def back(self, sits: Floats, base: int) -> Floats:
        """Carry what sits at each place back to the places from which it is reached."""
        np.multiply(self._skip[:, base : base + self._width], sits, out=self._sat[:, : self._width])
        ended: Floats = self._far @ self._ahead
        return ended


def _skip_products(evidence: Evidence, rates: Rates, elsewhere: Floats) -> tuple[Floats, Floats]:
    """Give the weight of passing over the entries before each place, and of sitting there.

    Row ``far`` of the first has the product for ``far`` entries passed over; place 0 is the door.
    """
    skips = _SKIPS if rates.skip < _MANY_LEFT else _MANY_SKIPS
    skip = np.where(evidence.entry_again, _CAME_AGAIN, np.maximum(rates.skip, elsewhere))
    skip = np.clip(np.where(np.isfinite(evidence.entry_left), _SEEN_LEAVING, skip), _LEAST, _MOST)
    products = np.zeros((skips + 1, skip.size + 1))
    products[0] = 1.0
    for far in range(1, skips + 1):
        reached = products[far, far + 1 :]
        reached[:] = products[far - 1, far + 1 :] * skip[: reached.size]
    return products, np.append(0.0, 1 - skip)
