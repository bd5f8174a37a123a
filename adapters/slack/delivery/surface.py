"""Slack as a Surface: one message a job, kept up to date with the job."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.nearly_used import NearlyUsed
from adapters.slack.delivery.card_address import CardAddress
from adapters.slack.delivery.card_delivery import CardDelivery, Message, Uncertain
from adapters.slack.delivery.remote_files import RemoteFiles, Sending, Use
from adapters.slack.delivery.response_urls import ResponseUrls
from adapters.slack.delivery.send_once import send, send_once
from adapters.slack.delivery.sheets import Sheet, file_of, numbers_in
from adapters.slack.delivery.trouble import is_to_repeat, repair_of
from adapters.slack.delivery.uploads import BLOCKS_AGAIN_S, Uploads
from adapters.slack.platform import limits
from adapters.slack.platform.members import Members
from adapters.slack.platform.once import Once
from adapters.slack.platform.pacing import NoRoom, PacedClient
from adapters.slack.platform.web_api import TROUBLE, Clients, code_of
from adapters.slack.rendering import blocks, job_card
from adapters.slack.rendering.job_card import Shown
from adapters.slack.rendering.markup import sentence
from bot import ports
from bot.domain.asker import SLACK, Asker
from bot.domain.job_view import JobView, Phase, PictureView
from bot.domain.remote_file import SeenBy
from bot.domain.repair import Repair
from bot.errors import BotError, PlatformRefuses
from bot.jobs.live_progress import ThrottledProgress
from bot.jobs.sharing import SharedResults
from bot.jobs.studio import Studio
from bot.picture_file import File
from bot.ports import Address, AwaitsRepair, Clock, Deleted, Unreachable
from bot.wording import Sentence, explain
from bot.wording.answers import CANT_SHARE
from bot.wording.cards import IN_THREAD, unsure
from bot.wording.installation import result_waits

# How long a result waits for somebody to mend something: longer than holidays.
WAITS_FOR = timedelta(days=30)

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
        remote_files: RemoteFiles,
        response_urls: ResponseUrls,
        shared: SharedResults,
        once: Once,
        nearly_used: NearlyUsed,
        members: Members,
        pictures_in_thread: bool = False,
    ) -> None:
        self.pictures_in_thread = pictures_in_thread
        self._members = members
        self._clients = clients
        self._studio = studio
        self._clock = clock
        self._once = once
        self._nearly_used = nearly_used
        self._live_progress = ThrottledProgress(studio.newest, studio.abandon, clock)
        self.uploads = uploads
        self.remote_files = remote_files
        self.response_urls = response_urls
        self._shared = shared

    async def show(self, address: Address, view: JobView, checkpoint: ports.Checkpoint) -> None:
        here = CardAddress.read(address)

        async def keep(changed: CardAddress) -> None:
            await checkpoint(changed.to_record())

        if not view.phase.is_final:
            self._live_progress.begin(view, lambda newer: self._edit_progress(here, newer))
            return
        ending = asyncio.create_task(self._live_progress.end(view.key))
        self.remote_files.wake()  # what may not be seen any more is due by itself
        try:
            client = await self._clients.client_for(here.team)
            delivery = CardDelivery(client, self._clock, here, keep)
            await self._deliver(client, delivery, view, ending)
        except Exception as error:
            if (why := repair_of(error)) is None:
                raise
            await self._tell_who_asked(view, why)
            if self._clock.now() - view.created_at > WAITS_FOR:
                raise Unreachable(f"nobody mended this: {why}") from error
            raise AwaitsRepair(why) from error
        finally:
            await ending

    async def _deliver(
        self,
        client: PacedClient,
        delivery: CardDelivery,
        view: JobView,
        ending: asyncio.Task[None],
    ) -> None:
        """`ending` ends with the last edit that showed progress; files are brought meanwhile."""
        first = not delivery.address.posted
        try:
            await _Result(self, client, delivery, view, ending).deliver()
        except Uncertain:
            await self._say_unknown(delivery.address, view)
            raise
        except Unreachable:
            if delivery.address.only_here and not delivery.address.posted:
                person, team = delivery.address.person, delivery.address.team
                await self.tell(person, CANT_SHARE, key=f"share {view.key}", community=team)
            raise
        except (PlatformRefuses, SlackApiError) as error:
            why = repair_of(error)
            if why and why is not Repair.TOKEN:  # without one nothing can be said there
                await self._say_what_is_wrong(client, delivery, view, why)
            raise
        self.response_urls.forget(view.key)
        if view.phase is Phase.DONE and view.cost_micros and first:
            await self._say_what_is_left(client, delivery.address, view)

    async def withdraw(self, address: Address) -> None:
        here = CardAddress.read(address)
        self.remote_files.wake()
        if not here.ts:
            return
        try:
            client = await self._clients.client_for(here.team)
            await client.chat_delete(channel=here.channel, ts=here.ts)
        except (Unreachable, SlackApiError) as error:
            code = code_of(error)
            if (why := repair_of(error)) in (Repair.TOKEN, Repair.APP):
                raise AwaitsRepair(why) from error
            if code in limits.NO_WAY_IN:
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
            if key and is_to_repeat(error):
                raise
            log.info("a person could not be told: %s", code_of(error) or type(error).__name__)

    async def close(self) -> None:
        """Stop to show progress."""
        await self._live_progress.close()

    async def file(self, view: JobView, sheet: Sheet) -> File:
        return await file_of(self._studio, view.asker, view, sheet)

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
            if code_of(error) == limits.MESSAGE_NOT_FOUND:
                raise Deleted("the message was deleted") from error
            log.debug("progress of %s was not shown: %r", view.public_id, error)
            return False
        return True

    async def _say_unknown(self, here: CardAddress, view: JobView) -> None:
        """Tell the person that the result may not have arrived, and how to see it."""
        await self.tell(here.person, unsure(view.public_id), community=here.team)

    async def _say_what_is_wrong(
        self, client: AsyncWebClient, delivery: CardDelivery, view: JobView, why: Repair
    ) -> None:
        """Say once on the card, or else to who asked, what has to be mended, and by whom."""
        here = delivery.address
        if here.waits_for == why:
            return
        words = result_waits(why, view.public_id)
        message = Message(view.key, job_card.summary(view), job_card.card(view, waits=words))
        try:
            await client.chat_update(channel=here.channel, ts=here.ts, **message.said())
        except SlackApiError as error:
            if is_to_repeat(error):
                raise
            await self.tell(here.person, words, key=f"{view.key} {why}", community=here.team)
        await delivery.keep(waits_for=why.value)

    async def _tell_who_asked(self, view: JobView, why: Repair) -> None:
        """The card can't say it without a token, but an answer to the command can, for a while."""
        if why in (Repair.TOKEN, Repair.APP):
            link = self._shared.own_link(view, self._clock.now())
            words = explain(PlatformRefuses(why.value, link), platform=SLACK)
            await self.response_urls.say(view.key, sentence(words))

    async def _say_what_is_left(
        self, client: AsyncWebClient, here: CardAddress, view: JobView
    ) -> None:
        """Tell the one who pays once that most of a budget of theirs is used, for each window."""
        try:
            quota = await self._studio.quota(await self._payer(client, here, view))
            async for words in self._nearly_used.news(quota):
                said = _said(words)
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
        self._remote_files = surface.remote_files
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
        """Forget the files of pictures that may not be seen any more: they are deleted."""
        here = self._delivery.address
        seen = {each.number for each in self._open}
        files = {name: file for name, file in here.files.items() if numbers_in(name) <= seen}
        shared = {name: file for name, file in here.shared.items() if numbers_in(name) <= seen}
        if (files, shared) != (here.files, here.shared):
            await self._delivery.keep(files=files, shared=shared)

    async def _drop_outdated(self) -> None:
        """Have deleted what the card doesn't show any more: a grid before a picture was let go."""
        here, now = self._delivery.address, self._sheet.name if self._sheet else ""
        files = {name: file for name, file in here.files.items() if name == now}
        if files != here.files:
            await self._remote_files.end(here.team, self._holder("card"), but=files.values())
            await self._delivery.keep(files=files)

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
            team, holder = self._delivery.address.team, self._holder("card")
            self._remote_files.check(team)
            # What an earlier try made and could not write down is in nobody's way.
            await self._remote_files.end(team, holder, but=known.values())
            file = await self._surface.file(self._view, sheet)
            sending = self._sending(file, sheet, holder)
            (upload,) = await self._remote_files.upload(self._client, team, [sending])
            known[sheet.name], self._is_processed = upload.file, upload.ready
            self._uploads.remember(team, sheet.key, upload.file)
            await self._delivery.keep(files=known)
        return known[sheet.name]

    def _holder(self, kind: str) -> str:
        return f"{kind}:{self._view.key}:{self._delivery.address.channel}"

    def _sending(self, file: File, sheet: Sheet, holder: str) -> Sending:
        return file, self._use(sheet, holder)

    def _use(self, sheet: Sheet, holder: str) -> Use:
        job, numbers = self._view.key, sheet.numbers
        return Use(holder=holder, seen_by=SeenBy.EVERYONE, job=job, numbers=numbers)

    def _message(self, shown: Shown | None = None, notes: Sequence[Sentence] = ()) -> Message:
        view, shares = self._view, bool(self._delivery.address.asked_in)
        made = job_card.card(view, shown, notes=notes, shares=shares)
        return Message(view.key, job_card.summary(view), made)

    async def _deliver_card(self, shown: Shown | None) -> bool:
        """Deliver the card; False where Slack goes on refusing its pictures."""
        message = self._message(shown)
        for delay_s in (*BLOCKS_AGAIN_S, None):
            try:
                await self._bring(message)
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
        await self._bring_all()
        await self._bring(self._message(notes=[IN_THREAD]))
        for picture in self._open:
            await self._share(picture)

    async def _bring(self, message: Message) -> None:
        await asyncio.shield(self._progress_ends)
        await self._delivery.deliver(message)

    async def _bring_all(self) -> None:
        """Send the bytes of each picture; its file is stored, as Slack shares it only once."""
        here, holder = self._delivery.address, self._holder("thread")
        missing = [each for each in self._open if str(each.number) not in here.shared]
        if missing:
            self._remote_files.check(here.team)
        for sheet in map(Sheet.alone, missing):
            sending = self._sending(await self._surface.file(self._view, sheet), sheet, holder)
            (file,) = await self._remote_files.bring(self._client, here.team, [sending])
            known = self._delivery.address.shared
            await self._delivery.keep(shared={**known, sheet.name: file})

    async def _share(self, picture: PictureView) -> None:
        """Share a picture once. One that Slack refuses for good is brought anew later."""
        here, number = self._delivery.address, str(picture.number)
        use = self._use(Sheet.alone(picture), self._holder("thread"))
        file = here.shared[number], f"Picture {number}", use
        try:
            await self._remote_files.share(
                self._client, here.team, file, channel=here.channel, thread=here.thread or here.ts
            )
        except PlatformRefuses:
            rest = {name: held for name, held in here.shared.items() if name != number}
            await self._delivery.keep(shared=rest)
            raise


def _said(notice: Sentence) -> dict[str, Any]:
    words = sentence(notice)
    return {"text": words, "blocks": [blocks.section(words)]}
