"""Short answers: to the one who asked, before anything was promised."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from adapters.discord import limits, render
from adapters.discord.context import Interaction
from adapters.discord.markup import sentence
from adapters.discord.reply import QUIET
from bot.errors import BotError, Broken
from bot.wording import Sentence, explain

log = logging.getLogger(__name__)
# The interaction is over: nobody waits for this answer any more.
_OVER = frozenset({limits.UNKNOWN_INTERACTION, limits.ALREADY_ACKNOWLEDGED})


async def answer(
    interaction: Interaction,
    words: str | Sentence,
    *more: discord.ui.Item[Any],
    colour: int = render.WAITING,
    files: list[discord.File] | None = None,
) -> None:
    """Say something to the one who asked, and to nobody else."""
    text = words if isinstance(words, str) else sentence(words)
    layout = render.notice(text, colour, *more)
    given: dict[str, Any] = {"files": files} if files else {}
    if interaction.response.is_done():
        await interaction.followup.send(
            view=layout, ephemeral=True, allowed_mentions=QUIET, **given
        )
    else:
        await interaction.response.send_message(
            view=layout, ephemeral=True, allowed_mentions=QUIET, **given
        )


async def refuse(interaction: Interaction, error: BotError) -> None:
    """Say why not. After a public reply was begun, that one is taken back first."""
    words = sentence(explain(error, platform="discord"))
    if not interaction.response.is_done():
        await answer(interaction, words, colour=render.FAILED)
        return
    layout = render.notice(words, render.FAILED)
    # The reply is edited first: deleted while it is still "thinking", no follow-up gets through.
    await interaction.edit_original_response(view=layout, allowed_mentions=QUIET)
    reply = interaction.response.type
    if reply is discord.InteractionResponseType.deferred_channel_message and not _is_private(
        interaction
    ):
        await interaction.delete_original_response()
        await answer(interaction, words, colour=render.FAILED)


def _is_private(interaction: Interaction) -> bool:
    return bool(interaction.extras.get("private"))


async def guarded(interaction: Interaction, act: Callable[[], Awaitable[None]]) -> None:
    """Run `act`; whatever goes wrong is said to the person, and a fault of ours is logged."""
    try:
        try:
            await act()
        except BotError as error:
            await refuse(interaction, error)
        except discord.HTTPException as error:
            if error.code in _OVER or not interaction.response.is_done():
                raise
            log.warning("half an answer did not arrive: %s %s", error.status, error.code)
            await refuse(interaction, Broken())
        except Exception:
            log.exception("an interaction broke")
            await refuse(interaction, Broken())
    except discord.HTTPException as error:
        if error.code in _OVER:
            log.info("an interaction was over before it was answered: %s", error.code)
        else:
            log.warning("an answer did not arrive: %s %s", error.status, error.code)
