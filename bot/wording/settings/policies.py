"""What becomes of pictures and words: the rules, what may be chosen, and what it means."""

from bot.domain.asker import DISCORD, SLACK
from bot.domain.community_settings import Withheld
from bot.domain.moderation_policy import Flagged

# As settings are called.
RULES = {
    "flagged": "Indecent pictures",
    "flagged_age_restricted": "Age-restricted channels",
    "unknown": "Pictures nobody could look at",
    "soft_words": "Indecent words",
}
# As one chooses it, and as one says what holds.
CHOICES = {
    Flagged.ALLOW: "allow",
    Flagged.SPOILER: "blur",
    Flagged.REVIEW: "review first",
    Flagged.BLOCK: "block",
}
OUTCOMES = {
    Flagged.ALLOW: "shown",
    Flagged.SPOILER: "blurred",
    Flagged.REVIEW: "reviewed first",
    Flagged.BLOCK: "not shown",
}
REFUNDS = {
    Withheld.ALWAYS: "always",
    Withheld.UNLESS_CONFIRMED: "unless a moderator confirms it",
    Withheld.NEVER: "never",
}
REFUNDED = {
    Withheld.ALWAYS: "given back",
    Withheld.UNLESS_CONFIRMED: "given back unless a moderator confirms it",
    Withheld.NEVER: "not given back",
}

# --- the page of the rules ------------------------------------------------------------------------

ABOUT = {
    "flagged": "Flagged by the service, or a score from 0.8. "
    "Doubtful ones, from 0.3, are reviewed at most.",
    "flagged_age_restricted": "Indecent pictures where the platform lets in adults only.",
    "unknown": "The service said nothing, and the classifier was missing or failed.",
    "soft_words": "Requests with indecent words, and with those that you added. "
    "Words about minors are refused everywhere.",
}
MEANS = {
    Flagged.ALLOW: "Shown like any other.",
    Flagged.SPOILER: "Shown behind a blur.",
    Flagged.REVIEW: "Hidden until a moderator decides.",
    Flagged.BLOCK: "Not shown.",
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
REFUNDS_MEAN = {
    Withheld.ALWAYS: "Nobody pays for what nobody sees.",
    Withheld.UNLESS_CONFIRMED: "Not when a moderator confirms that it was against the rules.",
    Withheld.NEVER: "It was drawn, so it counts.",
}
