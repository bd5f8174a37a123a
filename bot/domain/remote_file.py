"""A file that the bot puts on a chat platform; it is noted before it is sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SeenBy(StrEnum):
    """Who is shown a file, and so at which verdicts about its picture it goes."""

    EVERYONE = "everyone"  # of a channel: it goes also when the picture is covered
    ONE = "one"  # who asked to see it: it goes when the picture may not be seen
    MODERATOR = "moderator"  # it goes when the picture is deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """`file` is the platform's id. Without `until` it stays as long as its picture does.

    `holder` names what shows it. `job` is a key and `positions`, from 0, are its pictures'; none
    are all. `person` is whose export it is.
    """

    platform: str
    community: str
    file: str
    holder: str
    seen_by: SeenBy
    at: datetime
    job: str | None = None
    positions: tuple[int, ...] = ()
    person: str = ""
    until: datetime | None = None
    tries: int = 0  # to delete it
