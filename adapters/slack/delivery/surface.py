"""Slack as a Surface: one message a job, kept up to date with the job."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.delivery.card_address import CardAddress
from adapters.slack.delivery.card_delivery import CardDelivery, Message, Uncertain
from adapters.slack.delivery.private_files import PrivateFiles
from adapters.slack.delivery.send_once import may_work_later, send, send_once
from adapters.slack.delivery.sheets import Sheet, file_of, numbers_in
from adapters.slack.delivery.uploads import BLOCKS_AGAIN_S, Uploads
from adapters.slack.platform import limits
from adapters.slack.platform.members import Members
from adapters.slack.platform.once import Once
from adapters.slack.platform.web_api import TROUBLE, Clients, code_of
from adapters.slack.rendering import blocks, job_card
from adapters.slack.rendering.job_card import Shown
from adapters.slack.rendering.markup import sentence
from bot import ports
from bot.domain.asker import SLACK, Asker
from bot.domain.budgets import Balance, period
from bot.domain.job_view import JobView, Phase, PictureView
from bot.errors import BotError
from bot.jobs.live_progress import ThrottledProgress
from bot.jobs.studio import Studio
from bot.picture_file import File
from bot.ports import Address, Clock, Unreachable
from bot.wording import Sentence
from bot.wording.budgets import nearly_used
from bot.wording.cards import IN_THREAD, unsure

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
        members: Members,
        pictures_in_thread: bool = False,
    ) -> None:
        self.pictures_in_thread = pictures_in_thread
        self._members = members
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
        await self._live_progress.end(view.key)
        if view.phase is not Phase.DONE or view.deleted:
            # Nobody may see the result any more, so files that "Show me" showed are deleted.
            await self.private_files.end(here.team, f"job:{view.key}")
        client = await self._clients.client_for(here.team)
        delivery = CardDelivery(client, self._clock, here, keep)
        try:
            await _Result(self, client, delivery, view).deliver()
        except Uncertain:
            await self._say_unknown(delivery.address, view)
            raise
        except SlackApiError as error:
            if code_of(error) in limits.TOKEN_DEAD:
                raise Unreachable("the workspace took the app off") from error
            raise
        if view.phase is Phase.DONE and view.cost_micros and not here.posted:
            await self._say_what_is_left(client, delivery.address, view)

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

    async def file(self, view: JobView, sheet: Sheet) -> File:
        return await file_of(self._studio, view.asker, view, sheet)

    async def _edit_progress(self, here: CardAddress, view: JobView) -> bool:
        try:
            client = await self._clients.client_for(here.team)
            message = Message(view.key, job_card.summary(view), job_card.card(view))
            await client.chat_update(channel=here.channel, ts=here.ts, **message.said())
        except TROUBLE as error:
            log.debug("progress of %s was not shown: %r", view.public_id, error)
            return False
        return True

    async def _say_unknown(self, here: CardAddress, view: JobView) -> None:
        """Tell the person that the result may not have arrived, and how to see it."""
        await self.tell(here.person, unsure(view.public_id), community=here.team)

    async def _say_what_is_left(
        self, client: AsyncWebClient, here: CardAddress, view: JobView
    ) -> None:
        """Tell the one who pays once that most of a budget of theirs is used, for each window."""
        try:
            quota = await self._studio.quota(await self._payer(client, here, view))
            for window in quota.windows:
                if not window.is_nearly_used or not await self._once(_topic(window, self._clock)):
                    continue
                said = _said(nearly_used(window))
                if here.private:
                    await send(client, here.person, said["text"], said["blocks"])
                    continue
                await client.chat_postEphemeral(
                    channel=here.channel,
                    user=here.person,
                    thread_ts=here.thread or None,
                    **said,
                )
        except (*TROUBLE, BotError) as error:
            log.info("what is left after %s was not told: %r", view.public_id, error)

    async def _payer(self, client: AsyncWebClient, here: CardAddress, view: JobView) -> Asker:
        """Whoever asked, with the user groups on which their budgets depend."""
        settings = await self._studio.community(view.asker)
        wanted = (*settings.role_day_micros, *settings.role_month_micros)
        roles = await self._members.groups(client, here.team, here.person, wanted)
        return replace(view.asker, roles=roles)


class _Result:
    """One delivery of a result: upload pictures, then the card, or files where Slack refuses it."""

    def __init__(
        self, surface: SlackSurface, client: AsyncWebClient, delivery: CardDelivery, view: JobView
    ) -> None:
        self._surface = surface
        self._uploads = surface.uploads
        self._client = client
        self._delivery = delivery
        self._view = view
        done = view.phase is Phase.DONE
        self._is_processed = False
        self._open = [p for p in view.pictures if done and job_card.is_shown_openly(p)]
        self._sheet = Sheet.of(view, self._open)

    async def deliver(self) -> None:
        await self._take_down()
        if self._delivery.address.shared or (self._open and self._surface.pictures_in_thread):
            await self._deliver_plainly()
        else:
            shown = await self._shown()
            waits = self._sheet is not None and shown is None
            if waits or not await self._deliver_card(shown):
                await self._deliver_plainly()
        await self._drop_outdated()

    async def _take_down(self) -> None:
        """Delete the files of pictures that may not be seen any more from Slack."""
        here = self._delivery.address
        seen = {each.number for each in self._open}
        held = (*here.files.items(), *here.shared.items())
        await self._drop([file for name, file in held if not numbers_in(name) <= seen])

    async def _drop_outdated(self) -> None:
        """Delete what the card doesn't show any more: a grid before a picture was let go."""
        now = self._sheet.name if self._sheet else ""
        await self._drop([f for name, f in self._delivery.address.files.items() if name != now])

    async def _drop(self, gone: Sequence[str]) -> None:
        here = self._delivery.address
        if not gone:
            return
        for file in gone:
            await self._uploads.drop(self._client, file)
        await self._delivery.keep(
            files={name: file for name, file in here.files.items() if file not in gone},
            shared={name: file for name, file in here.shared.items() if file not in gone},
        )

    async def _shown(self) -> Shown | None:
        """The pictures with their file; None without one, or where Slack doesn't process it in
        time.
        """
        if self._sheet is None:
            return None
        file = await self._uploaded(self._sheet)
        try:
            ready = await self._ready(file)
        except SlackApiError as error:
            if code_of(error) not in limits.FILE_GONE:
                raise
            await self._delivery.keep(files={})  # somebody deleted it: upload it again
            file = await self._uploaded(self._sheet)
            ready = await self._ready(file)
        return Shown(file=file, alt=self._sheet.alt) if ready else None

    async def _ready(self, file: str) -> bool:
        return self._is_processed or await self._uploads.ready(self._client, [file])

    async def _uploaded(self, sheet: Sheet) -> str:
        """The file; one that an earlier try uploaded is used again."""
        known = dict(self._delivery.address.files)
        if sheet.name not in known:
            file = await self._surface.file(self._view, sheet)
            (upload,) = await self._uploads.upload(self._client, [file])
            known[sheet.name], self._is_processed = upload.file, upload.ready
            self._uploads.remember(self._delivery.address.team, sheet.key, upload.file)
            await self._delivery.keep(files=known)
        return known[sheet.name]

    async def _deliver_card(self, shown: Shown | None) -> bool:
        """Deliver the card; False where Slack goes on refusing its pictures."""
        view = self._view
        message = Message(view.key, job_card.summary(view), job_card.card(view, shown))
        for delay_s in (*BLOCKS_AGAIN_S, None):
            try:
                await self._delivery.deliver(message)
            except SlackApiError as error:
                if shown is None or code_of(error) not in limits.INVALID_BLOCKS:
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
        await self._delivery.deliver(message)
        for picture in self._open:
            await self._share(picture)

    async def _share(self, picture: PictureView) -> None:
        """Share a picture once: its file is stored first, and Slack completes a file only once."""
        here, number = self._delivery.address, str(picture.number)
        file = here.shared.get(number, "")
        if not file:
            data = await self._surface.file(self._view, Sheet.alone(picture))
            file = await self._uploads.bring(self._client, data.name, data.data)
            await self._delivery.keep(shared={**here.shared, number: file})
            here = self._delivery.address
        try:
            await self._client.files_completeUploadExternal(
                files=[{"id": file, "title": f"Picture {number}"}],
                channel_id=here.channel,
                thread_ts=here.thread or here.ts,
            )
        except SlackApiError as error:
            if code_of(error) != "file_not_found":
                raise  # else an earlier attempt has shared it already


def _said(notice: Sentence) -> dict[str, Any]:
    words = sentence(notice)
    return {"text": words, "blocks": [blocks.section(words)]}


def _topic(window: Balance, clock: Clock) -> str:
    gate = window.gate
    name = period(gate.window, clock.now(), gate.timezone).name
    return f"nearly_used:{gate.community}:{gate.person}:{name}"
