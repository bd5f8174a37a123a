"""Who let the bot in: one record for each workspace that installed it by itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """`sealed_token` is encrypted; only the adapter that did it can read it."""

    platform: str
    community: str
    name: str
    sealed_token: bytes
    bot_user: str
    bot: str
    scopes: tuple[str, ...]
    at: datetime
