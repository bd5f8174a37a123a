"""A card that is posted before its job exists; it is recorded before it is posted."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCard:
    """`key` is its future job's; `thread` is where in the channel, "" for none; `tries` counts
    attempts to delete it if no job came of it.
    """

    key: str
    platform: str
    community: str
    channel: str
    at: datetime
    thread: str = ""
    tries: int = 0
