"""Links that open the review page: each for one moderator, given out privately in chat."""

from dataclasses import replace

from bot.accounts.one_time_tokens import OneTimeTokens
from bot.domain.asker import Asker
from bot.errors import NotAllowed, NotFound
from bot.ports import Clock


class ReviewLinks:
    """`address` is the page's own, set once it listens; None while there is none."""

    address: str | None = None

    def __init__(self, clock: Clock) -> None:
        self._tokens: OneTimeTokens[Asker] = OneTimeTokens(clock)

    def new(self, asker: Asker) -> str:
        """A link for `asker`. Raises NotAllowed without their right, NotFound without a page."""
        if not (asker.is_moderator or asker.is_admin):
            raise NotAllowed("moderators_only")
        if self.address is None:
            raise NotFound("page")
        token = self._tokens.issue(replace(asker, is_owner=False))
        # Behind "#" it isn't sent to servers: it is in no log, and no preview uses it up.
        return f"{self.address}/review/enter#{token}"

    def spend(self, token: str) -> Asker | None:
        """Use up a link. Returns whose it is; None if it is wrong, too old, or used already."""
        return self._tokens.redeem(token)

    def void(self) -> None:
        """Make all unused links invalid."""
        self._tokens.void()
