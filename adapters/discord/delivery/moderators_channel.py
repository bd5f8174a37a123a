"""The moderators' channel of a server: notices, and cards of cases that are kept up to date."""

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol, TypeVar

import discord

from adapters.chat.admin_notices import AdminNotices
from adapters.discord.delivery.card_delivery import is_automod, texts_in
from adapters.discord.delivery.send_once import mark_of, may_work_later, send_once
from adapters.discord.platform.channels import can_speak, is_mute
from adapters.discord.platform.interaction_reply import QUIET
from adapters.discord.platform.limits import MESSAGES_PAGE
from adapters.discord.platform.web_api import TROUBLE
from adapters.discord.rendering import case_card, job_card
from adapters.discord.rendering.markup import sentence
from bot.domain.asker import DISCORD, Asker
from bot.domain.case import Case
from bot.domain.community_settings import Hearing
from bot.errors import BotError
from bot.jobs.studio import Studio
from bot.moderation.reviews import Reviews
from bot.ports import Clock
from bot.wording import Sentence, plain
from bot.wording.moderation import cases
from bot.wording.settings.community import unheard_told

# Cards that are remembered, and decisions whose effect is waited for; others are found when
# somebody presses them.
CARDS_MAX = 500
FOLLOWED_MAX = 100
# A decision is shown as done this long after it should have taken effect, and looked at again
# where the bot was busy.
AFTER_EFFECT_S = 0.5
EFFECT_TRIES = 5
# A card whose case changes while it is drawn is drawn again, up to this often.
DRAWINGS_MAX = 3

log = logging.getLogger(__name__)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Redraw = Callable[[Case], Awaitable[None]]


class ModeratorsChannel:
    """Implements ports.Announcer."""

    def __init__(
        self, client: discord.Client, studio: Studio, reviews: Reviews, clock: Clock
    ) -> None:
        self._client = client
        self._studio = studio
        self._reviews = reviews
        self._clock = clock
        self._cards: OrderedDict[str, set[tuple[int, int]]] = OrderedDict()
        self._pressing: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._admins = AdminNotices(clock, self._tell_admins)

    async def announce(
        self, community: str, notice: Sentence, *, case: str = "", job: str = "", key: str = ""
    ) -> None:
        channel = await self._channel(community)
        if not channel:
            log.warning("server %s has no channel for this: %s", community, plain(notice))
            await self._admins.tell(community, Hearing.NO_CHANNEL)
            return
        try:
            sent = await self._post(channel, community, notice, case, job, key)
        except discord.HTTPException as error:
            if key and may_work_later(error):
                raise
            log.warning("the channel of server %s can't be written to: %s", community, error.code)
            await self._admins.tell(community, Hearing.LOST_CHANNEL)
        else:
            if case:
                self.remember(case, channel, sent.id)

    async def hearing(self, community: str) -> Hearing:
        """Implements ports.Announcer, by what the gateway told of the server's channels."""
        channel, guild = await self._channel(community), self._client.get_guild(int(community))
        if not channel:
            return Hearing.NO_CHANNEL
        if guild is None or guild.unavailable:
            return Hearing.HEARD
        found = guild.get_channel(channel)
        return Hearing.LOST_CHANNEL if found is None or is_mute(found) else Hearing.HEARD

    async def _tell_admins(self, community: str, hearing: Hearing, key: str) -> None:
        """In the system channel; else to whoever set the bot up, else to the server's owner."""
        place = Asker(platform=DISCORD, community=community, channel="", person="")
        settings = await self._studio.community(place)
        words = sentence(unheard_told(settings, DISCORD, hearing))
        for find in self._admins_of(community, settings.set_up_by):
            layout = job_card.notice(words, job_card.REVIEW, mark=mark_of(key))
            try:
                await send_once(self._client, await find(), layout, key)
            except discord.HTTPException as error:
                if may_work_later(error):
                    raise
                log.info("admins of server %s can't be told there: %s", community, error.code)
            else:
                return
        log.warning("no admin of server %s can be told", community)

    def _admins_of(
        self, community: str, set_up_by: str
    ) -> Iterator[Callable[[], Awaitable[discord.abc.Messageable]]]:
        """Where the admins of a server can be told something, the best place first."""
        guild = self._client.get_guild(int(community))
        system = guild.system_channel if guild else None
        if system is not None and can_speak(system):
            yield partial(_itself, system)
        owner = str(guild.owner_id) if guild and guild.owner_id else ""
        for person in dict.fromkeys(filter(None, (set_up_by, owner))):
            yield partial(self._client.create_dm, discord.Object(int(person)))

    async def _post(
        self, channel: int, community: str, notice: Sentence, case: str, job: str, key: str
    ) -> discord.Message:
        place, mark = self._client.get_partial_messageable(channel), mark_of(key) if key else 0
        known = await self._load(community, case) if case else None

        async def post(*, with_words: bool) -> discord.Message:
            if known is None:
                press = [case_card.take_down(job)] if job else []
                layout = job_card.notice(sentence(notice), job_card.REVIEW, *press, mark=mark)
            else:
                now = self._clock.now()
                layout = case_card.card(known, now, with_words=with_words, mark=mark)
            if key:
                return await send_once(self._client, place, layout, key)
            return await place.send(view=layout, allowed_mentions=QUIET)

        return await past_automod(post)

    # --- cards ----------------------------------------------------------------------------------

    def remember(self, case: str, channel: int, message: int) -> None:
        """Remember the message that shows a case."""
        self._cards.setdefault(case, set()).add((channel, message))
        self._cards.move_to_end(case)
        while len(self._cards) > CARDS_MAX:
            self._cards.popitem(last=False)

    def case_changed(self, case: Case) -> None:
        """As ports.Announcer; a case that is being pressed here is redrawn by the press."""
        if case.id not in self._pressing:
            self.follow(case, 0, _nothing_more)

    @contextmanager
    def pressing(self, case: str) -> Iterator[None]:
        """Wrap what a press does, which redraws the cards itself."""
        self._pressing[case] += 1
        try:
            yield
        finally:
            self._pressing[case] -= 1
            self._pressing += Counter()  # drops counts of 0

    def follow(self, case: Case, pressed: int, redraw: Redraw) -> None:
        """Redraw every card of a case now, and again once its decision took effect.

        `pressed` is the message that shows `case` already. `redraw` is for the same message where
        it is one person's alone.
        """
        if len(self._tasks) < FOLLOWED_MAX:
            task = asyncio.create_task(self._follow(case, pressed, redraw), name=f"case {case.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _follow(self, case: Case, pressed: int, redraw: Redraw) -> None:
        await self._refresh(case, {pressed: case})
        if case.effect_at is None:
            return
        delay_s = max(0.0, (case.effect_at - self._clock.now()).total_seconds())
        changed: Case | None = case
        for _ in range(EFFECT_TRIES):
            await self._clock.sleep(delay_s + AFTER_EFFECT_S)
            changed, delay_s = await self._refresh(case, {}), 0.0
            if changed is None or changed.effect_at is None:
                break
        if changed is not None:
            try:
                await redraw(changed)
            except TROUBLE as error:
                log.info("the card of case %s was not redrawn: %r", case.id, error)

    async def _refresh(self, case: Case, shown: dict[int, Case]) -> Case | None:
        """Redraw until every card shows the case's state, which may change meanwhile.

        Best effort: a card that stays behind says how it stands as soon as it is pressed. `shown`
        is what messages are known to show.
        """
        changed = await self._load(case.community, case.id)
        try:
            for _ in range(DRAWINGS_MAX):
                places = await self._places(case) if changed else []
                behind = [place for place in places if shown.get(place[1]) != changed]
                if changed is None or not behind:
                    break
                for channel, message in behind:
                    await self._draw(channel, message, changed)
                    shown[message] = changed
                changed = await self._load(case.community, case.id)
        except TROUBLE as error:
            log.info("a card of case %s was not redrawn: %r", case.id, error)
        return changed

    async def _draw(self, channel: int, message: int, case: Case) -> None:
        place = self._client.get_partial_messageable(channel).get_partial_message(message)

        async def draw(*, with_words: bool) -> None:
            layout = case_card.card(case, self._clock.now(), with_words=with_words)
            await place.edit(view=layout, allowed_mentions=QUIET)

        await past_automod(draw)

    async def _places(self, case: Case) -> list[tuple[int, int]]:
        if case.id in self._cards:
            return sorted(self._cards[case.id])
        if not (channel := await self._channel(case.community)):
            return []
        own = self._client.user
        place = self._client.get_partial_messageable(channel)
        async for each in place.history(limit=MESSAGES_PAGE):
            if own is not None and each.author.id == own.id and _shows(each, case.id):
                self.remember(case.id, channel, each.id)
        return sorted(self._cards.get(case.id, ()))

    async def _load(self, community: str, case: str) -> Case | None:
        """The case as moderators of the server may see it; None if they can't."""
        channel = Asker(
            platform=DISCORD, community=community, channel="", person="", is_moderator=True
        )
        try:
            return await self._reviews.case(channel, case)
        except BotError as error:
            log.warning("case %s can't be shown: %r", case, error)
            return None

    async def _channel(self, community: str) -> int:
        """The moderators' channel that the admins chose; 0 for none."""
        asker = Asker(platform=DISCORD, community=community, channel="", person="")
        return int((await self._studio.community(asker)).moderator_channel or 0)

    async def close(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Send(Protocol[T_co]):
    """Sends a card, with or without what people wrote."""

    async def __call__(self, *, with_words: bool) -> T_co: ...


async def past_automod(send: Send[T]) -> T:
    """`send` the card; without what people wrote if the server's AutoMod blocks it."""
    try:
        return await send(with_words=True)
    except discord.HTTPException as error:
        if not is_automod(error):
            raise
    return await send(with_words=False)


async def _itself(channel: discord.TextChannel) -> discord.TextChannel:
    return channel


async def _nothing_more(_: Case) -> None:
    """A Redraw for where only messages in the channel show the case."""


def _shows(message: discord.Message, case: str) -> bool:
    heading = sentence(cases.title(case))
    return any(heading in text for text in texts_in(message))
