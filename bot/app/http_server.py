"""The HTTP servers of `limner run`, in our own loop: page, health and Slack on a port; on a Unix
socket, control.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.incoming import AtDoor, Door, FairShare, Site
from adapters.terminal import control_socket
from adapters.terminal.protocol import Running
from adapters.terminal.server import create_app as create_control
from adapters.terminal.surface import TerminalSurface
from adapters.web.app import create_app as create_page
from adapters.web.context import OWNER as SIGNED_IN
from adapters.web.context import Outside
from adapters.web.http.guard import BODY_MAX_BYTES
from adapters.web.review.access import Moderators, ReviewServices
from adapters.web.surface import WebSurface
from bot.accounts.one_time_tokens import OneTimeTokens
from bot.accounts.owner import Owner
from bot.app.chat_platforms import chatting
from bot.app.composition import App
from bot.app.health import Health
from bot.app.legal_pages import legal_pages
from bot.app.lifecycle import at_work
from bot.app.listener import OfOwner, Room, listen, listening, own_url
from bot.domain.asker import SLACK, Asker
from bot.errors import Misconfigured, NotFound
from bot.platforms import Platform, Platforms

# Commands of the owner beside each other; a watched job is one.
COMMANDS_MAX = 64


@dataclass(frozen=True, slots=True)
class Open:
    """The bot is listening, with all routes of `app` on its port. `sign_in_url` is a secret; it is
    "" where nobody has to sign in.
    """

    url: str
    app: FastAPI
    sign_in_url: str = ""


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[Open]:
    """Listen and work until the block ends. Raises Misconfigured when it can't listen."""
    settings = app.settings
    listener = listen(settings.host, settings.port, names="HOST or PORT")
    port = listener.getsockname()[1]
    url = settings.page_url.replace(f":{settings.port}", f":{port}")
    web = WebSurface(app.clock)
    app.platforms.add(Platform(name="web", surface=web))
    app.platforms.add(Platform(name="terminal", surface=TerminalSurface()))
    tokens: OneTimeTokens[Asker] = OneTimeTokens(app.clock)
    site = Site(
        host=settings.host,
        public_url=settings.public_url or "",
        trusted_proxies=settings.trusted_proxies,
    )

    def sign_in_url() -> str:
        if not settings.playground:
            raise NotFound("page")
        return f"{url}/login#{tokens.issue(SIGNED_IN)}" if settings.is_public else url

    app.links.address = url
    app.shared.address = url if settings.has_address and settings.playground else None
    review = _review(app)
    page = _page(app, web, site, tokens, review)

    def sign_all_out() -> int:
        tokens.void()
        app.links.void()
        owners: int = page.state.context.sessions.close_all()
        return owners + review.moderators.sessions.close_all()

    owner = Owner(
        app.administration,
        app.privacy,
        app.claims,
        leave=app.platforms.leave,
        sign_in=sign_in_url,
        sign_all_out=sign_all_out,
        wake_cards=app.outbox.wake,
    )
    health = Health(app)
    root = _root(app, page, site, health)
    running = Running(version=version("limner"), url=own_url(settings.host, port))
    control = create_control(studio=app.studio, owner=owner, running=running, state=health.state)
    async with (
        listening(FairShare(root, site), listener, web.close, room=Room(is_many=site.brings_many)),
        _controlled(control, control_socket.path_of(settings.database_path)),
        chatting(app),
        at_work(app),
    ):
        needs_token = settings.playground and settings.is_public
        health.is_started = True
        try:
            yield Open(url, root, sign_in_url() if needs_token else "")
        finally:
            health.is_started = False


@asynccontextmanager
async def _controlled(control: FastAPI, path: Path) -> AsyncIterator[None]:
    """Take commands at `path`, which nobody else does: we hold the database's lock."""
    try:
        listener = control_socket.listen(path)
    except OSError as error:
        raise Misconfigured((_NO_SOCKET.format(path=path, why=error.strerror or error),)) from None
    try:
        async with listening(control, listener, protocol=OfOwner, room=Room(in_all=COMMANDS_MAX)):
            yield
    finally:
        with suppress(OSError):
            control_socket.remove(path)


_NO_SOCKET = (
    "{path} can't be made: {why}. It is the socket that `limner pause` and the like need. Set "
    "DATA_DIR to a folder on a disk of this machine."
)


def _review(app: App) -> ReviewServices:
    return ReviewServices(
        reviews=app.reviews,
        links=app.links,
        moderators=Moderators(app.clock, app.platforms),
        administration=app.administration,
        platforms=app.platforms,
        contact=app.settings.operator_contact,
    )


def _page(
    app: App,
    web: WebSurface,
    site: Site,
    tokens: OneTimeTokens[Asker],
    review: ReviewServices,
) -> FastAPI:
    return create_page(
        app.studio,
        web,
        Outside(
            shared=app.shared,
            reactions=app.reactions,
            administration=app.administration,
            contact=app.settings.operator_contact,
            legal=legal_pages(app.settings),
        ),
        clock=app.clock,
        site=site,
        tokens=tokens,
        review=review,
        playground=app.settings.playground,
    )


def _root(app: App, page: FastAPI, site: Site, health: Health) -> FastAPI:
    """The app with /health, /ready and the platforms' paths first; the page takes the rest."""
    settings = app.settings
    at_door = Middleware(AtDoor, door=Door(site=site, max_bytes=BODY_MAX_BYTES))
    root = FastAPI(openapi_url=None, redirect_slashes=False)
    for path, tell in (("/health", health.health), ("/ready", health.ready)):
        root.router.routes.append(Route(path, tell, middleware=[at_door]))
    if settings.slack_over_http:
        slack = _Later(app.platforms, SLACK)
        root.router.routes.append(Mount(f"/{SLACK}", slack, middleware=[at_door]))
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
