"""What devices tell the desk: frozen events, whose numbers and names never show in a repr."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from fieldkit.devices.chip import ChipDocument
from fieldkit.model import CredentialKind, CredentialRead
from fieldkit.words import Text

ReaderState = Literal["added", "removed", "service-lost", "service-back"]
CredentialSource = Literal["pcsc", "sam-serial", "sam-usb", "keyboard"]
PresentedKind = Literal["id-card", "chip-serial", "capture-code", "number"]
VolumeState = Literal["mounted", "removed"]
PlugState = Literal["added", "removed"]

_SEQUENCE_NUMBER = re.compile(r"[A-Z]-\d{4,}", re.ASCII)
_ID_NUMBER = re.compile(r"\d{17}[\dXx]|\d{15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReaderChanged:
    """A reader, or the service that serves all readers, came or went."""

    at: datetime
    state: ReaderState
    reader: str


@dataclass(frozen=True, slots=True)
class CredentialPresented:
    """One presentation of a card or a code: exactly one event however long it lies there.

    ``value`` is the ID number, the chip serial as upper-case hex, or the scanned text unchanged.
    """

    at: datetime
    reader: str
    source: CredentialSource
    kind: PresentedKind
    value: str = field(repr=False)
    document: ChipDocument | None = field(default=None, repr=False)
    photo: bytes = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        """Give the holder's name where the card told it, else empty text."""
        return self.document.name if self.document else ""

    def as_read(self) -> CredentialRead:
        """Give the value the desk works with."""
        return CredentialRead(
            kind=_number_kind(self.value) if self.kind == "number" else self.kind,
            value=self.value,
            name=self.name,
            source=self.source,
            at=self.at,
            photo=self.photo,
        )


def _number_kind(number: str) -> CredentialKind:
    if _SEQUENCE_NUMBER.fullmatch(number):
        return "sequence-number"
    return "id-number" if _ID_NUMBER.fullmatch(number) else "student-no"


@dataclass(frozen=True, slots=True)
class CardNotRead:
    """A card was presented and could not be read; the hint says what the holder does now."""

    at: datetime
    reader: str
    message: Text
    hint: Text


@dataclass(frozen=True, slots=True)
class VolumeChanged:
    """A volume that can hold frames was mounted or went away.

    ``uuid`` names the card until it is formatted; it is empty where nobody could tell it.
    """

    at: datetime
    state: VolumeState
    path: str
    label: str = ""
    uuid: str = ""
    frames: int = 0


@dataclass(frozen=True, slots=True)
class CardPlugged:
    """A block device with a file system appeared or went, mounted or not."""

    at: datetime
    state: PlugState
    device: str
    label: str = ""
    uuid: str = ""


@dataclass(frozen=True, slots=True)
class CameraChanged:
    """A camera was connected by cable or disconnected."""

    at: datetime
    state: PlugState
    camera: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class PortChanged:
    """A serial port, where a reader or a scanner may answer, came or went."""

    at: datetime
    state: PlugState
    port: str
    maker: str = ""
    vendor_product: str = ""


@dataclass(frozen=True, slots=True)
class SettledFile:
    """A file that was the same in two looks: ``path`` is relative to the watched folder."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FilesSettled:
    """Files that stopped growing, in the order of their paths; one event carries one scan's."""

    at: datetime
    folder: str
    files: tuple[SettledFile, ...]


@dataclass(frozen=True, slots=True)
class FilesVanished:
    """Files that are no longer in a folder which itself is still there."""

    at: datetime
    folder: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FolderChanged:
    """The watched folder can be read, or cannot any more (unmounted, pulled, renamed)."""

    at: datetime
    folder: str
    present: bool


@dataclass(frozen=True, slots=True)
class DeviceTrouble:
    """A device loop cannot do its work just now; it goes on trying."""

    at: datetime
    device: str
    message: Text
    hint: Text


DeviceEvent = (
    ReaderChanged
    | CredentialPresented
    | CardNotRead
    | VolumeChanged
    | CardPlugged
    | CameraChanged
    | PortChanged
    | FilesSettled
    | FilesVanished
    | FolderChanged
    | DeviceTrouble
)
