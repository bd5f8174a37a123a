"""Blocks of people, and what an erasure removed."""

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
    """What an erasure removed: how many jobs, and how many messages will be taken down."""

    jobs: int
    cards: int
