"""The fields of /limner setup about moderation: settings → blocks, values → changes. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.forms import fields
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from adapters.slack.rendering.settings_card import (
    CHANNEL_FIELDS,
    FLAGGED_CHOICES,
    FLAGGED_WORDS,
    REFUND_CHOICES,
    USUAL_SETTINGS,
    outside_gate,
)
from bot.accounts.community_rules import CHANNELS_MAX, TRUSTED_MAX
from bot.domain.asker import SLACK
from bot.domain.community_settings import CommunitySettings, Withheld
from bot.domain.moderation_policy import Flagged
from bot.errors import BadRequest, Problem

STRIKE_DAYS_MAX = 365


def policy_fields(known: CommunitySettings, groups: Sequence[tuple[str, str]] = ()) -> list[Block]:
    """`groups` are names and ids of the workspace's user groups."""
    flagged = outside_gate(known.flagged)
    unknown = outside_gate(known.unknown or Flagged.REVIEW)
    words = outside_gate(known.soft_words) if known.soft_words else None
    refunds = [blocks.option(label, value) for label, value in REFUND_CHOICES]
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
        *(_channels_field(name, known) for name in CHANNEL_FIELDS),
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
    rule = CHANNEL_FIELDS[name]
    chosen = [c for c, own in known.flagged_channels.items() if outside_gate(own) is rule]
    element = blocks.picker("multi_conversations_select", name, chosen, most=CHANNELS_MAX)
    label = f"Where they are {FLAGGED_WORDS[rule]}"
    return blocks.field(name, label, element, hint="In these channels, whatever holds elsewhere.")


def _trusted_field(known: CommunitySettings, groups: Sequence[tuple[str, str]]) -> list[Block]:
    """No field where the workspace has no user groups."""
    if not groups:
        return []
    offered = [blocks.option(f"@{name}", group) for name, group in groups]
    element = blocks.multi_select(
        "trusted_roles", offered, initial=known.trusted_roles, most=TRUSTED_MAX[SLACK]
    )
    hint = "Their own doubtful pictures are covered at once; everybody else's wait for a moderator."
    return [blocks.field("trusted_roles", "Trusted groups", element, hint=hint)]


def _menu(name: str, chosen: Flagged | None) -> Element:
    offered = [blocks.option(label, value) for label, value in FLAGGED_CHOICES]
    return blocks.select(name, offered, initial=chosen or "")


def policy_changes(values: Mapping[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
    """The changed settings; an empty field means its default. Raises BadRequest."""
    changes: dict[str, Any] = {
        name: Flagged(values[name]) if name in values else None
        for name in ("flagged", "unknown", "soft_words")
    }
    changes["withheld_cost"] = Withheld(values.get("withheld_cost", USUAL_SETTINGS.withheld_cost))
    changes["strike_days"] = int(values.get("strike_days", USUAL_SETTINGS.strike_days))
    changes["flagged_channels"] = _channel_rules(values)
    if fields.block_for("trusted_roles", view):
        changes["trusted_roles"] = tuple(values.get("trusted_roles", ()))
    return changes


def _channel_rules(values: Mapping[str, Any]) -> dict[str, Flagged]:
    """Raises BadRequest for a channel with two rules, and for too many."""
    rules: dict[str, Flagged] = {}
    for name, rule in CHANNEL_FIELDS.items():
        for channel in values.get(name, ()):
            if channel in rules:
                raise BadRequest((Problem(name, "two_rules", {}),))
            rules[channel] = rule
        if len(rules) > CHANNELS_MAX:
            raise BadRequest((Problem(name, "too_many_ids", {"limit": CHANNELS_MAX}),))
    return rules
