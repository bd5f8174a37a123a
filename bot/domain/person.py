"""Blocks of people, what is known of one who asks, and what an erasure removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.budgets import Balance
from bot.domain.community_settings import CommunitySettings
from bot.errors import NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Somebody, or a whole community, may not draw. `until` None is for good."""

    id: int
    reason: str
    actor: str
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of somebody who asks, as of one moment."""

    settings: CommunitySettings
    bar: NotAllowed | None  # Paused or Blocked, to be raised
    defaults: Mapping[str, Any]  # their own, by option
    balances: tuple[Balance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure removed: how many jobs, and how many messages will be taken down."""

    jobs: int
    cards: int
