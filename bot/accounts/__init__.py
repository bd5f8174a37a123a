"""Who may use the bot, and what people, communities and the owner decide for themselves."""
