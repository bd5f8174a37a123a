"""Every seam on one page: what the bot needs from the world, named for the one who calls it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Protocol

from bot.domain.case import Case
from bot.domain.job_view import JobView
from bot.domain.model import Model
from bot.domain.moderation_policy import Look
from bot.images.result import Drawn, ImageResult, OnProgress, Picture, PictureType
from bot.request.image_request import ImageRequest
from bot.wording.parts import Sentence

# The same from the engine, with a small JPEG of the first picture as it is so far, or None.
OnStep = Callable[[float, bytes | None], None]
# An address is a small JSON record, opaque to the bot.
Address = Mapping[str, Any]
Checkpoint = Callable[[Address], Awaitable[None]]


class Clock(Protocol):
    """Time comes in as a parameter; tests bring their own."""

    def now(self) -> datetime:
        """This moment, UTC, aware."""

    def monotonic(self) -> float:
        """Seconds since some fixed point."""

    async def sleep(self, delay_s: float) -> None: ...


class Backend(Protocol):
    """Where pictures are drawn."""

    @property
    def name(self) -> str:
        """As the job's row remembers it: "api", "sketch", "local"."""

    @property
    def repeatable(self) -> bool:
        """Whether an interrupted drawing may simply be drawn again: it costs nothing."""

    @property
    def capacity(self) -> int:
        """How many requests it takes at once now; 0 while it starts or rests."""

    def price(self, request: ImageRequest) -> int:
        """The most that `draw` will charge, in micro-dollars. `request` is fitted."""

    def check(self) -> None:
        """Raises BackendResting while it is known to be useless to ask."""

    def address(self) -> str:
        """Which place would draw now; the job's row remembers it before the call goes out."""

    async def draw(
        self, request: ImageRequest, on_progress: OnProgress, *, address: str
    ) -> ImageResult:
        """Draw a fitted request with a seed. Raises BackendFailed and its kinds.

        Cancelling gives the place free and leaves no file behind.
        """

    async def run(self, capacity_grew: Callable[[], None]) -> None:
        """What it does beside drawing, until cancelled; returns where there is nothing to do.

        Calls `capacity_grew` when more may be drawn at once than before.
        """


class Engine(Protocol):
    """Models on this very machine. `adapters/api` is its HTTP face; both run in their own process.

    Requests share the denoiser: they join and leave its batch at every step.
    """

    @property
    def models(self) -> Sequence[Model]:
        """What it draws with, the default first."""

    async def draw(
        self, request: ImageRequest, on_step: OnStep, *, caller: str, previews: bool = False
    ) -> Drawn:
        """Draw a fitted request with a seed; `caller` shares its turns fairly with the others.

        Without `previews` the second argument of `on_step` is always None.

        Raises QueueFull when nothing more is admitted, BadRequest for weights it doesn't have,
        BackendFailed and its kinds. Cancelling gives the place free at the next step.
        """

    def health(self) -> Mapping[str, Any]:
        """Numbers and words for /health and /metrics; "ok" is whether it draws."""


class Pictures(Protocol):
    """Bytes by content. Rows with their reference counts live in the store; files live here."""

    @property
    def lock(self) -> asyncio.Lock:
        """Held from putting a file until its row is written, and while files without are removed.

        Equal pictures share a file: without this, one job's deletion could take another's.
        """

    def free_bytes(self) -> int:
        """What the disk has left."""

    async def put(self, picture: Picture) -> None:
        """Move a drawn picture's file into the store, durable when this returns. Idempotent."""

    async def put_bytes(self, data: bytes, kind: PictureType) -> str:
        """Store `data`; returns its sha256. Idempotent."""

    async def read(self, sha256: str, kind: PictureType) -> bytes:
        """Raises NotFound."""

    async def thumbnail(self, sha256: str, kind: PictureType, side_px: int) -> bytes:
        """A WebP of at most `side_px`, made when first asked for. Raises NotFound."""

    async def delete(self, sha256: str) -> None:
        """Remove the file and its thumbnails. Idempotent."""

    async def restrict(self, sha256: str, kind: PictureType, name: str) -> None:
        """Copy a file as `name` to a folder that nothing is shown from, and durably. Idempotent.

        The caller deletes the original once this returned. A file that is gone is no error.
        """

    async def unrestrict(self, name: str) -> None:
        """Delete what lies under names that begin with `name` there. Idempotent."""

    async def blurred(
        self, sha256: str, kind: PictureType, made: PictureType = PictureType.WEBP
    ) -> bytes:
        """A small, grey, blurred copy, made anew each time and kept nowhere. Raises NotFound."""

    async def fitted(
        self, sha256: str, kind: PictureType, limit_bytes: int, types: Sequence[PictureType]
    ) -> tuple[bytes, PictureType]:
        """A picture as it is, or re-encoded where it is heavier or of none of `types`.

        Raises NotFound, PictureRefused where even a small copy is too heavy.
        """

    async def sweep(self, known: AbstractSet[str], *, now: datetime) -> int:
        """Remove old files that are not `known`; returns how many."""


class Classifier(Protocol):
    """Looks at pictures itself, where nobody else did."""

    async def look(self, data: bytes, *, scored: bool) -> Look:
        """What is seen in a PNG, JPEG or WebP: a hash, and a score if it is wanted.

        Never raises: what can't be read, or takes too long, is unknown.
        """


class HashMatcher(Protocol):
    """Recognises pictures that may not be shown again."""

    async def knows_any(self, platform: str, community: str) -> bool:
        """Whether there is anything to recognise there, so that hashing is worth its time."""

    async def matches(self, pdq: bytes, platform: str, community: str) -> bool:
        """Whether a picture with these hashes (as in `Look`) was removed there, or everywhere."""


class Roles(Protocol):
    """What somebody is in a community at this moment; chat platforms know."""

    async def moderates(self, community: str, person: str) -> bool: ...
    async def administers(self, community: str, person: str) -> bool: ...


class Names(Protocol):
    """What a community and things in it are called now; chat platforms know, and may be slow."""

    async def called(self, community: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Names by id, of the community and of channels and roles in it; those that are known."""


class Surface(Protocol):
    """Where a card is shown: a chat platform, the playground, the terminal, a webhook."""

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        """Make the message at `address` look like `view`; safe to repeat after a restart.

        Awaits `checkpoint(address)` whenever it learned an id, before it uses it. Raises
        Unreachable when it will never work, anything else when a retry may help.
        """

    async def withdraw(self, address: Address) -> None:
        """Take the message down. Idempotent."""

    async def tell(
        self, person: str, notice: Sentence, *, key: str = "", community: str = ""
    ) -> None:
        """Say something to one person, privately where the platform can.

        The same `key` is not said twice where the platform can tell; "" is always said. Some
        platforms know a person only within their `community`.
        """


class Announcer(Protocol):
    """How those who run a server or workspace learn of something; chat platforms have it."""

    async def announce(
        self, community: str, notice: Sentence, *, case: str = "", key: str = ""
    ) -> None:
        """Say `notice` in the channel that they chose, or nowhere.

        `case` is the id of a case that they may decide right there. The same `key` is not said
        twice where the platform can tell; then it raises when a retry may help.
        """

    def case_changed(self, case: Case) -> None:
        """Somebody claimed or decided `case`, or took that back: its cards shall show it."""


class Alerts(Protocol):
    """How the owner learns that something needs a hand."""

    async def alert(self, topic: str, text: str) -> None:
        """Tell the owner; the same topic is not repeated within an hour. Never raises."""


class Unreachable(Exception):
    """The message, channel or person at an address is gone for good."""
