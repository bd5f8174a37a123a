"""/limner: what those who manage a server decide."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from adapters.discord.actions.replies import answer, reporting_errors
from adapters.discord.commands.signatures import given
from adapters.discord.context import Context, Interaction, asker_of
from adapters.discord.forms.arguments import (
    MICROS_PER_DOLLAR,
    as_rules,
    budget_changes,
    in_micros,
    toggled,
)
from adapters.discord.platform.limits import AUTOCOMPLETE_CHOICES_MAX, CHOICE_NAME_MAX_CHARS
from adapters.discord.rendering import job_card
from adapters.discord.rendering.markup import escaped, sentence
from adapters.discord.rendering.settings_card import (
    budget_lines,
    is_mute,
    is_open,
    mute_line,
    open_line,
    settings_lines,
    some,
)
from bot.domain.asker import DISCORD, Asker
from bot.domain.budgets import Window
from bot.domain.moderation_policy import Flagged
from bot.errors import NotAllowed, NotFound
from bot.wording import money, short_model, window_line

DOLLARS_MAX = 100_000.0
AGE_MAX_DAYS = 365
BLOCK_MAX_DAYS = 3_650
Dollars = app_commands.Range[float, 0.0, DOLLARS_MAX]
Days = app_commands.Range[int, 0, AGE_MAX_DAYS]
Act = Callable[[Asker], Awaitable[None]]
FLAGGED = [
    Choice(name=locale_str("allow"), value="allow"),
    Choice(name=locale_str("blur"), value="spoiler"),
    Choice(name=locale_str("review first"), value="review"),
    Choice(name=locale_str("block"), value="block"),
]
# Pictures that nobody could look at are never shown without a blur.
UNKNOWN = FLAGGED[1:]
REFUNDS = [
    Choice(name=locale_str("always"), value="always"),
    Choice(name=locale_str("unless a moderator confirms it"), value="unless_confirmed"),
    Choice(name=locale_str("never"), value="never"),
]
WINDOWS = [
    Choice(name=locale_str("today"), value="day"),
    Choice(name=locale_str("this month"), value="month"),
]
_UNDONE = {"block": "The last block is lifted.", "settings": "The settings are as before."}


class Limner(app_commands.Group):
    """Shown to those who may manage the server; checked again at every call."""

    def __init__(self, here: Context) -> None:
        super().__init__(
            name=locale_str("limner"),
            description=locale_str("set up and run the bot on this server"),
            default_permissions=discord.Permissions(manage_guild=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._here = here

    # --- setting up -----------------------------------------------------------------------------

    @app_commands.command(description=locale_str("let this server use the bot"))
    @app_commands.describe(
        channel=locale_str("the only channel where members may draw; empty is everywhere"),
        moderators=locale_str("the channel where reports and warnings go"),
        role=locale_str("the role of those who moderate"),
        day_budget=locale_str("dollars that this server may spend a day"),
        month_budget=locale_str("dollars that this server may spend a month"),
        flagged=locale_str("what becomes of pictures that look indecent"),
        code=locale_str("the code that the bot's terminal shows, the first time"),
    )
    @app_commands.choices(flagged=FLAGGED)
    async def setup(  # noqa: PLR0917  (Discord fills them by name)
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        moderators: discord.TextChannel | None = None,
        role: discord.Role | None = None,
        day_budget: Dollars | None = None,
        month_budget: Dollars | None = None,
        flagged: str | None = None,
        code: str | None = None,
    ) -> None:
        async def act(asker: Asker) -> None:
            changes: dict[str, Any] = {"set_up": True}
            if channel is not None:
                changes["channels"] = (str(channel.id),)
            if moderators is not None:
                changes["moderator_channel"] = str(moderators.id)
            if role is not None:
                changes["moderator_role"] = str(role.id)
            changes |= in_micros(day_micros=day_budget, month_micros=month_budget)
            changes |= as_rules(flagged=flagged)
            settings = await self._here.services.administration.change(asker, changes)
            words = ["### Limner is set up here", *settings_lines(settings)]
            words += [mute_line(each) for each in (channel, moderators) if is_mute(each)]
            if moderators is not None and is_open(moderators):
                words.append(open_line(moderators))
            words.append("-# Type /imagine to draw. /limner settings and budget change the rest.")
            await answer(interaction, "\n".join(words), colour=job_card.DONE)

        async def claim_and_act() -> None:
            asker = asker_of(interaction, str(interaction.guild_id))
            if not asker.is_admin:
                raise NotAllowed("admins_only")
            claims = self._here.services.claims
            if code and not claims.allows(DISCORD, asker.community):
                await claims.claim(DISCORD, asker.community, code)
            claims.check(DISCORD, asker.community)
            await act(asker)
            await self._here.leave_strangers()

        await reporting_errors(interaction, claim_and_act)

    @app_commands.command(description=locale_str("see or change what holds on this server"))
    @app_commands.describe(
        channel=locale_str("add a channel where members may draw, or take it out again"),
        moderators=locale_str("the channel where reports and warnings go"),
        role=locale_str("the role of those who moderate"),
        flagged=locale_str("what becomes of pictures that look indecent"),
        flagged_age_restricted=locale_str("the same in age-restricted channels"),
        account_age=locale_str("days that an account must be old"),
        membership=locale_str("days that somebody must be a member"),
        flagged_here=locale_str("what becomes of indecent pictures in this very channel"),
        unknown=locale_str("what becomes of pictures that nobody could look at"),
        indecent_words=locale_str("what becomes of requests with indecent words"),
        trusted=locale_str("add a role whose doubtful pictures are blurred at once, or drop it"),
        strike_days=locale_str("days until a strike is forgotten"),
        refund=locale_str("when a picture that nobody may see is given back"),
    )
    @app_commands.choices(
        flagged=FLAGGED,
        flagged_age_restricted=FLAGGED,
        flagged_here=FLAGGED,
        unknown=UNKNOWN,
        indecent_words=FLAGGED,
        refund=REFUNDS,
    )
    async def settings(  # noqa: PLR0917  (Discord fills them by name)
        self,
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
    ) -> None:
        async def act(asker: Asker) -> None:
            known = await self._here.services.administration.settings(asker)
            changes = as_rules(
                flagged=flagged,
                flagged_age_restricted=flagged_age_restricted,
                unknown=unknown,
                soft_words=indecent_words,
            )
            others = {
                "account_age_days": account_age,
                "membership_days": membership,
                "strike_days": strike_days,
                "withheld_cost": refund,
            }
            changes |= given(others)
            if flagged_here is not None:
                here = {asker.channel: Flagged(flagged_here)}
                changes["flagged_channels"] = {**known.flagged_channels, **here}
            if trusted is not None:
                changes["trusted_roles"] = toggled(known.trusted_roles, str(trusted.id))
            if channel is not None:
                changes["channels"] = toggled(known.channels, str(channel.id))
            if moderators is not None:
                changes["moderator_channel"] = str(moderators.id)
            if role is not None:
                changes["moderator_role"] = str(role.id)
            if changes:
                known = await self._here.services.administration.change(asker, changes)
            await answer(interaction, "\n".join(["### This server", *settings_lines(known)]))

        await self._for_admins(interaction, act)

    @app_commands.command(description=locale_str("set what may be spent, in dollars"))
    @app_commands.describe(
        whose=locale_str("the whole server's, or each member's"),
        role=locale_str("the budget of those with this role; the best role counts"),
        day=locale_str("dollars a day"),
        month=locale_str("dollars a month"),
    )
    @app_commands.choices(
        whose=[
            Choice(name=locale_str("the server"), value="server"),
            Choice(name=locale_str("each member"), value="member"),
        ]
    )
    async def budget(
        self,
        interaction: Interaction,
        whose: str = "server",
        role: discord.Role | None = None,
        day: Dollars | None = None,
        month: Dollars | None = None,
    ) -> None:
        async def act(asker: Asker) -> None:
            known = await self._here.services.administration.settings(asker)
            changes = budget_changes(known, whose, role, day, month)
            if changes:
                known = await self._here.services.administration.change(asker, changes)
            await answer(interaction, "\n".join(["### Budgets", *budget_lines(known)]))

        await self._for_admins(interaction, act)

    @app_commands.command(description=locale_str("choose which models members may use"))
    @app_commands.describe(
        model=locale_str("add a model to those that are allowed, or take it out again"),
        every=locale_str("allow every model that the bot owner offers"),
    )
    async def models(
        self, interaction: Interaction, model: str | None = None, *, every: bool | None = None
    ) -> None:
        async def act(asker: Asker) -> None:
            administration = self._here.services.administration
            known = await administration.settings(asker)
            if every:
                known = await administration.change(asker, {"models": ()})
            elif model:
                if model not in [m.name for m in self._here.services.studio.offered()]:
                    raise NotFound("model", model)
                known = await administration.change(asker, {"models": toggled(known.models, model)})
            listed = some([escaped(short_model(name)) for name in known.models])
            await answer(interaction, f"### Models\n{listed or 'All that the bot owner offers.'}")

        await self._for_admins(interaction, act)

    @models.autocomplete("model")
    async def _models(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        asker = asker_of(interaction, str(interaction.guild_id))
        if not asker.is_admin:
            return []
        names = [model.name for model in self._here.services.studio.offered()]
        found = [name for name in names if current.casefold() in name.casefold()]
        choices = [Choice(name=n[:CHOICE_NAME_MAX_CHARS], value=n) for n in found]
        return choices[:AUTOCOMPLETE_CHOICES_MAX]

    # --- people ---------------------------------------------------------------------------------

    @app_commands.command(description=locale_str("give a member more for today or this month"))
    @app_commands.describe(
        member=locale_str("who gets it"),
        amount=locale_str("dollars; the server's own budget stays as it is"),
        window=locale_str("for how long"),
    )
    @app_commands.choices(window=WINDOWS)
    async def grant(
        self,
        interaction: Interaction,
        member: discord.Member,
        amount: app_commands.Range[float, 0.0001, DOLLARS_MAX],
        window: str = "day",
    ) -> None:
        async def act(asker: Asker) -> None:
            micros = round(amount * MICROS_PER_DOLLAR)
            span: Window = "month" if window == "month" else "day"
            await self._here.services.administration.grant(
                asker, str(member.id), span, micros, str(interaction.id)
            )
            when = "this month" if span == "month" else "today"
            await answer(
                interaction,
                f"<@{member.id}> may spend {money(micros)} more {when}.",
                colour=job_card.DONE,
            )

        await self._for_admins(interaction, act)

    @app_commands.command(description=locale_str("keep a member from drawing"))
    @app_commands.describe(
        member=locale_str("who"),
        days=locale_str("for how many days; empty is for good"),
        reason=locale_str("why; the other admins read it"),
    )
    async def block(
        self,
        interaction: Interaction,
        member: discord.User,
        days: app_commands.Range[int, 1, BLOCK_MAX_DAYS] | None = None,
        reason: app_commands.Range[str, 0, 200] = "",
    ) -> None:
        async def act(asker: Asker) -> None:
            until = self._here.services.clock.now() + timedelta(days=days) if days else None
            await self._here.services.administration.block(
                asker, str(member.id), reason=reason, until=until
            )
            span = f" for {days} days" if days else ""
            await answer(
                interaction, f"<@{member.id}> can't draw here{span}. /limner undo takes it back."
            )

        await self._for_admins(interaction, act)

    @app_commands.command(description=locale_str("take back the last block or change of settings"))
    async def undo(self, interaction: Interaction) -> None:
        async def act(asker: Asker) -> None:
            what = await self._here.services.administration.undo(asker)
            await answer(interaction, _UNDONE[what], colour=job_card.DONE)

        await self._for_admins(interaction, act)

    # --- running --------------------------------------------------------------------------------

    @app_commands.command(description=locale_str("see what was spent, and by whom"))
    async def spend(self, interaction: Interaction) -> None:
        async def act(asker: Asker) -> None:
            found = await self._here.services.administration.spend(asker)
            lines = [sentence(window_line(w, platform=DISCORD)) for w in found.windows]
            people = [f"{_person(p.person)} {money(p.posted_micros)}" for p in found.people]
            lines += ["### This month", *(people or ["Nobody has spent anything yet."])]
            await answer(interaction, "\n".join(["### Spent", *lines]))

        await self._for_admins(interaction, act)

    @app_commands.command(description=locale_str("stop drawing on this server for now"))
    async def pause(self, interaction: Interaction) -> None:
        await self._pause(interaction, paused=True)

    @app_commands.command(description=locale_str("let members draw again"))
    async def resume(self, interaction: Interaction) -> None:
        await self._pause(interaction, paused=False)

    async def _pause(self, interaction: Interaction, *, paused: bool) -> None:
        async def act(asker: Asker) -> None:
            await self._here.services.administration.pause(asker, paused=paused)
            if paused:
                words = "Paused. What is being drawn is finished."
                await answer(interaction, words, colour=job_card.REVIEW)
            else:
                await answer(interaction, "Members can draw again.", colour=job_card.DONE)

        await self._for_admins(interaction, act)

    async def _for_admins(self, interaction: Interaction, act: Act) -> None:
        async def run() -> None:
            asker = await self._here.asker(interaction)
            if not asker.is_admin:
                raise NotAllowed("admins_only")
            await act(asker)

        await reporting_errors(interaction, run)


def _person(person: str) -> str:
    return f"<@{person}>" if person else "somebody who was erased"
