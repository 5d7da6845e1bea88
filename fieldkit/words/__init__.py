"""Every text a person sees, in Chinese and in English, one module of constants a room."""

from fieldkit.words.text import Lang, Saying, Text

__all__ = ["Lang", "Saying", "Text"]
