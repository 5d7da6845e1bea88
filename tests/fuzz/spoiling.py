"""Damage, drawn by chance: what noise, cut transfers, torn files and other programs make of good bytes."""

import random
from collections.abc import Callable, Sequence

TELLING = (0, 1, 2, 3, 7, 8, 12, 0x7F, 0x80, 0xFE, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF)
WIDE = (0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


def noise(chance: random.Random, most: int) -> bytes:
    """Give random bytes, often of few kinds only, for real noise seldom holds all of them."""
    length = chance.randint(0, most)
    if chance.random() < 0.4:
        few = chance.randbytes(chance.randint(1, 4))
        return bytes(chance.choices(few, k=length))
    return chance.randbytes(length)


def telling_number(chance: random.Random, size: int) -> int:
    """Give a number that tries a reader of lengths and offsets: an edge, or near a file's size."""
    return chance.choice(
        (
            chance.choice(TELLING),
            chance.choice(WIDE),
            max(0, size + chance.randint(-9, 9)),
            chance.randrange(size + 1),
        )
    )


def spoilt(chance: random.Random, content: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Damage bytes in one to six places, each in a way of its own."""
    out = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        if not out:
            out += noise(chance, 64) or b"\0"
        chance.choice(_WAYS)(chance, out, others)
    return bytes(out)


def split(chance: random.Random, content: bytes, most: int = 8) -> list[bytes]:
    """Cut bytes in pieces anywhere; joined they are the same."""
    edges = sorted(chance.randint(0, len(content)) for _ in range(chance.randrange(most)))
    return [content[start:end] for start, end in zip([0, *edges], [*edges, len(content)], strict=True)]


def _flip(chance: random.Random, out: bytearray, _others: Sequence[bytes]) -> None:
    for _ in range(chance.choice((1, 1, 2, 8))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)


def _set(chance: random.Random, out: bytearray, _others: Sequence[bytes]) -> None:
    out[chance.randrange(len(out))] = chance.choice(TELLING) & 0xFF


def _number(chance: random.Random, out: bytearray, _others: Sequence[bytes]) -> None:
    width = chance.choice((2, 2, 4, 4, 8))
    at = chance.randrange(len(out))
    number = telling_number(chance, len(out)) & ((1 << 8 * width) - 1)
    raw = number.to_bytes(width, chance.choice(("little", "big")))
    out[at : at + width] = raw[: len(out) - at]


def _cut(chance: random.Random, out: bytearray, _others: Sequence[bytes]) -> None:
    del out[chance.randrange(len(out)) :]


def _drop(chance: random.Random, out: bytearray, _others: Sequence[bytes]) -> None:
    at = chance.randrange(len(out))
    del out[at : at + chance.choice((1, 1, 2, 16, len(out) // 3 + 1))]


def _double(chance: random.Random, out: bytearray, _others: Sequence[bytes]) -> None:
    at = chance.randrange(len(out))
    out[at:at] = out[at : at + chance.choice((1, 2, 16, 256))]


def _insert(chance: random.Random, out: bytearray, _others: Sequence[bytes]) -> None:
    at = chance.randint(0, len(out))
    out[at:at] = noise(chance, 32)


def _empty(chance: random.Random, out: bytearray, _others: Sequence[bytes]) -> None:
    at = chance.randrange(len(out))
    length = min(len(out) - at, chance.choice((4, 64, len(out))))
    out[at : at + length] = bytes((chance.choice((0, 0xFF)),)) * length


def _swap(chance: random.Random, out: bytearray, _others: Sequence[bytes]) -> None:
    first, second = sorted(chance.randint(0, len(out)) for _ in range(2))
    out[first:] = out[second:] + out[first:second]


def _splice(chance: random.Random, out: bytearray, others: Sequence[bytes]) -> None:
    other = chance.choice(others) if others else bytes(out)
    start, end = sorted(chance.randint(0, len(other)) for _ in range(2))
    at = chance.randint(0, len(out))
    out[at : at + (end - start) * chance.randrange(2)] = other[start:end]


_Way = Callable[[random.Random, bytearray, Sequence[bytes]], None]
_WAYS: tuple[_Way, ...] = (
    _flip, _flip, _set, _set, _number, _number, _number, _cut, _drop, _double, _insert, _empty, _swap,
    _splice,
)  # fmt: skip
