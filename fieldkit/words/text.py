"""A text in both languages; the type checker sees to it that neither is missing."""

from collections.abc import Callable
from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]
# Says one thing in whichever language it is asked for.
Saying = Callable[[Lang], str]


class Text(NamedTuple):
    """One text in Chinese and English, with ``{named}`` places for what varies."""

    zh: str
    en: str

    def say(self, lang: Lang, **fields: object) -> str:
        """Give the text in one language with its places filled.

        Raises KeyError where a place of the template is not given.
        """
        template = self.zh if lang == "zh" else self.en
        return template.format(**fields)

    def both(self, **fields: object) -> str:
        """Give Chinese and English side by side, for what strangers at the door read."""
        return f"{self.zh.format(**fields)} {self.en.format(**fields)}"
