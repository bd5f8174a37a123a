"""The first answer to an interaction, for which Discord waits three seconds.

Each goes through here, so that `patience` knows whether there was one. Whoever waits too long, for
a slow database or a busy machine, is told so privately with what they wrote; what comes later takes
the place of that.
Source: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import discord

from adapters.discord.context import Interaction
from adapters.discord.platform.interaction_reply import QUIET
from adapters.discord.platform.web_api import TROUBLE
from adapters.discord.rendering import job_card
from adapters.discord.rendering.copied_words import given_back
from adapters.discord.rendering.markup import sentence
from bot.errors import Busy
from bot.wording.answers import ONE_MOMENT

# Half of Discord's three seconds: the other half is for the ways there and back, and for a machine
# that is slow enough for this.
PATIENCE_S = 1.5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _First:
    """How far the first answer to one interaction is."""

    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_stopgap: bool = False  # it only says that it takes a moment


def _first(interaction: Interaction) -> _First:
    found: _First = interaction.extras.setdefault("first_answer", _First())
    return found


@asynccontextmanager
async def patience(interaction: Interaction) -> AsyncIterator[None]:
    """While the block runs, whoever was not answered in time is told that it takes a moment."""
    loop, begun = asyncio.get_running_loop(), list[asyncio.Task[None]]()
    timer = loop.call_later(
        PATIENCE_S, lambda: begun.append(loop.create_task(_bridge(interaction)))
    )
    try:
        yield
    finally:
        timer.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


async def _bridge(interaction: Interaction) -> None:
    first = _first(interaction)
    text, more, files = given_back(str(interaction.extras.get("written", "")))
    layout = job_card.notice(sentence(ONE_MOMENT) + text, job_card.WAITING, *more)
    async with first.one_at_a_time:
        if interaction.response.is_done():
            return
        try:
            await interaction.response.send_message(
                view=layout, files=files, ephemeral=True, allowed_mentions=QUIET
            )
            first.is_stopgap = True
        except TROUBLE as error:
            log.info("somebody was not told that it takes a moment: %r", error)


async def think(interaction: Interaction, *, private: bool) -> int:
    """Show "is thinking", to the asker alone or to everybody. Returns the message, 0 if unknown.

    Raises Busy where everybody should see it and the asker alone was answered already.
    """
    first = _first(interaction)
    async with first.one_at_a_time:
        if interaction.response.is_done():
            if not private:
                raise Busy
            return 0
        interaction.extras["private"] = private
        reply = await interaction.response.defer(thinking=True, ephemeral=private)
    return (reply and reply.message_id) or 0


async def fill(
    interaction: Interaction, layout: discord.ui.LayoutView, files: Sequence[discord.File] = ()
) -> None:
    """Answer in the place that `think` or the stopgap holds, or redraw the pressed message."""
    await interaction.edit_original_response(
        view=layout, attachments=list(files), allowed_mentions=QUIET
    )
    _first(interaction).is_stopgap = False


async def leave_as_it_is(interaction: Interaction) -> bool:
    """Acknowledge a press, or a form opened by one, without a change to the message.

    Returns whether `fill` changes that message: not where the asker alone was answered already.
    """
    async with _first(interaction).one_at_a_time:
        if not interaction.response.is_done():
            await interaction.response.defer()
    return interaction.response.type is discord.InteractionResponseType.deferred_message_update


async def open_form(interaction: Interaction, form: discord.ui.Modal) -> None:
    """Open a form, which only a first answer can. Raises Busy where it comes too late."""
    async with _first(interaction).one_at_a_time:
        if interaction.response.is_done():
            raise Busy
        await interaction.response.send_modal(form)


async def whisper(
    interaction: Interaction, layout: discord.ui.LayoutView, files: Sequence[discord.File] = ()
) -> None:
    """Say something to the asker alone."""
    first = _first(interaction)
    async with first.one_at_a_time:
        if first.is_stopgap:
            await fill(interaction, layout, files)
            return
        answer = (
            interaction.followup.send
            if interaction.response.is_done()
            else interaction.response.send_message
        )
        await answer(view=layout, files=list(files), ephemeral=True, allowed_mentions=QUIET)
