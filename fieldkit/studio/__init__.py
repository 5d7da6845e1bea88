"""From the ledger to links and back: evidence, links of a visit, repairs, reading cards in, judging."""
