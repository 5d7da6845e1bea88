"""Is this laptop ready: checks as values, for the command line and the screen alike."""
