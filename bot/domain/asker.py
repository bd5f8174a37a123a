"""Who asks, and where."""

from dataclasses import dataclass
from datetime import datetime

# Chat platforms, as rows and rules name them.
DISCORD = "discord"
SLACK = "slack"
# Somebody without an account, who came by a link; no id of a person on any platform is like it.
OUTSIDER = "outsider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A person at a place, as the platform vouched for them at this very moment.

    `community` is a Discord server, a Slack workspace, or "local" for the playground and the
    terminal. Budgets treat a member of two communities as two people, erasure as one.
    """

    platform: str  # DISCORD, SLACK, "web", "terminal"
    community: str
    channel: str
    person: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    age_restricted: bool = False  # the channel, or the parent of the thread
    direct: bool = False  # a private conversation with the bot
    is_owner: bool = False  # of the bot
    is_admin: bool = False  # of the community
    is_moderator: bool = False
    locale: str = "en"
    account_created_at: datetime | None = None
    joined_at: datetime | None = None

    @property
    def is_outsider(self) -> bool:
        return self.person.partition(":")[0] == OUTSIDER
