"""The fields of /limner setup about moderation, and what they say of a workspace. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.forms import fields
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from adapters.slack.rendering.markup import entities
from bot.accounts.community_rules import CHANNELS_MAX, TRUSTED_MAX
from bot.domain.community_settings import CommunitySettings, Withheld
from bot.domain.moderation_policy import Flagged
from bot.errors import BadRequest, Problem

# Slack has no age gate, so that what looks indecent is never simply shown or covered there.
_CHOICES = (("not shown", Flagged.BLOCK), ("reviewed first", Flagged.REVIEW))
_SAID = {flagged: words for words, flagged in _CHOICES}
_REFUNDS = (
    ("given back", Withheld.ALWAYS),
    ("given back unless a moderator confirms it", Withheld.UNLESS_CONFIRMED),
    ("not given back", Withheld.NEVER),
)
_REFUNDED = {refund: words for words, refund in _REFUNDS}
# The channels with a rule of their own, by the field that lists them.
_CHANNELS = {"reviewed_channels": Flagged.REVIEW, "blocked_channels": Flagged.BLOCK}
STRIKE_DAYS_MAX = 365
_USUAL = CommunitySettings()


def outside_gate(flagged: Flagged | None) -> Flagged:
    """What a choice comes to where there is no age gate."""
    return Flagged.BLOCK if flagged in (None, Flagged.BLOCK) else Flagged.REVIEW


def policy_fields(known: CommunitySettings, groups: Sequence[tuple[str, str]] = ()) -> list[Block]:
    """`groups` are name and id of the workspace's user groups."""
    flagged = outside_gate(known.flagged)
    unknown = outside_gate(known.unknown or Flagged.REVIEW)
    words = outside_gate(known.soft_words) if known.soft_words else None
    refunds = [blocks.option(label, value) for label, value in _REFUNDS]
    days: Element = {
        "type": "number_input",
        "action_id": "strike_days",
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": f"{STRIKE_DAYS_MAX}",
        "initial_value": f"{known.strike_days}",
    }
    return [
        blocks.field("flagged", "Pictures that look indecent", _menu("flagged", flagged)),
        *(_channels_field(name, known) for name in _CHANNELS),
        blocks.field("unknown", "Pictures that nobody could look at", _menu("unknown", unknown)),
        blocks.field(
            "soft_words",
            "Requests with indecent words",
            _menu("soft_words", words),
            hint="Empty is the same as for pictures.",
        ),
        blocks.field(
            "withheld_cost",
            "What a withheld picture costs is",
            blocks.select("withheld_cost", refunds, initial=known.withheld_cost),
        ),
        blocks.field("strike_days", "Days until a strike is forgotten", days),
        *_trusted_field(known, groups),
    ]


def _channels_field(name: str, known: CommunitySettings) -> Block:
    rule = _CHANNELS[name]
    chosen = [c for c, own in known.flagged_channels.items() if outside_gate(own) is rule]
    element = blocks.picker("multi_conversations_select", name, chosen, most=CHANNELS_MAX)
    label = f"Where they are {_SAID[rule]}"
    return blocks.field(name, label, element, hint="In these channels, whatever holds elsewhere.")


def _trusted_field(known: CommunitySettings, groups: Sequence[tuple[str, str]]) -> list[Block]:
    """Nothing where the workspace has no user groups."""
    if not groups:
        return []
    offered = [blocks.option(f"@{name}", group) for name, group in groups]
    element = blocks.multi_select(
        "trusted_roles", offered, initial=known.trusted_roles, most=TRUSTED_MAX["slack"]
    )
    hint = "Their own doubtful pictures are covered at once; everybody else's wait for a moderator."
    return [blocks.field("trusted_roles", "Trusted groups", element, hint=hint)]


def _menu(name: str, chosen: Flagged | None) -> Element:
    offered = [blocks.option(label, value) for label, value in _CHOICES]
    return blocks.select(name, offered, initial=chosen or "")


def policy_changes(values: Mapping[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
    """What was left empty goes back to what is usual. Raises BadRequest."""
    changes: dict[str, Any] = {
        name: Flagged(values[name]) if name in values else None
        for name in ("flagged", "unknown", "soft_words")
    }
    changes["withheld_cost"] = Withheld(values.get("withheld_cost", _USUAL.withheld_cost))
    changes["strike_days"] = int(values.get("strike_days", _USUAL.strike_days))
    changes["flagged_channels"] = _channel_rules(values)
    if fields.block_for("trusted_roles", view):
        changes["trusted_roles"] = tuple(values.get("trusted_roles", ()))
    return changes


def _channel_rules(values: Mapping[str, Any]) -> dict[str, Flagged]:
    """Raises BadRequest for a channel with two rules, and for too many."""
    rules: dict[str, Flagged] = {}
    for name, rule in _CHANNELS.items():
        for channel in values.get(name, ()):
            if channel in rules:
                raise BadRequest((Problem(name, "two_rules", {}),))
            rules[channel] = rule
        if len(rules) > CHANNELS_MAX:
            raise BadRequest((Problem(name, "too_many_ids", {"limit": CHANNELS_MAX}),))
    return rules


def policy_lines(settings: CommunitySettings) -> list[str]:
    """The rule for indecent pictures, and whatever else is not as usual."""
    flagged = outside_gate(settings.flagged)
    lines = [f"*Indecent pictures* {_SAID[flagged]}", *_channel_lines(settings)]
    if settings.unknown and outside_gate(settings.unknown) is not Flagged.REVIEW:
        lines.append(f"*Pictures nobody could look at* {_SAID[outside_gate(settings.unknown)]}")
    if settings.soft_words and outside_gate(settings.soft_words) is not flagged:
        lines.append(f"*Indecent words* {_SAID[outside_gate(settings.soft_words)]}")
    if settings.withheld_cost is not _USUAL.withheld_cost:
        lines.append(f"*Withheld pictures* {_REFUNDED[settings.withheld_cost]}")
    if settings.strike_days != _USUAL.strike_days:
        lines.append(f"*Strikes* forgotten after {settings.strike_days} days")
    if settings.trusted_roles:
        groups = ", ".join(f"<!subteam^{entities(group)}>" for group in settings.trusted_roles)
        lines.append(f"*Doubtful pictures* of {groups} covered at once")
    return lines


def _channel_lines(settings: CommunitySettings) -> list[str]:
    found: dict[Flagged, list[str]] = {}
    for channel, own in settings.flagged_channels.items():
        found.setdefault(outside_gate(own), []).append(f"<#{channel}>")
    return [
        f"*In* {', '.join(found[rule])} {_SAID[rule]}"
        for rule in _CHANNELS.values()
        if rule in found
    ]
