"""The port Books: what storage remembers, each operation one transaction named in our words.

`storage/books.py` implements these five over SQLite. Everything that decides does so inside a
writer transaction; the methods under "reads" serve pages and lists and promise nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.asker import Asker
from bot.budgets import Gate, Level, Window
from bot.communities import CommunitySettings
from bot.errors import BotError
from bot.job import Job, KeptBlob, NewJob, Verdict
from bot.models import Model
from bot.people import Erased
from bot.result import ImageResult, PictureType


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What stands on the account of one gate, which may not have been opened yet."""

    gate: Gate
    granted_micros: int
    held_micros: int
    posted_micros: int
    closes_at: datetime | None

    @property
    def level(self) -> Level:
        return self.gate.level

    @property
    def window(self) -> Window:
        return self.gate.window

    @property
    def limit_micros(self) -> int | None:
        """The limit in force with what admins granted; None is no limit."""
        return (
            None if self.gate.limit_micros is None else self.gate.limit_micros + self.granted_micros
        )

    @property
    def left_micros(self) -> int | None:
        if self.limit_micros is None:
            return None
        return max(0, self.limit_micros - self.held_micros - self.posted_micros)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCard:
    """A message that does not look like its job yet."""

    id: int
    job: str
    surface: str
    address: Mapping[str, Any]
    withdraw: bool
    attempts: int


class JobBooks(Protocol):
    """Money and the life of jobs. Every method that changes a job returns it as it is then."""

    async def reserve(
        self,
        new: NewJob,
        gates: Sequence[Gate],
        now: datetime,
        *,
        open_per_person: int,
        open_at_all: int,
    ) -> Job: ...
    async def submit(
        self,
        key: str,
        *,
        backend: str,
        address: str,
        repeatable: bool,
        deadline_at: datetime,
        now: datetime,
    ) -> Job: ...
    async def produce(self, key: str, result: ImageResult, now: datetime) -> Job: ...
    async def judge(self, key: str, verdicts: Sequence[Verdict], now: datetime) -> Job: ...
    async def fail(self, key: str, error: BotError, now: datetime, billed: int = 0) -> Job: ...
    async def cancel(self, key: str, error: BotError, now: datetime) -> Job: ...
    async def lose(self, key: str, error: BotError, now: datetime) -> Job: ...
    async def refund(self, key: str, actor: str, now: datetime) -> Job: ...
    async def remove_pictures(self, key: str, positions: Iterable[int], now: datetime) -> Job: ...
    async def expire(self, now: datetime) -> list[Job]: ...
    async def recover(self, waits_until: datetime, now: datetime) -> list[Job]: ...

    # reads
    async def job(self, key: str) -> Job: ...
    async def job_by_public_id(self, public_id: str) -> Job: ...
    async def public_id(self, key: str) -> str | None: ...
    async def jobs_of(self, asker: Asker, before: datetime | None, limit: int) -> list[Job]: ...
    async def open_jobs_of(self, asker: Asker) -> list[Job]: ...
    async def balances(self, gates: Sequence[Gate], now: datetime) -> list[Balance]: ...


class CardBooks(Protocol):
    """The outbox of revisions."""

    async def checkpoint(self, card: int, address: Mapping[str, Any]) -> None: ...
    async def shown(self, card: int, revision: int) -> None: ...
    async def failed(self, card: int, trouble: str, retry_at: datetime | None) -> None: ...
    async def withdrawn(self, card: int) -> None: ...

    # reads
    async def due(self, now: datetime, limit: int) -> list[DueCard]: ...


class PeopleBooks(Protocol):
    """People and communities."""

    async def set_defaults(self, asker: Asker, values: Mapping[str, Any]) -> None: ...
    async def set_community(
        self,
        platform: str,
        community: str,
        settings: CommunitySettings,
        actor: str,
        now: datetime,
    ) -> None: ...
    async def pause(self, *, paused: bool, actor: str, now: datetime) -> None: ...
    async def block(
        self, asker: Asker, *, reason: str, until: datetime | None, actor: str, now: datetime
    ) -> int: ...
    async def lift(self, asker: Asker, actor: str, now: datetime) -> int: ...
    async def grant(self, gate: Gate, amount: int, key: str, actor: str, now: datetime) -> bool: ...
    async def erase(self, platform: str, community: str, person: str, now: datetime) -> Erased: ...
    async def retire(self, before: datetime, limit: int, now: datetime) -> int: ...

    # reads
    async def check_standing(self, asker: Asker, now: datetime) -> None: ...
    async def defaults(self, asker: Asker) -> dict[str, Any]: ...
    async def places_of(self, platform: str, person: str) -> list[str]: ...
    async def accounts_of(self, asker: Asker) -> list[dict[str, Any]]: ...
    async def community(self, platform: str, community: str) -> CommunitySettings: ...


class OwnerBooks(Protocol):
    """What belongs to the installation: models, notes, files."""

    async def write_note(self, name: str, value: Any) -> None: ...
    async def keep_models(self, models: Iterable[Model], now: datetime) -> None: ...
    async def forget_file(self, sha256: str) -> None: ...
    async def keep_file(self, blob: KeptBlob, now: datetime) -> None: ...

    # reads
    async def note(self, name: str) -> Any: ...
    async def models(self) -> list[Model]: ...
    async def unused_files(self, limit: int) -> list[tuple[str, PictureType]]: ...
    async def known_files(self) -> set[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one person used in a window."""

    person: str
    posted_micros: int


class ChatBooks(Protocol):
    """What chat platforms add: presets, favourites, reports, notices that are sent once."""

    async def save_preset(
        self, asker: Asker, name: str, values: Mapping[str, Any] | None
    ) -> None: ...
    async def favour(self, asker: Asker, job: str, now: datetime) -> bool: ...
    async def report(self, asker: Asker, job: str, reason: str, now: datetime) -> int | None: ...
    async def tell_once(self, topic: str, now: datetime) -> bool: ...
    async def forget_tokens(self, now: datetime) -> int: ...
    async def undo(self, platform: str, community: str, actor: str, now: datetime) -> str: ...

    # reads
    async def presets(self, asker: Asker) -> dict[str, dict[str, Any]]: ...
    async def favourites(self, asker: Asker, limit: int) -> list[Job]: ...
    async def spenders(
        self, platform: str, community: str, period: str, limit: int
    ) -> list[Spent]: ...


class Books(Protocol):
    """All of it, and whether it still works."""

    @property
    def jobs(self) -> JobBooks: ...
    @property
    def cards(self) -> CardBooks: ...
    @property
    def people(self) -> PeopleBooks: ...
    @property
    def owner(self) -> OwnerBooks: ...
    @property
    def chat(self) -> ChatBooks: ...
    @property
    def healthy(self) -> bool: ...
