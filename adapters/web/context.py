"""What every route is given, and who asks: the owner, or whoever came by a link."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple, cast

from fastapi import Depends, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request

from adapters.incoming import Site
from adapters.web.http.sessions import Attempts, Sessions, Tokens
from adapters.web.rendering.templates import Templates
from adapters.web.surface import WebSurface
from bot.accounts.administration import Administration
from bot.domain.asker import Asker
from bot.domain.job import read_public_id
from bot.errors import SignInNeeded
from bot.jobs.reactions import Reactions
from bot.jobs.sharing import SharedResults
from bot.jobs.studio import Studio
from bot.ports import Clock
from bot.wording.legal import Block
from bot.wording.page import OUT_OF_DATE

COOKIE = "limner_session"
# An id, a point, and a secret of 26 characters; some room for ids as people type them.
NAME_MAX_CHARS = 48
OWNER = Asker(
    platform="web",
    community="local",
    channel="playground",
    person="owner",
    name="Owner",
    is_owner=True,
    is_admin=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What people without an account meet; `contact` is how they reach the owner, `legal` are the
    pages Terms and Privacy by name, where there are any.
    """

    shared: SharedResults
    reactions: Reactions
    administration: Administration
    contact: str = ""
    legal: Mapping[str, Sequence[Block]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the routes of one app share; made by `create_app`."""

    studio: Studio
    surface: WebSurface
    outside: Outside
    site: Site
    tokens: Tokens | None
    sessions: Sessions[Asker]
    attempts: Attempts
    moderators_attempts: Attempts
    reports: Attempts
    templates: Templates
    clock: Clock
    form_token: str


def context_of(request: Request) -> Context:
    return cast("Context", request.app.state.context)


Here = Annotated[Context, Depends(context_of)]


def signed_in(here: Context, cookie: str) -> Asker | None:
    """Who is signed in at this moment; the owner where nobody has to be."""
    return here.sessions.find(cookie) if here.site.wants_token else OWNER


def owner(request: Request, here: Here) -> Asker:
    asker = signed_in(here, request.cookies.get(COOKIE, ""))
    if asker is None:
        raise SignInNeeded
    return asker


class Seen(NamedTuple):
    """A result that is asked for. `name` is how its addresses name it for this asker."""

    asker: Asker
    public_id: str
    name: str


async def seen_by(request: Request, here: Context, name: str) -> Seen:
    """The result `name`: its id for the owner; "id.secret" for everybody else.

    Raises SignInNeeded for an id alone, whether there is such a result or not.
    """
    public_id, _, secret = name.partition(".")
    if asker := signed_in(here, request.cookies.get(COOKIE, "")):
        return Seen(asker, public_id, read_public_id(public_id))
    if not secret:
        raise SignInNeeded
    visitor = await here.outside.shared.visitor(public_id, secret, here.clock.now())
    return Seen(visitor, public_id, name)


def from_our_page(request: Request, here: Here) -> None:
    """Refuses a POST of a page that was loaded before the bot started."""
    if request.method in ("GET", "HEAD"):
        return
    token = request.headers.get("x-form-token", "")
    if not hmac.compare_digest(token.encode(), here.form_token.encode()):
        raise HTTPException(403, OUT_OF_DATE)


Name = Annotated[str, Path(max_length=NAME_MAX_CHARS)]
Owner = Annotated[Asker, Depends(owner)]
