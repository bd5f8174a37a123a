"""What the bot is: no chat SDK, no SQL. See docs/architecture.md."""
