"""What becomes of a picture: pure policy, from what is known of it to a verdict.

A missing or failing classifier means "unknown", never "safe".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from bot.domain.asker import DISCORD, Asker
from bot.domain.job import Verdict

# Of the classifier's score; 30 harmless pictures scored 0.166 at most.
FLAGGED_FROM = 0.8
UNSURE_FROM = 0.3
# Categories of moderation services that mean more than their rule.
SEXUAL = "sexual"
MINORS = "sexual/minors"


class Flagged(StrEnum):
    """What a community does with a flagged picture; the same four words everywhere."""

    ALLOW = "allow"
    SPOILER = "spoiler"
    REVIEW = "review"
    BLOCK = "block"


class Tier(StrEnum):
    """What the words of a prompt say; the harder ones stand below."""

    NONE = "none"
    SOFT = "soft"  # the policy of the place decides
    UNSURE = "unsure"  # drawn, and shown to nobody before somebody looked
    HARD = "hard"


class Rating(StrEnum):
    """What is known of one picture."""

    SAFE = "safe"
    UNSURE = "unsure"
    FLAGGED = "flagged"
    UNKNOWN = "unknown"  # nobody looked, or nobody could
    REPEAT = "repeat"  # of a picture that a moderator removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who looked at one picture, and what they saw. `score` is from 0 (harmless) to 1.

    `pdq` are eight hashes of 32 bytes, one for each way to turn and mirror it; b"" is none.
    """

    source: str = ""  # "api", "sketch", "classifier", "moderation"; "" is nobody
    flagged: bool | None = None
    score: float | None = None
    model: str = ""
    version: str = ""
    threshold: float | None = None
    pdq: bytes = field(default=b"", repr=False)
    repeat: bool = False
    categories: tuple[str, ...] = ()  # what a moderation service saw
    least: Verdict = Verdict.SHOW  # by the owner's rules for these categories
    in_doubt: bool = False  # somebody who should have looked could not

    @property
    def rating(self) -> Rating:
        """The hardest of what is known."""
        known = [Rating.REPEAT] if self.repeat else []
        if self.score is not None:
            known.append(rating_of_score(self.score))
        if self.flagged is not None:
            known.append(Rating.FLAGGED if self.flagged else Rating.SAFE)
        if self.in_doubt or not known:
            known.append(Rating.UNKNOWN)
        return max(known, key=_BY_HARDNESS.index)


# What nobody could look at is harder than what somebody was unsure of.
_BY_HARDNESS = (Rating.SAFE, Rating.UNSURE, Rating.UNKNOWN, Rating.FLAGGED, Rating.REPEAT)


def rating_of_score(score: float) -> Rating:
    """The rating of a classifier's score; unknown unless it is from 0 to 1."""
    if not 0.0 <= score <= 1.0:
        return Rating.UNKNOWN
    if score >= FLAGGED_FROM:
        return Rating.FLAGGED
    return Rating.UNSURE if score >= UNSURE_FROM else Rating.SAFE


class Chosen(Protocol):
    """What a community decided; None is the default of the platform."""

    @property
    def flagged(self) -> Flagged | None: ...
    @property
    def flagged_age_restricted(self) -> Flagged | None: ...
    @property
    def flagged_channels(self) -> Mapping[str, Flagged]: ...
    @property
    def unknown(self) -> Flagged | None: ...
    @property
    def soft_words(self) -> Flagged | None: ...
    @property
    def trusted_roles(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules for one person at one place."""

    flagged: Flagged
    unknown: Flagged  # never ALLOW
    soft_words: Flagged
    trusted: bool = False  # unsure pictures are blurred for them instead of reviewed
    own_screen: bool = False  # the owner's, where a blur is enough


def has_age_gate(platform: str) -> bool:
    """Whether a platform has age-restricted channels."""
    return platform == DISCORD


# The playground and the terminal are the owner's own screen, where a blur is enough.
_OWN_SCREENS = ("web", "terminal")
_DEFAULTS = {
    "web": Flagged.SPOILER,
    "terminal": Flagged.ALLOW,
    "slack": Flagged.BLOCK,
}


def policy_for(asker: Asker, chosen: Chosen) -> Policy:
    """What holds at this place: the community's choice, or the default of the platform.

    Outside age-restricted channels sexual content is never shown or blurred on a chat platform:
    Discord makes no exception for spoilers.
    """
    flagged = _gated(asker, _flagged(asker, chosen))
    own_screen = asker.platform in _OWN_SCREENS
    unknown = chosen.unknown or (Flagged.SPOILER if own_screen else Flagged.REVIEW)
    if unknown is Flagged.ALLOW:
        unknown = Flagged.SPOILER
    words = chosen.soft_words or (Flagged.ALLOW if own_screen else flagged)
    return Policy(
        flagged=flagged,
        unknown=_gated(asker, unknown),
        soft_words=_gated(asker, words),
        trusted=bool(asker.roles & set(chosen.trusted_roles)),
        own_screen=own_screen,
    )


def _flagged(asker: Asker, chosen: Chosen) -> Flagged:
    """The most exact choice: of the channel, of its kind, of the community."""
    if asker.channel in chosen.flagged_channels:
        return chosen.flagged_channels[asker.channel]
    if _is_age_restricted(asker) and chosen.flagged_age_restricted is not None:
        return chosen.flagged_age_restricted
    return chosen.flagged or _DEFAULTS.get(asker.platform, Flagged.REVIEW)


def _gated(asker: Asker, policy: Flagged) -> Flagged:
    """`policy`; outside age-restricted channels, as in private messages, at least REVIEW."""
    if asker.platform in _OWN_SCREENS or _is_age_restricted(asker):
        return policy
    return policy if policy is Flagged.BLOCK else Flagged.REVIEW


def _is_age_restricted(asker: Asker) -> bool:
    return asker.age_restricted and not asker.direct


_VERDICTS = {
    Flagged.ALLOW: Verdict.SHOW,
    Flagged.SPOILER: Verdict.SPOILER,
    Flagged.REVIEW: Verdict.REVIEW,
    Flagged.BLOCK: Verdict.BLOCK,
}
_BY_SEVERITY = (Verdict.SHOW, Verdict.SPOILER, Verdict.REVIEW, Verdict.BLOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a moderation service saw in words or a picture; `known` is False if it couldn't say."""

    categories: tuple[str, ...] = ()
    least: Verdict = Verdict.SHOW  # by the owner's rules
    known: bool = True

    @property
    def is_hard(self) -> bool:
        """Whether it is for the owner alone, whatever the rules of a place."""
        return MINORS in self.categories


def with_finding(look: Look, finding: Finding) -> Look:
    """What a service saw can only make a look harder, or stand where nobody else looked."""
    if not finding.known:
        return replace(look, in_doubt=True)
    return replace(
        look,
        source=look.source or "moderation",
        flagged=bool(look.flagged) or SEXUAL in finding.categories,
        categories=finding.categories,
        least=finding.least,
    )


def verdict_of(look: Look, policy: Policy, *, words: Tier = Tier.NONE) -> Verdict:
    """The verdict on one picture by all that is known of it."""
    return harder(judge(look.rating, policy, words=words), look.least)


def judge(rating: Rating, policy: Policy, *, words: Tier = Tier.NONE) -> Verdict:
    """The verdict on one picture; the words of its prompt can only make it harder."""
    return harder(_of_rating(rating, policy), _of_words(words, policy))


def _of_words(words: Tier, policy: Policy) -> Verdict:
    """Doubtful words wait for a moderator, whatever the place allows; the owner sees a blur."""
    if words is Tier.NONE:
        return Verdict.SHOW
    soft = _VERDICTS[policy.soft_words]
    if words is Tier.SOFT:
        return soft
    return harder(soft, Verdict.SPOILER if policy.own_screen else Verdict.REVIEW)


def harder(one: Verdict, other: Verdict) -> Verdict:
    return max(one, other, key=_BY_SEVERITY.index)


def _of_rating(rating: Rating, policy: Policy) -> Verdict:
    match rating:
        case Rating.SAFE:
            return Verdict.SHOW
        case Rating.REPEAT:
            return Verdict.BLOCK
        case Rating.FLAGGED:
            return _VERDICTS[policy.flagged]
        case Rating.UNKNOWN:
            return _VERDICTS[policy.unknown]
        case Rating.UNSURE:
            if policy.trusted and policy.flagged in (Flagged.REVIEW, Flagged.BLOCK):
                return Verdict.SPOILER
            # At most reviewed: being unsure is no reason to block it.
            return min(_VERDICTS[policy.flagged], Verdict.REVIEW, key=_BY_SEVERITY.index)
