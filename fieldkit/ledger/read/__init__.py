"""Named questions to the views; the only SQL for reading."""
