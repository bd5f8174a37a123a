"""Forms: opens them, reads what was filled in, and acts on them when they are sent."""
