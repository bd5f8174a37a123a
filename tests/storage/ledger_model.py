"""What the ledger should say, worked out anew from the jobs each time: no counters, no entries.

Slow, small, and it shares no code with the storage.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.asker import Asker
from bot.domain.budgets import Gate
from bot.domain.job import JobState, KeptBlob

OPEN = (JobState.RESERVED, JobState.SUBMITTED)
CLOSED_WITHOUT_PICTURES = (JobState.FAILED, JobState.CANCELLED, JobState.LOST)

# Level, platform, community, person, window.
AccountKey = tuple[str, str, str, str, str]


@dataclass
class ModelJob:
    asker: Asker
    quote: int
    prompt: str
    image: KeptBlob | None
    accounts: tuple[AccountKey, ...]
    created_at: datetime
    deadline_at: datetime
    state: JobState = JobState.RESERVED
    paid: bool = True
    reported: int | None = None
    bill: int | None = None
    revision: int = 1
    files: list[str | None] = field(default_factory=list)
    judged: bool = False
    kept: bool = True  # whether its words and files are still there

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def charge(self) -> int:
        """What it cost the budgets of the person, the community, the operator."""
        return min(self.bill or 0, self.quote) if self.state is JobState.PRODUCED else 0

    @property
    def on_house(self) -> int:
        if self.is_open:
            return 0
        if self.bill is None:  # a paid call with unknown outcome
            return self.quote
        return self.bill - self.charge

    def become(self, state: JobState, bill: int | None = None) -> None:
        self.state, self.bill = state, bill
        # What was just drawn is not seen before its verdict.
        self.revision += state is not JobState.PRODUCED

    def give_up(self, state: JobState) -> None:
        """Closed without pictures: a bill that was not reported is 0, or unknown."""
        unknown = self.state is JobState.SUBMITTED and self.paid and state is not JobState.FAILED
        known = None if unknown or state is JobState.LOST else 0
        self.become(state, known if self.reported is None else self.reported)


@dataclass
class ModelAccount:
    gated: bool
    credits: int
    granted: int = 0


class Model:
    def __init__(self) -> None:
        self.jobs: dict[str, ModelJob] = {}
        self.accounts: dict[AccountKey, ModelAccount] = {}

    def in_state(self, *states: JobState) -> list[str]:
        return [key for key, job in self.jobs.items() if job.state in states]

    def with_bill(self) -> list[str]:
        late = self.in_state(*CLOSED_WITHOUT_PICTURES, JobState.PRODUCED)
        return [key for key in late if self.jobs[key].bill is not None]

    def without_bill(self) -> list[str]:
        late = self.in_state(*CLOSED_WITHOUT_PICTURES)
        return [key for key in late if self.jobs[key].bill is None]

    def of(self, asker: Asker) -> list[ModelJob]:
        return [job for job in self.jobs.values() if job.asker == asker]

    def held(self, account: AccountKey) -> int:
        return sum(job.quote for job in self._on(account) if job.is_open)

    def posted(self, account: AccountKey) -> int:
        return sum(job.charge for job in self._on(account))

    def house(self) -> int:
        return sum(job.on_house for job in self.jobs.values())

    def references(self) -> Counter[str]:
        """How often each stored file is in use."""
        found: Counter[str] = Counter()
        for job in self.jobs.values():
            found.update(name for name in job.files if name)
            if job.image and job.kept:
                found[job.image.sha256] += 1
        return found

    def first_full(self, gates: Sequence[Gate], amount: int, now: datetime) -> Gate | None:
        """The first gate that has no room for `amount`."""
        for gate in gates:
            if gate.limit_micros is not None and self._room(gate, now) < amount:
                return gate
        return None

    def open(self, gate: Gate, now: datetime) -> ModelAccount:
        """The gate's account now, with the limit in force: never below what is used."""
        key = account_key(gate, now)
        account = self.accounts.setdefault(key, ModelAccount(gated=False, credits=0))
        account.gated = gate.limit_micros is not None
        if gate.limit_micros is not None:
            used = self.held(key) + self.posted(key)
            account.credits = max(gate.limit_micros + account.granted, used)
        return account

    def grant(self, gate: Gate, amount: int, now: datetime) -> None:
        account = self.open(gate, now)
        account.credits += amount
        account.granted += amount
        self.open(gate, now)

    def expire(self, now: datetime) -> list[str]:
        """The sweep: which jobs it closes."""
        late = [key for key in self.in_state(*OPEN) if self.jobs[key].deadline_at <= now]
        for key in late:
            job = self.jobs[key]
            paid = job.state is JobState.SUBMITTED and job.paid
            job.give_up(JobState.LOST if paid else JobState.FAILED)
        return late

    def recover(self, waits_until: datetime, now: datetime) -> list[str]:
        """The table of what a start finds; which jobs must go on."""
        self.expire(now)
        for key in self.in_state(JobState.SUBMITTED):
            job = self.jobs[key]
            if job.paid:
                job.give_up(JobState.LOST)
            else:
                job.become(JobState.RESERVED)
                job.deadline_at, job.reported = waits_until, None
        unjudged = [key for key in self.in_state(JobState.PRODUCED) if not self.jobs[key].judged]
        return self.in_state(JobState.RESERVED) + unjudged

    def forget(self, job: ModelJob) -> None:
        """Erasure and retention: words and files go, money stays."""
        job.kept, job.judged = False, True
        job.files = [None] * len(job.files)

    def _on(self, account: AccountKey) -> Iterator[ModelJob]:
        return (job for job in self.jobs.values() if account in job.accounts)

    def _room(self, gate: Gate, now: datetime) -> int:
        key = account_key(gate, now)
        used = self.held(key) + self.posted(key)
        granted = self.accounts[key].granted if key in self.accounts else 0
        return max((gate.limit_micros or 0) + granted - used, 0)


def account_key(gate: Gate, now: datetime) -> AccountKey:
    day = now.astimezone(ZoneInfo(gate.timezone)).date()
    first = day if gate.window == "day" else day.replace(day=1)
    period = f"{gate.window}:{first}@{gate.timezone}"
    return (gate.level, gate.platform, gate.community, gate.person, period)


def closes_at(gate: Gate, now: datetime) -> datetime:
    """When the account of `gate` is over. For zones whose clocks never change at midnight."""
    zone = ZoneInfo(gate.timezone)
    day = now.astimezone(zone).date()
    nearly = day.replace(day=28) if gate.window == "month" else day
    after = nearly + timedelta(days=1)
    while gate.window == "month" and after.month == day.month:
        after += timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
