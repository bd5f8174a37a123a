"""Labels of Slack's form for /limner setup and of the admins' part of the Home. Plain text."""

from bot.domain.moderation_policy import Flagged
from bot.wording.settings.policies import RULES, outcome

SET_UP_LIMNER = "Set up Limner"
SET_UP = "Set up"
PAUSE = "Pause"
RESUME = "Let members draw again"
OWN_POSTS = "Are posts of their own in the channel"
GUESTS_DRAW = "Guests and people from outside may draw"
_POSTING = "A private channel for moderators. Invite me there, so that I can post."
_IN_THESE = "In these channels, whatever holds elsewhere."
_COVERED = "Their own doubtful pictures are covered at once; everybody else's wait for a moderator."
_AS_OWNER = "Empty is as the bot owner set it."
_TOGETHER = f"What everybody together may spend a day. {_AS_OWNER}"
_EACH = f"What one person may spend a day. {_AS_OWNER}"
_MONTH = f"And in a month. {_AS_OWNER}"
# Label and hint of each field.
FIELDS = {
    "channels": ("Where to draw", "Empty is everywhere that I can post."),
    "moderator_channel": ("Reports and warnings", _POSTING),
    "moderators": ("Moderators", "Admins are moderators anyway."),
    "moderator_role": ("Or a user group", ""),
    "flagged": (RULES["flagged"], ""),
    "reviewed_channels": (f"Where they are {outcome(Flagged.REVIEW)}", _IN_THESE),
    "blocked_channels": (f"Where they are {outcome(Flagged.BLOCK)}", _IN_THESE),
    "unknown": (RULES["unknown"], ""),
    "soft_words": (RULES["soft_words"], "Empty is the same as for pictures."),
    "withheld_cost": ("What a withheld picture costs is", ""),
    "sharing": ("On the bot's page, results are", "Each card then has a link to its result."),
    "strike_days": ("Days until a strike is forgotten", ""),
    "trusted_roles": ("Trusted groups", _COVERED),
    "outsiders": ("Guests", ""),
    "own_posts": ("Again, Vary and Edit", "Otherwise they go into the thread of their card."),
    "day_micros": ("The workspace, dollars a day", _TOGETHER),
    "month_micros": ("The workspace, dollars a month", _MONTH),
    "person_day_micros": ("Each member, dollars a day", _EACH),
    "person_month_micros": ("Each member, dollars a month", _MONTH),
}
