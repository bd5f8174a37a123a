"""A workspace that installed the bot by itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """`sealed_token` is encrypted by the adapter, which alone can decrypt it."""

    platform: str
    community: str
    name: str
    sealed_token: bytes
    bot_user: str
    bot: str
    scopes: tuple[str, ...]
    at: datetime
