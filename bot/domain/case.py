"""What moderators decide about: cases, reports, strikes, and what follows from them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.asker import Asker

# A claim keeps others away for this long.
CLAIM = timedelta(minutes=10)
# A decision takes effect after this; until then whoever made it can undo it. Not an escalation.
GRACE = timedelta(seconds=5)
# A case undecided for this long expires: pictures stay hidden, their cost is given back.
UNDECIDED_MAX = timedelta(hours=48)
# A removed picture is kept this long for the second look, then its file goes.
SECOND_LOOK_WITHIN = timedelta(days=7)
# This many refusals of the hard tier within this time suspend for so long, and open a case.
HARD_HITS = 3
HARD_HITS_WITHIN = timedelta(hours=24)
SUSPENDED_FOR_WORDS = timedelta(hours=24)
# Reports by this many people with standing hide a result until it is decided.
REPORTS_HIDE = 3
# Members and accounts younger than this have no standing yet.
STANDING_AGE = timedelta(days=7)
# From outside at most this many are taken a day, everywhere together: more than that nobody reads.
OUTSIDE_REPORTS_A_DAY = 100
# After this many wrong reports, if most of theirs were wrong, somebody's reports don't count.
FALSE_REPORTS_MAX = 3
REASON_MAX_CHARS = 500


class CaseKind(StrEnum):
    PICTURES = "pictures"  # withheld until somebody looked
    REPORT = "report"
    WORDS = "words"  # refusals of the hard tier


class CaseState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    EXPIRED = "expired"  # nobody decided in time
    FROZEN = "frozen"  # escalated; only the owner may act on it
    CLOSED = "closed"  # by the owner, or by age


class Decision(StrEnum):
    APPROVE = "approve"
    BLUR = "blur"
    REMOVE = "remove"
    STRIKE = "strike"  # removes, too
    ESCALATE = "escalate"

    @property
    def removes(self) -> bool:
        return self in (Decision.REMOVE, Decision.STRIKE)

    @property
    def waits(self) -> bool:
        """Whether it takes effect after GRACE, as all but an escalation do."""
        return self is not Decision.ESCALATE


class Category(StrEnum):
    """Why something is reported. One report of the gravest hides a result at once."""

    OTHER = "other"
    INDECENT = "indecent"
    HATE = "hate"
    VIOLENCE = "violence"
    REAL_PERSON = "real_person"
    MINORS = "minors"

    @property
    def is_gravest(self) -> bool:
        return self is Category.MINORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    category: Category
    reason: str
    at: datetime
    counts: bool  # whether its reporter has standing
    outside: bool = False  # by somebody without an account


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPicture:
    """A picture of a case and who looked at it. `hidden` while people can't see it."""

    number: int  # from 1
    width_px: int
    height_px: int
    hidden: bool
    there: bool  # its file is still kept
    source: str
    flagged: bool | None  # by the service that drew it
    score: float | None
    model: str
    version: str
    threshold: float | None
    categories: tuple[str, ...] = ()  # what a moderation service saw


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`subject` is the person it is about; values of `…_by` name moderators as the audit does."""

    id: str
    kind: CaseKind
    state: CaseState
    platform: str
    community: str
    subject: str
    subject_name: str
    channel: str
    private: bool
    job: str | None  # key
    job_id: str | None  # as people type it
    round: int
    opened_at: datetime
    claimed_by: str | None
    claimed_until: datetime | None
    decision: Decision | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    effect_at: datetime | None
    first_decision: Decision | None
    first_decided_by: str | None
    account_created_at: datetime | None
    joined_at: datetime | None
    pictures: tuple[SeenPicture, ...] = ()
    reports: tuple[Report, ...] = ()
    refused: int = 0  # prompts of the hard tier behind it
    strikes: int = 0  # of the subject, in force now
    # Where the card of its job hangs: the platform's own record, without secrets.
    card: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def hidden(self) -> int:
        return sum(picture.hidden for picture in self.pictures)

    def is_about(self, asker: Asker) -> bool:
        own = (self.platform, self.community, self.subject)
        return own == (asker.platform, asker.community, asker.person)

    def is_pending(self, now: datetime) -> bool:
        """Whether the decision can still be taken back."""
        decided = self.state is CaseState.DECIDED
        return decided and self.effect_at is not None and now < self.effect_at

    def is_claimed(self, now: datetime, *, by_others_than: str) -> bool:
        if self.claimed_by in (None, by_others_than) or self.claimed_until is None:
            return False
        return now < self.claimed_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    id: int
    case: str | None
    reason: str
    at: datetime
    expires_at: datetime
    lifted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What moderators may know of one person's past."""

    results: int
    refused_prompts: int
    strikes: tuple[Strike, ...]
    blocked_until: datetime | None
    blocked: bool
    locked: bool
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """How much somebody drew since `since` that is visible, or was taken down."""

    results: int
    pictures: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Statistics of the moderators' work."""

    open: int
    median_age_s: float | None  # of those that are open
    decided: int
    second_looks: int
    overturned: int

    @property
    def overturned_share(self) -> float | None:
        return self.overturned / self.second_looks if self.second_looks else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNotice:
    """A notice that is still to be sent. `place` is person, moderators or owner."""

    id: int
    topic: str
    place: str
    platform: str
    community: str
    person: str
    code: str
    detail: dict[str, str]
    attempts: int

    @property
    def surface(self) -> str:
        """The platform, or "owner"."""
        return "owner" if self.place == "owner" else self.platform

    @property
    def lane(self) -> str:
        """The surface and the community."""
        return f"{self.surface} {self.community}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEvidence:
    """A file of a frozen case that is still to be copied to the restricted folder."""

    case: int
    case_id: str
    position: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueHash:
    """A withheld file that nobody knows yet as a starting image, and where it is withheld."""

    case: int
    sha256: str
    media_type: str


def sanction(strikes: int) -> timedelta | None:
    """How long a new strike suspends when `strikes` are in force with it; None is for good."""
    return _SUSPENSIONS[strikes - 1] if strikes <= len(_SUSPENSIONS) else None


_SUSPENSIONS = (timedelta(0), timedelta(days=1), timedelta(days=7))


def has_standing(reporter: Asker, *, upheld: int, rejected: int, now: datetime) -> bool:
    """Whether somebody's report counts towards hiding a result."""
    if reporter.is_outsider:
        return False
    if rejected >= FALSE_REPORTS_MAX and rejected > upheld:
        return False
    ages = (reporter.account_created_at, reporter.joined_at)
    return all(since is None or now - since >= STANDING_AGE for since in ages)


def hides(reports: tuple[Report, ...]) -> bool:
    """Whether these reports hide their result until a moderator decides."""
    counted = [report for report in reports if report.counts]
    return len(counted) >= REPORTS_HIDE or any(r.category.is_gravest for r in counted)


def actor_of(asker: Asker) -> str:
    """The name in the audit of whoever did something."""
    return f"{asker.platform}:{asker.community}:{asker.person}"
