"""The texts of the review page, without markup."""

from datetime import datetime

from bot.domain.asker import Asker
from bot.domain.case import Case, actor_of
from bot.wording.moderation.cases import about, outcome, seen_by
from bot.wording.moderation.lists import figures_line, record
from bot.wording.moderation.reports import CATEGORIES
from bot.wording.parts import duration

_DAY_S = 86_400
_YEAR_DAYS = 365


def age(since: datetime, now: datetime) -> str:
    """The time since then, like "3 h 20 min" or "12 days"."""
    seconds = (now - since).total_seconds()
    return duration(seconds) if seconds < 2 * _DAY_S else f"{int(seconds // _DAY_S)} days"


def how_old(since: datetime | None, now: datetime) -> str:
    """The age of an account or a membership."""
    if since is None:
        return "unknown"
    days = int((now - since).total_seconds() // _DAY_S)
    if days >= _YEAR_DAYS:
        return f"{days // _YEAR_DAYS} years" if days >= 2 * _YEAR_DAYS else "1 year"
    return {0: "since today", 1: "1 day"}.get(days, f"{days} days")


def is_young(since: datetime | None, now: datetime) -> bool:
    return since is not None and (now - since).days < 7  # noqa: PLR2004  (a week)


def who_claims(case: Case, now: datetime, asker: Asker) -> str:
    if case.claimed_until is None or now >= case.claimed_until:
        return ""
    return "yours" if case.claimed_by == actor_of(asker) else "taken"


def decider(case: Case, asker: Asker) -> str:
    """Who decided a case; by id, as only the platform knows names."""
    if case.decided_by == actor_of(asker):
        return "you"
    return (case.decided_by or "").rpartition(":")[2]


FILTERS = {
    "about": about,
    "age": age,
    "category": CATEGORIES.__getitem__,
    "decider": decider,
    "figures_line": figures_line,
    "how_old": how_old,
    "is_young": is_young,
    "outcome": outcome,
    "record": record,
    "seen": seen_by,
    "who_claims": who_claims,
}
