"""What people can do: the only thing that adapters call."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.asker import Asker
from bot.models import Model
from bot.ports import Address
from bot.request import ImageRequest
from bot.view import JobView


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where the card of a new job goes: the surface's name and its own address."""

    surface: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a request would cost at most, and what it leaves. None is no limit."""

    request: ImageRequest  # fitted to the model that serves
    micros: int
    left_micros: int | None  # the smallest of all levels
    pictures_left: int | None  # of this kind, with what is left now


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLeft:
    """One budget of the asker. Amounts are micro-dollars; `limit_micros` None is no limit."""

    level: str  # "person", "community", "operator"
    window: str
    limit_micros: int | None
    held_micros: int
    posted_micros: int
    closes_at: datetime | None

    @property
    def left_micros(self) -> int | None:
        if self.limit_micros is None:
            return None
        return max(0, self.limit_micros - self.held_micros - self.posted_micros)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    windows: tuple[WindowLeft, ...]
    pictures_left: int | None  # of the default kind; None is no limit
    free: bool  # drawing costs nothing here


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A picture as it leaves the bot, with its parameters and the mark of generated media."""

    data: bytes
    name: str
    media_type: str


class Studio:
    """Every method raises BotError; every one checks permission and budget anew."""

    async def quote(self, asker: Asker, request: ImageRequest) -> Quote:
        """Everything that can refuse `request` before anything is promised. Read-only."""
        raise NotImplementedError

    async def imagine(
        self,
        asker: Asker,
        request: ImageRequest,
        *,
        event_id: str,
        card: CardPlace,
        private: bool = False,
    ) -> JobView:
        """Hold the money and queue the job. The same `event_id` again returns the same job."""
        raise NotImplementedError

    async def again(
        self, asker: Asker, public_id: str, *, event_id: str, card: CardPlace
    ) -> JobView:
        """The same request with a new seed; whoever asks pays."""
        raise NotImplementedError

    async def vary(
        self, asker: Asker, public_id: str, number: int, *, event_id: str, card: CardPlace
    ) -> JobView:
        """Redraw picture `number` (from 1) with itself as the starting image."""
        raise NotImplementedError

    async def edit(
        self,
        asker: Asker,
        public_id: str,
        changes: Mapping[str, Any],
        *,
        event_id: str,
        card: CardPlace,
    ) -> JobView:
        """The same request with `changes` by field name."""
        raise NotImplementedError

    async def cancel(self, asker: Asker, public_id: str = "") -> JobView:
        """Stop a job that waits or runs; "" is the asker's newest."""
        raise NotImplementedError

    async def delete(self, asker: Asker, public_id: str, number: int | None = None) -> JobView:
        """Take pictures down everywhere and out of the store; None is all of them."""
        raise NotImplementedError

    async def show(self, asker: Asker, public_id: str) -> JobView:
        """The card of a job as `asker` may see it. Raises NotFound, NotYours, SignInNeeded."""
        raise NotImplementedError

    async def request_of(self, asker: Asker, public_id: str) -> ImageRequest:
        """What was asked, for "Edit" and "copy as command"."""
        raise NotImplementedError

    async def history(
        self, asker: Asker, *, before: datetime | None = None, limit: int = 20
    ) -> tuple[JobView, ...]:
        """The asker's own jobs, newest first."""
        raise NotImplementedError

    def watch(self, key: str) -> AsyncIterator[JobView]:
        """Views of one job as it changes, the newest only; ends after the final one."""
        raise NotImplementedError

    async def file(self, asker: Asker, public_id: str, number: int) -> File:
        """Picture `number` (from 1) as it leaves the bot."""
        raise NotImplementedError

    async def thumbnail(self, asker: Asker, public_id: str, number: int, side_px: int) -> Path:
        """A WebP of at most `side_px` on its longer side, made when first asked for."""
        raise NotImplementedError

    async def quota(self, asker: Asker) -> Quota:
        raise NotImplementedError

    async def models(self, asker: Asker) -> tuple[Model, ...]:
        """What `asker` may use, the default first."""
        raise NotImplementedError

    async def defaults(self, asker: Asker) -> dict[str, Any]:
        """The asker's personal defaults, by field name."""
        raise NotImplementedError

    async def set_defaults(self, asker: Asker, values: Mapping[str, Any]) -> None:
        """Replace the personal defaults; validated like a request."""
        raise NotImplementedError
