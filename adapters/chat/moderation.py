"""What moderators do, alike on every platform."""

from datetime import datetime, timedelta

from bot.domain.asker import Asker
from bot.domain.case import Case, CaseState, Decision, actor_of
from bot.errors import Conflict, NotYours
from bot.moderation.reviews import Reviews

# Decisions for which a form asks for a reason, and says what they bring.
ASK_WHY = frozenset({"remove", "strike", "escalate"})
PURGE_SPANS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}


async def act(reviews: Reviews, asker: Asker, case: Case, verb: str, now: datetime) -> Case:
    """Claim, release, take back or decide. Raises BotError."""
    match verb:
        case "claim":
            return await reviews.claim(asker, case.id)
        case "release":
            check_unclaimed(case, asker, now)
            return await reviews.release(asker, case.id)
        case "undo":
            if case.state is CaseState.DECIDED and case.decided_by != actor_of(asker):
                raise Conflict("decided")
            return await reviews.take_back(asker, case.id)
        case _:
            return await reviews.decide(asker, case.id, Decision(verb))


def check_decidable(case: Case, asker: Asker, now: datetime) -> None:
    """Raises BotError where `asker` could not decide now: nobody writes a reason in vain."""
    if case.is_about(asker):
        raise NotYours("about_you")
    if case.state is not CaseState.OPEN:
        raise Conflict("decided")
    check_unclaimed(case, asker, now)


def check_unclaimed(case: Case, asker: Asker, now: datetime) -> None:
    if case.is_claimed(now, by_others_than=actor_of(asker)):
        raise Conflict("claimed")
