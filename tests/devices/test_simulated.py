"""Simulated devices through the same loops as real ones."""

import threading

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices.events import (
    CameraChanged,
    CredentialPresented,
    FilesSettled,
    FolderChanged,
    ReaderChanged,
    VolumeChanged,
)
from fieldkit.devices.sam_serial import SerialSam
from fieldkit.devices.serial_scanner import scanned
from fieldkit.devices.simulated.camera import DcfPlace, SimulatedCamera
from fieldkit.devices.simulated.people import resident_text
from fieldkit.devices.simulated.reader import SimulatedReader
from fieldkit.devices.simulated.sam import SimulatedSam
from fieldkit.devices.simulated.slot import SimulatedSlot
from fieldkit.devices.volumes import VolumeLoop
from fieldkit.devices.watch import FolderWatch

JPEG = b"\xff\xd8" + b"picture" * 50 + b"\xff\xd9"


def test_a_camera_goes_round_from_9999_to_0001_in_the_next_folder(tmp_path):
    camera = SimulatedCamera(tmp_path, at=DcfPlace(100, 9999), maker="CANON")

    paths = [camera.shoot(JPEG)[0] for _ in range(2)]

    assert [str(path.relative_to(tmp_path)) for path in paths] == [
        "DCIM/100CANON/IMG_9999.JPG",
        "DCIM/101CANON/IMG_0001.JPG",
    ]
    assert [path.read_bytes() for path in paths] == [JPEG, JPEG]
    assert DcfPlace(999, 9999).next() == DcfPlace(100, 1)


def test_a_card_goes_in_is_shot_on_comes_out_and_goes_in_again(tmp_path, listen):
    slot = SimulatedSlot(tmp_path, "EOS DIGITAL")
    clock = SystemClock()
    heard = listen(VolumeLoop(clock, mountinfo=slot.mount_table), FolderWatch(slot.place, clock))
    heard.the(FolderChanged, present=False)

    slot.insert("one")
    mounted = heard.the(VolumeChanged, state="mounted")
    camera = SimulatedCamera(slot.place, pieces=5, pause_s=0.1)
    written = camera.shoot(JPEG, raw=b"raw")
    told = []
    while len(told) < len(written):
        told += heard.the(FilesSettled).files
    slot.pull()
    heard.the(VolumeChanged, state="removed")
    slot.insert("one")
    again = heard.the(VolumeChanged, state="mounted")

    assert (mounted.path, mounted.frames) == (str(slot.place), 0)
    assert {file.size for file in told} == {3, len(JPEG)}
    assert again.frames == 1


def test_a_slot_takes_one_card_and_formats_it(tmp_path):
    slot = SimulatedSlot(tmp_path)
    SimulatedCamera(slot.insert("one")).shoot(JPEG)

    with pytest.raises(FileExistsError):
        slot.insert("two")
    slot.format()

    assert list(slot.place.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("A-0123", "sequence-number"),
        ("110101200103120026", "id-number"),
        ("11010120010312002X", "id-number"),
        ("2022010118", "student-no"),
        ("eyJhbGciOi==", "capture-code"),
    ],
)
def test_the_desk_is_given_what_a_code_looks_like(code, kind):
    read = scanned(code, "scanner", SystemClock()).as_read()

    assert (read.kind, read.value, read.source) == (kind, code, "keyboard")


def test_a_reader_tells_what_is_presented(listen):
    reader = SimulatedReader(SystemClock())
    reader.present_card(resident_text())
    reader.present_chip("1122334455667788")
    reader.scan("eyJhbGciOi==")
    heard = listen(reader)

    events = [heard.the(CredentialPresented) for _ in range(3)]
    reader.unplug()
    heard.the(ReaderChanged, state="removed")

    assert [event.kind for event in events] == ["id-card", "chip-serial", "capture-code"]
    assert events[0].as_read().kind == "id-card"
    assert events[0].as_read().name == "沈知夏"


def test_a_camera_tells_that_it_is_connected(tmp_path, listen):
    heard = listen(SimulatedCamera(tmp_path, name="Rehearsal 6M"))

    heard.the(CameraChanged, state="added", camera="Rehearsal 6M")


def test_a_card_is_lifted_from_a_serial_reader_when_it_was_read(listen):
    stop = threading.Event()
    with SimulatedSam() as sam:
        heard = listen(SerialSam(sam.port, SystemClock()))
        heard.the(ReaderChanged, state="added")
        numbers = ("110101200103120026", "110101200103120018")
        read = [sam.present(resident_text(number=number), stop) for number in numbers]
        told = [heard.the(CredentialPresented).value for _ in numbers]

    assert read == [True, True]
    assert tuple(told) == numbers


def test_nobody_waits_at_a_reader_that_is_not_served():
    stop = threading.Event()
    stop.set()
    with SimulatedSam() as sam:
        read = [sam.present(resident_text(), stop), sam.present(resident_text(), threading.Event(), 0.1)]

    assert read == [False, False]
