"""The moderators' pages: cases and rules."""
