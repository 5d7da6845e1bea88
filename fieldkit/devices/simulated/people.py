"""The text of made-up people's cards, for simulated readers."""

from fieldkit.devices.chip import chip_text

_MADE_UP = {
    "name": "沈知夏",
    "sex": "2",
    "nation": "01",
    "born": "20010312",
    "address": "某省某市某路1号",
    "number": "110101200103120026",
    "issuer": "某市公安局",
    "valid_from": "20170405",
    "valid_to": "20270405",
}


def resident_text(**fields: str) -> bytes:
    """Write the 256 bytes of a made-up resident's card; the fields given replace the made-up ones."""
    return chip_text(" ", **{**_MADE_UP, **fields})
