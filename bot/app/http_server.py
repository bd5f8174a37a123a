"""The HTTP server of `limner run`: one ASGI app of page, control and health, in our own loop."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.terminal import control_file
from adapters.terminal.control_file import Control
from adapters.terminal.protocol import PREFIX
from adapters.terminal.server import create_app as create_control
from adapters.terminal.surface import TerminalSurface
from adapters.web.app import create_app as create_page
from adapters.web.review.access import Moderators, ReviewServices
from adapters.web.surface import WebSurface
from bot.accounts.owner import Owner
from bot.accounts.sign_in_tokens import SignInTokens
from bot.app.chat_platforms import chatting
from bot.app.composition import App
from bot.app.lifecycle import at_work
from bot.app.listener import listen, listening, own_url
from bot.domain.asker import SLACK
from bot.errors import NotFound
from bot.platforms import Platform, Platforms


@dataclass(frozen=True, slots=True)
class Open:
    """The bot is listening, with all routes of `app`. `sign_in_url` is a secret; it is "" where
    nobody has to sign in.
    """

    url: str
    app: FastAPI
    sign_in_url: str = ""


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[Open]:
    """Listen and work until the block ends. Raises Misconfigured when the port is taken."""
    settings = app.settings
    listener = listen(settings.host, settings.port, names="HOST or PORT")
    port = listener.getsockname()[1]
    url = settings.page_url.replace(f":{settings.port}", f":{port}")
    web = WebSurface(app.clock)
    app.platforms.add(Platform(name="web", surface=web))
    app.platforms.add(Platform(name="terminal", surface=TerminalSurface()))
    tokens = SignInTokens()
    control = Control(own_url(settings.host, port), secrets.token_urlsafe(32))

    def sign_in_url() -> str:
        if not settings.playground:
            raise NotFound("page")
        return f"{url}/login#{tokens.new_token()}" if settings.is_public else url

    app.links.address = url
    review = _review(app)
    page = _page(app, web, tokens, review)

    def sign_all_out() -> int:
        app.links.void()
        ended: int = page.state.context.sessions.close_all() + review.moderators.close_all()
        return ended

    owner = Owner(
        app.administration,
        app.privacy,
        sign_in=sign_in_url,
        sign_all_out=sign_all_out,
        wake_cards=app.outbox.wake,
    )
    root = _root(app, page, owner, control)
    async with listening(root, listener, web.close):
        control_file.write(settings.data_dir, control)
        try:
            async with chatting(app), at_work(app):
                needs_token = settings.playground and settings.is_public
                yield Open(url, root, sign_in_url() if needs_token else "")
        finally:
            control_file.remove(settings.data_dir, control)


def _review(app: App) -> ReviewServices:
    return ReviewServices(
        reviews=app.reviews,
        links=app.links,
        moderators=Moderators(app.clock, app.platforms),
        administration=app.administration,
        platforms=app.platforms,
        contact=app.settings.operator_contact,
    )


def _page(app: App, web: WebSurface, tokens: SignInTokens, review: ReviewServices) -> FastAPI:
    settings = app.settings
    return create_page(
        app.studio,
        web,
        clock=app.clock,
        version=_version(),
        public_url=settings.public_url or "",
        loopback_only=not settings.is_public,
        tokens=tokens,
        review=review,
        playground=settings.playground,
    )


def _root(app: App, page: FastAPI, owner: Owner, control: Control) -> FastAPI:
    """The app with /health, /control and the platforms' paths first; the page takes the rest."""
    settings = app.settings
    root = FastAPI(openapi_url=None)
    root.include_router(_health(app))
    root.mount(
        PREFIX,
        create_control(studio=app.studio, owner=owner, control=control, version=_version()),
    )
    if settings.slack_over_http:
        root.mount(f"/{SLACK}", _Later(app.platforms, SLACK))
    if settings.playground or settings.discord_token or settings.slack_is_on:
        root.mount("/", page)
    return root


class _Later:
    """Answers 503 for a path of a chat platform until that platform is there."""

    _closed = PlainTextResponse("the bot is starting or stopping", 503, {"Retry-After": "5"})

    def __init__(self, platforms: Platforms, name: str) -> None:
        self._platforms = platforms
        self._name = name

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """The platform's routes, so that a walk through all routes finds them."""
        return getattr(self._app(), "routes", ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app()(scope, receive, send)

    def _app(self) -> ASGIApp:
        platform = self._platforms.find(self._name)
        if platform is None or platform.app is None or platform.is_starting:
            return self._closed
        found: ASGIApp = platform.app
        return found


def _health(app: App) -> APIRouter:
    router = APIRouter()

    @router.get("/health", include_in_schema=False)
    async def health() -> JSONResponse:
        """200 while the store works and no chat platform is down; 503 otherwise."""
        chats = [(each, line) for each in app.platforms if (line := each.connection)]
        good = app.store.healthy and not any(line.is_down for _, line in chats)
        told = {
            "ok": good,
            "version": _version(),
            "platforms": {each.name: line.state() for each, line in chats},
            **{each.name: dict(each.health()) for each, _ in chats if each.health},
        }
        return JSONResponse(told, 200 if good else 503)

    return router


def _version() -> str:
    return version("limner")
