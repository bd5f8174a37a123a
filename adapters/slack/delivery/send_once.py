"""Sends messages at most once, also where a send breaks off before its end is stored."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.delivery.card_delivery import Uncertain, find
from adapters.slack.platform import limits
from adapters.slack.platform.once import Once
from adapters.slack.platform.web_api import code_of
from adapters.slack.rendering import job_card
from adapters.slack.rendering.blocks import Block

# How far back an attempt is looked for: the outbox tries for about a day.
TRIED_FOR = timedelta(hours=30)

log = logging.getLogger(__name__)


async def send_once(
    client: AsyncWebClient,
    channel: str,
    text: str,
    made: Sequence[Block],
    *,
    key: str,
    case: str = "",
    once: Once,
    now: datetime,
) -> str:
    """Send a message unless it is there already. Returns its `ts`, "" where that can't be seen.

    Slack has no nonce, so the first attempt is stored before it is made, and every further one
    first looks into the conversation. Raises SlackApiError and errors of the network.
    """
    if not await once(f"notice:{channel}:{key}"):
        try:
            if found := await find(client, channel, key, _since(now)):
                return found
        except Uncertain:
            return ""
        except SlackApiError as error:
            if code_of(error) not in limits.UNREADABLE:
                raise
            log.warning("whether a notice was said can't be seen, so it is not repeated")
            return ""
    marked = job_card.metadata(key, **({"case": case} if case else {}))
    return await send(client, channel, text, made, metadata=marked)


async def send(
    client: AsyncWebClient, channel: str, text: str, made: Sequence[Block], **more: Any
) -> str:
    """Send a message whose links show no previews. Returns its `ts`."""
    said: dict[str, Any] = {
        "text": text,
        "blocks": list(made),
        "unfurl_links": False,
        "unfurl_media": False,
    }
    got = await client.chat_postMessage(channel=channel, **said, **more)
    return str(got["ts"])


def _since(now: datetime) -> str:
    return f"{(now - TRIED_FOR).timestamp():.6f}"
