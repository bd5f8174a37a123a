"""A case as moderators see it: what it is about, how it stands, what its buttons say."""

from datetime import datetime

from bot.domain.case import Case, CaseKind, CaseState, Report, SeenPicture
from bot.errors import BotError
from bot.text import one_line
from bot.wording.failures import explain
from bot.wording.labels import picture
from bot.wording.moderation.decisions import DECISIONS, OF_WORDS, subject
from bot.wording.moderation.reports import CATEGORIES
from bot.wording.parts import (
    Ago,
    Channel,
    Code,
    Heading,
    Link,
    Person,
    Quote,
    Sentence,
    Strong,
    When,
    Words,
    counted,
    joined,
    lines,
    pictures,
    plain,
    say,
    small,
)

REPORTS_SHOWN = 5
REPORT_SHOWN_MAX_CHARS = 200
REASON_SHOWN_MAX_CHARS = 600
BUTTONS = {
    "claim": "Claim",
    "release": "Release",
    "reveal": "Reveal",
    "approve": "Approve",
    "blur": "Blur",
    "remove": "Remove",
    "strike": "Strike",
    "escalate": "Escalate",
    "undo": "Undo",
}
BUTTONS_OF_WORDS = {**BUTTONS, "approve": "Lift suspension", "remove": "Leave suspended"}
# What is revealed, and the way back.
ONLY_FOR_YOU = "Only for you"
BLUR_AGAIN = "Blur again"
TOO_LARGE = say("This picture is too large for a message. The page for moderators shows it.")


def title(case: str, more: str = "") -> Sentence:
    """By its beginning the cards of a case are found again."""
    return (Heading(say("Case {}{}", Code(case), more)),)


def summary(case: Case) -> str:
    """In a line without markup: for menus and notifications."""
    return f"Case {case.id}: {plain(about(case))}"


def about(case: Case) -> Sentence:
    """What a case is about, in one line; neither prompt nor picture."""
    if case.kind is CaseKind.WORDS:
        times = counted(case.refused, "request")
        return say("{} of one person were refused for their words", times)
    if case.kind is CaseKind.REPORT:
        reasons = dict.fromkeys(CATEGORIES[report.category] for report in case.reports)
        count = len(case.reports)
        people = "1 person" if count == 1 else f"{count} people"
        return say("{} reported {}: {}", people, Code(case.job_id or ""), ", ".join(reasons))
    return say("{} of {} to look at", pictures(len(case.pictures)), Code(case.job_id or ""))


def head(case: Case) -> Sentence:
    second = " · second look" if case.round > 1 else ""
    return lines(title(case.id, second), about(case))


def reports(case: Case) -> list[Sentence]:
    """What people wrote, a line each."""
    return [_report(report) for report in case.reports[:REPORTS_SHOWN] if report.reason]


def _report(report: Report) -> Sentence:
    words = Words(one_line(report.reason, REPORT_SHOWN_MAX_CHARS))
    why = "from outside" if report.outside else "too new here, or wrong too often"
    counts = "" if report.counts else f" (doesn't count: {why})"
    return say("• {}: {}{}", CATEGORIES[report.category], words, counts)


def facts(case: Case, url: str = "") -> Sentence:
    """Small print: whose it is and how long they are here, where it was, and who saw what.

    `url` is that of its job's card.
    """
    strikes = counted(case.strikes, "strike") if case.strikes else "no strikes"
    account = _since("account made", case.account_created_at)
    joined_at = _since("joined", case.joined_at)
    seen = [
        f"picture {each.number}: {seen_by(each)}, {'hidden' if each.hidden else 'still shown'}"
        for each in case.pictures
    ]
    return small(
        joined(" · ", ((subject(case),), strikes, account, joined_at)),
        joined(" · ", (_since("opened", case.opened_at), _place(case), _link(case, url))),
        *seen,
    )


def _since(what: str, at: datetime | None) -> Sentence:
    return say("{} {}", what, Ago(at)) if at else ()


def _place(case: Case) -> Sentence:
    """A channel, unless it is a conversation with the bot; ids of Slack tell by their letter."""
    if case.private:
        return say("private")
    is_open = case.channel.isdigit() or case.channel.startswith(("C", "G"))
    return (Channel(case.channel),) if is_open else ()


def _link(case: Case, url: str) -> Sentence:
    return (Link("its message", url),) if url and not case.private else ()


def seen_by(picture: SeenPicture) -> str:
    """Who looked at a picture and what they saw."""
    return ", ".join((_seen_here(picture), *picture.categories))


def _seen_here(picture: SeenPicture) -> str:
    if picture.score is not None:
        return f"score {picture.score:.2f}"
    if picture.source in ("", "classifier"):
        return "nobody looked"
    if picture.source == "sketch":
        return "a sketch"
    if picture.source == "moderation":
        return "looked at by the moderation service"
    return "flagged by the service" if picture.flagged else "cleared by the service"


# --- how it stands --------------------------------------------------------------------------------


def state(case: Case, now: datetime) -> Sentence:
    """How a case stands, and who looks at it or decided it."""
    match case.state:
        case CaseState.OPEN if case.is_claimed(now, by_others_than="") and case.claimed_until:
            who = moderator(case.claimed_by)
            return say("{} looks at it, until {}.", who, When(case.claimed_until))
        case CaseState.OPEN:
            return say("Nobody looks at it yet.")
        case CaseState.DECIDED:
            pending = small(_PENDING) if case.is_pending(now) else ()
            return lines(say("{}.", verdict(case)), pending)
        case CaseState.FROZEN:
            who = moderator(case.decided_by)
            return say("{} by {}. Only the bot owner can open it.", Strong("Frozen"), who)
        case CaseState.EXPIRED:
            return say("Nobody decided within 48 hours, so it stays hidden.")
        case _:
            return say("Closed.")


_PENDING = "It takes effect after 5 seconds, unless they take it back."


def reason(case: Case) -> Sentence:
    """As whoever decided wrote it."""
    return (Quote(case.reason, REASON_SHOWN_MAX_CHARS),) if case.reason else ()


def verdict(case: Case) -> Sentence:
    """What was decided, by whom and when, as the beginning of a sentence."""
    at = say(", {}", Ago(case.decided_at)) if case.decided_at else ""
    who = moderator(case.decided_by)
    return say("{} by {}{}", Strong(outcome(case).capitalize()), who, at)


def outcome(case: Case) -> str:
    """What was decided, or else how it stands, in a few words."""
    is_over = case.state in (CaseState.DECIDED, CaseState.CLOSED)
    if not is_over or case.decision is None:
        return _STATES[case.state]
    return (OF_WORDS if case.kind is CaseKind.WORDS else DECISIONS)[case.decision]


_STATES = {
    CaseState.OPEN: "open",
    CaseState.DECIDED: "decided",
    CaseState.EXPIRED: "nobody decided in time",
    CaseState.FROZEN: "frozen",
    CaseState.CLOSED: "closed",
}


def moderator(actor: str | None) -> Person | str:
    """Whom the audit names: `platform:community:person`, or the bot itself."""
    person = (actor or "").rpartition(":")[2]
    return "somebody erased" if person.startswith("erased-") else Person(person or "Limner")


def too_late(case: Case, error: BotError, now: datetime, platform: str) -> Sentence:
    """To a moderator who was not the first."""
    stands = say("Case {}: {}", Code(case.id), state(case, now))
    return lines(explain(error, platform=platform), stands)


# --- what is revealed -----------------------------------------------------------------------------


def revealed(case: Case, prompt: str, max_chars: int) -> Sentence:
    """Above the pictures out of focus."""
    return lines(title(case.id), (Quote(prompt, max_chars),))


def seen_bare(case: Case, number: int) -> Sentence:
    """Above a picture as it is."""
    return lines(title(case.id, f", picture {number}"), small("It is noted that you saw it."))


def show_bare(number: int | None) -> str:
    """On a button; a picture alone needs no number."""
    return "Show as it is" if number is None else f"Show {number} as it is"


def blurred(number: int) -> str:
    """In place of a picture out of focus."""
    return f"{picture(number)}, blurred"
