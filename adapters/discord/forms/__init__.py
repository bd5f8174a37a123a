"""Forms, and what people wrote, as values."""
