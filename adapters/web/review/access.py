"""Who may open the review page: moderators with a session, while their platform confirms it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Annotated, cast

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from adapters.web.context import COOKIE, Here, signed_in
from adapters.web.http.sessions import Sessions
from bot.accounts.administration import Administration
from bot.domain.asker import Asker
from bot.moderation.review_links import ReviewLinks
from bot.moderation.reviews import Reviews
from bot.platforms import Platforms
from bot.ports import Clock, Roles
from bot.wording.page import ASK_FOR_A_LINK, ROLE_UNKNOWN

MODERATOR_COOKIE = "limner_review"
SESSION_S = 8 * 3600
SESSIONS_MAX = 200
log = logging.getLogger(__name__)


@dataclass
class _Session:
    """A moderator's session. Requests that wait together are told by one answer."""

    asker: Asker
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _begun: int = 0  # how often the platform was asked
    _told: int = 0  # which of these its newest answer is of
    _answer: bool | None = None

    async def confirm(self, ask: Callable[[Asker], Awaitable[bool | None]]) -> bool | None:
        """What the platform says, asked after this call began."""
        begun_before = self._begun
        async with self._asking:
            if self._told <= begun_before:
                self._begun += 1
                self._answer = await ask(self.asker)
                self._told = self._begun
            return self._answer


class Moderators:
    """The sessions of moderators; their rights are asked of their platforms."""

    def __init__(self, clock: Clock, platforms: Platforms) -> None:
        self.sessions: Sessions[_Session] = Sessions(clock, lasts_s=SESSION_S, most=SESSIONS_MAX)
        self._platforms = platforms

    def open(self, asker: Asker) -> str:
        """Open a session. Returns the cookie's value."""
        return self.sessions.open(_Session(asker))

    async def who(self, value: str) -> Asker | None:
        """The moderator of a session, as their platform says now.

        None if it has ended or they don't moderate any more. Raises HTTPException where the
        platform can't say: then nothing is shown, and the session stays.
        """
        session = self.sessions.find(value)
        if session is None:
            return None
        moderates = await session.confirm(self._moderates)
        if moderates is None:
            raise HTTPException(503, ROLE_UNKNOWN)
        if not moderates:
            self.sessions.close(value)
        # It may have been revoked while the platform was asked.
        if self.sessions.find(value) is None:
            return None
        # Other rights that they had when the link was made may have changed.
        return replace(session.asker, is_moderator=True, is_admin=False)

    async def with_rights(self, asker: Asker) -> Asker:
        """The moderator, with `is_admin` as the platform says at this moment."""
        if asker.is_owner:
            return asker
        is_admin = await self._asked(
            asker, lambda roles: roles.administers(asker.community, asker.person)
        )
        return replace(asker, is_admin=bool(is_admin))

    async def _moderates(self, asker: Asker) -> bool | None:
        return await self._asked(
            asker, lambda roles: roles.moderates(asker.community, asker.person)
        )

    async def _asked(self, asker: Asker, ask: Callable[[Roles], Awaitable[bool]]) -> bool | None:
        """What `ask` tells of the asker's roles; None if the platform can't be asked."""
        roles = self._platforms.roles(asker.platform)
        if roles is None:
            return None
        try:
            return await ask(roles)
        except Exception as error:  # noqa: BLE001  (whatever a platform throws)
            log.warning("%s can't say who moderates %s: %r", asker.platform, asker.community, error)
            return None


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
    if cookie and (asker := await services.moderators.who(cookie)) is not None:
        return asker
    if owner := signed_in(here, request.cookies.get(COOKIE, "")):
        return owner
    raise HTTPException(403, ASK_FOR_A_LINK)


Reviewer = Annotated[Asker, Depends(reviewer)]
