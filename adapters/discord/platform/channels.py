"""Whether the bot can post in a channel, and whether everybody can read it."""

import discord

from adapters.discord.platform.limits import NEEDED


def is_mute(channel: discord.abc.GuildChannel) -> bool:
    """Whether the bot can't post there; False where the channel isn't known."""
    if (known := channel.guild.get_channel(channel.id)) is None:
        return False
    held = known.permissions_for(channel.guild.me)
    return not all(getattr(held, name) for name in NEEDED)


def can_speak(channel: discord.TextChannel) -> bool:
    """Whether the bot can say something in words there."""
    held = channel.permissions_for(channel.guild.me)
    return held.view_channel and held.send_messages


def is_readable(channel: discord.abc.GuildChannel) -> bool:
    """Whether everybody on the server can read it."""
    known = channel.guild.get_channel(channel.id)
    return known is not None and known.permissions_for(channel.guild.default_role).view_channel


def message_url(guild: int, channel: int, message: int) -> str:
    """The address of a message in Discord's clients; `guild` 0 is a private conversation."""
    return f"https://discord.com/channels/{guild or '@me'}/{channel}/{message}"
