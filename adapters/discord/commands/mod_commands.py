"""/mod, shown to those who may moderate members: what they do beside the cards of cases."""

from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice

from adapters.chat.admin_input import BLOCK_MAX_DAYS
from adapters.chat.moderation import PURGE_SPANS
from adapters.discord.actions.first_answer import whisper
from adapters.discord.actions.replies import answer
from adapters.discord.commands import autocomplete
from adapters.discord.commands.autocomplete import suggesting
from adapters.discord.commands.signatures import Callback, add_command
from adapters.discord.context import Context, Interaction
from adapters.discord.interactions import purge_button
from adapters.discord.interactions.case_buttons import show_case
from adapters.discord.rendering import job_card, queue_card
from bot.domain.asker import DISCORD, Asker
from bot.domain.case import REASON_MAX_CHARS
from bot.moderation.word_lists import WORD_MAX_CHARS, WordLists
from bot.request.image_request import PROMPT_MAX_CHARS
from bot.wording.moderation import commands as said
from bot.wording.moderation import lists

Reason = app_commands.Range[str, 1, REASON_MAX_CHARS]
Word = app_commands.Range[str, 1, WORD_MAX_CHARS]
# In hours.
SINCE = [
    Choice(name=said.SINCE[name], value=span // timedelta(hours=1))
    for name, span in PURGE_SPANS.items()
]


# --- cases ----------------------------------------------------------------------------------------


async def review(
    here: Context, interaction: Interaction, case: str | None = None, *, decided: bool = False
) -> None:
    asker = await here.moderator(interaction)
    if case:
        await show_case(here, interaction, asker, case.strip().lower())
        return
    layout = await (_decided if decided else _queue)(here, asker)
    await whisper(interaction, layout)


async def _queue(here: Context, asker: Asker) -> discord.ui.LayoutView:
    services, now = here.services, here.services.clock.now()
    cases, figures = await services.reviews.queue(asker), await services.reviews.figures(asker)
    page_url = services.links.new(asker) if services.links else ""
    words = lists.queue(cases, figures, asker, now)
    return queue_card.card(words, cases, asker, now, page_url=page_url)


async def _decided(here: Context, asker: Asker) -> discord.ui.LayoutView:
    cases = await here.services.reviews.queue(asker, decided=True)
    return queue_card.card(lists.decided(cases), cases, asker, here.services.clock.now())


# --- people ---------------------------------------------------------------------------------------


async def block(
    here: Context,
    interaction: Interaction,
    member: discord.User,
    days: app_commands.Range[int, 1, BLOCK_MAX_DAYS] | None = None,
    reason: app_commands.Range[str, 0, REASON_MAX_CHARS] = "",
) -> None:
    asker, person = await here.moderator(interaction), str(member.id)
    until = here.services.clock.now() + timedelta(days=days) if days else None
    await here.services.sanctions.block(asker, person, reason, until)
    await answer(interaction, said.blocked(person, days, DISCORD))


async def unblock(here: Context, interaction: Interaction, member: discord.User) -> None:
    asker, person = await here.moderator(interaction), str(member.id)
    lifted = await here.services.sanctions.unblock(asker, person)
    colour = job_card.DONE if lifted else job_card.WAITING
    await answer(interaction, said.unblocked(person, lifted), colour=colour)


async def strike(
    here: Context, interaction: Interaction, member: discord.User, reason: Reason
) -> None:
    asker, person = await here.moderator(interaction), str(member.id)
    number = await here.services.sanctions.strike(asker, person, reason)
    await answer(interaction, said.struck(person, number, DISCORD))


async def lift(
    here: Context, interaction: Interaction, strike: app_commands.Range[int, 1, 2**31 - 1]
) -> None:
    await here.services.sanctions.lift_strike(await here.moderator(interaction), strike)
    await answer(interaction, said.lifted(strike), colour=job_card.DONE)


async def history(here: Context, interaction: Interaction, member: discord.User) -> None:
    asker, person = await here.moderator(interaction), str(member.id)
    past = await here.services.reviews.history(asker, person)
    await answer(interaction, lists.history(person, past, here.services.clock.now()))


@app_commands.choices(since=SINCE)
async def purge(here: Context, interaction: Interaction, member: discord.User, since: int) -> None:
    asker = await here.moderator(interaction)
    begun = here.services.clock.now() - timedelta(hours=since)
    await purge_button.ask(here, interaction, asker, str(member.id), begun)


# --- words ----------------------------------------------------------------------------------------


async def add(here: Context, interaction: Interaction, word: Word) -> None:
    asker = await here.moderator(interaction)
    await _answer_lists(interaction, await here.services.words.add(asker, word))


async def allow(here: Context, interaction: Interaction, word: Word) -> None:
    asker = await here.moderator(interaction)
    await _answer_lists(interaction, await here.services.words.allow(asker, word))


async def test(
    here: Context, interaction: Interaction, text: app_commands.Range[str, 1, PROMPT_MAX_CHARS]
) -> None:
    tier = await here.services.words.test(await here.moderator(interaction), text)
    await answer(interaction, said.tested(tier, DISCORD))


async def list_(here: Context, interaction: Interaction) -> None:
    asker = await here.moderator(interaction)
    await _answer_lists(interaction, await here.services.words.lists(asker))


async def _answer_lists(interaction: Interaction, own: WordLists) -> None:
    await answer(interaction, said.word_lists(own.added, own.allowed, DISCORD))


# In the order that Discord shows.
_COMMANDS: tuple[Callback, ...] = (review, block, unblock, strike, lift, history, purge)
_WORDS: tuple[Callback, ...] = (add, allow, test, list_)


def mod(here: Context) -> app_commands.Group:
    """Who may use it is checked again at every call."""
    group = app_commands.Group(
        name="mod",
        description=said.MOD,
        default_permissions=discord.Permissions(moderate_members=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    words = app_commands.Group(name="words", description=said.WORDS.help, parent=group)
    for act in _WORDS:
        add_command(words, here, act, said.WORD_COMMANDS)
    for act in _COMMANDS:
        add_command(group, here, act, said.COMMANDS)
    chosen: Any = group.get_command("review")
    chosen.autocomplete("case")(suggesting(here, autocomplete.cases))
    return group
