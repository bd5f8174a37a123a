"""What people read about moderation: those who asked, moderators, the owner."""

from collections.abc import Callable, Mapping
from datetime import datetime
from re import sub
from string import Formatter

from bot.cases import Case, CaseKind, Category, Decision, Figures
from bot.parts import Code, Sentence, When, duration, pictures, say

# To the moderator who escalated; word for word.
FROZEN = "Frozen. Don't download, screenshot or forward it. The owner has been told."

CATEGORIES = {
    Category.OTHER: "something else",
    Category.INDECENT: "indecent",
    Category.HATE: "hateful",
    Category.VIOLENCE: "violent",
    Category.REAL_PERSON: "a real person",
    Category.MINORS: "sexual, with minors",
}
DECISIONS = {
    Decision.APPROVE: "shown",
    Decision.BLUR: "shown behind a blur",
    Decision.REMOVE: "removed",
    Decision.STRIKE: "removed, with a strike",
    Decision.ESCALATE: "escalated",
}


def frozen(contact: str) -> Sentence:
    """What the moderator reads, with how the owner is reached."""
    return say(
        "{}{}", FROZEN, say(" You reach the bot owner here: {}.", contact) if contact else ""
    )


def decided(case: Case) -> Sentence:
    """To the moderator, right after a decision."""
    assert case.decision is not None
    if case.decision is Decision.APPROVE and case.kind is CaseKind.WORDS:
        return say("{}: the suspension is lifted in 5 seconds.", Code(case.id))
    return say(
        "{}: {} in 5 seconds, unless you take it back.", Code(case.id), DECISIONS[case.decision]
    )


def about(case: Case) -> Sentence:
    """What a case is about, in one line; neither prompt nor picture."""
    if case.kind is CaseKind.WORDS:
        times = f"{case.refused} requests" if case.refused != 1 else "1 request"
        return say("{} of one person were refused for their words", times)
    if case.kind is CaseKind.REPORT:
        reasons = dict.fromkeys(CATEGORIES[report.category] for report in case.reports)
        count = len(case.reports)
        people = "1 person" if count == 1 else f"{count} people"
        return say("{} reported {}: {}", people, Code(case.job_id or ""), ", ".join(reasons))
    return say("{} of {} to look at", pictures(len(case.pictures)), Code(case.job_id or ""))


def seen_by(source: str, score: float | None) -> str:
    """Who looked at a picture and what they saw."""
    if score is not None:
        return f"score {score:.2f}"
    return {"": "nobody looked", "classifier": "nobody looked"}.get(
        source, "flagged by the service"
    )


def figures_line(figures: Figures) -> Sentence:
    """How the moderators are doing."""
    age = f", for {duration(figures.median_age_s)} as a rule" if figures.median_age_s else ""
    share = figures.overturned_share
    overturned = "" if share is None else f"; {share:.0%} of second looks changed the outcome"
    return say("{} open{}{}.", f"{figures.open}", age, overturned)


def notice(code: str, detail: Mapping[str, str]) -> Sentence:
    """The words of one notice of the outbox."""
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
