"""/mod: what moderators do beside the cards of cases."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from adapters.chat.admin_input import BLOCK_MAX_DAYS
from adapters.chat.moderation import PURGE_SPANS
from adapters.discord.actions.replies import answer, reporting_errors
from adapters.discord.context import Context, Interaction
from adapters.discord.interactions import purge_button
from adapters.discord.interactions.case_buttons import show_case
from adapters.discord.platform.interaction_reply import QUIET
from adapters.discord.platform.limits import AUTOCOMPLETE_CHOICES_MAX, CHOICE_NAME_MAX_CHARS
from adapters.discord.rendering import job_card, queue_card
from bot.domain.asker import DISCORD, Asker
from bot.domain.case import REASON_MAX_CHARS
from bot.errors import BotError, NotAllowed
from bot.moderation.word_lists import WORD_MAX_CHARS, WordLists
from bot.request.image_request import PROMPT_MAX_CHARS
from bot.wording.moderation import commands as said
from bot.wording.moderation import lists
from bot.wording.moderation.cases import summary

T = TypeVar("T")
Act = Callable[[Asker], Awaitable[None]]
Reason = app_commands.Range[str, 1, REASON_MAX_CHARS]
Word = app_commands.Range[str, 1, WORD_MAX_CHARS]
# In hours.
SINCE = [
    Choice(name=locale_str(said.SINCE[name]), value=span // timedelta(hours=1))
    for name, span in PURGE_SPANS.items()
]


def _described(command: said.Command) -> Callable[[T], T]:
    """Its options."""
    return app_commands.describe(**{name: locale_str(w) for name, w in command.options.items()})


class Mod(app_commands.Group):
    """Shown to those who may moderate members; checked again at every call."""

    words = app_commands.Group(name=locale_str("words"), description=locale_str(said.WORDS.help))

    def __init__(self, here: Context) -> None:
        super().__init__(
            name=locale_str("mod"),
            description=locale_str(said.MOD),
            default_permissions=discord.Permissions(moderate_members=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._here = here

    # --- cases ----------------------------------------------------------------------------------

    @app_commands.command(description=locale_str(said.COMMANDS["review"].help))
    @_described(said.COMMANDS["review"])
    async def review(
        self, interaction: Interaction, case: str | None = None, *, decided: bool = False
    ) -> None:
        async def act(asker: Asker) -> None:
            if case:
                await show_case(self._here, interaction, asker, case.strip().lower())
                return
            layout = await (self._decided if decided else self._queue)(asker)
            await interaction.response.send_message(
                view=layout, ephemeral=True, allowed_mentions=QUIET
            )

        await self._for_moderators(interaction, act)

    async def _queue(self, asker: Asker) -> discord.ui.LayoutView:
        services, now = self._here.services, self._here.services.clock.now()
        cases, figures = await services.reviews.queue(asker), await services.reviews.figures(asker)
        page_url = services.links.new(asker) if services.links else ""
        words = lists.queue(cases, figures, asker, now)
        return queue_card.card(words, cases, asker, now, page_url=page_url)

    async def _decided(self, asker: Asker) -> discord.ui.LayoutView:
        cases = await self._here.services.reviews.queue(asker, decided=True)
        return queue_card.card(lists.decided(cases), cases, asker, self._here.services.clock.now())

    @review.autocomplete("case")
    async def _cases(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        try:
            asker = await self._here.asker(interaction)
            known = await self._here.services.reviews.queue(asker)
        except BotError:
            return []
        names = {case.id: summary(case) for case in known}
        found = [(n, id_) for id_, n in names.items() if current.casefold() in n.casefold()]
        choices = [Choice(name=name[:CHOICE_NAME_MAX_CHARS], value=id_) for name, id_ in found]
        return choices[:AUTOCOMPLETE_CHOICES_MAX]

    # --- people ---------------------------------------------------------------------------------

    @app_commands.command(description=locale_str(said.COMMANDS["block"].help))
    @_described(said.COMMANDS["block"])
    async def block(
        self,
        interaction: Interaction,
        member: discord.User,
        days: app_commands.Range[int, 1, BLOCK_MAX_DAYS] | None = None,
        reason: app_commands.Range[str, 0, REASON_MAX_CHARS] = "",
    ) -> None:
        async def act(asker: Asker) -> None:
            until = self._here.services.clock.now() + timedelta(days=days) if days else None
            await self._here.services.sanctions.block(asker, str(member.id), reason, until)
            await answer(interaction, said.blocked(str(member.id), days, DISCORD))

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str(said.COMMANDS["unblock"].help))
    @_described(said.COMMANDS["unblock"])
    async def unblock(self, interaction: Interaction, member: discord.User) -> None:
        async def act(asker: Asker) -> None:
            lifted = await self._here.services.sanctions.unblock(asker, str(member.id))
            words = said.unblocked(str(member.id), lifted)
            await answer(interaction, words, colour=job_card.DONE if lifted else job_card.WAITING)

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str(said.COMMANDS["strike"].help))
    @_described(said.COMMANDS["strike"])
    async def strike(self, interaction: Interaction, member: discord.User, reason: Reason) -> None:
        async def act(asker: Asker) -> None:
            number = await self._here.services.sanctions.strike(asker, str(member.id), reason)
            await answer(interaction, said.struck(str(member.id), number, DISCORD))

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str(said.COMMANDS["lift"].help))
    @_described(said.COMMANDS["lift"])
    async def lift(
        self, interaction: Interaction, strike: app_commands.Range[int, 1, 2**31 - 1]
    ) -> None:
        async def act(asker: Asker) -> None:
            await self._here.services.sanctions.lift_strike(asker, strike)
            await answer(interaction, said.lifted(strike), colour=job_card.DONE)

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str(said.COMMANDS["history"].help))
    @_described(said.COMMANDS["history"])
    async def history(self, interaction: Interaction, member: discord.User) -> None:
        async def act(asker: Asker) -> None:
            past = await self._here.services.reviews.history(asker, str(member.id))
            now = self._here.services.clock.now()
            await answer(interaction, lists.history(str(member.id), past, now))

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str(said.COMMANDS["purge"].help))
    @_described(said.COMMANDS["purge"])
    @app_commands.choices(since=SINCE)
    async def purge(self, interaction: Interaction, member: discord.User, since: int) -> None:
        async def act(asker: Asker) -> None:
            begun = self._here.services.clock.now() - timedelta(hours=since)
            await purge_button.ask(self._here, interaction, asker, str(member.id), begun)

        await self._for_moderators(interaction, act)

    # --- words ----------------------------------------------------------------------------------

    @words.command(description=locale_str(said.WORD_COMMANDS["add"].help))
    @_described(said.WORD_COMMANDS["add"])
    async def add(self, interaction: Interaction, word: Word) -> None:
        async def act(asker: Asker) -> None:
            await _answer_lists(interaction, await self._here.services.words.add(asker, word))

        await self._for_moderators(interaction, act)

    @words.command(description=locale_str(said.WORD_COMMANDS["allow"].help))
    @_described(said.WORD_COMMANDS["allow"])
    async def allow(self, interaction: Interaction, word: Word) -> None:
        async def act(asker: Asker) -> None:
            await _answer_lists(interaction, await self._here.services.words.allow(asker, word))

        await self._for_moderators(interaction, act)

    @words.command(description=locale_str(said.WORD_COMMANDS["test"].help))
    @_described(said.WORD_COMMANDS["test"])
    async def test(
        self, interaction: Interaction, text: app_commands.Range[str, 1, PROMPT_MAX_CHARS]
    ) -> None:
        async def act(asker: Asker) -> None:
            tier = await self._here.services.words.test(asker, text)
            await answer(interaction, said.tested(tier, DISCORD))

        await self._for_moderators(interaction, act)

    @words.command(name=locale_str("list"), description=locale_str(said.WORD_COMMANDS["list"].help))
    async def list_(self, interaction: Interaction) -> None:
        async def act(asker: Asker) -> None:
            await _answer_lists(interaction, await self._here.services.words.lists(asker))

        await self._for_moderators(interaction, act)

    async def _for_moderators(self, interaction: Interaction, act: Act) -> None:
        async def run() -> None:
            asker = await self._here.asker(interaction)
            if not (asker.is_moderator or asker.is_admin):
                raise NotAllowed("moderators_only")
            await act(asker)

        await reporting_errors(interaction, run)


async def _answer_lists(interaction: Interaction, lists_: WordLists) -> None:
    await answer(interaction, said.word_lists(lists_.added, lists_.allowed, DISCORD))
