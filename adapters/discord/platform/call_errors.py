"""What a call to Discord may end with."""

import aiohttp
import discord

# discord.py translates what Discord answers, but not how a line breaks.
CALL_ERRORS = (discord.DiscordException, aiohttp.ClientError, OSError)
