"""A real pcscd with a virtual reader: everything that happens to cards and readers at a door."""

import socket
import threading

import pytest

from fieldkit.clock import SystemClock
from fieldkit.devices.errors import CardGone, CardUnusable, ReaderServiceGone, ReadersRefused
from fieldkit.devices.events import (
    CardNotRead,
    CredentialPresented,
    DeviceTrouble,
    ReaderChanged,
)
from fieldkit.devices.pcsc import PcscLoop, readers_now
from fieldkit.devices.simulated.card import VirtualCard, campus_card, chip_card, document_card
from fieldkit.devices.simulated.people import resident_text

pytestmark = pytest.mark.root

FIRST = "Virtual PCD 00 00"
SECOND = "Virtual PCD 00 01"
RESIDENT = {"name": "沈知夏", "number": "110101200103120026"}
OTHER = {"name": "陆远舟", "number": "110101200203040018"}


@pytest.fixture
def running(card_service, listen):
    card_service.start()
    heard = listen(PcscLoop(SystemClock()))
    heard.the(ReaderChanged, state="added", reader=SECOND)
    return card_service, heard


def test_a_document_is_read_through_a_sam_reader_once_however_long_it_lies(running, pause):
    service, heard = running

    with VirtualCard(document_card(resident_text(), b"photo"), port=service.port):
        event = heard.the(CredentialPresented)
        pause(1.5)

    assert (event.reader, event.source, event.kind) == (FIRST, "pcsc", "id-card")
    assert (event.value, event.name) == (RESIDENT["number"], RESIDENT["name"])
    assert event.document.valid_to == "2027-04-05"
    assert event.photo == b""
    assert len(heard.so_far(CredentialPresented)) == 1


def test_the_photo_comes_only_when_asked_for(card_service, listen):
    card_service.start()
    heard = listen(PcscLoop(SystemClock(), photo=True))

    with VirtualCard(document_card(resident_text(), b"\x57" * 1024), port=card_service.port):
        event = heard.the(CredentialPresented)

    assert event.photo == b"\x57" * 1024


def test_a_plain_reader_gives_the_chip_serial(running):
    service, heard = running

    with VirtualCard(chip_card(bytes.fromhex("1122334455667788")), port=service.port):
        event = heard.the(CredentialPresented)

    assert (event.kind, event.value, event.document) == ("chip-serial", "1122334455667788", None)


def test_a_campus_card_gives_its_uid(running):
    service, heard = running

    with VirtualCard(campus_card(bytes.fromhex("04A1B2C3D4E5F6")), port=service.port):
        event = heard.the(CredentialPresented)

    assert (event.kind, event.value) == ("chip-serial", "04A1B2C3D4E5F6")


@pytest.mark.parametrize("uid", [bytes(4), bytes.fromhex("08112233"), b"\xff" * 4])
def test_a_uid_that_names_nobody_is_refused_with_a_next_step(running, uid):
    service, heard = running

    with VirtualCard(campus_card(uid), port=service.port):
        event = heard.the(CardNotRead)

    assert event.message == CardUnusable.message
    assert event.hint == CardUnusable.hint


def test_two_cards_at_once_in_two_readers(running):
    service, heard = running

    with (
        VirtualCard(document_card(resident_text()), port=service.port),
        VirtualCard(document_card(resident_text(**OTHER)), port=service.port + 1),
    ):
        events = [heard.the(CredentialPresented) for _ in range(2)]

    assert {(event.reader, event.value) for event in events} == {
        (FIRST, RESIDENT["number"]),
        (SECOND, OTHER["number"]),
    }


def test_a_card_placed_again_is_a_second_presentation(running, pause):
    service, heard = running
    card = VirtualCard(chip_card(b"12345678"), port=service.port)

    for _ in range(2):
        card.place()
        heard.the(CredentialPresented)
        card.lift()
        pause(1.2)

    assert len(heard.so_far(CredentialPresented)) == 2


def test_a_card_that_lies_there_at_the_start_is_read(card_service, listen):
    card_service.start()

    with VirtualCard(document_card(resident_text()), port=card_service.port):
        event = listen(PcscLoop(SystemClock())).the(CredentialPresented)

    assert event.value == RESIDENT["number"]


def test_a_slow_card_does_not_hold_up_a_quick_one(running):
    service, heard = running
    asked = threading.Event()
    go_on = threading.Event()

    def slowly(_command: bytes) -> None:
        asked.set()
        go_on.wait(30)

    with VirtualCard(document_card(resident_text()), port=service.port, before=slowly):
        assert asked.wait(20)
        with VirtualCard(document_card(resident_text(**OTHER)), port=service.port + 1):
            quick = heard.the(CredentialPresented)
        go_on.set()
        slow = heard.the(CredentialPresented)

    assert (quick.value, slow.value) == (OTHER["number"], RESIDENT["number"])


def test_a_card_pulled_in_the_middle_is_told_and_read_when_placed_again(running, pause):
    service, heard = running
    pulled: list[VirtualCard] = []

    def pull(_command: bytes) -> None:
        pulled[0].lift()

    pulled.append(VirtualCard(document_card(resident_text()), port=service.port, before=pull))
    pulled[0].place()
    event = heard.the(CardNotRead)
    pause(1.0)

    with VirtualCard(document_card(resident_text()), port=service.port):
        again = heard.the(CredentialPresented)

    assert event.message == CardGone.message
    assert again.value == RESIDENT["number"]


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_the_service_may_stop_and_start_again(running, how):
    service, heard = running

    getattr(service, how)()
    heard.the(ReaderChanged, state="service-lost")
    trouble = heard.the(DeviceTrouble)
    service.start()
    heard.the(ReaderChanged, state="service-back")
    heard.the(ReaderChanged, state="added", reader=SECOND)
    with VirtualCard(document_card(resident_text()), port=service.port):
        event = heard.the(CredentialPresented)

    assert trouble.message == ReaderServiceGone.message
    assert event.value == RESIDENT["number"]


def test_the_service_may_come_after_the_program(card_service, listen):
    heard = listen(PcscLoop(SystemClock()))
    heard.the(ReaderChanged, state="service-lost")

    card_service.start()

    heard.the(ReaderChanged, state="service-back")
    heard.the(ReaderChanged, state="added", reader=FIRST)


def test_a_refusal_by_polkit_is_told_apart_from_a_missing_service(card_service, listen):
    # pcscd asks polkit before the first message and hangs up on a no; so does this one.
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(card_service.socket))
        server.listen()

        def refuse() -> None:
            try:
                while True:
                    server.accept()[0].close()
            except OSError:
                return

        refusing = threading.Thread(target=refuse, daemon=True)
        refusing.start()
        trouble = listen(PcscLoop(SystemClock())).the(DeviceTrouble)
        with pytest.raises(ReadersRefused):
            readers_now()
        server.shutdown(socket.SHUT_RDWR)
        refusing.join(10)

    assert trouble.message == ReadersRefused.message
    assert "org.debian.pcsc-lite.access_card" in trouble.hint.en


def test_a_refusal_by_polkit_at_the_card_is_told_too(card_service, listen):
    # pcscd asks polkit a second time when a card is opened; this relay hangs up there as it does.
    card_service.start()
    behind = card_service.socket.with_name("behind.comm")
    card_service.socket.rename(behind)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(card_service.socket))
        server.listen()
        threading.Thread(target=relay, args=(server, str(behind)), daemon=True).start()
        heard = listen(PcscLoop(SystemClock()))
        heard.the(ReaderChanged, state="added", reader=FIRST)
        with VirtualCard(document_card(resident_text()), port=card_service.port):
            trouble = heard.the(DeviceTrouble)
        server.shutdown(socket.SHUT_RDWR)

    assert trouble.message == ReadersRefused.message
    assert heard.so_far(CredentialPresented) == []


CONNECT_TO_CARD = 4


def relay(server, behind):
    """Pass each client's messages on, until one asks for a card."""
    while True:
        try:
            client = server.accept()[0]
        except OSError:
            return
        threading.Thread(target=relay_one, args=(client, behind), daemon=True).start()


def relay_one(client, behind):
    with client, socket.socket(socket.AF_UNIX) as service:
        service.connect(behind)
        answers = threading.Thread(target=pump, args=(service, client), daemon=True)
        answers.start()
        heading = client.makefile("rb")
        while head := heading.read(8):
            size, command = int.from_bytes(head[:4], "little"), int.from_bytes(head[4:], "little")
            if command == CONNECT_TO_CARD:
                break
            service.sendall(head + heading.read(size))
        heading.close()
        service.shutdown(socket.SHUT_RDWR)
        answers.join(20)


def pump(source, target):
    try:
        while content := source.recv(4096):
            target.sendall(content)
    except OSError:
        return


def test_the_listing_tells_readers_and_cards(card_service):
    card_service.start()

    with VirtualCard(chip_card(b"12345678"), port=card_service.port):
        nobody = threading.Event()
        for _ in range(100):
            listed = {reader.reader: reader.card for reader in readers_now()}
            if listed.get(FIRST):
                break
            nobody.wait(0.1)

    assert listed == {FIRST: True, SECOND: False}


def test_without_a_service_the_listing_says_what_to_start(card_service):
    with pytest.raises(ReaderServiceGone) as refused:
        readers_now()

    assert "pcscd" in refused.value.next_step("en")


def test_numbers_and_names_do_not_show_in_an_event(running):
    service, heard = running

    with VirtualCard(document_card(resident_text()), port=service.port):
        event = heard.the(CredentialPresented)

    assert RESIDENT["number"] not in repr(event)
    assert RESIDENT["name"] not in repr(event)
