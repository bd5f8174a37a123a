"""What the ledger should say, worked out anew from the jobs each time: no counters, no entries.

Slow, small, and it shares no code with the storage.
"""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
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
    epoch: int
    state: JobState = JobState.RESERVED
    paid: bool = True
    called_in: int | None = None
    strays: dict[int, int] = field(default_factory=dict)  # epoch → what its call cost
    judge_failures: int = 0
    judge_at: datetime | None = None
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
        strays = sum(self.strays.values())
        if self.is_open:
            return strays
        if self.bill is None:  # a paid call with unknown outcome
            return self.quote + strays
        return self.bill - self.charge + strays

    @property
    def call(self) -> int:
        """The epoch whose call the bill is of, or which is to make one."""
        return self.epoch if self.called_in is None else self.called_in

    def is_to_be_judged(self, now: datetime) -> bool:
        waits = self.judge_at is not None and self.judge_at > now
        return self.state is JobState.PRODUCED and not self.judged and not waits

    def become(self, state: JobState, epoch: int, bill: int | None = None) -> None:
        self.state, self.epoch, self.bill = state, epoch, bill
        # What was just drawn is not seen before its verdict.
        self.revision += state is not JobState.PRODUCED

    def fail(self, epoch: int, *, known: bool = False) -> None:
        """A paid call is lost, unless its outcome is known."""
        lost = self.state is JobState.SUBMITTED and self.paid and not known
        self.give_up(JobState.LOST if lost else JobState.FAILED, epoch)

    def give_up(self, state: JobState, epoch: int) -> None:
        """Closed without pictures: a bill that was not reported is 0, or unknown."""
        unknown = self.state is JobState.SUBMITTED and self.paid and state is not JobState.FAILED
        known = None if unknown else 0
        self.become(state, epoch, known if self.reported is None else self.reported)

    def take_bill(self, cost: int, epoch: int) -> bool:
        """Whether it is one, and is booked now or was before; else it is a conflict."""
        if epoch < self.call:
            if cost:
                return self.strays.setdefault(epoch, cost) == cost
            return epoch not in self.strays
        if self.state is JobState.SUBMITTED:
            self.reported = cost
            return True
        late = self.state in CLOSED_WITHOUT_PICTURES and self.called_in is not None
        if late and self.reported is None:
            self.bill = self.reported = cost
            return True
        return self.bill == cost

    def recover(self, waits_until: datetime, now: datetime, epoch: int) -> None:
        """The table of what is done about a job that nobody carries."""
        late = self.deadline_at <= now
        if (self.state is JobState.RESERVED and late) or (
            self.state is JobState.SUBMITTED and (late or self.paid or self.reported)
        ):
            self.fail(epoch)
        elif self.state is JobState.SUBMITTED:
            self.become(JobState.RESERVED, epoch)
            self.deadline_at, self.reported, self.called_in = waits_until, None, None
        else:
            self.epoch = epoch


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

    def of(self, asker: Asker) -> list[ModelJob]:
        return [job for job in self.jobs.values() if job.asker == asker]

    def held(self, account: AccountKey) -> int:
        return sum(job.quote for job in self._on(account) if job.is_open)

    def posted(self, account: AccountKey) -> int:
        return sum(job.charge for job in self._on(account))

    def house(self, account: AccountKey) -> int:
        """What the house paid for jobs that hold on `account`, which is one of the owner's."""
        return sum(job.on_house for job in self._on(account))

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

    def recover(
        self, carried: Container[str], waits_until: datetime, now: datetime, epoch: int
    ) -> list[str]:
        """What is put in order: what is open, and what is to be judged."""
        found = [
            key
            for key, job in self.jobs.items()
            if key not in carried and (job.is_open or job.is_to_be_judged(now))
        ]
        for key in found:
            self.jobs[key].recover(waits_until, now, epoch)
        return found

    def forget(self, job: ModelJob) -> None:
        """Erasure and retention: words and files go, money stays."""
        job.kept, job.judged = False, True
        job.files = [None] * len(job.files)

    def _on(self, account: AccountKey) -> Iterator[ModelJob]:
        return (job for job in self.jobs.values() if account in job.accounts)

    def _room(self, gate: Gate, now: datetime) -> int:
        key = account_key(gate, now)
        used = self.held(key) + self.posted(key)
        if gate.level == "operator":
            used += self.house(key)
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
