"""The page on which people draw."""
