"""What all calls to Discord have in common."""

import aiohttp
import discord

# What a call to Discord may raise: how a line breaks is not translated by discord.py.
TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError)
