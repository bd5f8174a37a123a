"""/limner, the settings of a server. Discord shows it to those who may manage the server."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice

from adapters.chat.admin_input import BLOCK_MAX_DAYS, BLOCK_REASON_MAX_CHARS, toggled
from adapters.discord.actions.replies import answer
from adapters.discord.commands import autocomplete
from adapters.discord.commands.autocomplete import suggesting
from adapters.discord.commands.reset_command import reset
from adapters.discord.commands.signatures import add_command, given
from adapters.discord.commands.spending_commands import budget, grant, spend
from adapters.discord.context import Context, Interaction, asker_of
from adapters.discord.forms.arguments import Dollars, in_micros
from adapters.discord.platform.channels import is_mute, is_readable
from adapters.discord.platform.limits import NEEDED
from adapters.discord.rendering import job_card
from bot.domain.asker import DISCORD, Asker
from bot.domain.community_settings import CommunitySettings
from bot.errors import NotAllowed, NotFound
from bot.wording import Sentence
from bot.wording.settings import commands as said
from bot.wording.settings.policies import CHOICES, REFUNDS, SHARINGS

AGE_MAX_DAYS = 365
Days = app_commands.Range[int, 0, AGE_MAX_DAYS]
FLAGGED = [Choice(name=name, value=str(flagged)) for flagged, (name, *_) in CHOICES.items()]
# Pictures that could not be checked are never shown openly.
UNKNOWN = FLAGGED[1:]
SHARING = [Choice(name=name, value=str(who)) for who, (name, *_) in SHARINGS.items()]
REFUND = [Choice(name=name, value=str(refund)) for refund, (name, *_) in REFUNDS.items()]


@app_commands.choices(flagged=FLAGGED)
async def setup(  # noqa: PLR0917  (Discord fills them by name)
    here: Context,
    interaction: Interaction,
    channel: discord.TextChannel | None = None,
    moderators: discord.TextChannel | None = None,
    role: discord.Role | None = None,
    day_budget: Dollars | None = None,
    month_budget: Dollars | None = None,
    flagged: str | None = None,
    code: str | None = None,
) -> None:
    asker = await _claimed(here, interaction, code)
    changes: dict[str, Any] = {
        "set_up": True,
        "set_up_by": asker.person,
        **_moderation(moderators, role),
        **in_micros(day_micros=day_budget, month_micros=month_budget),
        **given({"flagged": flagged}),
    }
    if channel is not None:
        changes["channels"] = (str(channel.id),)
    kept = await here.services.administration.change(asker, changes)
    hearing = await here.moderators.hearing(asker.community)
    news = await _waiting(here, asker) if moderators is not None else ()
    words = said.set_up(kept, DISCORD, hearing, [*_warnings(channel, moderators), news])
    await answer(interaction, words, colour=job_card.DONE)
    await here.leave_strangers()


async def _claimed(here: Context, interaction: Interaction, code: str | None) -> Asker:
    """The caller, if they are an admin and the server is claimed, now by `code` or before.

    Raises NotAllowed.
    """
    asker, claims = asker_of(interaction, str(interaction.guild_id)), here.services.claims
    if not asker.is_admin:
        raise NotAllowed("admins_only")
    if code and not claims.allows(DISCORD, asker.community):
        await claims.claim(DISCORD, asker.community, code, asker.person)
    claims.check(DISCORD, asker.community)
    return asker


def _moderation(
    moderators: discord.TextChannel | None, role: discord.Role | None
) -> dict[str, Any]:
    ids = {
        "moderator_channel": moderators and str(moderators.id),
        "moderator_role": role and str(role.id),
    }
    return given(ids)


def _warnings(
    channel: discord.TextChannel | None, moderators: discord.TextChannel | None
) -> Iterator[Sentence]:
    for each in (channel, moderators):
        if each is not None and is_mute(each):
            yield said.mute(str(each.id), NEEDED.values())
    if moderators is not None and is_readable(moderators):
        yield said.readable(str(moderators.id))


@app_commands.choices(
    flagged=FLAGGED,
    flagged_age_restricted=FLAGGED,
    flagged_here=FLAGGED,
    unknown=UNKNOWN,
    indecent_words=FLAGGED,
    refund=REFUND,
    sharing=SHARING,
)
async def settings(  # noqa: PLR0917  (Discord fills them by name)
    here: Context,
    interaction: Interaction,
    channel: discord.TextChannel | None = None,
    moderators: discord.TextChannel | None = None,
    role: discord.Role | None = None,
    flagged: str | None = None,
    flagged_age_restricted: str | None = None,
    account_age: Days | None = None,
    membership: Days | None = None,
    flagged_here: str | None = None,
    unknown: str | None = None,
    indecent_words: str | None = None,
    trusted: discord.Role | None = None,
    strike_days: app_commands.Range[int, 1, AGE_MAX_DAYS] | None = None,
    refund: str | None = None,
    sharing: str | None = None,
) -> None:
    asker = await here.admin(interaction)
    chosen = {
        "flagged": flagged,
        "flagged_age_restricted": flagged_age_restricted,
        "unknown": unknown,
        "soft_words": indecent_words,
        "account_age_days": account_age,
        "membership_days": membership,
        "strike_days": strike_days,
        "withheld_cost": refund,
        "sharing": sharing,
    }
    plain = {**given(chosen), **_moderation(moderators, role)}

    def changes(known: CommunitySettings) -> dict[str, Any]:
        found = dict(plain)
        if flagged_here is not None:
            found["flagged_channels"] = {**known.flagged_channels, asker.channel: flagged_here}
        if trusted is not None:
            found["trusted_roles"] = toggled(known.trusted_roles, str(trusted.id))
        if channel is not None:
            found["channels"] = toggled(known.channels, str(channel.id))
        return found

    known = await here.services.administration.change(asker, changes)
    hearing = await here.moderators.hearing(asker.community)
    news = await _waiting(here, asker) if moderators is not None else ()
    await answer(interaction, said.shown(known, DISCORD, hearing, news))


async def _waiting(here: Context, asker: Asker) -> Sentence:
    """What came up before there was a channel to say it in."""
    return said.waiting(len(await here.services.reviews.queue(asker)), DISCORD)


async def models(
    here: Context, interaction: Interaction, model: str | None = None, *, every: bool | None = None
) -> None:
    asker, administration = await here.admin(interaction), here.services.administration
    known = await administration.settings(asker)
    if every:
        known = await administration.change(asker, {"models": ()})
    elif model:
        if model not in [each.name for each in here.services.studio.offered()]:
            raise NotFound("model", model)
        known = await administration.change(
            asker, lambda known: {"models": toggled(known.models, model)}
        )
    await answer(interaction, said.models(known))


async def block(
    here: Context,
    interaction: Interaction,
    member: discord.User,
    days: app_commands.Range[int, 1, BLOCK_MAX_DAYS] | None = None,
    reason: app_commands.Range[str, 0, BLOCK_REASON_MAX_CHARS] = "",
) -> None:
    asker, person = await here.admin(interaction), str(member.id)
    until = here.services.clock.now() + timedelta(days=days) if days else None
    await here.services.administration.block(asker, person, reason=reason, until=until)
    await answer(interaction, said.blocked(person, days))


async def undo(here: Context, interaction: Interaction) -> None:
    what = await here.services.administration.undo(await here.admin(interaction))
    await answer(interaction, said.UNDONE[what], colour=job_card.DONE)


async def pause(here: Context, interaction: Interaction) -> None:
    await here.services.administration.pause(await here.admin(interaction), paused=True)
    await answer(interaction, said.PAUSED, colour=job_card.REVIEW)


async def resume(here: Context, interaction: Interaction) -> None:
    await here.services.administration.pause(await here.admin(interaction), paused=False)
    await answer(interaction, said.RESUMED, colour=job_card.DONE)


# In the order in which Discord shows them.
_COMMANDS = (setup, settings, budget, models, grant, block, undo, reset, spend, pause, resume)


def limner(here: Context) -> app_commands.Group:
    """The group /limner. Every command checks again whether the caller may use it."""
    group = app_commands.Group(
        name="limner",
        description=said.LIMNER,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    for act in _COMMANDS:
        add_command(group, here, act, said.COMMANDS)
    chosen: Any = group.get_command("models")
    chosen.autocomplete("model")(suggesting(here, autocomplete.offered))
    return group
