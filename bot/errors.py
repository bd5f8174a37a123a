"""All errors, and who is told of them. Errors carry data; `wording/` has the sentences.

BotError                      the person who asked is told
├── BadRequest                their input: one Problem for each thing to mend
├── NotFound                  no such picture, model or option
├── NotAllowed                permission or policy
│   ├── Blocked               this person, until a time or for good
│   ├── Paused                nobody may draw now
│   ├── PromptRefused         the words are against the rules here
│   ├── NotYours              somebody else's picture
│   ├── CantPost              the bot could not show a result in this channel
│   ├── SignInNeeded          the page or the action wants a known person
│   ├── TooManyRefused        this person was refused too often just now
│   └── TooNew                the account or the membership is too young
├── QuotaExceeded             a budget is full; names it and says when it opens
├── TooManyWaiting            this person's places in the queue are taken
├── QueueFull                 everybody's places are taken
├── Busy                      too many ask at once; this was not begun
├── Conflict                  the same key with another payload, or a state that does not allow it
├── NoSpace                   the disk is full; said before money is spent
├── WaitedTooLong             the queue took longer than anyone should wait
├── Cancelled                 on the person's own wish
├── Interrupted               the bot stopped in the middle; the outcome is unknown
├── ShuttingDown              the bot stops now
├── PlatformAway              the chat platform fails, or takes nothing more for now
├── PlatformRefuses           the bot, or its files; somebody has to mend that there
├── Broken                    a fault of our own
└── BackendFailed             not their fault, not charged
    ├── BackendBusy           429, 503: nothing was started, a retry is worth it
    ├── BackendUnreachable    no connection, nothing was started
    ├── BackendResting        too many failures in a row; the bot accepts nothing for now
    ├── BackendTimedOut       no answer in time; the outcome is unknown
    ├── BackendCutOff         the connection broke after the request went out; unknown
    ├── BackendKeyRefused     401, 403: the owner must look at the key
    ├── BackendNeedsMoney     402: the owner must pay
    ├── BackendModelMissing   404
    ├── BackendLocked         423
    ├── BackendRejected       400, 422, with the service's own words
    ├── BackendModerated      the service declined to draw this
    ├── BackendBroken         5xx
    ├── BackendGarbled        an answer that cannot be read
    ├── BackendBlank          pictures of one colour that nobody asked for
    └── BackendEmpty          a good answer without a picture
Misconfigured                 the operator is told at start; never reaches a channel
InvalidValue                  one value is wrong; becomes a Problem of a BadRequest
"""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, ClassVar


class BotError(Exception):
    """Every subclass is a dataclass of plain values, so that a job's row can store it."""

    # Whether the service may have drawn and billed although the call failed.
    outcome_unknown: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a request.

    `code` picks the sentence in `wording/`; `data` fills it. `option` is the option's name, so
    that a form can show the sentence beside the field; "" where no single option is at fault.
    """

    option: str
    code: str
    data: dict[str, Any]


@dataclass(eq=False)
class BadRequest(BotError):
    problems: tuple[Problem, ...]


@dataclass(eq=False)
class NotFound(BotError):
    what: str  # "picture", "model", "job", "person"
    name: str = ""


@dataclass(eq=False)
class NotAllowed(BotError):
    why: str = ""  # a code of wording/


@dataclass(eq=False)
class Blocked(NotAllowed):
    until: datetime | None = None


@dataclass(eq=False)
class Paused(NotAllowed):
    everywhere: bool = False


@dataclass(eq=False)
class PromptRefused(NotAllowed):
    hard: bool = False  # no policy and no community list lets it pass


class NotYours(NotAllowed): ...


@dataclass(eq=False)
class CantPost(NotAllowed):
    missing: tuple[str, ...] = ()  # permissions, as the platform's own pages call them


class SignInNeeded(NotAllowed): ...


@dataclass(eq=False)
class TooNew(NotAllowed):
    open_at: datetime | None = None


@dataclass(eq=False)
class TooManyRefused(NotAllowed):
    open_at: datetime | None = None


@dataclass(eq=False)
class QuotaExceeded(BotError):
    level: str  # "person", "community", "operator"
    window: str  # "day", "month", "life"
    left_micros: int
    needed_micros: int
    opens_at: datetime | None  # None where no time brings more
    limit_micros: int | None = None  # 0 where somebody lets nobody draw


@dataclass(eq=False)
class TooManyWaiting(BotError):
    limit: int


class QueueFull(BotError): ...


class Busy(BotError): ...


@dataclass(eq=False)
class PlatformRefuses(BotError):
    """`link` shows a result elsewhere; `missing` are permissions, as the platform calls them."""

    why: str  # a Repair
    link: str = ""
    missing: tuple[str, ...] = ()


@dataclass(eq=False)
class Conflict(BotError):
    why: str = ""


class NoSpace(BotError): ...


class WaitedTooLong(BotError): ...


class Cancelled(BotError): ...


class Interrupted(BotError): ...


class ShuttingDown(BotError): ...


@dataclass(eq=False)
class PlatformAway(BotError):
    busy: bool = False  # it said that too much comes at once


class Broken(BotError):
    outcome_unknown = True


@dataclass(eq=False)
class BackendFailed(BotError):
    """`billed_micros` is what the service charged although no picture can be shown."""

    billed_micros: int = 0
    detail: str = ""  # for the log and the owner: status and the service's words, no secret


class BackendBusy(BackendFailed): ...


class BackendUnreachable(BackendFailed): ...


class BackendResting(BackendFailed): ...


class BackendTimedOut(BackendFailed):
    outcome_unknown = True


class BackendCutOff(BackendFailed):
    outcome_unknown = True


class BackendKeyRefused(BackendFailed): ...


class BackendNeedsMoney(BackendFailed): ...


class BackendModelMissing(BackendFailed): ...


class BackendLocked(BackendFailed): ...


class BackendRejected(BackendFailed): ...


class BackendModerated(BackendFailed): ...


class BackendBroken(BackendFailed): ...


class BackendGarbled(BackendFailed): ...


class BackendUnkept(BackendFailed): ...


class BackendEmpty(BackendFailed): ...


class BackendBlank(BackendFailed): ...


@dataclass(eq=False)
class InvalidValue(ValueError):
    """A check refused one value; the caller, who knows the option, makes a Problem of it."""

    code: str
    data: dict[str, Any]

    def problem(self, option: str) -> Problem:
        return Problem(option, self.code, self.data)


@dataclass(eq=False)
class Misconfigured(Exception):
    """All wrong settings at once, each a whole sentence."""

    problems: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.problems)


def to_record(error: BotError) -> dict[str, Any]:
    """`error` as JSON-ready values, for the job's row."""
    values = asdict(error) if fields_of(error) else {}  # type: ignore[call-overload]
    for name, value in values.items():
        if isinstance(value, datetime):
            values[name] = value.isoformat()
    return {"kind": type(error).__name__, **values}


def from_record(record: dict[str, Any]) -> BotError:
    """The error that `to_record` wrote; a kind that no longer exists reads as Broken."""
    values = dict(record)
    kind = _kinds().get(values.pop("kind", ""), Broken)
    known = fields_of(kind)
    for name in known & {"until", "open_at", "opens_at"}:
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    if "missing" in known:
        values["missing"] = tuple(values.get("missing", ()))
    if "problems" in known:
        values["problems"] = tuple(Problem(**problem) for problem in values["problems"])
    return kind(**{name: value for name, value in values.items() if name in known})


def fields_of(kind: BotError | type[BotError]) -> set[str]:
    return {f.name for f in fields(kind)} if hasattr(kind, "__dataclass_fields__") else set()  # type: ignore[arg-type]


def _kinds() -> dict[str, type[BotError]]:
    found: dict[str, type[BotError]] = {}
    waiting: list[type[BotError]] = [BotError]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting.extend(kind.__subclasses__())
    return found
