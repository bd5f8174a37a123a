"""The values that all other rooms share, and the pure rules about them."""
