"""Small good files that are no JPEG, put together byte by byte."""

import struct


def tiff(entries, order="<", extra_ifds=()):
    """A TIFF of ASCII and SHORT entries: {tag: text or whole number}, with children by tag."""
    out = bytearray(struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 8))
    children = dict(extra_ifds)
    table_at = 8
    values = bytearray()
    values_at = table_at + 2 + 12 * (len(entries) + len(children)) + 4
    table = bytearray(struct.pack(order + "H", len(entries) + len(children)))
    pointers = []
    for tag, value in sorted({**entries, **dict.fromkeys(children)}.items()):
        if value is None:
            pointers.append((len(table) + 8, tag))
            table += struct.pack(order + "HHII", tag, 4, 1, 0)
        elif isinstance(value, int):
            table += struct.pack(order + "HHIHH", tag, 3, 1, value, 0)
        else:
            raw = value.encode() + b"\0"
            if len(raw) <= 4:
                table += struct.pack(order + "HHI4s", tag, 2, len(raw), raw)
            else:
                table += struct.pack(order + "HHII", tag, 2, len(raw), values_at + len(values))
                values += raw
    table += struct.pack(order + "I", 0)
    out += table + values
    for where, tag in pointers:
        struct.pack_into(order + "I", out, table_at + where, len(out))
        child = children[tag]
        body = bytearray(struct.pack(order + "H", len(child)))
        at = len(out) + 2 + 12 * len(child) + 4
        tail = bytearray()
        for child_tag, text in sorted(child.items()):
            raw = text.encode() + b"\0"
            if len(raw) <= 4:
                body += struct.pack(order + "HHI4s", child_tag, 2, len(raw), raw)
            else:
                body += struct.pack(order + "HHII", child_tag, 2, len(raw), at + len(tail))
                tail += raw
        out += body + struct.pack(order + "I", 0) + tail
    return bytes(out)


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")


def cr3():
    first = tiff({0x010F: "Canon", 0x0110: "Canon EOS R6", 0x0112: 8})
    exposure = tiff({0x9003: "2026:03:16 08:00:01", 0x9291: "57 ", 0xA431: "SYN-000777"}, order=">")
    uuid = box(b"uuid", CANON, box(b"CNCV", b"x"), box(b"CMT1", first), box(b"CMT2", exposure))
    return box(b"ftyp", b"crx \0\0\0\1", b"crx isom") + box(b"moov", uuid) + box(b"mdat", b"1234")


def heif(brand, block):
    """A HEIF of one Exif item, as its boxes demand; the item lies in mdat."""
    ftyp = box(b"ftyp", brand, b"\0\0\0\0", b"mif1", brand)
    item = b"\0\0\0\6Exif\0\0" + block
    infe = box(b"infe", b"\2\0\0\0", struct.pack(">HH", 1, 0), b"Exif", b"\0")
    iinf = box(b"iinf", b"\0\0\0\0", struct.pack(">H", 1), infe)

    def meta(offset):
        spot = struct.pack(">HHH", 1, 0, 1) + struct.pack(">II", offset, len(item))
        iloc = box(b"iloc", b"\0\0\0\0", b"\x44\0", struct.pack(">H", 1), spot)
        return box(b"meta", b"\0\0\0\0", box(b"hdlr", b"\0" * 8, b"pict", b"\0" * 13), iinf, iloc)

    return ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", item)
