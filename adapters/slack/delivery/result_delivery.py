"""One delivery of a result on Slack: its pictures first, then the card that shows them.

The card shows one file: the picture, or a grid of several. Where Slack doesn't show it there, or
the owner chose so, each picture is a file in the card's thread.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from adapters.slack.delivery.card_delivery import CardDelivery, Message
from adapters.slack.delivery.remote_files import RemoteFiles, Sending, Use
from adapters.slack.delivery.sheets import Sheet, file_of, numbers_in
from adapters.slack.delivery.uploads import BLOCKS_AGAIN_S, Uploads
from adapters.slack.platform import limits
from adapters.slack.platform.pacing import PacedClient
from adapters.slack.platform.web_api import code_of
from adapters.slack.rendering import job_card
from adapters.slack.rendering.job_card import Shown
from bot.domain.job_view import JobView, Phase, PictureView
from bot.domain.remote_file import SeenBy
from bot.errors import PlatformRefuses
from bot.jobs.studio import Studio
from bot.picture_file import File
from bot.ports import Clock
from bot.wording import Sentence
from bot.wording.cards import IN_THREAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What all deliveries share; `in_thread` is whether pictures go into their card's thread."""

    studio: Studio
    uploads: Uploads
    remote_files: RemoteFiles
    clock: Clock
    in_thread: bool


class ResultDelivery:
    """Upload pictures, then bring the card; or files in its thread where Slack refuses it."""

    def __init__(
        self,
        means: Means,
        client: PacedClient,
        delivery: CardDelivery,
        view: JobView,
        progress_ends: asyncio.Task[None],
    ) -> None:
        """`progress_ends` ends with the last edit that showed progress."""
        self._progress_ends = progress_ends
        self._means = means
        self._remote_files = means.remote_files
        self._client = client
        self._delivery = delivery
        self._view = view
        done = view.phase is Phase.DONE
        self._is_processed = False
        self._open = [p for p in view.pictures if done and job_card.is_shown_openly(p)]
        self._sheet = Sheet.of(view, self._open)

    async def deliver(self) -> None:
        await self._take_down()
        if self._delivery.address.shared or (self._open and self._means.in_thread):
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
        return self._is_processed or await self._means.uploads.ready(self._client, [file])

    async def _uploaded(self, sheet: Sheet) -> str:
        """The file; one that an earlier try uploaded is used again."""
        known = dict(self._delivery.address.files)
        if sheet.name not in known:
            team, holder = self._delivery.address.team, self._holder("card")
            self._remote_files.check(team)
            # What an earlier try made and could not write down is in nobody's way.
            await self._remote_files.end(team, holder, but=known.values())
            file = await self._file(sheet)
            sending = self._sending(file, sheet, holder)
            (upload,) = await self._remote_files.upload(self._client, team, [sending])
            known[sheet.name], self._is_processed = upload.file, upload.ready
            self._means.uploads.remember(team, sheet.key, upload.file)
            await self._delivery.keep(files=known)
        return known[sheet.name]

    async def _file(self, sheet: Sheet) -> File:
        return await file_of(self._means.studio, self._view.asker, self._view, sheet)

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
                await self._means.clock.sleep(delay_s)
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
            sending = self._sending(await self._file(sheet), sheet, holder)
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
