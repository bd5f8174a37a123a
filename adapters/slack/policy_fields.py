"""The fields of /limner setup about moderation, and what they say of a workspace. Pure."""

from collections.abc import Mapping
from typing import Any

from adapters.slack import blocks
from adapters.slack.blocks import Block, Element
from bot.communities import CommunitySettings, Withheld
from bot.moderation import Flagged

# Slack has no age gate, so that what looks indecent is never simply shown or covered there.
_CHOICES = (("not shown", Flagged.BLOCK), ("reviewed first", Flagged.REVIEW))
_SAID = {flagged: words for words, flagged in _CHOICES}
_REFUNDS = (
    ("given back", Withheld.ALWAYS),
    ("given back unless a moderator confirms it", Withheld.UNLESS_CONFIRMED),
    ("not given back", Withheld.NEVER),
)
_REFUNDED = {refund: words for words, refund in _REFUNDS}
STRIKE_DAYS_MAX = 365
_USUAL = CommunitySettings()


def outside_gate(flagged: Flagged | None) -> Flagged:
    """What a choice comes to where there is no age gate."""
    return Flagged.BLOCK if flagged in (None, Flagged.BLOCK) else Flagged.REVIEW


def policy_fields(known: CommunitySettings) -> list[Block]:
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
    ]


def _menu(name: str, chosen: Flagged | None) -> Element:
    offered = [blocks.option(label, value) for label, value in _CHOICES]
    return blocks.select(name, offered, initial=chosen or "")


def policy_changes(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was left empty goes back to what is usual."""
    changes: dict[str, Any] = {
        name: Flagged(values[name]) if name in values else None
        for name in ("flagged", "unknown", "soft_words")
    }
    changes["withheld_cost"] = Withheld(values.get("withheld_cost", _USUAL.withheld_cost))
    changes["strike_days"] = int(values.get("strike_days", _USUAL.strike_days))
    return changes


def policy_lines(settings: CommunitySettings) -> list[str]:
    """The rule for indecent pictures, and whatever else is not as usual."""
    flagged = outside_gate(settings.flagged)
    lines = [f"*Indecent pictures* {_SAID[flagged]}"]
    if settings.unknown and outside_gate(settings.unknown) is not Flagged.REVIEW:
        lines.append(f"*Pictures nobody could look at* {_SAID[outside_gate(settings.unknown)]}")
    if settings.soft_words and outside_gate(settings.soft_words) is not flagged:
        lines.append(f"*Indecent words* {_SAID[outside_gate(settings.soft_words)]}")
    if settings.withheld_cost is not _USUAL.withheld_cost:
        lines.append(f"*Withheld pictures* {_REFUNDED[settings.withheld_cost]}")
    if settings.strike_days != _USUAL.strike_days:
        lines.append(f"*Strikes* forgotten after {settings.strike_days} days")
    return lines
