"""What is plugged in, folded from what the device loops tell; plain values, so that it can be tried alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fieldkit.devices.events import CameraChanged, DeviceEvent, ReaderChanged, VolumeChanged
from fieldkit.screens.copying import CopyState
from fieldkit.screens.messages import Light, LightState
from fieldkit.words import bridge as words

USB_SAM = "SAM USB"
OF_CARD: Mapping[CopyState, LightState] = {
    "copying": "busy", "done": "ok", "partly": "fault", "pulled": "fault", "failed": "fault", "held": "fault",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plugged:
    """The readers, cameras and card volumes that are there, and whether the card service answers."""

    readers: frozenset[str] = frozenset()
    cameras: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    service: bool = True


def plugged_after(before: Plugged, event: DeviceEvent) -> Plugged:
    """Give what is there after an event."""
    match event:
        case ReaderChanged(state="service-lost"):
            return replace(
                before, service=False, readers=frozenset(filter(_needs_no_service, before.readers))
            )
        case ReaderChanged(state="service-back"):
            return replace(before, service=True)
        case ReaderChanged():
            change = _change(came=event.state == "added")
            return replace(before, readers=change(before.readers, {event.reader}))
        case CameraChanged():
            change = _change(came=event.state == "added")
            return replace(before, cameras=change(before.cameras, {event.device or event.camera}))
        case VolumeChanged():
            change = _change(came=event.state == "mounted")
            return replace(before, cards=change(before.cards, {event.path}))
        case _:
            return before


def lights(there: Plugged, card: CopyState | None) -> tuple[Light, ...]:
    """Give the status line's lights; ``card`` says how the newest card's reading stands, or that one is held.

    Without the card service a reader is a fault only where no other kind of reader is there.
    """
    reader: LightState = "ok" if there.readers else "absent" if there.service else "fault"
    camera: LightState = "ok" if there.cameras else "absent"
    volume: LightState = "ok" if there.cards else "absent"
    return (
        Light(words.READER_LIGHT, reader),
        Light(words.CAMERA_LIGHT, camera),
        Light(words.CARD_LIGHT, OF_CARD[card] if card else volume),
    )


def _needs_no_service(reader: str) -> bool:
    return reader.startswith((USB_SAM, "/"))


def _change(*, came: bool) -> Callable[[frozenset[str], set[str]], frozenset[str]]:
    return (lambda held, names: held | names) if came else (lambda held, names: held - names)
