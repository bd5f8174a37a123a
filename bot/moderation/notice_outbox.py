"""The outbox of notices: tells everybody concerned what was decided, each once."""

import logging
from collections.abc import Iterable

from bot.domain.case import DueNotice
from bot.outbox import Outbox, retry_at
from bot.platforms import Platforms
from bot.ports import Alerts, Clock
from bot.store import CaseStore, Wanted
from bot.wording import Sentence, budget_warning, plain
from bot.wording.moderation.notices import notice

TELL_TIMEOUT_S = 30.0
OWNER = "owner"

log = logging.getLogger(__name__)


class NoticeOutbox(Outbox[DueNotice]):
    """A lane is a community; the owner has one of their own."""

    def __init__(
        self, store: CaseStore, platforms: Platforms, alerts: Alerts, clock: Clock
    ) -> None:
        super().__init__(platforms, clock, timeout_s=TELL_TIMEOUT_S)
        self._store = store
        self._alerts = alerts

    def _surfaces(self) -> Iterable[str]:
        return [OWNER, *super()._surfaces()]

    async def _due(self, limit: int, wanted: Wanted) -> list[DueNotice]:
        return await self._store.due_notices(self._clock.now(), limit, wanted)

    async def _send(self, item: DueNotice) -> None:
        await self._tell(item)
        await self._store.said(item.id)

    async def _failed(self, item: DueNotice, trouble: Exception) -> None:
        log.warning("notice %s was not said: %r", item.topic, trouble)
        await self._store.not_said(item.id, retry_at(item.attempts, self._clock.now()))

    async def _tell(self, item: DueNotice) -> None:
        words = _words(item)
        if item.place == OWNER:
            await self._alerts.alert(item.topic, plain(words))
        elif item.place == "moderators":
            if announcer := self._platforms.announcer(item.platform):
                case, job = item.detail.get("case", ""), item.detail.get("job", "")
                await announcer.announce(
                    item.community,
                    words,
                    case=case,
                    job=job if item.code == "card_deleted" else "",
                    key=item.topic,
                )
        elif item.person and (surface := self._platforms.surface(item.platform)):
            await surface.tell(item.person, words, key=item.topic, community=item.community)


def _words(due: DueNotice) -> Sentence:
    if due.code == "budget":
        return budget_warning(due.detail, platform=due.platform)
    return notice(due.code, due.detail)
