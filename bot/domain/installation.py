"""A workspace that installed the bot by itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is `sealed` is encrypted by the adapter, which alone can decrypt it.

    `sealed_refresh` is what another token is to be had for, where this one expires. `enterprise`
    is the organization that the workspace belongs to, "" for none.
    """

    platform: str
    community: str
    name: str
    sealed_token: bytes
    bot_user: str
    bot: str
    scopes: tuple[str, ...]
    at: datetime
    sealed_refresh: bytes | None = None
    expires_at: datetime | None = None
    enterprise: str = ""
