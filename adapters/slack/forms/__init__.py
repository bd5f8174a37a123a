"""Forms: how they open, what was filled in, and what is done when they come back."""
