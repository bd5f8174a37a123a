"""Which servers and workspaces use the bot, and what becomes of those that leave it."""
