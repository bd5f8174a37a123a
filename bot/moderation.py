"""What becomes of a picture: pure policy from flag to verdict.

A missing or failing classifier means "unknown", never "safe".
"""

from enum import StrEnum

from bot.asker import Asker
from bot.job import Verdict


class Flagged(StrEnum):
    """What a community does with a flagged picture; the same four words everywhere."""

    ALLOW = "allow"
    SPOILER = "spoiler"
    REVIEW = "review"
    BLOCK = "block"


_VERDICTS = {
    Flagged.ALLOW: Verdict.SHOW,
    Flagged.SPOILER: Verdict.SPOILER,
    Flagged.REVIEW: Verdict.REVIEW,
    Flagged.BLOCK: Verdict.BLOCK,
}

# The playground and the terminal are the owner's own screen: a blur is care enough there.
_DEFAULTS = {
    "web": Flagged.SPOILER,
    "terminal": Flagged.ALLOW,
    "slack": Flagged.BLOCK,
}


def policy_for(
    asker: Asker, chosen: Flagged | None, chosen_age_restricted: Flagged | None
) -> Flagged:
    """What holds at this place: the community's choice, or the default of the platform.

    Outside age-restricted channels sexual content is never shown or blurred on a chat platform:
    Discord makes no exception for spoilers.
    """
    own_screen = asker.platform in ("web", "terminal")
    age_restricted = asker.age_restricted and not asker.direct
    if age_restricted and chosen_age_restricted is not None:
        return chosen_age_restricted
    policy = chosen or _DEFAULTS.get(asker.platform, Flagged.REVIEW)
    if own_screen or age_restricted or policy in (Flagged.REVIEW, Flagged.BLOCK):
        return policy
    return Flagged.REVIEW


def judge(*, flagged: bool | None, policy: Flagged) -> Verdict:
    """The verdict on one picture. `flagged` None means that nobody looked."""
    if flagged is False:
        return Verdict.SHOW
    if flagged is None and policy is Flagged.BLOCK:
        return Verdict.REVIEW  # unknown is no reason to throw a picture away
    return _VERDICTS[policy]
