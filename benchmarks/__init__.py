"""Measurements of the budgets in docs/benchmarks.md; nothing here is shipped or asserted on."""
