"""Slack as a Surface: one message a job, kept up to date with the job."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.nearly_used import NearlyUsed
from adapters.slack.delivery.card_address import CardAddress
from adapters.slack.delivery.card_delivery import CardDelivery, Message, Uncertain
from adapters.slack.delivery.remote_files import RemoteFiles
from adapters.slack.delivery.response_urls import ResponseUrls
from adapters.slack.delivery.result_delivery import Means, ResultDelivery
from adapters.slack.delivery.send_once import send, send_once
from adapters.slack.delivery.trouble import is_to_repeat, repair_of
from adapters.slack.delivery.uploads import Uploads
from adapters.slack.platform import limits
from adapters.slack.platform.members import Members
from adapters.slack.platform.once import Once
from adapters.slack.platform.pacing import NoRoom, PacedClient
from adapters.slack.platform.web_api import TROUBLE, Clients, code_of
from adapters.slack.rendering import blocks, job_card
from adapters.slack.rendering.markup import sentence
from bot import ports
from bot.domain.asker import SLACK, Asker
from bot.domain.job_view import JobView, Phase
from bot.domain.repair import Repair
from bot.errors import BotError, PlatformRefuses
from bot.jobs.live_progress import ThrottledProgress
from bot.jobs.sharing import SharedResults
from bot.jobs.studio import Studio
from bot.ports import Address, AwaitsRepair, Clock, Deleted, Unreachable
from bot.wording import Sentence, explain
from bot.wording.answers import CANT_SHARE
from bot.wording.cards import unsure
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
        self._members = members
        self._clients = clients
        self._studio = studio
        self._clock = clock
        self._once = once
        self._nearly_used = nearly_used
        self._live_progress = ThrottledProgress(studio.newest, studio.abandon, clock)
        self._remote_files = remote_files
        self._means = Means(
            studio=studio,
            uploads=uploads,
            remote_files=remote_files,
            clock=clock,
            in_thread=pictures_in_thread,
        )
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
        self._remote_files.wake()  # what may not be seen any more is due by itself
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
            await ResultDelivery(self._means, client, delivery, view, ending).deliver()
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
        self._remote_files.wake()
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


def _said(notice: Sentence) -> dict[str, Any]:
    words = sentence(notice)
    return {"text": words, "blocks": [blocks.section(words)]}
