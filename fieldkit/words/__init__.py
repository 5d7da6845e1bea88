"""Every text a person sees, in Chinese and in English, one module of constants a room."""

from fieldkit.words.text import Lang, Text

__all__ = ["Lang", "Text"]
