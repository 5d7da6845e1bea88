"""The clock of a second camera that photographed the same people beside the first."""

import numpy as np

from fieldkit.links.times import FARTHEST, Seconds

# Fewer frames show nothing; seconds by which frames of two cameras come together.
_FEWEST, _TOGETHER = 20, 1
# Share of frames that must come with another's, and how much less they may at any other clock.
_MET, _MET_ELSEWHERE = 0.8, 0.75
# Seconds from a clock on from which another is not the same.
_ANOTHER = 10


def beside(frames: Seconds, others: Seconds) -> float | None:
    """Give by how much to move frames so that nearly all come with one of ``others``, None if nothing does.

    Both in seconds. Correlation on a grid of one second (FFT), of frames with the seconds around others'.
    """
    if min(frames.size, others.size) < _FEWEST:
        return None
    start = min(frames[0], others[0])
    at, taken = (np.rint(some - start).astype(int) for some in (frames, others))
    size = 1 << int(max(at.max(), taken.max()) + FARTHEST).bit_length()
    seconds, near = np.bincount(at, minlength=size)[:size], np.zeros(size)
    for step in range(-_TOGETHER, _TOGETHER + 1):
        near[np.clip(taken + step, 0, size - 1)] = 1.0
    met = np.fft.irfft(np.conj(np.fft.rfft(seconds)) * np.fft.rfft(near), size) / frames.size
    best = int(met.argmax())
    around = np.arange(best - _ANOTHER, best + _ANOTHER + 1) % size
    elsewhere = np.delete(met, around).max()
    if met[best] < _MET or elsewhere > _MET_ELSEWHERE * met[best]:
        return None
    coarse = best if best < size // 2 else best - size
    place = np.searchsorted(others, frames + coarse)
    close = others[np.clip(np.stack((place - 1, place)), 0, others.size - 1)] - frames - coarse
    return coarse + float(np.median(close[np.abs(close).argmin(axis=0), np.arange(frames.size)]))
