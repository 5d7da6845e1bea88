"""What leaves: reconciliation, delivery files, forms."""
