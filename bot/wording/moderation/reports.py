"""A report: its form, and what whoever reports or doubts a decision reads."""

from bot.domain.case import Category
from bot.wording.parts import Code, Sentence, say

CATEGORIES = {
    Category.OTHER: "something else",
    Category.INDECENT: "indecent",
    Category.HATE: "hateful",
    Category.VIOLENCE: "violent",
    Category.REAL_PERSON: "a real person",
    Category.MINORS: "sexual, with minors",
}
# The gravest last, so that nobody picks it by accident.
_AS_LISTED = (
    Category.INDECENT,
    Category.HATE,
    Category.VIOLENCE,
    Category.REAL_PERSON,
    Category.OTHER,
    Category.MINORS,
)
TITLE = "Report this result"
CATEGORY = "What is wrong with it?"
CHOOSE = "Choose …"
REASON = "In your own words"
READ_BY = "The moderators read this. They don't see who wrote it."
# On a result's page, for people without an account.
FROM_OUTSIDE = "The moderators read this. Neither your name nor your address is kept."


def choices() -> list[tuple[str, Category]]:
    """Label and value."""
    return [(CATEGORIES[each].capitalize(), each) for each in _AS_LISTED]


def reported_from_outside(*, new: bool) -> Sentence:
    if new:
        return say("Thank you. The moderators look at it.")
    return say("Thank you. Somebody has reported this before; the moderators know.")


def reported(*, new: bool) -> Sentence:
    if new:
        return say("Thank you. The moderators are told.")
    return say("You have reported this before; the moderators know.")


def second_look(job: str) -> Sentence:
    return say("Another moderator looks at {} now. You will be told the outcome.", Code(job))
