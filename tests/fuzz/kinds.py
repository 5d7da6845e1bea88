"""The kinds of input that are fuzzed, with how many are fed in the short form."""

from tests.fuzz import cards, days, pictures, readers
from tests.fuzz.running import Kind

KINDS: dict[str, Kind] = {
    "sam-stream": Kind(readers.prepare_sam_stream, 1000),
    "sam-cycle": Kind(readers.prepare_sam_cycle, 60, share=0.05),
    "sam-usb": Kind(readers.prepare_sam_usb, 60, share=0.05),
    "apdu": Kind(readers.prepare_apdu, 2000),
    "chip": Kind(readers.prepare_chip, 1500),
    "wedge": Kind(readers.prepare_wedge, 1500),
    "udev": Kind(days.prepare_udev, 1000),
    "jpeg": Kind(pictures.prepare_jpeg, 1500),
    "exif": Kind(pictures.prepare_exif, 600),
    "extent": Kind(pictures.prepare_extent, 2000),
    "picture": Kind(pictures.prepare_picture, 800, memory_mib=2048),
    "card": Kind(cards.prepare_card, 20, share=0.02),
    "judge": Kind(pictures.prepare_judge, 15, share=0.02, memory_mib=4096),
    "worker": Kind(pictures.prepare_worker, 2, share=0.001, memory_mib=4096),
    "recording": Kind(days.prepare_recording, 3000),
    "replay": Kind(days.prepare_replay, 40, share=0.05),
    "names": Kind(days.prepare_names, 1000),
    "documents": Kind(days.prepare_documents, 3000),
}
