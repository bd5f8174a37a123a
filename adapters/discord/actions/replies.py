"""Short answers, which only the asker sees."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui

from adapters.discord.actions import first_answer
from adapters.discord.context import Context, Interaction
from adapters.discord.platform import limits
from adapters.discord.platform.web_api import TROUBLE
from adapters.discord.rendering import job_card
from adapters.discord.rendering.copied_words import More, given_back
from adapters.discord.rendering.home_menu import home_menu
from adapters.discord.rendering.markup import sentence
from bot.connection import told
from bot.domain.asker import DISCORD
from bot.errors import BotError, Broken, PromptRefused
from bot.wording import Sentence, explain
from bot.wording.answers import UNDELIVERED_SHOWN, undelivered

log = logging.getLogger(__name__)
# The interaction is over: nobody waits for this answer any more.
_OVER = frozenset({limits.UNKNOWN_INTERACTION, limits.ALREADY_ACKNOWLEDGED})


async def answer(
    interaction: Interaction,
    words: str | Sentence,
    *more: ui.Item[Any],
    colour: int = job_card.WAITING,
    files: list[discord.File] | None = None,
) -> None:
    """Say something to the one who asked, and to nobody else."""
    text = words if isinstance(words, str) else sentence(words)
    layout = job_card.notice(text, colour, *more)
    await first_answer.whisper(interaction, layout, files or ())


async def refuse(interaction: Interaction, error: BotError) -> None:
    """Say why a request is refused. A public reply that was begun is deleted first."""
    free = not interaction.extras.get("costs")
    words = sentence(explain(error, platform=DISCORD, free=free))
    if isinstance(error, PromptRefused) and error.hard:
        interaction.extras.pop("written", None)  # never repeated, not even to its author
    if _is_begun(interaction):
        public = not _is_private(interaction)
        text, more, files = ("", [], []) if public else _given_back(interaction)
        # Edited first: after deleting a reply that is still "thinking", follow-ups fail.
        layout = job_card.notice(words + text, job_card.FAILED, *more)
        await first_answer.fill(interaction, layout, files)
        if not public:
            return
        await interaction.delete_original_response()
    await decline(interaction, words)


async def decline(interaction: Interaction, words: str) -> None:
    """Say no to the one who asked, and give back what they wrote."""
    text, more, files = _given_back(interaction)
    await answer(interaction, words + text, *more, colour=job_card.FAILED, files=files)


def _given_back(interaction: Interaction) -> More:
    """What was written into a form, and a menu of homes if one has to be chosen; for an answer."""
    text, more, files = given_back(str(interaction.extras.get("written", "")))
    homes = interaction.extras.get("homes")
    return text, [*more, home_menu(homes)] if homes else more, files


def _is_begun(interaction: Interaction) -> bool:
    """Whether a new reply was begun ("thinking"), rather than an existing card pressed."""
    begun = discord.InteractionResponseType.deferred_channel_message
    return interaction.response.type is begun


def _is_private(interaction: Interaction) -> bool:
    return bool(interaction.extras.get("private"))


async def reporting_errors(interaction: Interaction, act: Callable[[], Awaitable[None]]) -> None:
    """Run `act`; whatever goes wrong is said to the person, and a fault of ours is logged."""
    here: Context = interaction.client.here  # type: ignore[attr-defined]  # DiscordBot's own
    async with first_answer.patience(interaction):
        is_told = await _reported(interaction, act)
    if key := interaction.extras.pop("pending", ""):
        await (here.pending_cards.forget(key) if is_told else here.pending_cards.leave(key))
    if is_told and not _is_told_later(interaction):
        await _tell_undelivered(here, interaction)


async def _reported(interaction: Interaction, act: Callable[[], Awaitable[None]]) -> bool:
    """Whether the person knows how `act` ended."""
    try:
        try:
            await act()
        except BotError as error:
            await refuse(interaction, error)
        except discord.HTTPException as error:
            if error.code in _OVER:
                raise
            log.warning("an answer was not taken: %s %s", error.status, error.code)
            await refuse(interaction, Broken())
        except Exception:
            log.exception("an interaction broke")
            await refuse(interaction, Broken())
    except Exception as error:  # noqa: BLE001  (a line breaks in many ways)
        code = getattr(error, "code", 0)
        if code in _OVER:
            log.info("an interaction was over before it was answered: %s", code)
        else:
            log.warning("an answer did not arrive: %s %s", told(error), code)
        return False
    return True


def _is_told_later(interaction: Interaction) -> bool:
    """Whether the answer is still to come: with the card, or to the form that was opened."""
    opened = discord.InteractionResponseType.modal
    return "job" in interaction.extras or interaction.response.type in (None, opened)


async def _tell_undelivered(here: Context, interaction: Interaction) -> None:
    """Tell the person of results that had no way to them, beside what they asked for now."""
    store, person = here.services.communities, str(interaction.user.id)
    try:
        if found := await store.undelivered(DISCORD, person, UNDELIVERED_SHOWN):
            await answer(interaction, undelivered(found, DISCORD))
            await store.told_undelivered(DISCORD, person)
    except (*TROUBLE, BotError) as error:
        log.info("a person was not told of earlier results: %s", told(error))
