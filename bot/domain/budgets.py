"""Windows of time and the budgets on them: which accounts a job holds on, and when they reopen.

An account is (principal, window instance). A new window is a new account, so nothing is ever
reset. Days and months are those of the owner's time zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.asker import Asker
from bot.errors import QuotaExceeded

Level = Literal["person", "community", "operator"]
Window = Literal["day", "month", "life"]
# When a person is told that little is left: admins are told at this step, too.
NEARLY_PERCENT = 80
# The part of the owner's budget that all communities share which PUBLIC alone lets in.
STRANGERS = "strangers"


@dataclass(frozen=True, slots=True)
class Period:
    """One instance of a window: `name` is its identity, both ends are UTC, None is open."""

    name: str
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One level that a job holds on. With `limit_micros` None it only counts."""

    level: Level
    platform: str
    community: str
    person: str
    window: Window
    limit_micros: int | None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Limits in micro-dollars; None is no limit."""

    person_day: int | None = None
    person_month: int | None = None
    community_day: int | None = None
    community_month: int | None = None
    operator_month: int | None = None

    def within(self, ceiling: "Budgets") -> "Budgets":
        """These limits, none above the ceiling's; what is open here takes the ceiling's value.

        A ceiling for strangers gives limits for strangers.
        """
        return replace(
            ceiling,
            person_day=_lower(self.person_day, ceiling.person_day),
            person_month=_lower(self.person_month, ceiling.person_month),
            community_day=_lower(self.community_day, ceiling.community_day),
            community_month=_lower(self.community_month, ceiling.community_month),
            operator_month=_lower(self.operator_month, ceiling.operator_month),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangersBudgets(Budgets):
    """The limits of a community that PUBLIC alone lets in: it also holds on what all of those may
    spend together, so that strangers never use up what the owner's own communities need.
    """

    strangers_month: int | None = None


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

    def refuse(self, needed_micros: int) -> None:
        """Raises QuotaExceeded where less is left. It opens again only if that will be enough."""
        left = self.left_micros
        if left is None or left >= needed_micros:
            return
        reopens = (self.gate.limit_micros or 0) >= needed_micros
        raise QuotaExceeded(
            level=self.level,
            window=self.window,
            left_micros=left,
            needed_micros=needed_micros,
            opens_at=self.closes_at if reopens else None,
            limit_micros=self.limit_micros,
        )

    @property
    def is_nearly_used(self) -> bool:
        """Whether it is somebody's own, and NEARLY_PERCENT of it are used or reserved."""
        limit, left = self.limit_micros, self.left_micros
        if self.level != "person" or not limit or left is None:
            return False
        return left * 100 <= limit * (100 - NEARLY_PERCENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one person used in a window."""

    person: str  # "" for people who were erased
    posted_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What a community used in the current windows."""

    windows: tuple[Balance, ...]
    people: tuple[Spent, ...]  # this month, those with most first


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    windows: tuple[Balance, ...]
    pictures_left: int | None  # of the default kind; None is no limit
    free: bool  # drawing costs nothing here


def gates(asker: Asker, budgets: Budgets, timezone: str) -> tuple[Gate, ...]:
    """The accounts that one job of `asker` holds on, the one shared by fewest jobs first."""

    def gate(level: Level, window: Window, limit_micros: int | None, whose: str = "") -> Gate:
        return Gate(
            level=level,
            platform="" if level == "operator" else asker.platform,
            community=whose if level == "operator" else asker.community,
            person=asker.person if level == "person" else "",
            window=window,
            limit_micros=limit_micros,
            timezone=timezone,
        )

    strangers: tuple[Gate, ...] = ()
    if isinstance(budgets, StrangersBudgets):
        strangers = (gate("operator", "month", budgets.strangers_month, STRANGERS),)
    return (
        gate("person", "day", budgets.person_day),
        gate("person", "month", budgets.person_month),
        gate("community", "day", budgets.community_day),
        gate("community", "month", budgets.community_month),
        *strangers,
        gate("operator", "month", budgets.operator_month),
    )


def period(window: Window, now: datetime, timezone: str) -> Period:
    """The instance of `window` that holds `now`. Periods tile time: no gap, no overlap."""
    if window == "life":
        return Period("life", None, None)
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    # Where the clocks change around midnight, the date on them can be a day off.
    if midnight(today, zone) > now:
        today -= timedelta(days=1)
    elif midnight(today + timedelta(days=1), zone) <= now:
        today += timedelta(days=1)
    if window == "day":
        first, after = today, today + timedelta(days=1)
    else:
        first = today.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
    name = f"{window}:{first.isoformat()}@{timezone}"
    return Period(name, midnight(first, zone), midnight(after, zone))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day` in UTC.

    In a gap Python yields the offset from before the change, which is the first instant after it.
    """
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def fits(left_micros: Iterable[int | None], needed_micros: int) -> bool:
    return all(left is None or left >= needed_micros for left in left_micros)


def _lower(own: int | None, ceiling: int | None) -> int | None:
    if own is None or ceiling is None:
        return own if ceiling is None else ceiling
    return min(own, ceiling)
