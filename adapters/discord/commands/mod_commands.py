"""/mod: what moderators do beside the cards of cases."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from adapters.chat.admin_input import BLOCK_MAX_DAYS
from adapters.discord.actions.replies import answer, reporting_errors
from adapters.discord.context import Context, Interaction
from adapters.discord.interactions import purge_button
from adapters.discord.interactions.case_buttons import show_case
from adapters.discord.platform.interaction_reply import QUIET
from adapters.discord.platform.limits import AUTOCOMPLETE_CHOICES_MAX, CHOICE_NAME_MAX_CHARS
from adapters.discord.rendering import job_card, queue_card
from adapters.discord.rendering.case_card import person
from adapters.discord.rendering.markup import code
from bot.domain.asker import Asker
from bot.domain.case import REASON_MAX_CHARS
from bot.domain.moderation_policy import Tier
from bot.errors import BotError, NotAllowed
from bot.moderation.word_lists import WORD_MAX_CHARS, WordLists
from bot.request.image_request import PROMPT_MAX_CHARS
from bot.wording import plain
from bot.wording.moderation import about

LIST_SHOWN_MAX_CHARS = 1_500
Act = Callable[[Asker], Awaitable[None]]
Reason = app_commands.Range[str, 1, REASON_MAX_CHARS]
Word = app_commands.Range[str, 1, WORD_MAX_CHARS]
SINCE = [
    Choice(name=locale_str("the last hour"), value=1),
    Choice(name=locale_str("the last day"), value=24),
    Choice(name=locale_str("the last week"), value=24 * 7),
    Choice(name=locale_str("the last 30 days"), value=24 * 30),
]
_TIERS = {
    Tier.NONE: "This passes.",
    Tier.SOFT: "This counts as indecent: what the server chose for such words decides.",
    Tier.HARD: "This is refused everywhere, whatever the server chose.",
}


class Mod(app_commands.Group):
    """Shown to those who may moderate members; checked again at every call."""

    words = app_commands.Group(
        name=locale_str("words"),
        description=locale_str("the words that count as indecent here, and those that pass"),
    )

    def __init__(self, here: Context) -> None:
        super().__init__(
            name=locale_str("mod"),
            description=locale_str("look after pictures and people on this server"),
            default_permissions=discord.Permissions(moderate_members=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._here = here

    # --- cases ----------------------------------------------------------------------------------

    @app_commands.command(description=locale_str("see what waits for a moderator, and decide it"))
    @app_commands.describe(
        case=locale_str("one case, by its id; empty lists the oldest"),
        decided=locale_str("those that were decided before"),
    )
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
        services = self._here.services
        cases, figures = await services.reviews.queue(asker), await services.reviews.figures(asker)
        page_url = services.links.new(asker) if services.links else ""
        return queue_card.queue(cases, figures, asker, services.clock.now(), page_url=page_url)

    async def _decided(self, asker: Asker) -> discord.ui.LayoutView:
        cases = await self._here.services.reviews.queue(asker, decided=True)
        return queue_card.decided(cases, asker, self._here.services.clock.now())

    @review.autocomplete("case")
    async def _cases(self, interaction: Interaction, current: str) -> list[Choice[str]]:
        try:
            asker = await self._here.asker(interaction)
            known = await self._here.services.reviews.queue(asker)
        except BotError:
            return []
        names = {case.id: f"{case.id} · {plain(about(case))}" for case in known}
        found = [(n, id_) for id_, n in names.items() if current.casefold() in n.casefold()]
        choices = [Choice(name=name[:CHOICE_NAME_MAX_CHARS], value=id_) for name, id_ in found]
        return choices[:AUTOCOMPLETE_CHOICES_MAX]

    # --- people ---------------------------------------------------------------------------------

    @app_commands.command(description=locale_str("keep a member from drawing"))
    @app_commands.describe(
        member=locale_str("who"),
        days=locale_str("for how many days; empty is for good"),
        reason=locale_str("why; the other moderators read it"),
    )
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
            span = f" for {days} days" if days else ""
            words = f"{_mention(member)} can't draw here{span}. /mod unblock takes it back."
            await answer(interaction, words)

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str("let a member draw again"))
    @app_commands.describe(member=locale_str("who"))
    async def unblock(self, interaction: Interaction, member: discord.User) -> None:
        async def act(asker: Asker) -> None:
            lifted = await self._here.services.sanctions.unblock(asker, str(member.id))
            if lifted:
                await answer(
                    interaction, f"{_mention(member)} can draw again.", colour=job_card.DONE
                )
            else:
                words = "has no block that you could lift. A lock is the bot owner's alone."
                await answer(interaction, f"{_mention(member)} {words}")

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str("give a member a strike; more of them suspend"))
    @app_commands.describe(member=locale_str("who"), reason=locale_str("why; the member reads it"))
    async def strike(self, interaction: Interaction, member: discord.User, reason: Reason) -> None:
        async def act(asker: Asker) -> None:
            number = await self._here.services.sanctions.strike(asker, str(member.id), reason)
            words = f"{_mention(member)} has a strike, {code(str(number))}. "
            await answer(interaction, f"{words}/mod lift takes it back.")

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str("take back a strike, and what it brought"))
    @app_commands.describe(strike=locale_str("its number; the history of the member has it"))
    async def lift(
        self, interaction: Interaction, strike: app_commands.Range[int, 1, 2**31 - 1]
    ) -> None:
        async def act(asker: Asker) -> None:
            await self._here.services.sanctions.lift_strike(asker, strike)
            words = f"Strike {code(str(strike))} is lifted."
            await answer(interaction, words, colour=job_card.DONE)

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str("see a member's strikes, blocks and cases"))
    @app_commands.describe(member=locale_str("who"))
    async def history(self, interaction: Interaction, member: discord.User) -> None:
        async def act(asker: Asker) -> None:
            past = await self._here.services.reviews.history(asker, str(member.id))
            now = self._here.services.clock.now()
            await answer(interaction, queue_card.history(str(member.id), past, now))

        await self._for_moderators(interaction, act)

    @app_commands.command(description=locale_str("take down everything that a member drew lately"))
    @app_commands.describe(member=locale_str("who"), since=locale_str("how far back"))
    @app_commands.choices(since=SINCE)
    async def purge(self, interaction: Interaction, member: discord.User, since: int) -> None:
        async def act(asker: Asker) -> None:
            begun = self._here.services.clock.now() - timedelta(hours=since)
            await purge_button.ask(self._here, interaction, asker, str(member.id), begun)

        await self._for_moderators(interaction, act)

    # --- words ----------------------------------------------------------------------------------

    @words.command(description=locale_str("count a word as indecent here; again takes it out"))
    @app_commands.describe(word=locale_str("the word or phrase"))
    async def add(self, interaction: Interaction, word: Word) -> None:
        async def act(asker: Asker) -> None:
            lists = await self._here.services.words.add(asker, word)
            await answer(interaction, _lists(lists))

        await self._for_moderators(interaction, act)

    @words.command(description=locale_str("let a word pass here; again takes it out"))
    @app_commands.describe(word=locale_str("the word or phrase"))
    async def allow(self, interaction: Interaction, word: Word) -> None:
        async def act(asker: Asker) -> None:
            lists = await self._here.services.words.allow(asker, word)
            await answer(interaction, _lists(lists))

        await self._for_moderators(interaction, act)

    @words.command(description=locale_str("see what would become of a prompt here"))
    @app_commands.describe(text=locale_str("a prompt; nothing is remembered"))
    async def test(
        self, interaction: Interaction, text: app_commands.Range[str, 1, PROMPT_MAX_CHARS]
    ) -> None:
        async def act(asker: Asker) -> None:
            tier = await self._here.services.words.test(asker, text)
            await answer(interaction, _TIERS[tier])

        await self._for_moderators(interaction, act)

    @words.command(name=locale_str("list"), description=locale_str("see this server's own lists"))
    async def list_(self, interaction: Interaction) -> None:
        async def act(asker: Asker) -> None:
            await answer(interaction, _lists(await self._here.services.words.lists(asker)))

        await self._for_moderators(interaction, act)

    async def _for_moderators(self, interaction: Interaction, act: Act) -> None:
        async def run() -> None:
            asker = await self._here.asker(interaction)
            if not (asker.is_moderator or asker.is_admin):
                raise NotAllowed("moderators_only")
            await act(asker)

        await reporting_errors(interaction, run)


def _mention(member: discord.User) -> str:
    return person(str(member.id))


def _lists(lists: WordLists) -> str:
    return (
        f"### Words of this server\n**Indecent here** {_listed(lists.added)}\n"
        f"**Let pass** {_listed(lists.allowed)}\n"
        "-# What is refused everywhere is no list that anybody sees."
    )


def _listed(words: tuple[str, ...]) -> str:
    shown = ""
    for number, word in enumerate(words):
        if len(shown) + len(word) > LIST_SHOWN_MAX_CHARS:
            return f"{shown} and {len(words) - number} more"
        shown += f"{', ' if shown else ''}{code(word)}"
    return shown or "none"
