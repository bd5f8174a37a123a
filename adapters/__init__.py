"""How people reach the bot, a folder a way: delete one, and the others don't notice."""
