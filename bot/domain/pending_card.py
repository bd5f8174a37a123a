"""A card that is posted before its job exists; it is recorded before it is posted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCard:
    """`key` is its future job's; `tries` counts attempts to settle it if no job came of it.

    Discord fills in the rest as well, to tell its asker: `address` is a card's, `words` are what
    the person wrote.
    """

    key: str
    platform: str
    community: str
    channel: str
    at: datetime
    tries: int = 0
    person: str = ""
    address: Mapping[str, Any] = field(default_factory=dict, repr=False)
    words: str = field(default="", repr=False)
