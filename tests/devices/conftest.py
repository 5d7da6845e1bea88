import os
import queue
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices.events import DeviceEvent
from fieldkit.devices.loop import DeviceLoop, LoopSet

PATIENCE_S = 20.0
VPCD_LIBRARY = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")


class Heard:
    """The events of running loops; every wait is for an event, with a generous time-out."""

    def __init__(self) -> None:
        self.queue: queue.Queue[DeviceEvent] = queue.Queue()
        self.all: list[DeviceEvent] = []

    def __call__(self, event: DeviceEvent) -> bool:
        self.queue.put(event)
        return True

    def until(self, wanted: Callable[[DeviceEvent], bool]) -> DeviceEvent:
        while True:
            try:
                event = self.queue.get(timeout=PATIENCE_S)
            except queue.Empty:
                kinds = [type(event).__name__ for event in self.all]
                raise AssertionError(f"did not come; before it came {kinds}") from None
            self.all.append(event)
            if wanted(event):
                return event

    def the(self, kind: type, **fields: object) -> DeviceEvent:
        return self.until(
            lambda event: (
                isinstance(event, kind) and all(getattr(event, key) == value for key, value in fields.items())
            )
        )

    def so_far(self, kind: type) -> list[DeviceEvent]:
        with suppress(queue.Empty):
            while True:
                self.all.append(self.queue.get_nowait())
        return [event for event in self.all if isinstance(event, kind)]


@pytest.fixture
def listen() -> Iterator[Callable[..., Heard]]:
    sets = []

    def start(*loops: DeviceLoop) -> Heard:
        heard = Heard()
        running = LoopSet(loops, heard, SystemClock())
        running.start()
        sets.append(running)
        return heard

    yield start
    assert [running.stop(10.0) for running in sets] == [True] * len(sets)


@pytest.fixture
def pause() -> Callable[[float], None]:
    """Let real devices do their work for a moment; nothing is asserted on the time."""
    nobody = threading.Event()
    return lambda seconds: nobody.wait(seconds) and None


@pytest.fixture
def administrator() -> None:
    """Skip where we are not root, or root in name only, as in many containers."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    if subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode:
        pytest.skip("needs the right to make a mount namespace")


@pytest.fixture
def bind_fuse() -> Iterator[Callable[[Path, Path], None]]:
    """Show one folder under another through FUSE; taken away at the end."""
    places: list[Path] = []

    def bind(behind: Path, place: Path) -> None:
        if os.geteuid() != 0 or not shutil.which("bindfs") or not Path("/dev/fuse").exists():
            pytest.skip("needs root, /dev/fuse and the package bindfs")
        done = subprocess.run(["bindfs", behind, place], check=False, capture_output=True)
        if done.returncode:
            pytest.skip("the system allows no FUSE mount")
        places.append(place)

    yield bind
    for place in places:
        subprocess.run(["umount", "-q", "-l", place], check=False)


class CardService:
    """A real pcscd with a virtual two-slot reader, its socket in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.socket = folder / "pcscd.comm"
        self.process: subprocess.Popen[bytes] | None = None
        readers = folder / "reader.conf.d"
        readers.mkdir()
        (readers / "vpcd").write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{port:#x}\n'
            f"LIBPATH {VPCD_LIBRARY}\nCHANNELID {port:#x}\n"
        )

    def start(self) -> None:
        # pcscd has one fixed folder: a mount namespace puts ours in its place.
        script = (
            'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd '
            '&& exec pcscd --foreground --config "$1/reader.conf.d"'
        )
        self.process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", script, "sh", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._until(self._answers, "pcscd did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE_S)
            self.process = None
        for left in ("pcscd.comm", "pcscd.pid"):
            (self.folder / left).unlink(missing_ok=True)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
        self.stop()

    def _answers(self) -> bool:
        for family, address in (
            (socket.AF_UNIX, str(self.socket)),
            (socket.AF_INET, ("127.0.0.1", self.port)),
        ):
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                if probe.connect_ex(address):  # type: ignore[arg-type]
                    return False
        return True

    def _until(self, ready: Callable[[], bool], what: str) -> None:
        nobody = threading.Event()
        for _ in range(200):
            if ready():
                return
            nobody.wait(0.05)
        raise AssertionError(what)


@pytest.fixture
def card_service(administrator: None, card_service_folder: Path) -> Iterator[CardService]:
    if not shutil.which("pcscd") or not VPCD_LIBRARY.exists():
        pytest.skip("needs the packages pcscd and vsmartcard-vpcd")
    for left in card_service_folder.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    service = CardService(card_service_folder, _free_port_pair())
    yield service
    service.stop()


def _free_port_pair() -> int:
    for _ in range(100):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            if port >= 65535:
                continue
            with socket.socket() as second:
                if not _bound(second, port + 1):
                    continue
            return int(port)
    raise AssertionError("no free pair of ports")


def _bound(sock: socket.socket, port: int) -> bool:
    try:
        sock.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
