"""Views of the ledger: tables that follow from the events alone and can be rebuilt at any time."""
