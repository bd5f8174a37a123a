"""A request between its acknowledgement and its job, and the card that is posted for it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCard:
    """`key` is its future job's; `tries` counts attempts to delete it if no job came of it.

    `channel` is "" before there may be a card. `person` is told if the request is lost; "" once
    they know how it ended.
    """

    key: str
    platform: str
    community: str
    channel: str
    at: datetime
    person: str = ""
    tries: int = 0
