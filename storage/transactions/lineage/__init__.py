"""What was drawn from a picture that a moderator decided about: it shares its fate."""
