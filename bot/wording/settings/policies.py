"""The moderation settings: their names, the choices, and what each choice means."""

from typing import NamedTuple

from bot.domain.asker import DISCORD, SLACK
from bot.domain.community_settings import Sharing, Withheld
from bot.domain.moderation_policy import Flagged


class Choice(NamedTuple):
    """`name` is its name in a list of choices, `outcome` what happens to a picture."""

    name: str
    outcome: str
    means: str


CHOICES = {
    Flagged.ALLOW: Choice("allow", "shown", "Shown like any other."),
    Flagged.SPOILER: Choice("blur", "blurred", "Shown behind a blur."),
    Flagged.REVIEW: Choice("review first", "reviewed first", "Hidden until a moderator decides."),
    Flagged.BLOCK: Choice("block", "not shown", "Not shown."),
}
REFUNDS = {
    Withheld.ALWAYS: Choice("always", "given back", "Nobody pays for what nobody sees."),
    Withheld.UNLESS_CONFIRMED: Choice(
        "unless a moderator confirms it",
        "given back unless a moderator confirms it",
        "Not when a moderator confirms that it was against the rules.",
    ),
    Withheld.NEVER: Choice("never", "not given back", "It was drawn, so it counts."),
}
# `outcome` follows "Results are on the bot's page".
SHARINGS = {
    Sharing.MEMBERS: Choice(
        "members only", "for nobody", "Members see them where they were posted."
    ),
    Sharing.LINK: Choice(
        "anybody with the link",
        "for anybody with their link",
        "Each card has a link, which nobody can guess. Private results have none.",
    ),
}
# The names of settings.
RULES = {
    "flagged": "Indecent pictures",
    "flagged_age_restricted": "Age-restricted channels",
    "unknown": "Pictures nobody could look at",
    "soft_words": "Indecent words",
}
ABOUT = {
    "flagged": "Flagged by the service, or a score from 0.8. "
    "Doubtful ones, from 0.3, are reviewed at most.",
    "flagged_age_restricted": "Indecent pictures where the platform lets in adults only.",
    "unknown": "The service said nothing, and the classifier was missing or failed.",
    "soft_words": "Requests with indecent words, and with those that you added. "
    "Words about minors are refused everywhere.",
}
WORDS_BLOCKED = "Refused before it costs anything."
GATED = "In age-restricted channels; elsewhere reviewed."
AS_PICTURES = ("As pictures", "As indecent pictures of the same place.")
AS_ELSEWHERE = "As elsewhere"
NO_GATE = {
    DISCORD: "Outside age-restricted channels indecent pictures can't be shown, not even "
    "blurred: Discord makes no exception for spoilers.",
    SLACK: "Slack has no age-restricted channels, so indecent pictures can't be shown there, "
    "not even blurred.",
}
NEVER_SHOWN = "What nobody could look at counts as unknown, never as safe, so it is never shown."


def outcome(flagged: Flagged) -> str:
    return CHOICES[flagged].outcome
