"""The port Store: what storage remembers, each operation one transaction named in our words.

The files `storage/*_store.py` implement these over SQLite. Whatever decides does so inside a
writer transaction; the methods under "reads" serve pages and lists and promise nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.asker import Asker
from bot.domain.budgets import Balance, Gate, Spent
from bot.domain.case import (
    Case,
    CaseState,
    Category,
    Decision,
    DueEvidence,
    DueHash,
    DueNotice,
    Figures,
    Past,
    Purge,
)
from bot.domain.community_settings import CommunitySettings
from bot.domain.installation import Installation
from bot.domain.job import Job, KeptBlob, NewJob, Verdict
from bot.domain.model import Model
from bot.domain.moderation_policy import Look
from bot.domain.pending_card import PendingCard
from bot.domain.person import Erased, Standing
from bot.domain.retention import Retention
from bot.errors import BotError
from bot.images.result import ImageResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of the things that are due are asked for.

    Of each surface they come fairly: first the oldest of each lane, and slow lanes last.
    """

    surfaces: Sequence[str] | None = None  # None is all
    busy: Sequence[int] = ()  # ids that are being sent
    full: Sequence[str] = ()  # lanes that are left out
    slow: Sequence[str] = ()  # lanes that come last
    per_lane: int | None = None  # at most so many of each; None is all


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCard:
    """A message that is behind its job's revision."""

    id: int
    job: str
    surface: str
    address: Mapping[str, Any]
    withdraw: bool
    attempts: int

    @property
    def lane(self) -> str:
        """The surface and the channel, or for a webhook its address."""
        places = (self.address.get(name) for name in ("channel", "url"))
        return f"{self.surface} {next((place for place in places if place is not None), '')}"


class JobStore(Protocol):
    """Money and the life of jobs. Methods that change a job return it as it is afterwards."""

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
    async def report_cost(self, key: str, cost_micros: int, now: datetime) -> None: ...
    async def produce(self, key: str, result: ImageResult, now: datetime) -> Job: ...
    async def judge(
        self,
        key: str,
        verdicts: Sequence[Verdict],
        now: datetime,
        looks: Sequence[Look] = (),
    ) -> Job: ...
    async def not_judged(self, key: str, now: datetime) -> None:
        """Note that a verdict failed; it is tried again later, and at last the owner is told."""

    async def keep_look(self, key: str, position: int, look: Look, now: datetime) -> None: ...
    async def fail(self, key: str, error: BotError, now: datetime) -> Job: ...
    async def cancel(self, key: str, error: BotError, now: datetime) -> Job: ...
    async def refund(self, key: str, actor: str, now: datetime) -> Job: ...
    async def remove_pictures(self, key: str, positions: Iterable[int], now: datetime) -> Job: ...
    async def recover(
        self, waits_until: datetime, now: datetime, is_carried: Callable[[str], bool]
    ) -> list[Job]:
        """Put a portion of the jobs that nobody carries in order.

        Returns them; none is left when none is returned, provided that the caller carries them.
        """

    # reads
    async def job(self, key: str) -> Job: ...
    async def job_by_public_id(self, public_id: str) -> Job: ...
    async def public_id(self, key: str) -> str | None: ...
    async def jobs_of(self, asker: Asker, before: datetime | None, limit: int) -> list[Job]: ...
    async def open_jobs_of(self, asker: Asker) -> list[Job]: ...
    async def balances(self, gates: Sequence[Gate], now: datetime) -> list[Balance]: ...


class CardStore(Protocol):
    """The outbox of cards that are behind their jobs."""

    async def checkpoint(self, card: int, address: Mapping[str, Any]) -> None: ...
    async def shown(self, card: int, revision: int) -> None: ...
    async def failed(self, card: int, trouble: str, retry_at: datetime | None) -> None: ...
    async def withdrawn(self, card: int) -> None: ...

    # reads
    async def due(self, now: datetime, limit: int, wanted: Wanted = EVERYTHING) -> list[DueCard]:
        """At most `limit` of each surface."""

    async def addresses(
        self, surface: str, jobs: Sequence[str]
    ) -> dict[str, Mapping[str, Any]]: ...


class PendingCardStore(Protocol):
    """Cards that are posted before their job exists; `JobStore.reserve` forgets its job's.

    Usually there are few; if there are too many, the oldest are forgotten.
    """

    async def announce(self, card: PendingCard, due_at: datetime) -> None: ...
    async def postpone(self, key: str, due_at: datetime) -> None: ...
    async def forget(self, key: str) -> None: ...

    # reads
    async def due(self, platform: str, now: datetime, limit: int) -> list[PendingCard]: ...
    async def is_orphan(self, key: str) -> bool: ...


class PeopleStore(Protocol):
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
    async def standing(
        self,
        asker: Asker,
        gates_of: Callable[[CommunitySettings], Sequence[Gate]],
        now: datetime,
    ) -> Standing:
        """All that a quote asks for, in one read. `gates_of` is called in another thread."""

    async def defaults(self, asker: Asker) -> dict[str, Any]: ...
    async def places_of(self, platform: str, person: str) -> list[str]: ...
    async def accounts_of(self, asker: Asker) -> list[dict[str, Any]]: ...
    async def community(self, platform: str, community: str) -> CommunitySettings: ...
    async def communities(self) -> list[tuple[str, str]]: ...


class OwnerStore(Protocol):
    """What belongs to the installation: models, notes, files."""

    async def write_note(self, name: str, value: Any) -> None: ...
    async def keep_models(self, models: Iterable[Model], now: datetime) -> None: ...
    async def drop_copies(self, before: datetime | None) -> int:
        """Delete copies of the database from before it was migrated or replaced.

        Those that were made before `before`, or all of them.
        """

    async def scrub(self) -> bool:
        """Leave nothing of what was deleted on disk; False if somebody reads: try again then."""

    async def forget_files(self, hashes: Collection[str]) -> None: ...
    async def keep_file(self, blob: KeptBlob, now: datetime) -> None: ...

    # reads
    async def note(self, name: str) -> Any: ...
    async def models(self) -> list[Model]: ...
    async def unused_files(self, after: str, limit: int) -> list[str]: ...
    async def unused_among(self, hashes: Collection[str]) -> list[str]: ...
    async def unknown_among(self, hashes: Collection[str]) -> list[str]: ...


class ChatStore(Protocol):
    """What chat platforms add: presets, favourites, reports, notices that are sent once."""

    async def save_preset(
        self, asker: Asker, name: str, values: Mapping[str, Any] | None
    ) -> None: ...
    async def favour(self, asker: Asker, job: str, now: datetime) -> bool: ...
    async def tell_once(self, topic: str, now: datetime) -> bool: ...
    async def warn(
        self, gate: Gate, topics: Sequence[str], detail: Mapping[str, str], now: datetime
    ) -> bool:
        """Queue a notice to the moderators of a gate's community about a used budget.

        The first topic is sent, and none of the others after it. False if it was sent before.
        """

    async def forget_tokens(self, now: datetime, limit: int) -> int: ...
    async def undo(self, platform: str, community: str, actor: str, now: datetime) -> str: ...

    # reads
    async def presets(self, asker: Asker) -> dict[str, dict[str, Any]]: ...
    async def favourites(self, asker: Asker, limit: int) -> list[Job]: ...
    async def spenders(
        self, platform: str, community: str, period: str, limit: int
    ) -> list[Spent]: ...


class CaseStore(Protocol):
    """Moderation. Rights are checked again here, inside the transaction of each deed."""

    async def report(
        self, asker: Asker, job: str, reason: str, category: Category, now: datetime
    ) -> str | None: ...
    async def refuse_prompt(self, asker: Asker, prompt: str, now: datetime) -> str | None: ...
    async def claim(self, case: str, asker: Asker, now: datetime) -> Case: ...
    async def release(self, case: str, asker: Asker, now: datetime) -> Case: ...
    async def decide(
        self, case: str, decision: Decision, reason: str, asker: Asker, now: datetime
    ) -> tuple[Case, list[Job]]: ...
    async def take_back(self, case: str, asker: Asker, now: datetime) -> Case: ...
    async def second_look(self, asker: Asker, job: str, now: datetime) -> Case: ...
    async def apply_due(self, now: datetime, limit: int) -> list[Job]: ...
    async def expire(self, before: datetime, limit: int, now: datetime) -> list[Job]: ...
    async def purge(
        self, asker: Asker, person: str, since: datetime, now: datetime
    ) -> tuple[Purge, list[Job]]: ...
    async def strike(
        self, member: Asker, reason: str, lasts: timedelta, actor: str, now: datetime
    ) -> int: ...
    async def lift_strike(
        self, platform: str, community: str, strike: int, actor: str, now: datetime
    ) -> None: ...
    async def trace(self, limit: int, now: datetime) -> tuple[list[Job], bool]:
        """One portion of what cases reach, or give back; and whether there is more."""

    async def hashed(
        self, file: DueHash, alike: Sequence[str], pdq: bytes, now: datetime
    ) -> None: ...
    async def secured(self, case: int, position: int, now: datetime) -> None: ...
    async def close_frozen(
        self, case: str, *, unlock: bool, drop: bool, actor: str, now: datetime
    ) -> None: ...
    async def said(self, notice: int) -> None: ...
    async def not_said(self, notice: int, retry_at: datetime | None) -> None: ...
    async def record(
        self, actor: str, action: str, subject: str, detail: dict[str, Any], now: datetime
    ) -> None: ...
    async def block_hash(self, pdq: bytes, source: str, now: datetime) -> None: ...
    async def keep_to_retention(self, keep: Retention, limit: int, now: datetime) -> int: ...

    # reads
    async def case(self, public_id: str, now: datetime) -> Case: ...
    async def queue(
        self,
        platform: str | None,
        community: str | None,
        states: Sequence[CaseState],
        now: datetime,
    ) -> list[Case]: ...
    async def past(self, platform: str, community: str, person: str, now: datetime) -> Past: ...
    async def purgeable(
        self, platform: str, community: str, person: str, since: datetime
    ) -> Purge: ...
    async def figures(
        self, platform: str | None, community: str | None, now: datetime
    ) -> Figures: ...
    async def due_notices(
        self, now: datetime, limit: int, wanted: Wanted = EVERYTHING
    ) -> list[DueNotice]:
        """At most `limit` of each surface."""

    async def due_evidence(self, limit: int) -> list[DueEvidence]: ...
    async def next_effect_at(self) -> datetime | None: ...
    async def due_hashes(self, limit: int) -> list[DueHash]: ...
    async def starting_hashes(self, after: str, limit: int) -> list[tuple[str, str, bytes]]:
        """(job, sha256 of its starting image, one hash of 32 bytes), in the order of jobs."""

    async def hashes_after(self, number: int, limit: int) -> list[tuple[int, str, str, bytes]]: ...
    async def hash_count(self) -> int: ...
    async def records_of(self, asker: Asker) -> dict[str, Any]: ...
    async def moderation_of(self, asker: Asker) -> dict[str, Any]: ...


class InstallationStore(Protocol):
    """Workspaces that installed the bot, tickets used once, and events that were delivered."""

    async def save(self, installation: Installation) -> None: ...
    async def forget(self, platform: str, community: str, sealed_token: bytes) -> bool: ...
    async def issue_ticket(self, digest: str, expires_at: datetime, now: datetime) -> None: ...
    async def use_ticket(self, digest: str, now: datetime) -> bool: ...
    async def take_delivery(self, topic: str, now: datetime) -> bool: ...
    async def forget_deliveries(self, before: datetime, limit: int) -> int: ...

    # reads
    async def installation(self, platform: str, community: str) -> Installation | None: ...
    async def installed(self, platform: str) -> list[Installation]: ...


class Store(Protocol):
    """All stores, and whether the database still works."""

    @property
    def jobs(self) -> JobStore: ...
    @property
    def cards(self) -> CardStore: ...
    @property
    def pending_cards(self) -> PendingCardStore: ...
    @property
    def people(self) -> PeopleStore: ...
    @property
    def owner(self) -> OwnerStore: ...
    @property
    def chat(self) -> ChatStore: ...
    @property
    def cases(self) -> CaseStore: ...
    @property
    def installations(self) -> InstallationStore: ...
    @property
    def healthy(self) -> bool: ...
