"""Pictures that one person may see: uploads their files, and deletes them from Slack afterwards.

Only the bot can open a file that is shared nowhere; the person sees it in a form or message that
nobody else sees. It is deleted when that is closed, when the result is taken down, or after a
while. Each is stored before it is made, so that it is also deleted after a restart.
"""

import asyncio
import logging
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.delivery.uploads import Upload, Uploads
from adapters.slack.platform.web_api import TROUBLE, Clients, code_of
from bot.ports import Clock
from bot.store import OwnerStore

# How long a moderator may look at a case's picture, and a person at "Show me".
REVEALED_FOR = timedelta(minutes=10)
SHOWN_FOR = timedelta(days=7)
PRIVATE_FILES_MAX = 500
LOOK_EVERY_S = 20.0
_NOTE = "slack_lent"  # stored: must not change

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrivateFile:
    """`holder` names what shows the file: `view:` and its id, or `job:` and its key."""

    team: str
    holder: str
    file: str
    until: str  # ISO 8601, UTC

    def is_over(self, now: datetime) -> bool:
        return datetime.fromisoformat(self.until) <= now


class PrivateFiles:
    """At most PRIVATE_FILES_MAX files: beyond that the oldest is deleted."""

    def __init__(self, notes: OwnerStore, clients: Clients, uploads: Uploads, clock: Clock) -> None:
        self._notes = notes
        self._clients = clients
        self._uploads = uploads
        self._clock = clock
        self._files: list[PrivateFile] | None = None
        self._changing = asyncio.Lock()

    async def upload(
        self,
        client: AsyncWebClient,
        team: str,
        holder: str,
        name: str,
        data: bytes,
        *,
        span: timedelta,
    ) -> Upload:
        """Upload a file that is shared nowhere. Raises UploadFailed, SlackApiError."""
        file = await self._uploads.bring(client, name, data)
        until = (self._clock.now() + span).isoformat()
        async with self._changing:
            files = [*await self._known(), PrivateFile(team, holder, file, until)]
            over, kept = files[:-PRIVATE_FILES_MAX], files[-PRIVATE_FILES_MAX:]
            await self._keep(kept)
        await self._drop(over)
        (done,) = await self._uploads.complete(client, [(file, name)])
        return done

    async def end(self, team: str, holder: str) -> None:
        """Delete the files that `holder` shows; those that can't be deleted now are later."""
        await self._end([each for each in await self._known() if _is_of(each, team, holder)])

    async def end_due(self) -> None:
        now = self._clock.now()
        await self._end([each for each in await self._known() if each.is_over(now)])

    async def run(self) -> None:
        """Delete files whose time is over, until cancelled."""
        while True:
            try:
                await self.end_due()
            except Exception:
                log.exception("private files could not be looked at; it will be again")
            await self._clock.sleep(LOOK_EVERY_S)

    async def _end(self, over: list[PrivateFile]) -> None:
        if not over:
            return
        gone = await self._drop(over)
        async with self._changing:
            await self._keep([each for each in await self._known() if each not in gone])

    async def _drop(self, over: list[PrivateFile]) -> list[PrivateFile]:
        gone = []
        for held in over:
            try:
                client = await self._clients.client_for(held.team)
                await self._uploads.drop(client, held.file)
            except TROUBLE as error:
                log.warning("a private file stays for now: %s", code_of(error) or error)
                if not held.is_over(self._clock.now() - SHOWN_FOR):
                    continue  # else give up on it: the app was probably removed
            gone.append(held)
        return gone

    async def _known(self) -> list[PrivateFile]:
        if self._files is None:
            self._files = [PrivateFile(*each) for each in await self._notes.note(_NOTE) or ()]
        return self._files

    async def _keep(self, files: list[PrivateFile]) -> None:
        await self._notes.write_note(_NOTE, [astuple(each) for each in files])
        self._files = files


def _is_of(held: PrivateFile, team: str, holder: str) -> bool:
    return (held.team, held.holder) == (team, holder)
