"""The rules of a community as a form: what may be chosen, what holds, what a form changes. Pure.

They are applied in `bot/domain/moderation_policy.py`.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.asker import DISCORD, SLACK, Asker
from bot.domain.community_settings import (
    STRIKE_DAYS_MAX,
    CommunitySettings,
    Sharing,
    Withheld,
    sharing_at,
)
from bot.domain.moderation_policy import Flagged, has_age_gate, policy_for
from bot.errors import BadRequest, Problem

CHANNELS_MAX = 50
# Roles or user groups that may be trusted: Slack has to be asked for the members of each.
TRUSTED_MAX = {DISCORD: 20, SLACK: 5}
# A form's value for a rule that follows another one.
AS_ELSEWHERE = ""
# Fields of a form: CHANNEL and an id for each channel with a rule of its own; two to add one more.
CHANNEL = "channel."
NEW_CHANNEL, NEW_RULE = "new_channel", "new_rule"

_WITHOUT_GATE = (Flagged.REVIEW, Flagged.BLOCK)
_IDS = {
    DISCORD: re.compile(r"[0-9]{15,20}"),
    SLACK: re.compile(r"[CG][A-Z0-9]{7,14}"),
}
# Ids of roles on Discord, of user groups on Slack.
_ROLE_IDS = {DISCORD: _IDS[DISCORD], SLACK: re.compile(r"S[A-Z0-9]{7,14}")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules that hold in a community, as a form shows them."""

    flagged: str
    flagged_age_restricted: str
    unknown: str
    soft_words: str  # AS_ELSEWHERE is the same as for flagged pictures
    channels: Mapping[str, str]
    trusted_roles: tuple[str, ...]
    withheld_cost: Withheld
    sharing: Sharing
    strike_days: int
    seen: str  # a hash of the settings; a form sends it back, which shows changes in between


def kind_of_role(platform: str) -> str:
    """What the platform calls a named set of members."""
    return "user group" if platform == SLACK else "role"


def policies(platform: str) -> tuple[str, ...]:
    """The names of the settings whose value is a Flagged."""
    gated = ("flagged_age_restricted",) if has_age_gate(platform) else ()
    return ("flagged", *gated, "unknown", "soft_words")


def choices(platform: str, rule: str) -> tuple[Flagged, ...]:
    """What `rule` may be: nothing that shows indecent pictures without an age gate."""
    if rule == "flagged" or not has_age_gate(platform):
        return _WITHOUT_GATE
    return tuple(Flagged)[1:] if rule == "unknown" else tuple(Flagged)


def rules_of(platform: str, settings: CommunitySettings) -> Rules:
    """The rules that hold now; the platform's default where nothing was chosen."""
    place = Asker(platform=platform, community="", channel="", person="")
    outside = policy_for(place, settings)
    widest = policy_for(replace(place, age_restricted=has_age_gate(platform)), settings)
    allowed = choices(platform, "channel")
    return Rules(
        flagged=outside.flagged,
        flagged_age_restricted=widest.flagged,
        unknown=widest.unknown,
        soft_words=widest.soft_words if settings.soft_words else AS_ELSEWHERE,
        channels={
            channel: rule if rule in allowed else Flagged.REVIEW
            for channel, rule in settings.flagged_channels.items()
        },
        trusted_roles=settings.trusted_roles,
        withheld_cost=settings.withheld_cost,
        sharing=sharing_at(platform, settings),
        strike_days=settings.strike_days,
        seen=hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16],
    )


def changes(platform: str, known: CommunitySettings, form: Mapping[str, str]) -> dict[str, Any]:
    """The settings that `form` changes; those that it doesn't name stay. Raises BadRequest."""
    problems: list[Problem] = []
    wanted: dict[str, Any] = {}
    for name, value in _values(platform, known, form):
        if isinstance(value, Problem):
            problems.append(value)
        else:
            wanted[name] = value
    if problems:
        raise BadRequest(tuple(problems))
    return _needed(platform, known, wanted)


def _needed(platform: str, known: CommunitySettings, wanted: dict[str, Any]) -> dict[str, Any]:
    """What of `wanted` differs from what holds now, or would once the rest was changed."""
    changed = _differing(platform, known, wanted)
    after = known.model_copy(update=changed)
    return {**changed, **_differing(platform, after, wanted)}


def _differing(
    platform: str, settings: CommunitySettings, wanted: dict[str, Any]
) -> dict[str, Any]:
    rules = rules_of(platform, settings)
    holding = {
        **{name: getattr(rules, name) or None for name in policies(platform)},
        "flagged_channels": dict(rules.channels),
        "trusted_roles": rules.trusted_roles,
        "withheld_cost": rules.withheld_cost,
        "sharing": rules.sharing,
        "strike_days": rules.strike_days,
    }
    return {name: value for name, value in wanted.items() if holding[name] != value}


# --- reading a form -------------------------------------------------------------------------------


def _values(
    platform: str, known: CommunitySettings, form: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    """The name of each setting that `form` speaks of, with its value or a Problem."""
    for name in policies(platform):
        if name in form:
            yield name, _policy(platform, name, form[name])
    yield from _channels(platform, known, form)
    if "trusted_roles" in form:
        yield "trusted_roles", _roles(platform, form["trusted_roles"])
    for name, kind in (("withheld_cost", Withheld), ("sharing", Sharing)):
        if name in form:
            yield name, _one_of(kind, name, form[name])
    if "strike_days" in form:
        yield "strike_days", _days(form["strike_days"])


def _policy(platform: str, name: str, text: str) -> Flagged | Problem | None:
    if name == "soft_words" and text == AS_ELSEWHERE:
        return None
    allowed = choices(platform, name)
    if text in allowed:
        return Flagged(text)
    if text in tuple(Flagged):
        kept_back = "never_shown" if len(allowed) > len(_WITHOUT_GATE) else "no_age_gate"
        return Problem(NAMES[name], kept_back, {})
    return _not_listed(name, text, allowed)


def _channels(
    platform: str, known: CommunitySettings, form: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    """The rules of single channels, if the form names any."""
    said = {name.removeprefix(CHANNEL): form[name] for name in form if name.startswith(CHANNEL)}
    rules: dict[str, Any] = dict(rules_of(platform, known).channels)
    if new := form.get(NEW_CHANNEL, "").strip().lstrip("#"):
        said[new] = form.get(NEW_RULE, "")
    if not said:
        return
    for channel, text in said.items():
        if channel not in rules and not _IDS[platform].fullmatch(channel):
            yield "flagged_channels", Problem("channels", "not_an_id", {"got": channel[:40]})
        elif text == AS_ELSEWHERE:
            rules.pop(channel, None)
        else:
            rules[channel] = _policy(platform, "channel", text)
    if len(rules) > max(CHANNELS_MAX, len(known.flagged_channels)):
        yield "flagged_channels", Problem("channels", "too_many_ids", {"limit": CHANNELS_MAX})
    found = [rule for rule in rules.values() if isinstance(rule, Problem)]
    yield "flagged_channels", found[0] if found else rules


def _roles(platform: str, text: str) -> tuple[str, ...] | Problem:
    ids = tuple(dict.fromkeys(re.split(r"[\s,;]+", text.strip()))) if text.strip() else ()
    name, most = f"trusted {kind_of_role(platform)}s", TRUSTED_MAX[platform]
    for each in ids:
        if not _ROLE_IDS[platform].fullmatch(each):
            return Problem(name, "not_an_id", {"got": each[:40]})
    if len(ids) > most:
        return Problem(name, "too_many_ids", {"limit": most})
    return ids


def _one_of(kind: type[StrEnum], name: str, text: str) -> StrEnum | Problem:
    try:
        return kind(text)
    except ValueError:
        return _not_listed(name, text, tuple(kind))


def _days(text: str) -> int | Problem:
    digits = text.strip()
    if re.fullmatch(r"[0-9]{1,3}", digits) and 1 <= int(digits) <= STRIKE_DAYS_MAX:
        return int(digits)
    data = {"minimum": 1, "maximum": STRIKE_DAYS_MAX, "got": text[:40]}
    return Problem(NAMES["strike_days"], "out_of_range", data)


def _not_listed(name: str, text: str, allowed: tuple[str, ...]) -> Problem:
    data = {"got": text[:40], "choices": ", ".join(allowed)}
    return Problem(NAMES[name], "not_listed", data)


# What people call the settings.
NAMES = {
    "flagged": "indecent pictures",
    "flagged_age_restricted": "age-restricted channels",
    "unknown": "pictures nobody could look at",
    "soft_words": "indecent words",
    "channel": "single channels",
    "withheld_cost": "withheld pictures",
    "sharing": "results on the page",
    "strike_days": "strikes",
}
