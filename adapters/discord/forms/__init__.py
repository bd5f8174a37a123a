"""Forms, and reading what people wrote into them."""
