"""Files that the bot puts on Slack: notes each before it is sent, and deletes it in time.

They go with their picture, whoever has that taken away; and what only some are shown also when
that is over. What Slack may have made although nobody heard so is noted like everything else.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.delivery.trouble import may_work_later, repair_of
from adapters.slack.delivery.uploads import Upload, Uploads
from adapters.slack.platform import limits
from adapters.slack.platform.web_api import Clients, code_of
from bot.domain.asker import SLACK
from bot.domain.remote_file import RemoteFile, SeenBy
from bot.domain.repair import Repair
from bot.errors import PlatformRefuses
from bot.picture_file import File
from bot.ports import Clock
from bot.store import RemoteFileStore

# How long a moderator may look at a case's picture, and a person at "Show me".
REVEALED_FOR = timedelta(minutes=10)
SHOWN_FOR = timedelta(days=7)
LOOK_EVERY_S = 5.0
AT_ONCE = 20
# An upload that was begun may make its file until then, even where Slack's rate limit delays it.
ARRIVES_WITHIN = timedelta(minutes=15)
# A workspace where Slack takes nothing holds up the files of others for no longer.
DELETE_TIMEOUT_S = 60.0
# Two months of tries, the last ones a day apart: a workspace may take the app back.
TRIES_MAX = 70
AGAIN_AFTER = timedelta(seconds=30)
BACKOFF_MAX = timedelta(days=1)

# Then one result tries again; shorter than the pause of each.
REFUSED_FOR_S = 240.0
REFUSED_MAX = 1_000

# Says nothing about whether Slack takes files.
_NOT_OF_FILES = limits.NO_WAY_IN | limits.FILE_GONE | limits.OURS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a file is for. `job` is a key, and `numbers` its pictures', from 1; see RemoteFile."""

    holder: str
    seen_by: SeenBy
    job: str | None = None
    numbers: tuple[int, ...] = ()
    person: str = ""
    span: timedelta | None = None

    def noted(self, team: str, file: str, now: datetime) -> RemoteFile:
        return RemoteFile(
            platform=SLACK,
            community=team,
            file=file,
            holder=self.holder,
            seen_by=self.seen_by,
            at=now,
            job=self.job,
            positions=tuple(number - 1 for number in self.numbers),
            person=self.person,
            until=None if self.span is None else now + self.span,
        )


Sending = tuple[File, Use]


class RemoteFiles:
    def __init__(
        self, store: RemoteFileStore, clients: Clients, uploads: Uploads, clock: Clock
    ) -> None:
        self._store = store
        self._clients = clients
        self._uploads = uploads
        self._clock = clock
        self._woken = asyncio.Event()
        self._refused: OrderedDict[str, tuple[Repair, float]] = OrderedDict()

    async def bring(
        self, client: AsyncWebClient, team: str, sending: Sequence[Sending]
    ) -> list[str]:
        """Send bytes, of which `Uploads.complete` makes files. Returns the files' ids, in order.

        Raises PlatformRefuses, UploadFailed, SlackApiError and errors of the network.
        """
        with self._refusals(team):
            return await self._bring(client, team, sending)

    async def _bring(
        self, client: AsyncWebClient, team: str, sending: Sequence[Sending]
    ) -> list[str]:
        reserve = self._uploads.reserve
        reserving = (reserve(client, file.name, len(file.data)) for file, _ in sending)
        places = await asyncio.gather(*reserving)
        now, placed = self._clock.now(), [*zip(places, sending, strict=True)]
        await self._store.note([use.noted(team, place.file, now) for place, (_, use) in placed])
        posts = (self._uploads.post(client, place, file.data) for place, (file, _) in placed)
        await asyncio.gather(*posts)
        return [place.file for place in places]

    async def upload(
        self, client: AsyncWebClient, team: str, sending: Sequence[Sending], *, channel: str = ""
    ) -> list[Upload]:
        """Make files, in order, shared in `channel` or nowhere; one call completes them all.

        Raises as `bring`.
        """
        brought = await self.bring(client, team, sending)
        named = [(file, each.name) for file, (each, _) in zip(brought, sending, strict=True)]
        with self._refusals(team):
            done = await self._uploads.complete(client, named, channel=channel)
        self._refused.pop(team, None)
        return done

    async def share(
        self,
        client: AsyncWebClient,
        team: str,
        file: tuple[str, str, Use],
        *,
        channel: str,
        thread: str,
    ) -> None:
        """Make a file of one that was brought, by its id and name, and share it in a thread.

        It is noted again, as its picture may have gone since it was brought. Slack makes each file
        once: where there is none to make, an earlier try has shared it. Raises as `bring`.
        """
        brought, name, use = file
        await self._store.note([use.noted(team, brought, self._clock.now())])
        try:
            with self._refusals(team):
                await self._uploads.complete(
                    client, [(brought, name)], channel=channel, thread=thread
                )
        except SlackApiError as error:
            if code_of(error) != "file_not_found":
                raise
        self._refused.pop(team, None)

    def check(self, team: str) -> None:
        """Raises PlatformRefuses where Slack took no files a moment ago.

        After a while one caller gets through, which then tries for all.
        """
        now_s = self._clock.monotonic()
        why, until_s = self._refused.get(team, (None, 0.0))
        if why is None:
            return
        if now_s < until_s:
            raise PlatformRefuses(why)
        self._refused[team] = (why, now_s + REFUSED_FOR_S)

    @contextmanager
    def _refusals(self, team: str) -> Iterator[None]:
        """What Slack refuses for good is told, and remembered for a while."""
        try:
            yield
        except SlackApiError as error:
            if may_work_later(error) or code_of(error) in _NOT_OF_FILES:
                raise
            why = repair_of(error) or Repair.UPLOADS
            log.warning("Slack takes no files in %s: %s", team, code_of(error))
            self._refused[team] = (why, self._clock.monotonic() + REFUSED_FOR_S)
            while len(self._refused) > REFUSED_MAX:
                self._refused.popitem(last=False)
            raise PlatformRefuses(why) from error

    async def end(self, team: str, holder: str, *, but: Collection[str] = ()) -> None:
        """Have the files deleted that `holder` shows, `but` for some."""
        await self._store.end(SLACK, team, holder, self._clock.now(), but=but)
        self.wake()

    def wake(self) -> None:
        """Look now, as some may be due."""
        self._woken.set()

    async def run(self) -> None:
        """Delete what is due, until cancelled."""
        while True:
            self._woken.clear()
            try:
                while await self.look():
                    pass
            except Exception:
                log.exception("files on Slack could not be looked at; they will be again")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._woken.wait()

    async def look(self) -> bool:
        """Delete a portion of what is due. Returns whether there may be more."""
        due = await self._store.due(SLACK, self._clock.now(), AT_ONCE)
        await asyncio.gather(*map(self._delete, due))
        return len(due) == AT_ONCE

    async def _delete(self, file: RemoteFile) -> None:
        try:
            async with asyncio.timeout(DELETE_TIMEOUT_S):
                client = await self._clients.client_for(file.community)
                was_there = await self._uploads.drop(client, file.file)
        except Exception as error:  # noqa: BLE001  (also what stands before Slack may answer)
            await self._not_now(file, error)
            return
        arrives_until = file.at + ARRIVES_WITHIN
        if was_there or self._clock.now() >= arrives_until:
            await self._store.forget(file)
        else:
            await self._store.postpone(file, arrives_until)

    async def _not_now(self, file: RemoteFile, error: Exception) -> None:
        why = code_of(error) or type(error).__name__
        if file.tries + 1 < TRIES_MAX:
            log.info("a file stays on Slack for now: %s", why)
            delay = min(AGAIN_AFTER * 2 ** min(file.tries, 20), BACKOFF_MAX)
            await self._store.postpone(file, self._clock.now() + delay)
            return
        log.warning("file %s stays on Slack: %s", file.file, why)
        await self._store.forget(file)
