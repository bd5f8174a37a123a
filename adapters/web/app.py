"""The page as one ASGI app without global state."""

import secrets
from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from adapters.incoming import Door, Site
from adapters.web import errors
from adapters.web.context import Context, Outside, from_our_page
from adapters.web.http.guard import BODY_MAX_BYTES, Guard
from adapters.web.http.sessions import Attempts, Sessions, Tokens
from adapters.web.playground import chat, events, legal, pages, shared, sign_in
from adapters.web.rendering.templates import Templates
from adapters.web.review import cases as reviewing
from adapters.web.review import rules as ruling
from adapters.web.review.access import ReviewServices
from adapters.web.surface import WebSurface
from bot.jobs.studio import Studio
from bot.ports import Clock

SESSION_S = 30 * 24 * 3600
SESSIONS_MAX = 100
# Reports from one address: more than somebody who looks at a community's pictures has to say.
REPORTS_MAX = 5
REPORTS_WINDOW_S = 3600


def create_app(
    studio: Studio,
    surface: WebSurface,
    outside: Outside,
    *,
    clock: Clock,
    site: Site | None = None,
    tokens: Tokens | None = None,
    review: ReviewServices | None = None,
    playground: bool = True,
) -> FastAPI:
    """The page for `studio`. Away from loopback `tokens` decide who may sign in.

    `review` adds the moderators' page; without `playground` there is nothing else.
    """
    site = site or Site()
    if site.wants_token and tokens is None:
        raise ValueError("a page that others can reach needs sign-in tokens")
    templates = Templates()
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.context = Context(
        studio=studio,
        surface=surface,
        outside=outside,
        site=site,
        tokens=tokens,
        sessions=Sessions(
            clock, lasts_s=SESSION_S, most=SESSIONS_MAX, ended=surface.check_sessions
        ),
        attempts=Attempts(clock),
        moderators_attempts=Attempts(clock),
        reports=Attempts(clock, most=REPORTS_MAX, window_s=REPORTS_WINDOW_S),
        templates=templates,
        clock=clock,
        form_token=secrets.token_urlsafe(24),
    )

    _include(app, review, playground=playground)
    app.mount("/static", _Assets(directory=Path(__file__).parent / "static"))
    errors.handle_failures(app)
    door = Door(site=site, max_bytes=BODY_MAX_BYTES, for_pages=True)
    app.add_middleware(Guard, door=door, refuse=errors.said)
    return app


def _include(app: FastAPI, review: ReviewServices | None, *, playground: bool) -> None:
    app.include_router(sign_in.router)
    app.include_router(legal.router)
    if playground:
        app.include_router(pages.router)
        app.include_router(shared.router)
        app.include_router(events.router)
        app.include_router(chat.router, dependencies=[Depends(from_our_page)])
    if review is not None:
        app.state.review = review
        app.include_router(reviewing.router)
        app.include_router(reviewing.acts)
        app.include_router(ruling.router)
        app.include_router(ruling.place)


class _Assets(StaticFiles):
    """Static files; browsers ask for each again, as no version is in their names, and get a 304."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response
