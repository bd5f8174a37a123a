"""A request between its acknowledgement and its job, and the card that is posted for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCard:
    """`key` is its future job's; `tries` counts attempts to settle it if no job came of it.

    `channel` is "" before there may be a card, and `thread` where in it, "" for none. `person` is
    told if the request is lost; "" once they know how it ended. On Discord `address` is the
    card's, and `words` are what they wrote.
    """

    key: str
    platform: str
    community: str
    channel: str
    at: datetime
    person: str = ""
    thread: str = ""
    tries: int = 0
    address: Mapping[str, Any] = field(default_factory=dict, repr=False)
    words: str = field(default="", repr=False)
