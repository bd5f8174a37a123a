"""Every seam on one page: what the bot needs from the world, named for the one who calls it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from bot.domain.case import Case
from bot.domain.community_settings import Hearing
from bot.domain.job_view import JobView
from bot.domain.model import Model
from bot.domain.moderation_policy import Finding, Look
from bot.domain.repair import Repair
from bot.images.result import Drawn, ImageResult, OnProgress, Picture, PictureType
from bot.request.image_request import ImageRequest
from bot.wording.parts import Sentence

# As OnProgress, with a small JPEG of the first picture as it is so far, or None.
OnStep = Callable[[float, bytes | None], None]
# An address is a small JSON record, opaque to the bot.
Address = Mapping[str, Any]
Checkpoint = Callable[[Address], Awaitable[None]]


class Clock(Protocol):
    """Time, handed in so that tests can control it."""

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
        """Whether an interrupted drawing may be drawn again, because drawing is not billed."""

    @property
    def capacity(self) -> int:
        """How many requests it takes at once now; 0 while it starts or rests."""

    def price(self, request: ImageRequest) -> int:
        """The most that `draw` will charge, in micro-dollars. `request` is fitted."""

    def check(self) -> None:
        """Raises BackendResting while requests are known to fail."""

    def address(self) -> str:
        """The address that would draw now; stored in the job's row before the call goes out."""

    async def draw(
        self, request: ImageRequest, on_progress: OnProgress, *, address: str
    ) -> ImageResult:
        """Draw a fitted request with a seed. Raises BackendFailed and its kinds.

        Cancelling gives the place free and leaves no file behind.
        """

    async def run(self, capacity_grew: Callable[[], None]) -> None:
        """Do what has to be done beside drawing, until cancelled; returns if there is nothing.

        Calls `capacity_grew` when more may be drawn at once than before.
        """


class Engine(Protocol):
    """Models on this machine, in a process of their own together with `adapters/api`.

    Requests share the denoiser: they join and leave its batch at every step.
    """

    @property
    def models(self) -> Sequence[Model]:
        """The models that it draws with, the default first."""

    async def draw(
        self, request: ImageRequest, on_step: OnStep, *, caller: str, previews: bool = False
    ) -> Drawn:
        """Draw a fitted request with a seed. Steps are shared fairly between callers.

        Without `previews` the second argument of `on_step` is always None.

        Raises QueueFull when nothing more is admitted, BadRequest for weights it doesn't have,
        BackendFailed and its kinds. Cancelling gives the place free at the next step.
        """

    def health(self) -> Mapping[str, Any]:
        """Facts for /health and /metrics; "ok" is whether it can draw."""


class Pictures(Protocol):
    """Files by the hash of their content; their rows and reference counts are in the store."""

    def keeping(self, hashes: Collection[str]) -> AbstractAsyncContextManager[None]:
        """Held from before files are put until their rows are written: nobody deletes them.

        Equal pictures share a file: without this, one job's deletion could take another's.
        """

    def deleting(self, hashes: Collection[str]) -> AbstractAsyncContextManager[Sequence[str]]:
        """Those of `hashes` that nobody keeps; whoever wants to waits until the block ends.

        Inside the block: ask the store which of them have no row, or an unused one, `delete` these,
        then write that they are gone.
        """

    def free_bytes(self) -> int:
        """How many bytes the disk has left."""

    async def put(self, *pictures: Picture) -> None:
        """Move files of drawn pictures into the store, durable when this returns. Idempotent.

        A damaged file of the same name is replaced.
        """

    async def put_bytes(self, data: bytes, kind: PictureType) -> str:
        """Store `data`; returns its sha256. As `put`."""

    async def read(self, sha256: str, kind: PictureType) -> bytes:
        """Raises NotFound, of a "damaged_picture" if its content is no longer what was put."""

    async def thumbnail(self, sha256: str, kind: PictureType, side_px: int) -> bytes:
        """A WebP of at most `side_px`, made when first asked for. Raises NotFound."""

    async def delete(self, hashes: Collection[str]) -> Sequence[str]:
        """Remove files and their thumbnails; returns which are gone. Idempotent. See `deleting`."""

    def stored(self, limit: int) -> AsyncIterator[Sequence[str]]:
        """The sha256 of every file there is, at most `limit` at once, whoever put it."""

    async def restrict(self, sha256: str, kind: PictureType, name: str) -> None:
        """Copy a file as `name` to the restricted folder, durably. Idempotent.

        The caller deletes the original once this returned. A file that is gone is no error.
        """

    async def unrestrict(self, name: str) -> None:
        """Delete the restricted files whose names begin with `name`. Idempotent."""

    async def blurred(
        self, sha256: str, kind: PictureType, made: PictureType = PictureType.WEBP
    ) -> bytes:
        """A small, grey, blurred copy, made anew each time and kept nowhere. Raises NotFound."""

    async def grid(
        self, tiles: Sequence[tuple[str, PictureType] | None], size: tuple[int, int]
    ) -> tuple[bytes, PictureType]:
        """Pictures by sha256 and type as one, numbered, each of `size` (px) or smaller; None is
        covered. Kept nowhere. Raises NotFound, PictureRefused.
        """

    async def fitted(
        self, sha256: str, kind: PictureType, limit_bytes: int, types: Sequence[PictureType]
    ) -> tuple[bytes, PictureType]:
        """A picture as it is, or re-encoded where it is heavier or of none of `types`.

        Raises NotFound, PictureRefused where even a small copy is too heavy.
        """


class Classifier(Protocol):
    """Looks at pictures that the service left without a flag."""

    async def look(self, data: bytes, *, scored: bool) -> Look:
        """What is seen in a PNG, JPEG or WebP: a hash, and a score if it is wanted.

        Never raises: what can't be read, or takes too long, is unknown.
        """


class Moderation(Protocol):
    """A service that looks at words and pictures. Never raises: what it can't say is unknown."""

    async def words(self, text: str) -> Finding: ...
    async def picture(self, data: bytes, text: str = "") -> Finding:
        """What is in a PNG, JPEG or WebP, together with the words that it was drawn from."""


class HashMatcher(Protocol):
    """Recognises pictures that may not be shown again."""

    async def knows_any(self, platform: str, community: str) -> bool:
        """Whether any hash is blocked there; without one, pictures need not be hashed."""

    async def matches(self, pdq: bytes, platform: str, community: str) -> bool:
        """Whether a picture with these hashes (as in `Look`) was removed there, or everywhere."""


class Roles(Protocol):
    """Rights of a person in a community at this moment, as the chat platform says.

    Raises whatever the platform's client raises where it can't say.
    """

    async def moderates(self, community: str, person: str) -> bool: ...
    async def administers(self, community: str, person: str) -> bool: ...


class Names(Protocol):
    """Names of communities, channels and roles, as the chat platform says, perhaps slowly."""

    async def called(self, community: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Names by id, of the community and of channels and roles in it, as far as known."""


class Surface(Protocol):
    """Where a card is shown: a chat platform, the playground, the terminal, a webhook."""

    async def show(self, address: Address, view: JobView, checkpoint: Checkpoint) -> None:
        """Make the message at `address` look like `view`; safe to repeat after a restart.

        Awaits `checkpoint(address)` with each id that it learns, before it uses it. Raises
        Unreachable when it will never work, Deleted where somebody took the message away,
        AwaitsRepair when it works once somebody has mended something, anything else when a retry
        may help.
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
    """Tells the moderators of a server or workspace something; for chat platforms."""

    async def announce(
        self, community: str, notice: Sentence, *, case: str = "", job: str = "", key: str = ""
    ) -> None:
        """Say `notice` in the moderators' channel. Where that can't be, admins are told so.

        `case` is the id of a case that they may decide right there, `job` that of a result that
        they may take down. The same `key` is not said twice where the platform can tell; then it
        raises when a retry may help.
        """

    async def hearing(self, community: str) -> Hearing:
        """Whether the moderators' channel can be written to now. Never raises."""

    def case_changed(self, case: Case) -> None:
        """Somebody claimed or decided `case`, or took that back: its cards shall show it."""


class Alerts(Protocol):
    """Tells the owner that something needs attention."""

    async def alert(self, topic: str, text: str) -> None:
        """Tell the owner; the same topic is not repeated within an hour. Never raises."""


class AwaitsRepair(Exception):
    """A platform doesn't take something until somebody mends what `why` names."""

    def __init__(self, why: Repair) -> None:
        super().__init__(why.value)
        self.why = why


class Unreachable(Exception):
    """The message, channel or person at an address is gone for good."""


class Deleted(Unreachable):
    """Somebody took a card away by hand: it is not posted again."""
