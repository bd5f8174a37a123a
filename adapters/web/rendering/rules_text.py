"""What the rules page says, apart from markup."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.accounts.community_rules import AS_ELSEWHERE, choices, kind_of_role, policies
from bot.domain.community_settings import Withheld
from bot.domain.moderation_policy import Flagged, has_age_gate

_PLACES = {"discord": "server", "slack": "workspace"}
_PLATFORMS = {"discord": "Discord", "slack": "Slack"}


class Choice(NamedTuple):
    value: str
    name: str
    means: str
    open: bool = True  # whether it may be chosen


class Rule(NamedTuple):
    """One rule with all its choices; `why` says what can't be chosen, and why not."""

    name: str
    title: str
    about: str
    choices: tuple[Choice, ...]
    why: str = ""


_NAMES = {
    Flagged.ALLOW: "Allow",
    Flagged.SPOILER: "Blur",
    Flagged.REVIEW: "Review",
    Flagged.BLOCK: "Block",
}
_MEANS = {
    Flagged.ALLOW: "Shown like any other.",
    Flagged.SPOILER: "Shown behind a blur.",
    Flagged.REVIEW: "Hidden until a moderator decides.",
    Flagged.BLOCK: "Not shown.",
}
_TITLES = {
    "flagged": "Indecent pictures",
    "flagged_age_restricted": "Age-restricted channels",
    "unknown": "Pictures nobody could look at",
    "soft_words": "Indecent words",
}
_ABOUT = {
    "flagged": "Flagged by the service, or a score from 0.8. "
    "Doubtful ones, from 0.3, are reviewed at most.",
    "flagged_age_restricted": "Indecent pictures where the platform lets in adults only.",
    "unknown": "The service said nothing, and the classifier was missing or failed.",
    "soft_words": "Requests with indecent words, and with those that you added. "
    "Words about minors are refused everywhere.",
}
_GATED = "In age-restricted channels; elsewhere reviewed."
_NO_GATE = {
    "discord": "Outside age-restricted channels indecent pictures can't be shown, not even "
    "blurred: Discord makes no exception for spoilers.",
    "slack": "Slack has no age-restricted channels, so indecent pictures can't be shown there, "
    "not even blurred.",
}
_NEVER_SHOWN = "What nobody could look at counts as unknown, never as safe, so it is never shown."
REFUNDS = (
    Choice(Withheld.ALWAYS, "Always", "Nobody pays for what nobody sees."),
    Choice(
        Withheld.UNLESS_CONFIRMED,
        "Unless confirmed",
        "Not when a moderator confirms that it was against the rules.",
    ),
    Choice(Withheld.NEVER, "Never", "It was drawn, so it counts."),
)


def rules_for(platform: str) -> tuple[Rule, ...]:
    """Those that are one of the four words, in the order of the page."""
    return tuple(_rule(platform, name) for name in policies(platform))


def _rule(platform: str, name: str) -> Rule:
    allowed = choices(platform, name)
    every = tuple(_choice(platform, name, each, may=each in allowed) for each in Flagged)
    if name == "soft_words":
        as_pictures = Choice(AS_ELSEWHERE, "As pictures", "As indecent pictures of the same place.")
        every = (as_pictures, *every)
    return Rule(name, _TITLES[name], _ABOUT[name], every, _why(platform, allowed))


def _choice(platform: str, name: str, flagged: Flagged, *, may: bool) -> Choice:
    means = _MEANS[flagged]
    elsewhere = name in ("unknown", "soft_words") and has_age_gate(platform)
    if may and elsewhere and flagged in (Flagged.ALLOW, Flagged.SPOILER):
        means = _GATED
    if name == "soft_words" and flagged is Flagged.BLOCK:
        means = "Refused before it costs anything."
    return Choice(flagged, _NAMES[flagged], means, may)


def _why(platform: str, allowed: tuple[Flagged, ...]) -> str:
    if Flagged.ALLOW in allowed:
        return ""
    return _NEVER_SHOWN if Flagged.SPOILER in allowed else _NO_GATE[platform]


def channel_choices(platform: str) -> tuple[Choice, ...]:
    own = choices(platform, "channel")
    return (
        Choice(AS_ELSEWHERE, "As elsewhere", ""),
        *(Choice(each, _NAMES[each], "") for each in own),
    )


def where(place: tuple[str, str], names: Mapping[tuple[str, str], str]) -> str:
    """Like "Discord · Studio", or with its id where the platform didn't say."""
    platform, community = place
    return f"{_PLATFORMS.get(platform, platform)} \u00b7 {names.get(place, community)}"


def called(ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Names of roles, with ids for those without."""
    return ", ".join(names.get(each, each) for each in ids)


FILTERS = {
    "rules_for": rules_for,
    "channel_choices": channel_choices,
    "has_age_gate": has_age_gate,
    "kind_of_role": kind_of_role,
    "kind_of_place": lambda platform: _PLACES.get(platform, "community"),
    "where": where,
    "called": called,
}
GLOBALS = {"REFUNDS": REFUNDS}
