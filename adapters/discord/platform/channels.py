"""Who can do what in a channel that was just chosen."""

import discord

from adapters.discord.platform.limits import NEEDED


def is_mute(channel: discord.abc.GuildChannel) -> bool:
    """Whether the bot can't post there."""
    if (known := channel.guild.get_channel(channel.id)) is None:
        return False
    held = known.permissions_for(channel.guild.me)
    return not all(getattr(held, name) for name in NEEDED)


def is_readable(channel: discord.abc.GuildChannel) -> bool:
    """Whether everybody can read it."""
    known = channel.guild.get_channel(channel.id)
    return known is not None and known.permissions_for(channel.guild.default_role).view_channel
