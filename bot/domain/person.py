"""People as the bot knows them: blocks, and what is kept about one person."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Somebody, or a whole community, may not draw. `until` None is for good."""

    id: int
    reason: str
    actor: str
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure let go: how many jobs, and which messages will be taken down."""

    jobs: int
    cards: int
