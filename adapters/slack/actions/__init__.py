"""What a command or a button does."""
