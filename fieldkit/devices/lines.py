"""Events as the JSON objects that ``fieldkit devices --follow`` prints (pure)."""

from typing import Any

from fieldkit.devices.events import (
    CredentialPresented,
    DeviceEvent,
    ReaderChanged,
    VolumeChanged,
)


def event_object(event: DeviceEvent, *, reveal: bool) -> dict[str, Any] | None:
    """Give the object of an event, or None for an event that scripts are not promised.

    Numbers, codes and names are masked unless ``reveal``.
    """
    at = event.at.isoformat(timespec="milliseconds")
    match event:
        case ReaderChanged():
            return {"at": at, "event": "reader", "state": event.state, "reader": event.reader}
        case CredentialPresented():
            document = event.document
            name = document.name or document.latin_name if document else ""
            return {
                "at": at,
                "event": "credential",
                "reader": event.reader,
                "source": event.source,
                "kind": event.kind,
                "number": event.value if reveal else masked_number(event.value),
                "name": (name if reveal else masked_name(name)) or None,
                "document": document.kind if document else None,
                "valid_to": (document.valid_to or None) if document else None,
            }
        case VolumeChanged():
            return {
                "at": at,
                "event": "volume",
                "state": event.state,
                "path": event.path,
                "label": event.label,
                "frames": event.frames,
            }
        case _:
            return None


def masked_number(number: str) -> str:
    """Keep the last four characters of a long number, the last of a short one."""
    kept = 4 if len(number) >= 10 else 1
    return "*" * (len(number) - kept) + number[-kept:]


def masked_name(name: str) -> str:
    """Keep the first character of a name; one alone is hidden too."""
    return name[0] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)
