"""Discord as a Surface: one message a job, made to look like the job."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import discord

from adapters.discord import render
from adapters.discord.address import CardAddress
from adapters.discord.delivery import (
    Attachment,
    Checkpoint,
    Ladder,
    Message,
    is_automod,
    is_over_limit,
)
from adapters.discord.limits import (
    NO_WAY_IN,
    REQUEST_MAX_BYTES,
    REQUEST_RESERVE_BYTES,
    TOKEN_DEAD,
    UNKNOWN_MESSAGE,
)
from adapters.discord.markup import sentence
from adapters.discord.once import mark_of, may_work_later, send_once
from adapters.discord.reply import QUIET, delete_reply, edit_reply, whisper
from bot import ports
from bot.asker import Asker
from bot.errors import BotError
from bot.ports import Address, Clock, Unreachable
from bot.studio import Studio
from bot.view import JobView, Phase
from bot.wording import PicturesLeft, Sentence, money, say

# The first look at how far a job is, and each further one.
FIRST_PROGRESS_S = 1.5
PROGRESS_EVERY_S = 3.0
# With more jobs than this under way nobody's progress is shown: the results need the room.
PROGRESS_JOBS_MAX = 20
# A picture is re-encoded this often, each time to half the size.
LIGHTER_TRIES = 3
LIGHTEST_BYTES = 256 * 1024

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Follow:
    """Who shows the progress of one job. The lock is held while an edit is on its way."""

    task: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class DiscordSurface:
    """Implements ports.Surface."""

    name = "discord"

    def __init__(self, client: discord.Client, studio: Studio, clock: Clock) -> None:
        self._client = client
        self._studio = studio
        self._clock = clock
        self._follows: dict[str, _Follow] = {}

    async def show(self, address: Address, view: JobView, checkpoint: ports.Checkpoint) -> None:
        here = CardAddress.read(address)

        async def keep(changed: CardAddress) -> None:
            await checkpoint(changed.to_record())

        if not view.phase.is_final:
            self._follow(here, view)
            return
        await self._end_progress(view.key)
        ladder = Ladder(self._client, self._clock, here, keep)
        await self._deliver(ladder, view)
        await self._tell_cost(ladder.address, view, keep)

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

    async def tell(self, person: str, notice: Sentence, *, key: str = "") -> None:
        """Somebody who takes no messages is not told; raises where a later try may help."""
        try:
            channel = await self._client.create_dm(discord.Object(int(person)))
            if key:
                words = render.notice(sentence(notice), mark=mark_of(key))
                await send_once(self._client, channel, words, key)
            else:
                words = render.notice(sentence(notice))
                await channel.send(view=words, allowed_mentions=QUIET)
        except discord.HTTPException as error:
            if key and may_work_later(error):
                raise
            log.info("a person could not be told: %s", error.code)

    async def close(self) -> None:
        """No progress any more."""
        for key in tuple(self._follows):
            await self._end_progress(key)

    # --- progress ------------------------------------------------------------------------------

    def _follow(self, here: CardAddress, view: JobView) -> None:
        if view.key in self._follows or here.dm:
            return
        follow = _Follow()
        self._follows[view.key] = follow
        if len(self._follows) <= PROGRESS_JOBS_MAX:
            follow.task = asyncio.create_task(
                self._show_progress(here, view.key, follow), name=f"progress {view.public_id}"
            )

    async def _show_progress(self, here: CardAddress, key: str, follow: _Follow) -> None:
        """One edit in PROGRESS_EVERY_S, the newest view; what came in between is dropped."""
        await self._clock.sleep(FIRST_PROGRESS_S)
        async for view in self._studio.watch(key):
            if view.phase.is_final:
                return
            if len(self._follows) <= PROGRESS_JOBS_MAX:
                async with follow.lock:
                    if not await self._edit_progress(here, view):
                        return
            await self._clock.sleep(PROGRESS_EVERY_S)

    async def _edit_progress(self, here: CardAddress, view: JobView) -> bool:
        """Best effort: what fails is not tried again, the result will be."""
        message = Message(view.key, view.public_id, lambda: render.card(view))
        try:
            if here.token_lives(self._clock.now()):
                await edit_reply(self._client, here.application_id, here.token, message.draw())
            elif here.message and here.reachable and not here.private:
                place = self._client.get_partial_messageable(here.channel)
                await place.get_partial_message(here.message).edit(
                    view=message.draw(), attachments=[], allowed_mentions=QUIET
                )
        except (discord.DiscordException, OSError, TimeoutError) as error:
            log.debug("progress of %s was not shown: %r", view.public_id, error)
            return False
        return True

    async def _end_progress(self, key: str) -> None:
        follow = self._follows.pop(key, None)
        if follow is None:
            return
        async with follow.lock:  # an edit that is on its way arrives first
            if follow.task is not None:
                follow.task.cancel()
        if follow.task is not None:
            await asyncio.wait([follow.task])

    # --- results -------------------------------------------------------------------------------

    async def _deliver(self, ladder: Ladder, view: JobView) -> None:
        """The ladder, with lighter files or without the prompt where Discord insists."""
        limit_bytes = _limit_each(ladder.address, len(view.pictures))
        with_prompt = True
        for _ in range(LIGHTER_TRIES + 1):
            message = await self._message(view, limit_bytes, with_prompt=with_prompt)
            try:
                await ladder.deliver(message)
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
            render.Shown(number=p.number, name=f.name, alt=p.alt, spoiler=p.spoiler)
            for p, f in zip(view.pictures, files, strict=True)
        ]
        notes = [render.squeezed_note(lighter, len(files))] if lighter else []

        def draw() -> discord.ui.LayoutView:
            return render.card(view, shown, notes=notes, with_prompt=with_prompt)

        return Message(view.key, view.public_id, draw, tuple(files))

    async def _files(
        self, view: JobView, limit_bytes: int
    ) -> tuple[Sequence[Attachment], list[int]]:
        """The pictures as they go out, and the numbers of those that were made lighter."""
        if view.phase is not Phase.DONE:
            return (), []
        asker = _asker_of(view)
        found = await asyncio.gather(
            *(
                self._studio.file_within(asker, view.public_id, p.number, limit_bytes)
                for p in view.pictures
            )
        )
        lighter = [p.number for p, (_, made) in zip(view.pictures, found, strict=True) if made]
        return [Attachment(file.name, file.data) for file, _ in found], lighter

    async def _tell_cost(self, here: CardAddress, view: JobView, keep: Checkpoint) -> None:
        """What it cost and what is left, to the one who pays; once, and only while it is quiet."""
        if here.cost_told or view.phase is not Phase.DONE or not view.cost_micros:
            return
        if not here.token_lives(self._clock.now()) or here.dm:
            return
        await keep(replace(here, cost_told=True))
        try:
            words = say("{} · {}", money(view.cost_micros), await self._left(view))
            layout = render.notice(sentence(words))
            await whisper(self._client, here.application_id, here.token, layout)
        except (discord.DiscordException, BotError, OSError) as error:
            log.info("the cost of %s was not told: %r", view.public_id, error)

    async def _left(self, view: JobView) -> Sentence:
        quota = await self._studio.quota(_asker_of(view))
        if quota.pictures_left is None:
            return say("no limit for you here")
        return say("{}", PicturesLeft(quota.pictures_left))


def _asker_of(view: JobView) -> Asker:
    return Asker(platform=view.platform, community=view.community, channel="", person=view.person)


def _limit_each(here: CardAddress, count: int) -> int:
    """One file's limit, and the request's shared among all of them."""
    share = (REQUEST_MAX_BYTES - REQUEST_RESERVE_BYTES) // max(1, count)
    return min(here.file_limit_bytes, share)
