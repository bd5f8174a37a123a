"""The moderators' channel of a workspace: notices, and cards of cases that are kept up to date."""

import asyncio
import logging
from collections import OrderedDict
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.admin_notices import AdminNotices
from adapters.slack.delivery.card_delivery import newest
from adapters.slack.delivery.send_once import send, send_once
from adapters.slack.delivery.trouble import is_to_repeat
from adapters.slack.platform.background_tasks import BackgroundTasks
from adapters.slack.platform.limits import NO_WAY_IN
from adapters.slack.platform.once import Once
from adapters.slack.platform.web_api import TROUBLE, Clients, code_of
from adapters.slack.rendering import blocks, case_card, job_card
from adapters.slack.rendering.markup import sentence
from bot.domain.asker import SLACK, Asker
from bot.domain.case import UNDECIDED_MAX, Case
from bot.domain.community_settings import Hearing
from bot.errors import BotError
from bot.jobs.studio import Studio
from bot.moderation.reviews import Reviews
from bot.ports import Clock
from bot.wording import Sentence, plain
from bot.wording.moderation.cases import summary
from bot.wording.settings.community import unheard_told

# How many cases' cards are remembered; others are looked for in the channel.
CARDS_MAX = 500
# A card is redrawn this long after its decision should have taken effect, and a few times more
# where it hasn't yet because the bot is busy.
AFTER_EFFECT_S = 0.5
EFFECT_TRIES = 5
# How often a card is drawn whose case changes while it is drawn.
DRAWINGS_MAX = 3
# No card of an open case is older: undecided cases are closed before.
CARDS_LIVE = UNDECIDED_MAX + timedelta(hours=1)
# Workspaces of which it is remembered that their channel took nothing.
LOST_MAX = 1_000
# An admin who waits for an answer waits this long for a look at their channel.
LOOK_TIMEOUT_S = 2.0

log = logging.getLogger(__name__)


class ModeratorsChannel:
    """Implements ports.Announcer."""

    def __init__(
        self, clients: Clients, studio: Studio, reviews: Reviews, clock: Clock, once: Once
    ) -> None:
        self._clients = clients
        self._studio = studio
        self._reviews = reviews
        self._clock = clock
        self._once = once
        self._cards: OrderedDict[str, set[tuple[str, str]]] = OrderedDict()
        self._tasks = BackgroundTasks()
        self._admins = AdminNotices(clock, self._tell_admins)
        self._lost: dict[str, str] = {}  # channels that took nothing the last time, by workspace

    async def announce(
        self, community: str, notice: Sentence, *, case: str = "", job: str = "", key: str = ""
    ) -> None:
        chosen = await self._channel(community)
        if not chosen:
            log.warning("workspace %s has no channel for this: %s", community, plain(notice))
            await self._admins.tell(community, Hearing.NO_CHANNEL)
            return
        try:
            client = await self._clients.client_for(community)
            await self._post(client, chosen, community, notice, case, job, key)
        except TROUBLE as error:
            if key and is_to_repeat(error):
                raise
            why = code_of(error) or type(error).__name__
            log.warning("the channel of workspace %s can't be written to: %s", community, why)
            self._note_lost(community, chosen)
            await self._admins.tell(community, Hearing.LOST_CHANNEL)
        else:
            self._lost.pop(community, None)

    async def hearing(self, community: str) -> Hearing:
        """Implements ports.Announcer: by what became of the last message, and by a look there.

        Slack shows an archived channel like any other to whoever reads it.
        """
        chosen = await self._channel(community)
        if not chosen:
            return Hearing.NO_CHANNEL
        if self._lost.get(community) == chosen:
            return Hearing.LOST_CHANNEL
        try:
            async with asyncio.timeout(LOOK_TIMEOUT_S):
                client = await self._clients.client_for(community)
                await client.conversations_history(channel=chosen, limit=1)
        except (*TROUBLE, TimeoutError) as error:
            lost = code_of(error) in NO_WAY_IN
            return Hearing.LOST_CHANNEL if lost else Hearing.HEARD
        return Hearing.HEARD

    def _note_lost(self, community: str, channel: str) -> None:
        self._lost[community] = channel
        while len(self._lost) > LOST_MAX:
            del self._lost[next(iter(self._lost))]

    async def _tell_admins(self, community: str, hearing: Hearing, key: str) -> None:
        """To whoever set the bot up: Slack has no channel for admins."""
        place = Asker(platform=SLACK, community=community, channel="", person="")
        settings = await self._studio.community(place)
        if not settings.set_up_by:
            log.warning("no admin of workspace %s can be told", community)
            return
        words = sentence(unheard_told(settings, SLACK, hearing))
        try:
            client = await self._clients.client_for(community)
            got = await client.conversations_open(users=settings.set_up_by)
            await send_once(
                client,
                str(got["channel"]["id"]),
                words,
                [blocks.section(words)],
                key=key,
                once=self._once,
                now=self._clock.now(),
            )
        except TROUBLE as error:
            if is_to_repeat(error):
                raise
            why = code_of(error) or type(error).__name__
            log.warning("no admin of workspace %s can be told: %s", community, why)

    async def _post(
        self,
        client: AsyncWebClient,
        channel: str,
        community: str,
        notice: Sentence,
        case: str,
        job: str,
        key: str,
    ) -> None:
        words = sentence(notice)
        known = await self._load(community, case) if case else None
        made = [blocks.section(words), *([case_card.take_down(job)] if job else [])]
        if known is not None:
            made = case_card.card(known, self._clock.now(), headline=words)
        if not key:
            await send(client, channel, words, made)
            return
        sent = await send_once(
            client,
            channel,
            words,
            made,
            key=key,
            case=case,
            once=self._once,
            now=self._clock.now(),
        )
        if case and sent:
            self.remember(case, channel, sent)

    # --- cards ------------------------------------------------------------------------------------

    def remember(self, case: str, channel: str, ts: str) -> None:
        """Remember where a card of a case is."""
        self._cards.setdefault(case, set()).add((channel, ts))
        self._cards.move_to_end(case)
        while len(self._cards) > CARDS_MAX:
            self._cards.popitem(last=False)

    def case_changed(self, case: Case) -> None:
        """Implements ports.Announcer: somebody claimed or decided the case, here or on the page."""
        self.follow(case)

    def follow(self, case: Case) -> None:
        """Redraw all cards of a case now, and once more when its decision has taken effect."""
        self._tasks.start(self._follow(case), name=f"case {case.id}")

    async def _follow(self, case: Case) -> None:
        changed = await self._refresh(case)
        for _ in range(EFFECT_TRIES):
            if changed is None or changed.effect_at is None:
                return
            delay_s = max(0.0, (changed.effect_at - self._clock.now()).total_seconds())
            await self._clock.sleep(delay_s + AFTER_EFFECT_S)
            changed = await self._refresh(changed)

    async def _refresh(self, case: Case) -> Case | None:
        """Draw until every card shows the case's state, which may change meanwhile.

        Best effort: a button of an outdated card answers with the state.
        """
        changed = await self._load(case.community, case.id)
        try:
            for _ in range(DRAWINGS_MAX):
                if changed is None:
                    break
                await self._draw(changed)
                drawn, changed = changed, await self._load(case.community, case.id)
                if changed == drawn:
                    break
        except TROUBLE as error:
            log.info("a card of case %s was not redrawn: %s", case.id, code_of(error) or error)
        return changed

    async def _draw(self, case: Case) -> None:
        made = case_card.card(case, self._clock.now())
        client = await self._clients.client_for(case.community)
        for channel, ts in await self._places(client, case):
            await client.chat_update(channel=channel, ts=ts, text=summary(case), blocks=made)

    async def _places(self, client: AsyncWebClient, case: Case) -> list[tuple[str, str]]:
        if case.id in self._cards:
            return sorted(self._cards[case.id])
        if not (channel := await self._channel(case.community)):
            return []
        oldest = f"{(self._clock.now() - CARDS_LIVE).timestamp():.6f}"
        async for message in newest(client, channel, oldest):
            if job_card.key_of(message, "case") == case.id:
                self.remember(case.id, channel, str(message["ts"]))
        return sorted(self._cards.get(case.id, ()))

    async def _load(self, community: str, case: str) -> Case | None:
        """The case as moderators of its workspace may see it, None where they may not."""
        place = Asker(platform=SLACK, community=community, channel="", person="", is_moderator=True)
        try:
            return await self._reviews.case(place, case)
        except BotError as error:
            log.warning("case %s can't be shown: %r", case, error)
            return None

    async def _channel(self, community: str) -> str:
        """The channel that the admins chose, "" for none."""
        asker = Asker(platform=SLACK, community=community, channel="", person="")
        return (await self._studio.community(asker)).moderator_channel

    @property
    def busy(self) -> bool:
        return bool(self._tasks.busy)

    async def close(self, drain_s: float = 0.0) -> None:
        await self._tasks.close(drain_s)
