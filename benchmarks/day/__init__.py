"""A made-up day at a photo line, told from both sides: what happened and what the laptop saw."""
