"""Bodies of transactions across tables."""
