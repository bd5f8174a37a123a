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
from bot.domain.remote_file import RemoteFile
from bot.domain.repair import Repair
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
    async def cancel(
        self, key: str, error: BotError, now: datetime, *, only_waiting: bool = False
    ) -> Job: ...
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
    async def shown(self, card: int, revision: int, ended: Mapping[str, str] | None = None) -> None:
        """`ended` is what those are told who wanted to know of the job's end."""

    async def failed(self, card: int, trouble: str, retry_at: datetime | None) -> None: ...
    async def tell_me(self, asker: Asker, job: str) -> bool:
        """Have the asker told once when a job has ended. False if it has ended already."""

    async def deleted(self, card: int, now: datetime) -> None:
        """Give up a card that somebody took away, and tell the moderators if pictures are left."""

    async def withdrawn(self, card: int) -> None: ...
    async def awaits_repair(
        self, card: int, why: Repair, retry_at: datetime, now: datetime
    ) -> None:
        """Try again at `retry_at`, and tell admins and owner what is to be mended, once a day."""

    async def look_again(self, surface: str, now: datetime) -> None:
        """What awaits a repair on `surface` is due now: it may be mended."""

    # reads
    async def due(self, now: datetime, limit: int, wanted: Wanted = EVERYTHING) -> list[DueCard]:
        """At most `limit` of each surface."""

    async def addresses(
        self, surface: str, jobs: Sequence[str]
    ) -> dict[str, Mapping[str, Any]]: ...


class PendingCardStore(Protocol):
    """Requests before their job, with the cards that are posted for them; `JobStore.reserve`
    forgets its job's.

    Usually there are few; if there are too many, the oldest are forgotten.
    """

    async def begin(self, card: PendingCard, due_at: datetime) -> None: ...
    async def announce(self, card: PendingCard, due_at: datetime) -> None: ...
    async def answered(self, key: str) -> None:
        """Whoever asked knows how it ended; forget it, unless its card has to be taken away."""

    async def postpone(self, key: str, due_at: datetime) -> None: ...
    async def forget(self, key: str) -> None: ...

    # reads
    async def due(self, platform: str, now: datetime, limit: int) -> list[PendingCard]: ...
    async def is_orphan(self, key: str) -> bool: ...


class RemoteFileStore(Protocol):
    """Files that the bot put on chat platforms. They are due for deletion once their picture goes,
    by itself, and else at their time.
    """

    async def note(self, files: Sequence[RemoteFile]) -> None: ...
    async def end(
        self,
        platform: str,
        community: str,
        holder: str,
        now: datetime,
        *,
        but: Collection[str] = (),
    ) -> None:
        """What `holder` shows is due now, `but` for some files."""

    async def postpone(self, file: RemoteFile, due_at: datetime) -> None: ...
    async def forget(self, file: RemoteFile) -> None: ...

    # reads
    async def due(self, platform: str, now: datetime, limit: int) -> list[RemoteFile]: ...


class PeopleStore(Protocol):
    """People and communities."""

    async def set_defaults(self, asker: Asker, values: Mapping[str, Any]) -> None: ...
    async def change_community(
        self,
        platform: str,
        community: str,
        change: Callable[[CommunitySettings], CommunitySettings],
        actor: str,
        now: datetime,
    ) -> CommunitySettings:
        """The settings once they are changed, whoever else changes them at the same time.

        `change` is called in another thread, within the transaction; what it raises is raised.
        """

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
    async def publish(
        self, job: str, surface: str, address: Mapping[str, Any], now: datetime
    ) -> bool:
        """Make a private job's result everybody's, with a card at `address`; False if it is."""

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
    async def take_down(self, asker: Asker, job: str, now: datetime) -> Job:
        """Withhold the shown pictures of one result, for a moderator. Raises NotFound."""

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


class CommunityStore(Protocol):
    """Which servers and workspaces use the bot, and what becomes of those that leave it."""

    async def decide(
        self, platform: str, community: str, how: str, actor: str, now: datetime
    ) -> None:
        """`how` it may use the bot: by a "code", by the "owner", or not at all ("shut")."""

    async def left(self, platform: str, community: str, now: datetime) -> None: ...
    async def came(self, platform: str, community: str) -> None: ...
    async def present(self, platform: str, communities: Collection[str], now: datetime) -> None:
        """The bot is in these and in no others of the platform."""

    async def forget(self, platform: str, community: str, now: datetime) -> bool:
        """Delete what a community that left chose; False if it came back meanwhile."""

    async def choose_home(
        self, platform: str, person: str, community: str, now: datetime
    ) -> None: ...
    async def told_undelivered(self, platform: str, person: str) -> None: ...

    # reads
    async def decisions(self) -> list[tuple[str, str, str]]:
        """(platform, community, how) of all that was decided."""

    async def departed(self, before: datetime, limit: int) -> list[tuple[str, str]]:
        """Those that left before `before` and are not forgotten yet."""

    async def people_of(
        self, platform: str, community: str, after: str, limit: int
    ) -> list[str]: ...
    async def undelivered(self, platform: str, person: str, limit: int) -> list[str]:
        """Public ids of results that found no way to somebody, who wasn't told of it yet."""

    async def homes_of(self, platform: str, person: str, limit: int) -> list[str]:
        """Where somebody drew, or which they chose to pay in private; the latest first."""


class InstallationStore(Protocol):
    """Workspaces that installed the bot, tickets used once, and events that were delivered."""

    async def save(self, installation: Installation) -> None: ...
    async def replace_token(self, old: Installation, new: Installation) -> bool:
        """False where it has another token than `old` by now, or is gone."""

    async def forget(
        self, platform: str, community: str, sealed_token: bytes, now: datetime
    ) -> bool: ...
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
    def remote_files(self) -> RemoteFileStore: ...
    @property
    def people(self) -> PeopleStore: ...
    @property
    def owner(self) -> OwnerStore: ...
    @property
    def chat(self) -> ChatStore: ...
    @property
    def cases(self) -> CaseStore: ...
    @property
    def communities(self) -> CommunityStore: ...
    @property
    def installations(self) -> InstallationStore: ...
    @property
    def healthy(self) -> bool: ...
