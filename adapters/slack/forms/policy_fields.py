"""The fields of /limner setup about moderation: settings → blocks, values → changes. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.forms import fields
from adapters.slack.rendering import blocks
from adapters.slack.rendering.blocks import Block, Element
from bot.accounts.community_rules import (
    CHANNELS_MAX,
    TRUSTED_MAX,
    Rules,
    choices,
    rules_of,
)
from bot.domain.asker import SLACK
from bot.domain.community_settings import STRIKE_DAYS_MAX, CommunitySettings, Sharing, Withheld
from bot.domain.moderation_policy import Flagged
from bot.errors import BadRequest, Problem
from bot.wording.settings.policies import REFUNDS, SHARINGS, outcome
from bot.wording.settings.setup_form import FIELDS

# The channels with a rule of their own, by the field that lists them.
CHANNEL_FIELDS = {"reviewed_channels": Flagged.REVIEW, "blocked_channels": Flagged.BLOCK}
_USUAL = CommunitySettings()


def setup_field(name: str, element: Element) -> Block:
    label, hint = FIELDS[name]
    return blocks.field(name, label, element, hint=hint)


def policy_fields(known: CommunitySettings, groups: Sequence[tuple[str, str]] = ()) -> list[Block]:
    """`groups` are names and ids of the workspace's user groups."""
    rules = rules_of(SLACK, known)
    refunds = [blocks.option(each.outcome, value) for value, each in REFUNDS.items()]
    sharings = [blocks.option(each.outcome, value) for value, each in SHARINGS.items()]
    days, most = f"{known.strike_days}", f"{STRIKE_DAYS_MAX}"
    elements = {
        "flagged": _menu("flagged", rules.flagged),
        **{name: _channels(name, rules) for name in CHANNEL_FIELDS},
        "unknown": _menu("unknown", rules.unknown),
        "soft_words": _menu("soft_words", rules.soft_words),
        "withheld_cost": blocks.select("withheld_cost", refunds, initial=known.withheld_cost),
        "sharing": blocks.select("sharing", sharings, initial=rules.sharing),
        "strike_days": blocks.number_input("strike_days", days, least="1", most=most),
        **_trusted(known, groups),
    }
    return [setup_field(name, element) for name, element in elements.items()]


def _channels(name: str, rules: Rules) -> Element:
    chosen = [channel for channel, own in rules.channels.items() if own == CHANNEL_FIELDS[name]]
    return blocks.picker("multi_conversations_select", name, chosen, most=CHANNELS_MAX)


def _trusted(known: CommunitySettings, groups: Sequence[tuple[str, str]]) -> dict[str, Element]:
    """No field where the workspace has no user groups."""
    if not groups:
        return {}
    offered = [blocks.option(f"@{name}", group) for name, group in groups]
    most = TRUSTED_MAX[SLACK]
    menu = blocks.multi_select("trusted_roles", offered, initial=known.trusted_roles, most=most)
    return {"trusted_roles": menu}


def _menu(name: str, chosen: str) -> Element:
    """A menu of rules, the strictest first."""
    allowed = reversed(choices(SLACK, name))
    offered = [blocks.option(outcome(flagged), flagged) for flagged in allowed]
    return blocks.select(name, offered, initial=chosen)


def policy_changes(values: Mapping[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
    """The changed settings; an empty field means its default. Raises BadRequest."""
    changes: dict[str, Any] = {
        name: Flagged(values[name]) if name in values else None
        for name in ("flagged", "unknown", "soft_words")
    }
    changes["withheld_cost"] = Withheld(values.get("withheld_cost", _USUAL.withheld_cost))
    changes["sharing"] = Sharing(values.get("sharing", Sharing.MEMBERS))
    changes["strike_days"] = int(values.get("strike_days", _USUAL.strike_days))
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
