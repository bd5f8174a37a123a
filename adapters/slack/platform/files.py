"""Fetches pictures that people send, from Slack only, and checks their type and size."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.platform import limits
from adapters.slack.platform.hosts import is_slacks
from adapters.slack.platform.web_api import code_of
from bot.errors import BadRequest, Problem
from bot.images.header import IMAGE_MAX_BYTES, IMAGE_TYPES

DOWNLOAD_S = 15.0
_OK = 200
_CHUNK_BYTES = 64 * 1024


def check_file(file: Mapping[str, Any]) -> None:
    """Check the type and size that Slack says a file has. Raises BadRequest."""
    if file.get("size") == 0:
        raise _refused("image_empty")
    kind = str(file.get("mimetype") or "")
    if kind and kind not in IMAGE_TYPES:
        raise _refused("image_type")
    if int(file.get("size") or 0) > IMAGE_MAX_BYTES:
        raise _refused("image_too_large")


def picture_in(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first picture of a message. Raises BadRequest where it has none."""
    for file in message.get("files") or ():
        if str(file.get("mimetype") or "") in IMAGE_TYPES:
            check_file(file)
            return dict(file)
    raise _refused("no_image_there")


async def fetched(client: AsyncWebClient, file: str) -> bytes:
    """The bytes of a file by its id. Raises BadRequest, and TROUBLE where Slack is at fault."""
    try:
        known = (await client.files_info(file=file))["file"]
        check_file(known)
        return await _download(client, str(known.get("url_private") or ""))
    except SlackApiError as error:
        if code_of(error) not in limits.FILE_GONE | limits.UNREADABLE:
            raise
        raise _refused("image_gone") from None


async def _download(client: AsyncWebClient, url: str) -> bytes:
    """Checks the type, as for a bad token Slack answers 200 with a page to sign in."""
    if not is_slacks(client, url) or client.session is None:
        raise _refused("image_gone")
    headers = {"Authorization": f"Bearer {client.token}"}
    timeout = aiohttp.ClientTimeout(total=DOWNLOAD_S)
    async with client.session.get(
        url, headers=headers, timeout=timeout, allow_redirects=False
    ) as got:
        if got.status != _OK or got.content_type not in IMAGE_TYPES:
            raise _refused("image_gone")
        data = bytearray()
        async for chunk in got.content.iter_chunked(_CHUNK_BYTES):
            data += chunk
            if len(data) > IMAGE_MAX_BYTES:
                raise _refused("image_too_large")
    return bytes(data)


def _refused(code: str) -> BadRequest:
    return BadRequest((Problem("image", code, {}),))
