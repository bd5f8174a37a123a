"""Discord as a Surface: one message for each job."""

import asyncio
import logging
from collections.abc import Sequence

import discord

from adapters.chat.nearly_used import NearlyUsed
from adapters.discord.delivery.card_address import CardAddress
from adapters.discord.delivery.card_delivery import (
    Attachment,
    CardDelivery,
    Message,
    is_automod,
    is_over_limit,
)
from adapters.discord.delivery.send_once import mark_of, may_work_later, send_once
from adapters.discord.platform.interaction_reply import QUIET, delete_reply, edit_reply, whisper
from adapters.discord.platform.limits import (
    NO_WAY_IN,
    TOKEN_DEAD,
    UNKNOWN_MESSAGE,
    limit_of_each,
)
from adapters.discord.platform.web_api import TROUBLE
from adapters.discord.rendering import job_card
from adapters.discord.rendering.markup import sentence
from bot import ports
from bot.domain.asker import DISCORD
from bot.domain.job_view import JobView, Phase
from bot.errors import BotError
from bot.jobs.live_progress import ThrottledProgress
from bot.jobs.studio import Studio
from bot.ports import Address, Clock, Deleted, Unreachable
from bot.store import CommunityStore
from bot.wording import Sentence
from bot.wording.answers import UNDELIVERED_SHOWN, undelivered
from bot.wording.cards import squeezed

# A picture is re-encoded this often, each time to half the size.
LIGHTER_TRIES = 3
LIGHTEST_BYTES = 256 * 1024

log = logging.getLogger(__name__)


class DiscordSurface:
    """Implements ports.Surface."""

    name = DISCORD

    def __init__(
        self,
        client: discord.Client,
        studio: Studio,
        communities: CommunityStore,
        clock: Clock,
        nearly_used: NearlyUsed,
    ) -> None:
        self._client = client
        self._nearly_used = nearly_used
        self._studio = studio
        self._communities = communities
        self._clock = clock
        self._editing: set[int] = set()
        self._live_progress = ThrottledProgress(studio.newest, studio.abandon, clock)

    async def show(self, address: Address, view: JobView, checkpoint: ports.Checkpoint) -> None:
        here = CardAddress.read(address)

        async def keep(changed: CardAddress) -> None:
            await checkpoint(changed.to_record())

        if not view.phase.is_final:
            if not here.dm:
                self._live_progress.begin(view, lambda newer: self._edit_progress(here, newer))
            return
        await self._live_progress.end(view.key)
        delivery = CardDelivery(self._client, self._clock, here, keep)
        await self._deliver(delivery, view)
        if view.phase is Phase.DONE and view.cost_micros and not here.posted:
            await self._say_what_is_left(delivery.address, view)
        await self._tell_undelivered(delivery.address)

    async def withdraw(self, address: Address) -> None:
        here = CardAddress.read(address)
        try:
            if here.message and (here.dm or (here.reachable and not here.private)):
                place = self._client.get_partial_messageable(here.dm or here.channel)
                await place.get_partial_message(here.message).delete()
            elif here.token_lives(self._clock.now()):
                await delete_reply(self._client, here.application_id, here.token)
        except discord.HTTPException as error:
            if error.code in NO_WAY_IN:
                raise Unreachable("the channel can't be reached any more") from error
            if error.code not in {UNKNOWN_MESSAGE, *TOKEN_DEAD}:
                raise

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None:
        """Send a private message, if the person accepts any; raises if a retry may help."""
        del community  # a person's id is the same in every server
        try:
            channel = await self._client.create_dm(discord.Object(int(person)))
            if key:
                words = job_card.notice(sentence(notice), mark=mark_of(key))
                await send_once(self._client, channel, words, key)
            else:
                words = job_card.notice(sentence(notice))
                await channel.send(view=words, allowed_mentions=QUIET)
        except discord.HTTPException as error:
            if key and may_work_later(error):
                raise
            log.info("a person could not be told: %s", error.code)

    async def close(self) -> None:
        """Stop showing progress."""
        await self._live_progress.close()

    async def _edit_progress(self, here: CardAddress, view: JobView) -> bool:
        """Show progress once. Best effort: False if it failed. Raises Deleted."""
        try:
            if here.token_lives(self._clock.now()):
                layout = job_card.card(view)
                await edit_reply(self._client, here.application_id, here.token, layout)
            elif here.message and here.reachable and not here.private:
                await self._edit_in_channel(here, view)
            else:
                return False
        except TROUBLE as error:
            if isinstance(error, discord.HTTPException) and error.code == UNKNOWN_MESSAGE:
                raise Deleted("the message was deleted") from error
            log.debug("progress of %s was not shown: %r", view.public_id, error)
            return False
        return True

    async def _edit_in_channel(self, here: CardAddress, view: JobView) -> None:
        """By the bot's own token, one at a time: Discord takes few such edits of a channel, and
        results go the same way.
        """
        if here.channel in self._editing:
            return
        self._editing.add(here.channel)
        try:
            place = self._client.get_partial_messageable(here.channel)
            await place.get_partial_message(here.message).edit(
                view=job_card.card(view), attachments=[], allowed_mentions=QUIET
            )
        finally:
            self._editing.discard(here.channel)

    # --- results -------------------------------------------------------------------------------

    async def _deliver(self, delivery: CardDelivery, view: JobView) -> None:
        """Deliver the result, with smaller files or without the prompt if Discord refuses them."""
        limit_bytes = limit_of_each(delivery.address.file_limit_bytes, len(view.pictures))
        with_prompt = True
        for _ in range(LIGHTER_TRIES + 1):
            message = await self._message(view, limit_bytes, with_prompt=with_prompt)
            try:
                await delivery.deliver(message)
            except discord.HTTPException as error:
                if is_over_limit(error) and message.attachments:
                    heaviest = max(len(each.data) for each in message.attachments)
                    limit_bytes = max(heaviest // 2, LIGHTEST_BYTES)
                elif is_automod(error) and with_prompt:
                    with_prompt = False
                else:
                    raise
            else:
                return
        raise Unreachable("Discord takes neither these pictures nor lighter ones")

    async def _message(self, view: JobView, limit_bytes: int, *, with_prompt: bool) -> Message:
        files, lighter = await self._files(view, limit_bytes)
        shown = [
            job_card.Shown(number=p.number, name=f.name, alt=p.alt, spoiler=p.spoiler)
            for p, f in zip(view.pictures, files, strict=True)
        ]
        notes = [squeezed(lighter, len(files))] if lighter else []

        def draw() -> discord.ui.LayoutView:
            return job_card.card(view, shown, notes=notes, with_prompt=with_prompt)

        return Message(view.key, view.public_id, draw, tuple(files))

    async def _files(
        self, view: JobView, limit_bytes: int
    ) -> tuple[Sequence[Attachment], list[int]]:
        """The pictures as they go out, and the numbers of those that were made lighter."""
        if view.phase is not Phase.DONE:
            return (), []
        found = await asyncio.gather(
            *(
                self._studio.file_within(view.asker, view.public_id, p.number, limit_bytes)
                for p in view.pictures
            )
        )
        lighter = [p.number for p, (_, made) in zip(view.pictures, found, strict=True) if made]
        return [Attachment(file.name, file.data) for file, _ in found], lighter

    async def _say_what_is_left(self, here: CardAddress, view: JobView) -> None:
        """Tell the one who pays once that most of a budget of theirs is used, for each window."""
        try:
            quota = await self._studio.quota(view.asker)
            async for words in self._nearly_used.news(quota):
                if here.token_lives(self._clock.now()) and not here.dm:
                    layout = job_card.notice(sentence(words))
                    await whisper(self._client, here.application_id, here.token, layout)
                else:
                    await self.tell(str(here.person), words)
        except (*TROUBLE, BotError) as error:
            log.info("what is left after %s was not told: %r", view.public_id, error)

    async def _tell_undelivered(self, here: CardAddress) -> None:
        """Tell the person of earlier results that had no way to them, visible only to them."""
        if here.dm or not here.token_lives(self._clock.now()):
            return
        person = str(here.person)
        found = await self._communities.undelivered(DISCORD, person, UNDELIVERED_SHOWN)
        if not found:
            return
        try:
            layout = job_card.notice(sentence(undelivered(found, DISCORD)))
            await whisper(self._client, here.application_id, here.token, layout)
        except TROUBLE as error:
            log.info("a person was not told of earlier results: %r", error)
        else:
            await self._communities.told_undelivered(DISCORD, person)
