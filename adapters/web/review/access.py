"""Who may open the review page: moderators with a session, while their platform confirms it."""

import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Annotated, cast

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from adapters.web.context import COOKIE, OWNER, Here
from bot.accounts.administration import Administration
from bot.domain.asker import Asker
from bot.moderation.review_links import ReviewLinks
from bot.moderation.reviews import Reviews
from bot.platforms import Platforms
from bot.ports import Clock, Roles
from bot.wording.page import ASK_FOR_A_LINK

MODERATOR_COOKIE = "limner_review"
SESSION_S = 8 * 3600
SESSIONS_MAX = 200
# For reading pages; every action asks the platform anew.
ROLE_REMEMBERED_S = 30.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Session:
    asker: Asker
    ends_at_s: float
    checked_at_s: float


@dataclass
class Moderators:
    """The sessions of moderators, in memory; their rights are asked of their platforms."""

    clock: Clock
    platforms: Platforms
    _sessions: "OrderedDict[bytes, _Session]" = field(default_factory=OrderedDict)

    def open(self, asker: Asker) -> str:
        """Open a session. Returns the cookie's value."""
        value = secrets.token_urlsafe(32)
        now_s = self.clock.monotonic()
        self._sessions[_digest(value)] = _Session(asker, now_s + SESSION_S, now_s)
        while len(self._sessions) > SESSIONS_MAX:
            self._sessions.popitem(last=False)
        return value

    def close(self, value: str) -> None:
        self._sessions.pop(_digest(value), None)

    def close_all(self) -> int:
        count = len(self._sessions)
        self._sessions.clear()
        return count

    async def who(self, value: str, *, now: bool) -> Asker | None:
        """The moderator of a session; None if it has ended or they don't moderate any more.

        `now` asks the platform anew, even within ROLE_REMEMBERED_S.
        """
        session = self._sessions.get(_digest(value))
        now_s = self.clock.monotonic()
        if session is None or now_s >= session.ends_at_s:
            self.close(value)
            return None
        if now or now_s - session.checked_at_s >= ROLE_REMEMBERED_S:
            if not await self._still_moderates(session.asker):
                self.close(value)
                return None
            session.checked_at_s = now_s
        # Other rights that they had when the link was made may have changed.
        return replace(session.asker, is_moderator=True, is_admin=False)

    async def with_rights(self, asker: Asker) -> Asker:
        """The moderator, with `is_admin` as the platform says at this moment."""
        if asker.is_owner:
            return asker
        is_admin = await self._vouched(
            asker, lambda roles: roles.administers(asker.community, asker.person)
        )
        return replace(asker, is_admin=is_admin)

    async def _still_moderates(self, asker: Asker) -> bool:
        return await self._vouched(
            asker, lambda roles: roles.moderates(asker.community, asker.person)
        )

    async def _vouched(self, asker: Asker, ask: Callable[[Roles], Awaitable[bool]]) -> bool:
        """What `ask` tells of the asker's roles; False if the platform can't be asked."""
        roles = self.platforms.roles(asker.platform)
        if roles is None:
            return False
        try:
            return await ask(roles)
        except Exception:  # noqa: BLE001  (whatever a platform throws)
            log.warning("%s could not say who moderates", asker.platform)
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewServices:
    """The parts of the bot that the review page uses."""

    reviews: Reviews
    links: ReviewLinks
    moderators: Moderators
    administration: Administration
    platforms: Platforms
    contact: str = ""


def services_of(request: Request) -> ReviewServices:
    return cast("ReviewServices", request.app.state.review)


Services = Annotated[ReviewServices, Depends(services_of)]


async def reviewer(request: Request, here: Here, services: Services) -> Asker:
    """The moderator or the owner who asks; others are told how to get a link."""
    cookie = request.cookies.get(MODERATOR_COOKIE, "")
    acts = request.method not in ("GET", "HEAD")
    if cookie and (asker := await services.moderators.who(cookie, now=acts)) is not None:
        return asker
    if not here.site.wants_token or here.sessions.is_open(request.cookies.get(COOKIE, "")):
        return OWNER
    raise HTTPException(403, ASK_FOR_A_LINK)


Reviewer = Annotated[Asker, Depends(reviewer)]


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()
