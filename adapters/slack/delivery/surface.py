"""Slack as a Surface: one message a job, kept up to date with the job."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.delivery.card_address import CardAddress
from adapters.slack.delivery.card_delivery import CardDelivery, Checkpoint, Message, Uncertain
from adapters.slack.delivery.private_files import PrivateFiles
from adapters.slack.delivery.send_once import may_work_later, send, send_once
from adapters.slack.delivery.uploads import BLOCKS_AGAIN_S, FILE_MAX_BYTES, FILE_TYPES, Uploads
from adapters.slack.platform import limits
from adapters.slack.platform.once import Once
from adapters.slack.platform.pacing import NoRoom, PacedClient
from adapters.slack.platform.web_api import TROUBLE, Clients, code_of
from adapters.slack.rendering import blocks, job_card
from adapters.slack.rendering.job_card import Shown
from adapters.slack.rendering.markup import sentence
from bot import ports
from bot.domain.asker import SLACK
from bot.domain.job_view import JobView, Phase, PictureView
from bot.errors import BotError
from bot.jobs.live_progress import ThrottledProgress
from bot.jobs.studio import Studio
from bot.picture_file import File
from bot.ports import Address, Clock, Unreachable
from bot.wording import Sentence
from bot.wording.budgets import cost_line
from bot.wording.cards import IN_THREAD, unsure

# How many of the fifty edits a minute in a workspace are kept for results.
EDITS_LEFT = 25

log = logging.getLogger(__name__)


class SlackSurface:
    """Implements ports.Surface."""

    name = SLACK

    def __init__(
        self,
        clients: Clients,
        studio: Studio,
        clock: Clock,
        *,
        uploads: Uploads,
        private_files: PrivateFiles,
        once: Once,
    ) -> None:
        self._clients = clients
        self._studio = studio
        self._clock = clock
        self._once = once
        self._live_progress = ThrottledProgress(studio.watch, clock)
        self.uploads = uploads
        self.private_files = private_files

    async def show(self, address: Address, view: JobView, checkpoint: ports.Checkpoint) -> None:
        here = CardAddress.read(address)

        async def keep(changed: CardAddress) -> None:
            await checkpoint(changed.to_record())

        if not view.phase.is_final:
            self._live_progress.begin(view, lambda newer: self._edit_progress(here, newer))
            return
        ending = asyncio.create_task(self._live_progress.end(view.key))
        try:
            await self._deliver(here, view, keep, ending)
        finally:
            await ending

    async def _deliver(
        self, here: CardAddress, view: JobView, keep: Checkpoint, ending: asyncio.Task[None]
    ) -> None:
        """`ending` ends with the last edit that showed progress; files are brought meanwhile."""
        if view.phase is not Phase.DONE or view.deleted:
            # Nobody may see the result any more, so files that "Show me" showed are deleted.
            await self.private_files.end(here.team, f"job:{view.key}")
        client = await self._clients.client_for(here.team)
        delivery = CardDelivery(client, self._clock, here, keep)
        try:
            await _Result(self, client, delivery, view, ending).deliver()
        except Uncertain:
            await self._say_unknown(delivery.address, view)
            raise
        except SlackApiError as error:
            if code_of(error) in limits.TOKEN_DEAD:
                raise Unreachable("the workspace took the app off") from error
            raise
        await self._tell_cost(client, delivery.address, view, keep)

    async def withdraw(self, address: Address) -> None:
        here = CardAddress.read(address)
        client = await self._clients.client_for(here.team)
        for file in (*here.files.values(), *here.shared.values()):
            await self.uploads.drop(client, file)
        if not here.ts:
            return
        try:
            await client.chat_delete(channel=here.channel, ts=here.ts)
        except SlackApiError as error:
            code = code_of(error)
            if code in limits.NO_WAY_IN | limits.TOKEN_DEAD:
                raise Unreachable("the channel can't be reached any more") from error
            if code not in limits.MESSAGE_GONE:
                raise

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None:
        """Does nothing where the person can't be reached; raises where a later try may help."""
        said = _said(notice)
        try:
            client = await self._clients.client_for(community)
            if not key:
                await send(client, person, said["text"], said["blocks"])
                return
            got = await client.conversations_open(users=person)
            await send_once(
                client,
                str(got["channel"]["id"]),
                said["text"],
                said["blocks"],
                key=key,
                once=self._once,
                now=self._clock.now(),
            )
        except TROUBLE as error:
            if key and may_work_later(error):
                raise
            log.info("a person could not be told: %s", code_of(error) or type(error).__name__)

    async def close(self) -> None:
        """Stop to show progress."""
        await self._live_progress.close()

    async def files(self, view: JobView, wanted: Sequence[PictureView]) -> list[File]:
        """Files of pictures as PNG or JPEG, small enough for Slack."""
        found = await asyncio.gather(
            *(
                self._studio.file_within(
                    view.asker, view.public_id, each.number, FILE_MAX_BYTES, types=FILE_TYPES
                )
                for each in wanted
            )
        )
        return [file for file, _ in found]

    async def _edit_progress(self, here: CardAddress, view: JobView) -> bool:
        """Only while Slack takes many more edits: a finished picture must never wait for this."""
        try:
            client = await self._clients.client_for(here.team)
            message = Message(view.key, job_card.summary(view), job_card.card(view))
            await client.hasty(EDITS_LEFT).chat_update(
                channel=here.channel, ts=here.ts, **message.said()
            )
        except NoRoom:
            return True
        except TROUBLE as error:
            log.debug("progress of %s was not shown: %r", view.public_id, error)
            return False
        return True

    async def _say_unknown(self, here: CardAddress, view: JobView) -> None:
        """Tell the person that the result may not have arrived, and how to see it."""
        await self.tell(here.person, unsure(view.public_id), community=here.team)

    async def _tell_cost(
        self, client: AsyncWebClient, here: CardAddress, view: JobView, keep: Checkpoint
    ) -> None:
        """Tell the one who pays what it cost and what is left, at most once."""
        if here.cost_told or view.phase is not Phase.DONE or not view.cost_micros or here.private:
            return
        await keep(replace(here, cost_told=True))
        try:
            quota = await self._studio.quota(view.asker)
            words = cost_line(view.cost_micros, quota.pictures_left)
            await client.chat_postEphemeral(channel=here.channel, user=here.person, **_said(words))
        except (*TROUBLE, BotError) as error:
            log.info("the cost of %s was not told: %r", view.public_id, error)


class _Result:
    """One delivery of a result: upload pictures, then the card, or files where Slack refuses it."""

    def __init__(
        self,
        surface: SlackSurface,
        client: PacedClient,
        delivery: CardDelivery,
        view: JobView,
        progress_ends: asyncio.Task[None],
    ) -> None:
        self._progress_ends = progress_ends
        self._surface = surface
        self._uploads = surface.uploads
        self._client = client
        self._delivery = delivery
        self._view = view
        done = view.phase is Phase.DONE
        self._processed: set[str] = set()
        self._open = [p for p in view.pictures if done and job_card.is_shown_openly(p)]

    async def deliver(self) -> None:
        await self._take_down()
        if self._delivery.address.shared:
            await self._deliver_plainly()
            return
        shown = await self._shown()
        if shown is not None and await self._deliver_card(shown):
            return
        await self._deliver_plainly()

    async def _take_down(self) -> None:
        """Delete the files of pictures that may not be seen any more from Slack."""
        here = self._delivery.address
        seen = {str(each.number) for each in self._open}
        held = (*here.files.items(), *here.shared.items())
        gone = [file for number, file in held if number not in seen]
        if not gone:
            return
        files = {n: f for n, f in here.files.items() if n in seen}
        shared = {n: f for n, f in here.shared.items() if n in seen}
        for file in gone:
            await self._uploads.drop(self._client, file)
        await self._delivery.keep(files=files, shared=shared)

    async def _shown(self) -> list[Shown] | None:
        """The pictures with their files; None where Slack doesn't process them in time."""
        if not self._open:
            return []
        files = await self._uploaded()
        try:
            ready = await self._ready(files)
        except SlackApiError as error:
            if code_of(error) not in limits.FILE_GONE:
                raise
            await self._delivery.keep(files={})  # somebody deleted one: upload all again
            files = await self._uploaded()
            ready = await self._ready(files)
        if not ready:
            return None
        return [
            Shown(number=picture.number, file=file, alt=picture.alt)
            for picture, file in zip(self._open, files, strict=True)
        ]

    async def _ready(self, files: Sequence[str]) -> bool:
        waiting = [file for file in files if file not in self._processed]
        return not waiting or await self._uploads.ready(self._client, waiting)

    async def _uploaded(self) -> list[str]:
        """A file for each picture; those that an earlier try uploaded are used again."""
        known = dict(self._delivery.address.files)
        missing = [each for each in self._open if str(each.number) not in known]
        if missing:
            files = await self._surface.files(self._view, missing)
            done = await self._uploads.upload(self._client, files)
            for picture, upload in zip(missing, done, strict=True):
                known[str(picture.number)] = upload.file
                if upload.ready:
                    self._processed.add(upload.file)
                self._uploads.remember(self._delivery.address.team, picture.sha256, upload.file)
            await self._delivery.keep(files=known)
        return [known[str(each.number)] for each in self._open]

    async def _deliver_card(self, shown: Sequence[Shown]) -> bool:
        """Deliver the card; False where Slack goes on refusing its pictures."""
        view = self._view
        message = Message(view.key, job_card.summary(view), job_card.card(view, shown))
        for delay_s in (*BLOCKS_AGAIN_S, None):
            try:
                await self._bring(message)
            except SlackApiError as error:
                if not shown or code_of(error) not in limits.INVALID_BLOCKS:
                    raise
                if delay_s is None:
                    break
                await self._surface._clock.sleep(delay_s)  # noqa: SLF001  (of this module)
            else:
                return True
        return False

    async def _deliver_plainly(self) -> None:
        """Deliver the card without pictures, and each picture as a file in its thread."""
        view = self._view
        message = Message(view.key, job_card.summary(view), job_card.card(view, notes=[IN_THREAD]))
        await self._bring(message)
        for picture in self._open:
            await self._share(picture)

    async def _bring(self, message: Message) -> None:
        await asyncio.shield(self._progress_ends)
        await self._delivery.deliver(message)

    async def _share(self, picture: PictureView) -> None:
        """Share a picture once: its file is stored first, and Slack completes a file only once."""
        here, number = self._delivery.address, str(picture.number)
        file = here.shared.get(number, "")
        if not file:
            (data,) = await self._surface.files(self._view, [picture])
            file = await self._uploads.bring(self._client, data.name, data.data)
            await self._delivery.keep(shared={**here.shared, number: file})
            here = self._delivery.address
        try:
            await self._client.files_completeUploadExternal(
                files=[{"id": file, "title": f"Picture {number}"}],
                channel_id=here.channel,
                thread_ts=here.ts,
            )
        except SlackApiError as error:
            if code_of(error) != "file_not_found":
                raise  # else an earlier attempt has shared it already


def _said(notice: Sentence) -> dict[str, Any]:
    words = sentence(notice)
    return {"text": words, "blocks": [blocks.section(words)]}
