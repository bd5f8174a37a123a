"""A card that is posted before its job exists, written down before it is posted."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCard:
    """`key` is that of the job that is to be; `tries` are those to take an orphan away."""

    key: str
    platform: str
    community: str
    channel: str
    at: datetime
    tries: int = 0
