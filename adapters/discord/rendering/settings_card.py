"""A server's settings → the lines that its admins read. Pure."""

from collections.abc import Iterable, Sequence

import discord

from adapters.discord.platform.limits import NEEDED
from bot.domain.community_settings import CommunitySettings, Withheld
from bot.domain.moderation_policy import Flagged
from bot.wording import allowance

_SAID = {"allow": "shown", "spoiler": "blurred", "review": "reviewed first", "block": "not shown"}
_REFUNDED = {
    Withheld.ALWAYS: "given back",
    Withheld.UNLESS_CONFIRMED: "given back unless a moderator confirms it",
    Withheld.NEVER: "not given back",
}
# How many channels, roles or models are listed.
SHOWN = 15
# Settings that are as in here get no line.
_USUAL = CommunitySettings()


def is_mute(channel: discord.abc.GuildChannel | None) -> bool:
    """Whether the bot can't post in a channel that was just chosen."""
    if channel is None or (known := channel.guild.get_channel(channel.id)) is None:
        return False
    held = known.permissions_for(channel.guild.me)
    return not all(getattr(held, name) for name in NEEDED)


def mute_line(channel: discord.abc.GuildChannel | None) -> str:
    place = channel.mention if channel is not None else ""
    return f"⚠ I can't post in {place}. Please allow me: {', '.join(NEEDED.values())}."


def is_open(channel: discord.abc.GuildChannel) -> bool:
    """Whether everybody can read a channel that is for moderators."""
    known = channel.guild.get_channel(channel.id)
    return known is not None and known.permissions_for(channel.guild.default_role).view_channel


def open_line(channel: discord.abc.GuildChannel) -> str:
    return f"⚠ Everybody can read {channel.mention}. Reports belong where only moderators can."


def settings_lines(settings: CommunitySettings) -> list[str]:
    """A server's settings, one fact a line."""
    everywhere = "everywhere that I can post"
    places = some([f"<#{channel}>" for channel in settings.channels]) or everywhere
    moderators = f"<#{settings.moderator_channel}>" if settings.moderator_channel else "nowhere yet"
    role = f", <@&{settings.moderator_role}>" if settings.moderator_role else ""
    lines = [
        f"**Drawing** {places}{' (paused)' if settings.paused else ''}",
        f"**Reports and warnings** {moderators}{role}",
        *_moderation_lines(settings),
        *budget_lines(settings),
    ]
    if settings.account_age_days or settings.membership_days:
        lines.append(
            f"**Newcomers** accounts from {settings.account_age_days} days, "
            f"members from {settings.membership_days} days"
        )
    return lines


def _moderation_lines(settings: CommunitySettings) -> list[str]:
    """The rule for indecent pictures, and whatever else was chosen."""
    flagged = settings.flagged or Flagged.REVIEW
    usual, adult = _SAID[_outside(flagged)], _SAID[settings.flagged_age_restricted or flagged]
    lines = [
        f"**Indecent pictures** {usual}"
        + (f"; in age-restricted channels {adult}" if adult != usual else ""),
        *_first(f"-# in <#{c}> {_SAID[rule]}" for c, rule in settings.flagged_channels.items()),
    ]
    if settings.unknown:
        lines.append(f"**Pictures nobody could look at** {_SAID[_outside(settings.unknown)]}")
    if settings.soft_words:
        lines.append(f"**Indecent words** {_SAID[_outside(settings.soft_words)]}")
    if settings.trusted_roles:
        trusted = some([f"<@&{role}>" for role in settings.trusted_roles])
        lines.append(f"**Doubtful pictures** blurred at once for {trusted}")
    if settings.withheld_cost is not _USUAL.withheld_cost:
        lines.append(f"**Withheld pictures** {_REFUNDED[settings.withheld_cost]}")
    if settings.strike_days != _USUAL.strike_days:
        lines.append(f"**Strikes** forgotten after {settings.strike_days} days")
    return lines


def _outside(flagged: Flagged) -> Flagged:
    """The rule without an age gate, where nothing indecent is shown, not even blurred."""
    return flagged if flagged is Flagged.BLOCK else Flagged.REVIEW


def budget_lines(settings: CommunitySettings) -> list[str]:
    lines = [
        f"**The server** {allowance(settings.day_micros, settings.month_micros)}",
        f"**Each member** {allowance(settings.person_day_micros, settings.person_month_micros)}",
    ]
    days, months = settings.role_day_micros, settings.role_month_micros
    roles = sorted({*days, *months})
    return lines + _first(f"**<@&{r}>** {allowance(days.get(r), months.get(r))}" for r in roles)


def some(names: Sequence[str]) -> str:
    """The first SHOWN names, and how many more there are."""
    left = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {left} more" if left > 0 else "")


def _first(lines: Iterable[str]) -> list[str]:
    known = list(lines)
    left = len(known) - SHOWN
    return known[:SHOWN] + ([f"-# and {left} more"] if left > 0 else [])
