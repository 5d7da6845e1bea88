"""fieldkit: keeps every graduation photo tied to its own person."""

__version__ = "0.1.0"
