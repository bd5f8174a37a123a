"""A decision: the question before it, and the answer after it."""

from bot.domain.case import Case, CaseKind, Decision, sanction
from bot.wording.parts import Code, Person, Sentence, Words, counted, say

# To the moderator who escalated; word for word.
FROZEN = "Frozen. Don't download, screenshot or forward it. The owner has been told."

DECISIONS = {
    Decision.APPROVE: "shown",
    Decision.BLUR: "shown behind a blur",
    Decision.REMOVE: "removed",
    Decision.STRIKE: "removed, with a strike",
    Decision.ESCALATE: "escalated",
}
OF_WORDS = {
    **DECISIONS,
    Decision.APPROVE: "suspension lifted",
    Decision.REMOVE: "still suspended",
    Decision.STRIKE: "given a strike",
}
# The form that asks for a reason: its title while it opens, and its field.
DECIDE = "Decide"
WHY = "Why?"


def question(case: Case, decision: Decision) -> tuple[str, Sentence]:
    """Title and words of the form that asks for a reason, with what the decision brings."""
    whom = subject(case)
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
    return say("{} gets strike {} and is suspended for {}.", whom, nth, counted(span.days, "day"))


def read_by(decision: Decision) -> str:
    """Who reads the reason."""
    if decision is Decision.ESCALATE:
        return "The bot owner reads this."
    return "The person reads this, and so do the other moderators."


def subject(case: Case) -> Person:
    """Whose doing it is about."""
    return Person(case.subject, case.subject_name if case.subject else "somebody who was erased")


def decided(case: Case, contact: str) -> Sentence:
    """To the moderator, right after the decision; `contact` says how the owner is reached."""
    assert case.decision is not None
    if case.decision is Decision.ESCALATE:
        where = say(" You reach the bot owner here: {}.", Words(contact)) if contact else ""
        return say("{}{}", FROZEN, where)
    if case.decision is Decision.APPROVE and case.kind is CaseKind.WORDS:
        return say("{}: the suspension is lifted in 5 seconds.", Code(case.id))
    return say(
        "{}: {} in 5 seconds, unless you take it back.", Code(case.id), DECISIONS[case.decision]
    )
