"""Sending a message once, even if the bot fails between sending it and noting that."""

import hashlib
from collections.abc import Sequence

import discord

from adapters.discord.platform.interaction_reply import QUIET
from adapters.discord.platform.limits import MESSAGES_PAGE, NO_WAY_IN, NONCE_MAX_CHARS

_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


def mark_of(key: str) -> int:
    """The (invisible) id of the outermost component of a message with this key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) >> 1 or 1


async def send_once(
    client: discord.Client,
    place: discord.abc.Messageable,
    layout: discord.ui.LayoutView,
    key: str,
    files: Sequence[discord.File] = (),
) -> discord.Message:
    """Send `layout`, marked with `mark_of(key)`, unless it stands there already.

    Discord itself says the same nonce once, but only within some minutes; afterwards the mark is
    looked for among the newest messages. Raises HTTPException.
    """
    if (known := await _sent_before(client, place, key)) is not None:
        return known
    nonce = hashlib.sha256(key.encode()).hexdigest()[:NONCE_MAX_CHARS]
    return await place.send(view=layout, files=files, allowed_mentions=QUIET, nonce=nonce)


async def _sent_before(
    client: discord.Client, place: discord.abc.Messageable, key: str
) -> discord.Message | None:
    own, mark = client.user, mark_of(key)
    try:
        async for each in place.history(limit=MESSAGES_PAGE):
            ids = [getattr(component, "id", None) for component in each.components]
            if own is not None and each.author.id == own.id and mark in ids:
                return each
    except discord.HTTPException as error:
        if error.code not in NO_WAY_IN:
            raise
    return None


def may_work_later(error: discord.HTTPException) -> bool:
    """Whether a retry may succeed; for a closed person or channel it won't."""
    return error.status >= _SERVER_ERROR or error.status == _TOO_MANY_REQUESTS
