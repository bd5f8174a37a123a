"""The address of a card on Discord, which the bot stores as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from adapters.discord.platform.channels import message_url
from adapters.discord.platform.limits import (
    ATTACHMENT_MAX_BYTES,
    INTERACTION_TOKEN_LIFETIME,
    INTERACTION_TOKEN_USED,
)


class Attempt(StrEnum):
    """The way that is being tried: TOKEN → MESSAGE → NEW → DM; each but DM may be skipped.

    Never goes back, as what was tried since may have arrived.
    """

    TOKEN = "token"  # noqa: S105  (a way, not a token): the interaction's reply is edited
    MESSAGE = "message"  # the same message, with the bot's own token
    NEW = "new"  # another message in the channel
    DM = "dm"  # one in the person's private messages


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAddress:
    """Ids are those of Discord; 0 is unknown. `token` is a secret, "" once it expired."""

    application_id: int
    person: int
    token: str = ""
    token_expires_at: datetime | None = None
    guild: int = 0
    channel: int = 0
    message: int = 0
    dm: int = 0  # the private channel, once the delivery went there
    private: bool = False
    reachable: bool = True  # the bot itself is a member where the channel is
    file_limit_bytes: int = ATTACHMENT_MAX_BYTES
    attempt: Attempt = Attempt.TOKEN
    attempted_at: datetime | None = None
    posted: bool = False  # the final card was delivered

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Self:
        values = {name: record[name] for name in cls.__dataclass_fields__ if name in record}
        for name in ("token_expires_at", "attempted_at"):
            if values.get(name):
                values[name] = datetime.fromisoformat(values[name])
        if "attempt" in values:
            values["attempt"] = Attempt(values["attempt"])
        return cls(**values)

    def to_record(self) -> dict[str, Any]:
        record = asdict(self)
        for name in ("token_expires_at", "attempted_at"):
            value = record[name]
            record[name] = value.isoformat() if value else None
        if not self.token:
            del record["token"], record["token_expires_at"]
        return record

    @property
    def url(self) -> str:
        """Of the message in Discord's clients; "" for one that only its asker can see."""
        if not self.message or (self.private and not self.dm):
            return ""
        if self.dm:
            return message_url(0, self.dm, self.message)
        return message_url(self.guild, self.channel, self.message)

    def token_lives(self, now: datetime) -> bool:
        """Whether the token may be used; from a minute before its end it may not."""
        if not self.token or self.token_expires_at is None:
            return False
        return now < self.token_expires_at - (INTERACTION_TOKEN_LIFETIME - INTERACTION_TOKEN_USED)

    def without_token(self) -> Self:
        return replace(self, token="", token_expires_at=None)


def link_of(address: Mapping[str, Any]) -> str:
    """As Platform.link."""
    return CardAddress.read(address).url
