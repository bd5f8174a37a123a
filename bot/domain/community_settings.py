"""What a server or workspace decided for itself, within the owner's limits. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.asker import DISCORD, SLACK, Asker
from bot.domain.budgets import Budgets
from bot.domain.moderation_policy import Flagged
from bot.errors import NotAllowed, TooNew

Micros = int | None
# Of each list of words, because they are searched at every prompt.
WORDS_MAX = 500
STRIKE_DAYS_MAX = 365


class Withheld(StrEnum):
    """Whether the cost of a withheld picture is given back."""

    ALWAYS = "always"
    UNLESS_CONFIRMED = "unless_confirmed"  # by a moderator
    NEVER = "never"


class Sharing(StrEnum):
    """Who can see results on the page, besides the owner."""

    MEMBERS = "members"  # nobody: members see them where they were posted
    LINK = "link"  # anybody who has a result's link


class Hearing(StrEnum):
    """Whether anybody hears of what waits for the moderators of a community."""

    HEARD = "heard"  # as far as the platform can say
    NO_CHANNEL = "no_channel"  # none was chosen
    LOST_CHANNEL = "lost_channel"  # the chosen one is gone, or closed to the bot


class CommunitySettings(BaseModel):
    """The settings of one community. None means that the owner's default holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    set_up: bool = False
    set_up_by: str = ""  # the id of whoever did that last
    paused: bool = False
    person_day_micros: Micros = Field(None, ge=0)
    person_month_micros: Micros = Field(None, ge=0)
    day_micros: Micros = Field(None, ge=0)
    month_micros: Micros = Field(None, ge=0)
    # Budgets by role id: the best role of a member counts.
    role_day_micros: dict[str, int] = {}
    role_month_micros: dict[str, int] = {}
    models: tuple[str, ...] = ()
    flagged: Flagged | None = None
    flagged_age_restricted: Flagged | None = None
    flagged_channels: dict[str, Flagged] = {}  # by channel id; more exact than the two above
    unknown: Flagged | None = None  # pictures that nobody could look at; never allow
    soft_words: Flagged | None = None  # prompts with words of the soft tier
    words_added: tuple[str, ...] = Field((), max_length=WORDS_MAX)
    words_allowed: tuple[str, ...] = Field((), max_length=WORDS_MAX)
    trusted_roles: tuple[str, ...] = ()
    withheld_cost: Withheld = Withheld.UNLESS_CONFIRMED
    sharing: Sharing | None = None
    strike_days: int = Field(90, ge=1, le=STRIKE_DAYS_MAX)  # until a strike is forgotten
    account_age_days: int = Field(0, ge=0, le=365)
    membership_days: int = Field(0, ge=0, le=365)
    channels: tuple[str, ...] = ()  # where drawing is allowed; empty is everywhere
    moderator_channel: str = ""
    moderator_role: str = ""
    # Beside the role, or in its place: people by id, and whether guests may draw (Slack).
    moderators: tuple[str, ...] = ()
    outsiders: bool = False
    own_posts: bool = False  # what is drawn anew of a card isn't in the card's thread (Slack)

    def budgets_for(self, asker: Asker, ceiling: Budgets) -> Budgets:
        """The limits of one member here, none above the owner's."""
        return Budgets(
            person_day=self._best(asker, self.role_day_micros, self.person_day_micros),
            person_month=self._best(asker, self.role_month_micros, self.person_month_micros),
            community_day=self.day_micros,
            community_month=self.month_micros,
            operator_month=ceiling.operator_month,
        ).within(ceiling)

    def refuse(self, asker: Asker, now: datetime) -> None:
        """Raises NotAllowed or TooNew for somebody who may not draw here."""
        if self.channels and asker.channel not in self.channels and not asker.direct:
            raise NotAllowed("other_channel")
        ages = (
            (asker.account_created_at, self.account_age_days),
            (asker.joined_at, self.membership_days),
        )
        for since, days in ages:
            if since is not None and now < since + timedelta(days=days):
                raise TooNew(open_at=since + timedelta(days=days))

    @staticmethod
    def _best(asker: Asker, by_role: dict[str, int], otherwise: Micros) -> Micros:
        own = [by_role[role] for role in asker.roles if role in by_role]
        return max(own, default=otherwise)


def sharing_at(platform: str, chosen: CommunitySettings) -> Sharing:
    """What holds: nothing leaves a chat until its admins say so; the owner's own page has links."""
    return chosen.sharing or (Sharing.MEMBERS if platform in (DISCORD, SLACK) else Sharing.LINK)
