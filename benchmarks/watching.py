"""How soon a frame is told on a file system that reports nothing, beside thousands of files.

A FUSE mount is one: cameras on a cable are mounted so. Needs `bindfs` and the right to mount. Run it
with `python -m benchmarks.watching [FILES] [FRAMES]`.
"""

import queue
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.budgets import percentile
from fieldkit.clock import SystemClock
from fieldkit.devices.events import DeviceEvent, FilesSettled
from fieldkit.devices.loop import LoopRunner
from fieldkit.devices.watch import FolderWatch

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100 + b"\xff\xd9"
PATIENCE_S = 60.0


@contextmanager
def fuse_card(files: int) -> Iterator[tuple[Path, Path]]:
    """Give a camera's folder with that many frames, and the same as FUSE shows it."""
    with tempfile.TemporaryDirectory(prefix="fieldkit-bench-") as made:
        behind, mount = Path(made) / "behind", Path(made) / "camera"
        folder = behind / "DCIM" / "100BENCH"
        folder.mkdir(parents=True)
        mount.mkdir()
        for number in range(files):
            (folder / f"IMG_{number + 1:04}.JPG").write_bytes(JPEG)
        subprocess.run(["bindfs", behind, mount], check=True)
        try:
            yield folder, mount
        finally:
            subprocess.run(["umount", "-l", mount], check=True)


def measure(files: int = 5000, frames: int = 30) -> list[float]:
    """Give for each frame the seconds from its last byte until it was told."""
    told: queue.Queue[tuple[float, str]] = queue.Queue()

    def hear(event: DeviceEvent) -> bool:
        if isinstance(event, FilesSettled):
            for file in event.files:
                told.put((time.perf_counter(), file.path))
        return True

    times = []
    nobody, chance = threading.Event(), random.Random(1)
    with fuse_card(files) as (folder, mount):
        watch = LoopRunner(FolderWatch(mount, SystemClock()), hear, SystemClock())
        watch.start()
        for _ in range(files):
            told.get(timeout=PATIENCE_S)
        for number in range(files, files + frames):
            nobody.wait(chance.uniform(0.5, 1.5))
            name = f"IMG_{number + 1:04}.JPG"
            (folder / name).write_bytes(JPEG)
            complete = time.perf_counter()
            at, path = told.get(timeout=PATIENCE_S)
            assert path.endswith(name)
            times.append(at - complete)
        watch.stop()
    return times


def main(arguments: list[str]) -> int:
    """Print the figures of one measurement."""
    times = measure(*map(int, arguments))
    print(
        f"{len(times)} frames: told after p50 {statistics.median(times) * 1000:.0f} ms, "
        f"p99 {percentile(times, 0.99) * 1000:.0f} ms"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
