"""What the bot remembers: the only SQL, and the files of the pictures."""
