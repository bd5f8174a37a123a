"""A workspace's settings, as one line for each. Pure."""

from adapters.slack.rendering.markup import entities
from bot.domain.community_settings import CommunitySettings, Withheld
from bot.domain.moderation_policy import Flagged
from bot.wording import allowance

# Slack has no age gate, so that indecent pictures are never shown or covered without review.
FLAGGED_CHOICES = (("not shown", Flagged.BLOCK), ("reviewed first", Flagged.REVIEW))
FLAGGED_WORDS = {flagged: words for words, flagged in FLAGGED_CHOICES}
REFUND_CHOICES = (
    ("given back", Withheld.ALWAYS),
    ("given back unless a moderator confirms it", Withheld.UNLESS_CONFIRMED),
    ("not given back", Withheld.NEVER),
)
_REFUNDED = {refund: words for words, refund in REFUND_CHOICES}
# The channels with a rule of their own, by the field that lists them.
CHANNEL_FIELDS = {"reviewed_channels": Flagged.REVIEW, "blocked_channels": Flagged.BLOCK}
USUAL_SETTINGS = CommunitySettings()


def settings_lines(settings: CommunitySettings) -> list[str]:
    places = ", ".join(f"<#{channel}>" for channel in settings.channels) or "everywhere that I am"
    told = f"<#{settings.moderator_channel}>" if settings.moderator_channel else "nowhere yet"
    who = "everybody, guests too" if settings.outsiders else "members, no guests"
    return [
        f"*Drawing* {places}{' (paused)' if settings.paused else ''}, for {who}",
        f"*Reports and warnings* {told}",
        f"*Moderators* {_moderators(settings)}",
        *policy_lines(settings),
        *budget_lines(settings),
    ]


def budget_lines(settings: CommunitySettings) -> list[str]:
    lines = [
        f"*The workspace* {allowance(settings.day_micros, settings.month_micros)}",
        f"*Each member* {allowance(settings.person_day_micros, settings.person_month_micros)}",
    ]
    for group in sorted({*settings.role_day_micros, *settings.role_month_micros}):
        day, month = settings.role_day_micros.get(group), settings.role_month_micros.get(group)
        lines.append(f"*<!subteam^{entities(group)}>* {allowance(day, month)}")
    return lines


def _moderators(settings: CommunitySettings) -> str:
    people = [f"<@{person}>" for person in settings.moderators]
    group = settings.moderator_role
    groups = [f"<!subteam^{entities(group)}>"] if group else []
    return ", ".join((*groups, *people, "the admins"))


def outside_gate(flagged: Flagged | None) -> Flagged:
    """The rule that a choice means where there is no age gate."""
    return Flagged.BLOCK if flagged in (None, Flagged.BLOCK) else Flagged.REVIEW


def policy_lines(settings: CommunitySettings) -> list[str]:
    """The rule for indecent pictures, and all settings that differ from the defaults."""
    flagged = outside_gate(settings.flagged)
    lines = [f"*Indecent pictures* {FLAGGED_WORDS[flagged]}", *_channel_lines(settings)]
    if settings.unknown and outside_gate(settings.unknown) is not Flagged.REVIEW:
        lines.append(
            f"*Pictures nobody could look at* {FLAGGED_WORDS[outside_gate(settings.unknown)]}"
        )
    if settings.soft_words and outside_gate(settings.soft_words) is not flagged:
        lines.append(f"*Indecent words* {FLAGGED_WORDS[outside_gate(settings.soft_words)]}")
    if settings.withheld_cost is not USUAL_SETTINGS.withheld_cost:
        lines.append(f"*Withheld pictures* {_REFUNDED[settings.withheld_cost]}")
    if settings.strike_days != USUAL_SETTINGS.strike_days:
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
        f"*In* {', '.join(found[rule])} {FLAGGED_WORDS[rule]}"
        for rule in CHANNEL_FIELDS.values()
        if rule in found
    ]
