"""The values that everybody speaks of, and the pure rules about them."""
