"""Slack's form of /limner setup, and the part of the Home that admins see: plain text."""

from collections.abc import Mapping

from bot.domain.moderation_policy import Flagged
from bot.wording.settings.policies import OUTCOMES, RULES

SET_UP_LIMNER = "Set up Limner"
SET_UP = "Set up"
PAUSE = "Pause"
RESUME = "Let members draw again"
GUESTS_DRAW = "Guests and people from outside may draw"
_IN_THESE = "In these channels, whatever holds elsewhere."
_AS_OWNER = "Empty is as the bot owner set it."
# Label and hint of each field.
FIELDS: Mapping[str, tuple[str, str]] = {
    "channels": ("Where to draw", "Empty is everywhere that I can post."),
    "moderator_channel": (
        "Reports and warnings",
        "A private channel for moderators. Invite me there, so that I can post.",
    ),
    "moderators": ("Moderators", "Admins are moderators anyway."),
    "moderator_role": ("Or a user group", ""),
    "flagged": (RULES["flagged"], ""),
    "reviewed_channels": (f"Where they are {OUTCOMES[Flagged.REVIEW]}", _IN_THESE),
    "blocked_channels": (f"Where they are {OUTCOMES[Flagged.BLOCK]}", _IN_THESE),
    "unknown": (RULES["unknown"], ""),
    "soft_words": (RULES["soft_words"], "Empty is the same as for pictures."),
    "withheld_cost": ("What a withheld picture costs is", ""),
    "strike_days": ("Days until a strike is forgotten", ""),
    "trusted_roles": (
        "Trusted groups",
        "Their own doubtful pictures are covered at once; everybody else's wait for a moderator.",
    ),
    "outsiders": ("Guests", ""),
    "day_micros": (
        "The workspace, dollars a day",
        f"What everybody together may spend a day. {_AS_OWNER}",
    ),
    "month_micros": ("The workspace, dollars a month", f"And in a month. {_AS_OWNER}"),
    "person_day_micros": (
        "Each member, dollars a day",
        f"What one person may spend a day. {_AS_OWNER}",
    ),
    "person_month_micros": ("Each member, dollars a month", f"And in a month. {_AS_OWNER}"),
}
