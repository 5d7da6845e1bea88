"""What happened: the journal of signed events, the store that keeps it, and the views of it."""
