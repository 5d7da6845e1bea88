"""What udev says: made-up devices through umockdev, and a real udevd with real loop devices."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.clock import SystemClock
from fieldkit.devices.events import CameraChanged, CardPlugged, PortChanged, VolumeChanged
from fieldkit.devices.hotplug import HotplugLoop, plugged
from fieldkit.devices.volumes import VolumeLoop

VOLUME_UUID = "0b6f3f2e-1111-4222-8333-9c1a2b3c4d5e"

MADE_UP = """
import ctypes, queue, sys
from fieldkit.clock import SystemClock
from fieldkit.devices.hotplug import HotplugLoop, plugged_now
from fieldkit.devices.loop import LoopSet

mock = ctypes.CDLL("libumockdev.so.0")
mock.umockdev_testbed_new.restype = ctypes.c_void_p
mock.umockdev_testbed_add_devicev.restype = ctypes.c_char_p
mock.umockdev_testbed_add_devicev.argtypes = [
    ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p,
    ctypes.POINTER(ctypes.c_char_p), ctypes.POINTER(ctypes.c_char_p),
]
for call in ("umockdev_testbed_uevent",):
    getattr(mock, call).argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
mock.umockdev_testbed_remove_device.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
mock.umockdev_testbed_set_property.argtypes = [ctypes.c_void_p] + 3 * [ctypes.c_char_p]
bed = ctypes.c_void_p(mock.umockdev_testbed_new())

def words(pairs):
    flat = [part.encode() for pair in pairs.items() for part in pair]
    return (ctypes.c_char_p * (len(flat) + 1))(*flat, None)

def add(subsystem, name, **properties):
    return mock.umockdev_testbed_add_devicev(
        bed, subsystem.encode(), name.encode(), None, words({}), words(properties)
    )

events = queue.Queue()
def come(wanted):
    while True:
        event = events.get(timeout=20)
        print(type(event).__name__, event.state, flush=True)
        if wanted(event):
            return event

lying = add("tty", "ttyUSB7", DEVNAME="/dev/ttyUSB7", ID_VENDOR_ID="10c4", ID_MODEL_ID="8a1b",
            ID_VENDOR="Sam", ID_MODEL="Reader_1")
loops = LoopSet([HotplugLoop(SystemClock())], lambda event: events.put(event) or True, SystemClock())
loops.start()
assert come(lambda e: e.state == "added").port == "/dev/ttyUSB7"
camera = add("usb", "1-1", DEVTYPE="usb_device", DEVNAME="/dev/bus/usb/001/005",
             ID_USB_INTERFACES=":060101:", ID_VENDOR="Canon_Inc.", ID_MODEL="EOS_R5")
mock.umockdev_testbed_uevent(bed, camera, b"add")
assert come(lambda e: e.state == "added").camera == "Canon Inc. EOS R5"
card = add("block", "sdz1", DEVTYPE="partition", DEVNAME="/dev/sdz1", ID_FS_USAGE="filesystem",
           ID_FS_TYPE="exfat", ID_FS_LABEL="EOS_DIGITAL", ID_FS_UUID="1234-5678")
seen = come(lambda e: e.state == "added")
assert (seen.label, seen.uuid) == ("EOS_DIGITAL", "1234-5678")
add("usb", "1-2", DEVTYPE="usb_device", DEVNAME="/dev/bus/usb/001/006",
    ID_USB_INTERFACES=":030101:", ID_MODEL="Keyboard")
mock.umockdev_testbed_set_property(bed, card, b"ID_FS_UUID", b"8765-4321")
mock.umockdev_testbed_uevent(bed, card, b"change")
assert come(lambda e: e.state == "removed").uuid == "1234-5678"
assert come(lambda e: e.state == "added").uuid == "8765-4321"
assert len(plugged_now(SystemClock())) == 3
mock.umockdev_testbed_uevent(bed, camera, b"remove")
assert come(lambda e: e.state == "removed").camera == "Canon Inc. EOS R5"
assert events.empty()
assert loops.stop(10)
print("all told")
"""


def test_cameras_ports_and_cards_come_and_go():
    if not shutil.which("umockdev-wrapper"):
        pytest.skip("needs the packages umockdev and libumockdev0")

    done = subprocess.run(
        ["umockdev-wrapper", sys.executable, "-c", MADE_UP],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.stdout.splitlines()[-1:] == ["all told"], done.stdout + done.stderr


@pytest.fixture
def udevd(administrator):
    """A real udevd of our own; only where none runs and we may start one."""
    daemon = Path("/lib/systemd/systemd-udevd")
    if not daemon.exists() or not shutil.which("losetup"):
        pytest.skip("needs the packages udev and mount")
    if Path("/run/udev/control").exists():
        yield
        return
    # Two test processes may ask for it at once; the first to bind the control socket serves both.
    daemon_process = subprocess.Popen([str(daemon)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    nobody = threading.Event()
    for _ in range(200):
        if Path("/run/udev/control").exists():
            break
        nobody.wait(0.05)
    yield
    daemon_process.terminate()
    daemon_process.wait(20)
    shutil.rmtree("/run/udev", ignore_errors=True)


@pytest.fixture
def image(tmp_path):
    if not shutil.which("mkfs.vfat"):
        pytest.skip("needs the package dosfstools")
    path = tmp_path / "card.img"
    subprocess.run(["truncate", "-s", "4M", path], check=True)
    subprocess.run(["mkfs.vfat", "-n", "EOS_DIGITAL", "-i", "1234abcd", path], check=True)
    return path


@pytest.mark.root
def test_a_real_block_device_with_a_card_in_it_comes_and_goes(udevd, image, listen, tmp_path):
    heard = listen(HotplugLoop(SystemClock()))

    made = subprocess.run(["losetup", "-f", "--show", image], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip("the kernel has no loop devices")
    device = made.stdout.strip()
    added = heard.the(CardPlugged, state="added", device=device)
    subprocess.run(["losetup", "-d", device], check=True)
    removed = heard.the(CardPlugged, state="removed", device=device)

    assert (added.label, added.uuid) == ("EOS_DIGITAL", "1234-ABCD")
    assert removed.uuid == added.uuid

    # The same udevd names a mounted volume; one test, so that no other stops the daemon meanwhile.
    place, mounted_image = tmp_path / "mnt", tmp_path / "mounted.img"
    place.mkdir()
    subprocess.run(["truncate", "-s", "8M", mounted_image], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-L", "CARD_A", "-U", VOLUME_UUID, mounted_image], check=True)
    if subprocess.run(["mount", "-o", "loop", mounted_image, place], check=False).returncode:
        pytest.skip("the kernel mounts no loop device")
    (place / "DCIM").mkdir()
    try:
        volume = listen(VolumeLoop(SystemClock())).the(VolumeChanged, path=str(place))
    finally:
        subprocess.run(["umount", "-l", place], check=True)

    assert (volume.uuid, volume.label) == (VOLUME_UUID, "CARD_A")


@pytest.mark.root
def test_a_flood_that_overflows_the_socket_ends_no_loop(listen, pause):
    trigger = Path("/sys/block/loop0/uevent")
    if os.geteuid() != 0 or not os.access(trigger, os.W_OK):
        pytest.skip("needs root and a loop device")
    loop = HotplugLoop(SystemClock(), source="kernel")
    listened = []
    original = loop._listen

    def counted(context):
        listened.append(1)
        monitor = original(context)
        # As root libudev asks for a buffer that nothing fills; a user's is small.
        with socket.socket(fileno=os.dup(monitor.fileno())) as receiving:
            receiving.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return monitor

    loop._listen = counted
    held = threading.Event()
    first = threading.Event()
    taken = loop._told_of

    def slowly(device, emit):
        first.set()
        held.wait(60)
        return taken(device, emit)

    loop._told_of = slowly
    listen(loop)
    for _ in range(200):
        trigger.write_text("change")
        if first.wait(0.05):
            break
    for _ in range(2_000):
        trigger.write_text("change")
    held.set()

    nobody = threading.Event()
    for _ in range(400):
        if len(listened) > 1:
            break
        nobody.wait(0.05)

    assert len(listened) > 1


PROPERTIES = st.dictionaries(
    st.sampled_from(
        ["SUBSYSTEM", "DEVNAME", "ID_VENDOR_ID", "ID_FS_USAGE", "ID_FS_TYPE", "ID_USB_INTERFACES"]
    ),
    st.one_of(st.sampled_from(["usb", "tty", "block", "filesystem", "vfat"]), st.text()),
)


@given(PROPERTIES)
def test_any_properties_are_something_to_us_or_nothing(properties):
    seen = plugged(properties, SystemClock(), "added")

    assert seen is None or isinstance(seen, CameraChanged | PortChanged | CardPlugged)


def test_the_laptops_own_efi_partition_is_no_card():
    own = {
        "SUBSYSTEM": "block",
        "DEVNAME": "/dev/nvme0n1p1",
        "ID_FS_USAGE": "filesystem",
        "ID_FS_TYPE": "vfat",
        "ID_PART_ENTRY_TYPE": "c12a7328-f81f-11d2-ba4b-00c04fc93ec9",
    }

    assert plugged(own, SystemClock(), "added") is None
    assert plugged({**own, "ID_PART_ENTRY_TYPE": ""}, SystemClock(), "added") is not None
