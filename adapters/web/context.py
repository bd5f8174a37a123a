"""What every route is given, and who asks."""

import hmac
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from adapters.incoming import Site
from adapters.web.http.sessions import Attempts, Sessions, Tokens
from adapters.web.rendering.templates import Templates
from adapters.web.surface import WebSurface
from bot.domain.asker import Asker
from bot.errors import SignInNeeded
from bot.jobs.studio import Studio
from bot.ports import Clock
from bot.wording.page import OUT_OF_DATE

COOKIE = "limner_session"
OWNER = Asker(
    platform="web",
    community="local",
    channel="playground",
    person="owner",
    name="Owner",
    is_owner=True,
    is_admin=True,
)
VISITOR = Asker(platform="web", community="local", channel="playground", person="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the routes of one app share; made by `create_app`."""

    studio: Studio
    surface: WebSurface
    site: Site
    tokens: Tokens | None
    sessions: Sessions[Asker]
    attempts: Attempts
    moderators_attempts: Attempts
    templates: Templates
    clock: Clock
    form_token: str


def context_of(request: Request) -> Context:
    return cast("Context", request.app.state.context)


Here = Annotated[Context, Depends(context_of)]


def anyone(request: Request, here: Here) -> Asker:
    """The owner if signed in, else a visitor, who may see what was shared with them."""
    return signed_in(here, request.cookies.get(COOKIE, "")) or VISITOR


def signed_in(here: Context, cookie: str) -> Asker | None:
    """Who is signed in at this moment; the owner where nobody has to be."""
    return here.sessions.find(cookie) if here.site.wants_token else OWNER


def owner(asker: Annotated[Asker, Depends(anyone)]) -> Asker:
    if not asker.is_owner:
        raise SignInNeeded
    return asker


def from_our_page(request: Request, here: Here) -> None:
    """Refuses a POST of a page that was loaded before the bot started."""
    if request.method in ("GET", "HEAD"):
        return
    token = request.headers.get("x-form-token", "")
    if not hmac.compare_digest(token.encode(), here.form_token.encode()):
        raise HTTPException(403, OUT_OF_DATE)


Reader = Annotated[Asker, Depends(anyone)]
Owner = Annotated[Asker, Depends(owner)]
