"""The clock of a second camera that photographed the same people beside the first."""

import numpy as np

from fieldkit.links.distances import to_nearest
from fieldkit.links.times import FARTHEST, Seconds

# Fewer frames show nothing; seconds by which frames of two cameras come together.
_FEWEST, _TOGETHER = 20, 1
# Share of frames that must come with another's, and by how many standard deviations fewer at other clocks.
_MET, _SURELY = 0.8, 5.0
# Seconds around the best clock of whole seconds, and steps, in which the best of all is sought.
_NEAR, _STEP = 3.0, 0.1
# Seconds, a power of two, over which two cameras are compared at most: some weeks.
_LONGEST = 1 << 21
# Seconds from a clock on from which another is not the same.
_ANOTHER = 10


def same_people(frames: Seconds, others: Seconds) -> bool:
    """Tell whether nearly all frames of a camera come with one of ``others``, which ascend."""
    return bool((np.abs(to_nearest(frames, others)) < _TOGETHER).mean() > _MET)


def beside(frames: Seconds, others: Seconds) -> float | None:
    """Give by how much to move frames so that nearly all come with one of ``others``, None if nothing does.

    Both in seconds. Correlation on a grid of one second (FFT), of frames with the seconds around others'.
    """
    if min(frames.size, others.size) < _FEWEST:
        return None
    others = np.sort(others)
    start = min(frames.min(), others[0])
    size = 1 << int(max(frames.max(), others[-1]) - start + FARTHEST).bit_length()
    if size > _LONGEST:
        return None
    at, taken = (np.rint(some - start).astype(int) for some in (frames, others))
    seconds, near = np.bincount(at, minlength=size)[:size], np.zeros(size)
    for step in range(-_TOGETHER, _TOGETHER + 1):
        near[np.clip(taken + step, 0, size - 1)] = 1.0
    met = np.fft.irfft(np.conj(np.fft.rfft(seconds)) * np.fft.rfft(near), size) / frames.size
    best = int(met.argmax())
    around = np.arange(best - _ANOTHER, best + _ANOTHER + 1) % size
    elsewhere = float(np.clip(np.delete(met, around).max(), 0, 1))
    spread = np.sqrt(elsewhere * (1 - elsewhere) / frames.size)
    if met[best] < max(_MET, elsewhere + _SURELY * spread):
        return None
    coarse = best if best < size // 2 else best - size
    tried = coarse + np.arange(-_NEAR, _NEAR + _STEP, _STEP)
    apart = [np.minimum(np.abs(to_nearest(frames + by, others)), _TOGETHER).mean() for by in tried.tolist()]
    return float(tried[int(np.argmin(apart))])
