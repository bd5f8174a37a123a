"""How people reach the bot, a folder for each way; none of them depends on another."""
