"""Bodies of transactions that span tables."""
