"""What requesters, moderators and the owner read about moderation."""

from collections.abc import Callable, Mapping
from datetime import datetime
from re import sub
from string import Formatter

from bot.domain.case import (
    Case,
    CaseKind,
    CaseState,
    Category,
    Decision,
    Figures,
    Purge,
    SeenPicture,
    sanction,
)
from bot.domain.moderation_policy import Tier
from bot.wording.parts import Code, Person, Sentence, When, duration, pictures, say

# To the moderator who escalated; these exact words.
FROZEN = "Frozen. Don't download, screenshot or forward it. The owner has been told."

CATEGORIES = {
    Category.OTHER: "something else",
    Category.INDECENT: "indecent",
    Category.HATE: "hateful",
    Category.VIOLENCE: "violent",
    Category.REAL_PERSON: "a real person",
    Category.MINORS: "sexual, with minors",
}
# The order in a form: the gravest last, so that nobody picks it by accident.
CATEGORIES_LISTED = (
    Category.INDECENT,
    Category.HATE,
    Category.VIOLENCE,
    Category.REAL_PERSON,
    Category.OTHER,
    Category.MINORS,
)
TIERS = {
    Tier.NONE: "This passes.",
    Tier.SOFT: "This counts as indecent: what the {community} chose for such words decides.",
    Tier.HARD: "This is refused everywhere, whatever the {community} chose.",
}
DECISIONS = {
    Decision.APPROVE: "shown",
    Decision.BLUR: "shown behind a blur",
    Decision.REMOVE: "removed",
    Decision.STRIKE: "removed, with a strike",
    Decision.ESCALATE: "escalated",
}


def frozen(contact: str) -> Sentence:
    """FROZEN, followed by how the owner can be reached."""
    return say(
        "{}{}", FROZEN, say(" You reach the bot owner here: {}.", contact) if contact else ""
    )


def decided(case: Case) -> Sentence:
    """To the moderator after a decision that waits; after an escalation it is `frozen`."""
    assert case.decision is not None
    if case.decision is Decision.APPROVE and case.kind is CaseKind.WORDS:
        return say("{}: the suspension is lifted in 5 seconds.", Code(case.id))
    return say(
        "{}: {} in 5 seconds, unless you take it back.", Code(case.id), DECISIONS[case.decision]
    )


def about(case: Case) -> Sentence:
    """What a case is about, in one line, without its prompt."""
    if case.kind is CaseKind.WORDS:
        times = f"{case.refused} requests" if case.refused != 1 else "1 request"
        return say("{} of one person were refused for their words", times)
    if case.kind is CaseKind.REPORT:
        reasons = dict.fromkeys(CATEGORIES[report.category] for report in case.reports)
        count = len(case.reports)
        people = "1 person" if count == 1 else f"{count} people"
        return say("{} reported {}: {}", people, Code(case.job_id or ""), ", ".join(reasons))
    return say("{} of {} to look at", pictures(len(case.pictures)), Code(case.job_id or ""))


# --- how a case stands ----------------------------------------------------------------------------


def state(case: Case, now: datetime) -> Sentence:
    """How a case stands, and who looks at it or decided it."""
    match case.state:
        case CaseState.OPEN if case.is_claimed(now, by_others_than="") and case.claimed_until:
            who = moderator(case.claimed_by)
            return say("{} looks at it, until {}.", who, When(case.claimed_until))
        case CaseState.OPEN:
            return say("Nobody looks at it yet.")
        case CaseState.DECIDED:
            at = say(", {}", When(case.decided_at)) if case.decided_at else ""
            return say("{} by {}{}.", outcome(case), moderator(case.decided_by), at)
        case CaseState.FROZEN:
            who = moderator(case.decided_by)
            return say("Frozen by {}. Only the bot owner can open it.", who)
        case CaseState.EXPIRED:
            return say("Nobody decided within 48 hours, so it stays hidden.")
        case _:
            return say("Closed.")


def outcome(case: Case) -> str:
    """What was decided, as the beginning of a sentence."""
    if case.decision is None:
        return "Decided"
    done = DECISIONS[case.decision]
    if case.kind is CaseKind.WORDS:
        done = _OF_WORDS.get(case.decision, done)
    return f"{done[0].upper()}{done[1:]}"


_OF_WORDS = {
    Decision.APPROVE: "suspension lifted",
    Decision.REMOVE: "still suspended",
    Decision.STRIKE: "given a strike",
}


def moderator(actor: str | None) -> Person:
    """The person named by an actor of the audit, `platform:community:person`, or the bot."""
    return Person((actor or "").rpartition(":")[2] or "Limner")


# --- before a decision ----------------------------------------------------------------------------


def question(case: Case, decision: Decision) -> tuple[str, Sentence]:
    """Title and words of the form that asks for a reason, with what the decision brings."""
    whom = Person(case.subject, case.subject_name if case.subject else "somebody who was erased")
    match decision:
        case Decision.STRIKE:
            return "Strike this person?", say("{}{}", _removal(case), _strike(case, whom))
        case Decision.ESCALATE:
            return "Escalate this case?", say(
                "For what may be a crime. It is taken down and frozen as it is, {} is locked out, "
                "and the bot owner is told. It happens at once, and only the owner can undo it.",
                whom,
            )
        case _ if case.kind is CaseKind.WORDS:
            return "Leave suspended", say("{} stays suspended until the time is over.", whom)
        case _:
            return "Remove", say("{}{} may ask once for a second look.", _removal(case), whom)


def _removal(case: Case) -> str:
    if case.kind is CaseKind.WORDS:
        return ""
    return "The pictures are taken down everywhere, and their repeats are withheld. "


def _strike(case: Case, whom: Person) -> Sentence:
    span = sanction(case.strikes + 1)
    nth = f"{case.strikes + 1}"
    if span is None:
        return say("{} gets strike {} and can't draw here any more.", whom, nth)
    if not span:
        return say("{} gets strike {}, a warning.", whom, nth)
    days = "1 day" if span.days == 1 else f"{span.days} days"
    return say("{} gets strike {} and is suspended for {}.", whom, nth, days)


def purge_question(person: str, found: Purge) -> Sentence:
    """Before anything is taken down: how much it is."""
    whom, since = Person(person), When(found.since)
    if not found.pictures:
        return say("{} drew nothing since {} that can be seen here.", whom, since)
    return say(
        "Take down {} that {} drew since {}? Nobody can see them afterwards. "
        "For each result {} may ask once for a second look.",
        _purged(found),
        whom,
        since,
        whom,
    )


def purged(person: str, done: Purge) -> Sentence:
    """What was taken down."""
    whom, since = Person(person), When(done.since)
    if not done.pictures:
        return say("There was nothing left to take down of {} since {}.", whom, since)
    verb = "is" if done.pictures == 1 else "are"
    return say("{} that {} drew since {} {} taken down.", _purged(done), whom, since, verb)


def _purged(purge: Purge) -> str:
    results = "1 result" if purge.results == 1 else f"{purge.results:,} results"
    return f"{pictures(purge.pictures)} of {results}"


# --- lists ----------------------------------------------------------------------------------------


def seen_by(picture: SeenPicture) -> str:
    """Who looked at a picture and what they saw."""
    if picture.score is not None:
        return f"score {picture.score:.2f}"
    if picture.source in ("", "classifier"):
        return "nobody looked"
    if picture.source == "sketch":
        return "a sketch"
    return "flagged by the service" if picture.flagged else "cleared by the service"


def figures_line(figures: Figures) -> Sentence:
    """Statistics of the moderators' work, in one line."""
    said = [f"{figures.open} open"]
    if figures.median_age_s is not None:
        said.append(f"median age {duration(figures.median_age_s)}")
    if (share := figures.overturned_share) is not None:
        said.append(f"{share:.0%} of second looks changed the outcome")
    return say(" · ".join(said))


def notice(code: str, detail: Mapping[str, str]) -> Sentence:
    """The sentence of one notice in the outbox."""
    words = _NOTICES.get(code, "A moderator decided about {job}.")
    if code == "struck":
        words = _struck(detail)
    names = [name for _, name, _, _ in Formatter().parse(words) if name]
    return say(sub(r"{\w+}", "{}", words), *(_part(name, detail) for name in names))


def _struck(detail: Mapping[str, str]) -> str:
    if detail.get("count") == "1":
        return "This is your first strike.{reason} More of them suspend you."
    if not detail.get("until"):
        return "That was one strike too many, so you can't draw here any more.{reason}"
    return "You have {count} strikes now, so you can't draw until {until}.{reason}"


def _part(name: str, detail: Mapping[str, str]) -> Sentence | str | Code | When:
    value = detail.get(name, "")
    shown = _SHOWN.get(name, Code)
    return shown(value) if value else ""


def _category(value: str) -> Sentence | str:
    known = Category(value)
    return "" if known is Category.OTHER else say(" ({})", CATEGORIES[known])


_KINDS = {
    "pictures": "A picture",
    "report": "A report",
    "words": "Somebody whose words were refused",
}
_SHOWN: Mapping[str, Callable[[str], Sentence | str | Code | When]] = {
    "reason": lambda value: say(" They say: {}", value),
    "until": lambda value: When(datetime.fromisoformat(value)),
    "category": _category,
    "words": lambda value: say(": {}", Code(value)),
    "kind": lambda value: _KINDS.get(value, "Something"),
    "count": str,
}
_NOTICES = {
    # To whoever asked for the pictures.
    "approve": "A moderator looked at {job}: it is shown now.{reason}",
    "blur": "A moderator looked at {job}: it is shown behind a blur.{reason}",
    "remove": "A moderator removed {job}.{reason} You may ask once for a second look, "
    "by another moderator.",
    "strike": "A moderator removed {job}.{reason} You may ask once for a second look, "
    "by another moderator.",
    "kept_removed": "Another moderator looked at {job}: it stays removed.{reason}",
    "words_approve": "A moderator looked at your refused requests: you can draw again.{reason}",
    "words_remove": "A moderator looked at your refused requests: it stays as it was.{reason}",
    "words_strike": "A moderator looked at your refused requests, and you get a strike.{reason}",
    "expired": "Nobody looked at {job} within 48 hours, so it stays hidden. "
    "What it cost was given back.",
    "suspended": "Your requests were refused too often, so you can't draw until {until}. "
    "A moderator will look at it.",
    # To the moderators.
    "opened": "{kind} waits for a moderator: case {case}.",
    "reported": "{job} was reported{category}{words}, case {case}.",
    "second_look": "Somebody asks for a second look: case {case}. Another moderator decides.",
    # To the owner.
    "frozen": "Case {case} was escalated and frozen. Nothing of it is shown, and nothing is "
    "deleted. Look at it with: limner case show {case}",
}
