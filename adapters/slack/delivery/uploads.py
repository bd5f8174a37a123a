"""Uploads pictures to Slack in three calls, and waits until Slack has processed them.

Nobody sees an upload that is shared nowhere, so that a second one after a crash does no harm;
remote_files.py notes each one beforehand, and deletes it. No call has a prompt in its arguments, as
slack_sdk writes them into the address.
"""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.platform import limits
from adapters.slack.platform.hosts import is_slacks
from adapters.slack.platform.pacing import PacedClient
from adapters.slack.platform.web_api import code_of
from bot.images.result import PictureType
from bot.ports import Clock

# Far below what Slack takes, so that pictures load fast.
FILE_MAX_BYTES = 20 * 1024 * 1024
FILE_TYPES = (PictureType.PNG, PictureType.JPEG)
# Slack still refuses blocks with a picture for a moment after it says that it is processed.
BLOCKS_AGAIN_S = (0.5, 1.5, 4.0)
# Waits between looks, 25 s in all; Slack processes a picture in a second or two.
LOOK_AGAIN_S = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 5.0, 7.0, 7.0)
# The least of them while many pictures are looked at: Slack takes a hundred looks a minute.
LOOK_SELDOM_S = 2.0
SELDOM_BELOW = 60
UPLOAD_TIMEOUT_S = 60.0
KNOWN_MAX = 2_000
_OK = 200

log = logging.getLogger(__name__)


class UploadFailed(OSError):
    """The bytes did not arrive at Slack; a later try may help."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on Slack; `ready` says that its picture can be shown in a block."""

    file: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bytes of a file may be sent; whoever has the `url` may send them."""

    file: str
    url: str = field(repr=False)


class Uploads:
    """Remembers in memory which file shows what, so that it isn't uploaded again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: OrderedDict[str, str] = OrderedDict()

    def known(self, team: str, sha256: str) -> str:
        """The file of a picture that was uploaded since the bot started, else ""."""
        return self._known.get(f"{team}:{sha256}", "")

    def remember(self, team: str, sha256: str, file: str) -> None:
        self._known[f"{team}:{sha256}"] = file
        self._known.move_to_end(f"{team}:{sha256}")
        while len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)

    def forget(self, file: str) -> None:
        for name in [name for name, known in self._known.items() if known == file]:
            del self._known[name]

    async def reserve(self, client: AsyncWebClient, name: str, size_bytes: int) -> Place:
        """Ask for a place. There is no file yet: only `complete` makes it."""
        got = await client.files_getUploadURLExternal(filename=name, length=size_bytes)
        return Place(str(got["file_id"]), str(got["upload_url"]))

    async def post(self, client: AsyncWebClient, place: Place, data: bytes) -> None:
        """Send the bytes. Raises UploadFailed and errors of the network."""
        await _post(client, place.url, data)

    async def complete(
        self,
        client: AsyncWebClient,
        brought: Sequence[tuple[str, str]],
        *,
        channel: str = "",
        thread: str = "",
    ) -> list[Upload]:
        """Make files of what was posted, shared in `channel` or nowhere; `brought` are ids and
        names.
        """
        wanted: list[dict[str, str | None]] = [
            {"id": file, "title": name} for file, name in brought
        ]
        done = await client.files_completeUploadExternal(
            files=wanted, channel_id=channel or None, thread_ts=thread or None
        )
        ready = {str(file["id"]) for file in done.get("files") or () if _is_ready(file)}
        return [Upload(file, file in ready) for file, _ in brought]

    async def ready(self, client: PacedClient, files: Sequence[str]) -> bool:
        """Wait until Slack has processed all of them; False when it takes too long.

        Raises SlackApiError for a file that is gone.
        """
        waiting = list(files)
        for usual_s in (0.0, *LOOK_AGAIN_S):
            delay_s = usual_s
            if client.line("files.info").room < SELDOM_BELOW:
                delay_s = max(delay_s, LOOK_SELDOM_S)
            if delay_s:
                await self._clock.sleep(delay_s)
            answers = [await client.files_info(file=file) for file in waiting]
            waiting = [
                file
                for file, got in zip(waiting, answers, strict=True)
                if not _is_ready(got["file"])
            ]
            if not waiting:
                return True
        log.warning("Slack has not processed %d pictures in time", len(waiting))
        return False

    async def drop(self, client: AsyncWebClient, file: str) -> bool:
        """Delete a file, wherever it is shared. Returns whether there was one."""
        self.forget(file)
        try:
            await client.files_delete(file=file)
        except SlackApiError as error:
            if code_of(error) not in limits.FILE_GONE:
                raise
            return False
        return True


def _is_ready(file: dict[str, Any]) -> bool:
    """Slack fills in the type once it has processed the file."""
    return bool(file.get("mimetype"))


async def _post(client: AsyncWebClient, url: str, data: bytes) -> None:
    if not is_slacks(client, url):
        raise UploadFailed(f"an address for uploads at {urlsplit(url).hostname}")
    session = client.session
    assert session is not None, "the adapter's clients share a session"
    timeout = aiohttp.ClientTimeout(total=UPLOAD_TIMEOUT_S)
    async with session.post(url, data=data, timeout=timeout, allow_redirects=False) as got:
        if got.status != _OK:
            raise UploadFailed(f"status {got.status}")
