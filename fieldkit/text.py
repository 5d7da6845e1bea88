"""How wide text is on a terminal, and how to fit it there without losing anything silently."""

import unicodedata

ELLIPSIS = "…"
UNPRINTABLE = "\ufffd"


def cells(text: str) -> int:
    """Count the terminal cells that a text takes: two for a Han character, none for a combining mark."""
    from rich.cells import cell_len

    return cell_len(text)


def one_line(text: str) -> str:
    """Replace everything that would move the cursor or not show, so that data cannot disturb a screen."""
    return "".join(
        UNPRINTABLE if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else character
        for character in text
    )


def cut(text: str, width: int) -> str:
    """Cut a text to at most ``width`` cells; a text that was cut ends in ``…``."""
    if width <= 0:
        return ""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        wide = cells(character)
        if used + wide > width - 1:
            break
        kept.append(character)
        used += wide
    return "".join(kept) + ELLIPSIS


def fit(text: str, width: int) -> str:
    """Make a text exactly ``width`` cells: cut with a mark, or filled with spaces."""
    shown = cut(text, width)
    return shown + " " * (max(width, 0) - cells(shown))


def centre(text: str, width: int) -> str:
    """Put a text in the middle of exactly ``width`` cells."""
    shown = cut(text, width)
    left = (max(width, 0) - cells(shown)) // 2
    return fit(" " * left + shown, width)


def ends(left: str, right: str, width: int) -> str:
    """Put two texts at both ends of exactly ``width`` cells; the left one gives way."""
    right = cut(right, width)
    room = width - cells(right)
    return fit(cut(left, room - 1 if right else room), room) + right


def spread(text: str, width: int) -> str:
    """Put spaces between the characters where that fits: large enough to read from afar."""
    wide = "  ".join(text)
    return wide if cells(wide) <= width else cut(text, width)


def wrap(text: str, width: int, most: int) -> list[str]:
    """Break a text into at most ``most`` lines of ``width`` cells, at spaces where there are some.

    What does not fit the last line is cut with a mark.
    """
    lines: list[str] = []
    rest = text.strip()
    while rest and len(lines) < most - 1 and cells(rest) > width:
        head = _head(rest, width)
        lines.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [*lines, cut(rest, width)] if rest else lines


def mask(number: str) -> str:
    """Hide the middle of a number, keeping what tells two people apart."""
    if len(number) <= 8:
        return number
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def _head(text: str, width: int) -> str:
    used = 0
    for place, character in enumerate(text):
        used += cells(character)
        if used > width:
            gap = text.rfind(" ", 0, place + 1)
            return text[: gap + 1] if gap > 0 else text[: max(place, 1)]
    return text
