"""The texts of the rules page, without markup."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.accounts.community_rules import AS_ELSEWHERE, choices, kind_of_role, policies
from bot.domain.moderation_policy import Flagged, has_age_gate
from bot.wording.settings import policies as said
from bot.wording.settings.community import PLACES, PLATFORMS


class Choice(NamedTuple):
    value: str
    name: str
    means: str
    open: bool = True  # whether it may be chosen


class Rule(NamedTuple):
    """One rule with all its choices; `why` tells which can't be chosen, and why."""

    name: str
    title: str
    about: str
    choices: tuple[Choice, ...]
    why: str = ""


def rules_for(platform: str) -> tuple[Rule, ...]:
    """The rules whose value is a Flagged, in the order of the page."""
    return tuple(_rule(platform, name) for name in policies(platform))


def _rule(platform: str, name: str) -> Rule:
    allowed = choices(platform, name)
    every = tuple(_choice(platform, name, each, may=each in allowed) for each in Flagged)
    if name == "soft_words":
        every = (Choice(AS_ELSEWHERE, *said.AS_PICTURES), *every)
    return Rule(name, said.RULES[name], said.ABOUT[name], every, _why(platform, allowed))


def _choice(platform: str, name: str, flagged: Flagged, *, may: bool) -> Choice:
    name_of, _, means = said.CHOICES[flagged]
    elsewhere = name in ("unknown", "soft_words") and has_age_gate(platform)
    if may and elsewhere and flagged in (Flagged.ALLOW, Flagged.SPOILER):
        means = said.GATED
    if name == "soft_words" and flagged is Flagged.BLOCK:
        means = said.WORDS_BLOCKED
    return Choice(flagged, name_of.capitalize(), means, may)


def _why(platform: str, allowed: tuple[Flagged, ...]) -> str:
    if Flagged.ALLOW in allowed:
        return ""
    return said.NEVER_SHOWN if Flagged.SPOILER in allowed else said.NO_GATE[platform]


def channel_choices(platform: str) -> tuple[Choice, ...]:
    own = choices(platform, "channel")
    return (
        Choice(AS_ELSEWHERE, said.AS_ELSEWHERE, ""),
        *(Choice(each, said.CHOICES[each].name.capitalize(), "") for each in own),
    )


def where(place: tuple[str, str], names: Mapping[tuple[str, str], str]) -> str:
    """A community like "Discord · Studio", with its id if its name isn't known."""
    platform, community = place
    return f"{PLATFORMS.get(platform, platform)} \u00b7 {names.get(place, community)}"


def called(ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Names of roles, with ids for those without."""
    return ", ".join(names.get(each, each) for each in ids)


FILTERS = {
    "rules_for": rules_for,
    "channel_choices": channel_choices,
    "has_age_gate": has_age_gate,
    "kind_of_role": kind_of_role,
    "kind_of_place": lambda platform: PLACES.get(platform, "community"),
    "where": where,
    "called": called,
}
GLOBALS = {
    "REFUNDS": [Choice(v, c.name.capitalize(), c.means) for v, c in said.REFUNDS.items()],
    "SHARINGS": [Choice(v, c.name.capitalize(), c.means) for v, c in said.SHARINGS.items()],
}
