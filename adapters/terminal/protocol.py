"""What is sent to the bot and what comes back, in one process or between two."""

from collections.abc import AsyncGenerator
from typing import Any, Protocol, Self

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from bot.accounts.owner import OWNER
from bot.domain.job_view import JobView, Phase
from bot.errors import BotError, from_record, to_record
from bot.jobs.drafts import CardPlace, Draft
from bot.jobs.studio import Studio
from bot.picture_file import File
from bot.request.image_request import ImageRequest
from bot.request.options import validate
from bot.wording import notes_of, plain, status

SURFACE = "terminal"
# Of the control API, in `server.py` and `client.py`.
ERROR_STATUS = 409


class ImagineOrder(BaseModel):
    """One `limner imagine`. Sent twice with the same `event_id` it is one job."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_id: str = Field(min_length=16, max_length=64)
    fields: dict[str, Any]  # by option name, as typed
    image: Base64Bytes | None = Field(None, repr=False)
    private: bool = False

    def request(self) -> ImageRequest:
        """Raises BadRequest."""
        return validate({**self.fields, "image": self.image})


class Report(BaseModel):
    """A job's progress: what the terminal shows of a JobView."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    public_id: str
    phase: Phase
    line: str  # how far it is, or how it ended
    notes: tuple[str, ...]
    fraction: float | None
    numbers: tuple[int, ...]  # of the pictures that may be shown
    seed: int
    model: str
    cost_micros: int
    failure_record: dict[str, Any] | None

    @classmethod
    def of(cls, view: JobView) -> Self:
        return cls(
            key=view.key,
            public_id=view.public_id,
            phase=view.phase,
            line=plain(status(view)),
            notes=tuple(map(plain, notes_of(view))),
            fraction=view.progress.fraction,
            numbers=tuple(picture.number for picture in view.pictures),
            seed=view.seed,
            model=view.model,
            cost_micros=view.cost_micros or 0,
            failure_record=None if view.failure is None else to_record(view.failure),
        )

    @property
    def failure(self) -> BotError | None:
        return None if self.failure_record is None else from_record(self.failure_record)


class Running(BaseModel):
    """The bot that answers: its version, and where this machine reaches its page."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: str
    url: str


class PlatformState(BaseModel):
    """A chat platform's connection: `state` is up, connecting or down; `why` is for the owner."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    state: str
    since: str
    why: str


class State(BaseModel):
    """How the bot that answers is, each part by itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    database: bool
    drawing: bool  # its backend takes requests now
    loops_down: tuple[str, ...]
    platforms: tuple[PlatformState, ...]


class NoAnswer(Exception):
    """The bot has stopped, or it speaks another language."""


class Bot(Protocol):
    """What `limner imagine` needs of a bot, in this process or another.

    Every method raises BotError, or NoAnswer if the bot is gone.
    """

    async def imagine(self, order: ImagineOrder) -> Report: ...

    def watch(self, key: str) -> AsyncGenerator[Report]:
        """Reports as they change; ends after the final one."""

    async def file(self, public_id: str, number: int) -> File: ...

    async def cancel(self, public_id: str) -> None: ...


class InProcess:
    """Implements Bot over a Studio in this process."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def imagine(self, order: ImagineOrder) -> Report:
        draft = Draft(order.request(), order.private)
        place = CardPlace(SURFACE, {})
        view = await self._studio.submit(OWNER, draft, event_id=order.event_id, card=place)
        return Report.of(view)

    async def watch(self, key: str) -> AsyncGenerator[Report]:
        async for view in self._studio.watch(key):
            yield Report.of(view)

    async def file(self, public_id: str, number: int) -> File:
        return await self._studio.file(OWNER, public_id, number)

    async def cancel(self, public_id: str) -> None:
        await self._studio.cancel(OWNER, public_id)
