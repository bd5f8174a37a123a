"""The real page over the real services, asked without a socket; only the backend is a fake."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from adapters.incoming import Site
from adapters.web.app import create_app
from adapters.web.context import OWNER, Outside
from adapters.web.review.access import Moderators, ReviewServices
from adapters.web.surface import WebSurface
from bot.domain.asker import DISCORD, SLACK, Asker
from bot.domain.budgets import Budgets
from bot.domain.case import Case
from bot.domain.community_settings import Hearing
from bot.moderation.review_links import ReviewLinks
from bot.platforms import Platform
from bot.wording import Sentence
from tests.support.bot_harness import BotHarness, bot_harness

ADDRESS = "http://127.0.0.1:8000"


class OneToken:
    """Implements Tokens: one that can be used again and again."""

    def redeem(self, token: str) -> Asker | None:
        return OWNER if token == "right" else None


@dataclass
class Vouched:
    """Implements ports.Roles: who is what in which community, as a platform would say now."""

    moderators: set[tuple[str, str]]
    admins: set[tuple[str, str]] = field(default_factory=set)
    trouble: Exception | None = None
    asked: int = 0
    _answering: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._answering.set()

    def hold(self) -> None:
        """Take questions and keep the answers back, until `let_go`."""
        self._answering.clear()

    def let_go(self) -> None:
        self._answering.set()

    async def moderates(self, community: str, person: str) -> bool:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        answer = (community, person) in self.moderators
        await self._answering.wait()
        return answer

    async def administers(self, community: str, person: str) -> bool:
        if self.trouble is not None:
            raise self.trouble
        return (community, person) in self.admins


@dataclass
class Called:
    """Implements ports.Names: what things are called, as a platform would say now."""

    names: dict[str, str]
    trouble: Exception | None = None
    hangs: bool = False

    async def called(self, community: str, ids: Sequence[str]) -> dict[str, str]:
        if self.trouble is not None:
            raise self.trouble
        if self.hangs:
            await asyncio.Event().wait()
        return {each: self.names[each] for each in (community, *ids) if each in self.names}


@dataclass
class Ears:
    """Implements ports.Announcer: whether moderators can be told anything."""

    hears: Hearing = Hearing.HEARD

    async def announce(
        self, community: str, notice: Sentence, *, case: str = "", job: str = "", key: str = ""
    ) -> None:
        """It is of no concern to the page."""

    async def hearing(self, community: str) -> Hearing:
        return self.hears

    def case_changed(self, case: Case) -> None:
        """It shows no cases."""


@dataclass
class Playground:
    core: BotHarness
    surface: WebSurface
    app: FastAPI
    browser: httpx.AsyncClient
    links: ReviewLinks
    roles: Vouched
    names: Called
    ears: Ears
    _presses: int = field(default=0)

    async def page(self, path: str = "/") -> str:
        answer = await self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(
        self, path: str, values: Mapping[str, Any] | None = None, **how: Any
    ) -> httpx.Response:
        """As the page's own script does it."""
        self._presses += 1
        headers = {
            "X-Form-Token": self.app.state.context.form_token,
            "HX-Request": "true",
            "Sec-Fetch-Site": "same-origin",
            **how.pop("headers", {}),
        }
        data = {"event_id": f"press-{self._presses:04}", **(values or {})}
        return await self.browser.post(path, data=data, headers=headers, **how)

    async def say(self, text: str, **values: Any) -> httpx.Response:
        return await self.post("/say", {"text": text, **values})

    async def drawn(self, text: str = "a cat") -> str:
        """The public id of a finished job that `text` asked for."""
        answer = await self.say(text)
        public_id = job_id(answer.text)
        await self.done(public_id)
        return public_id

    async def done(self, public_id: str) -> None:
        view = await self.core.studio.show(OWNER, public_id)
        await self.core.finished(view)


def job_id(html: str) -> str:
    found = re.search(r'id="job-([0-9a-z]{8})"', html)
    assert found, html
    return found[1]


@asynccontextmanager
async def playground(
    data_dir: Path,
    *,
    budgets: Budgets | None = None,
    address: str = ADDRESS,
    loopback_only: bool = True,
    public_url: str = "",
    **how: Any,
) -> AsyncIterator[Playground]:
    async with bot_harness(data_dir, budgets, **how) as core:
        clock = core.clock
        surface = WebSurface(clock)
        core.platforms.add(Platform(name="web", surface=surface))
        links = ReviewLinks(clock)
        links.address = address
        core.shared.address = public_url or None
        roles = Vouched({("c1", "mod"), ("c1", "max"), ("c2", "mod")})
        names, ears = Called({}), Ears()
        for name in (DISCORD, SLACK):
            named = names if name == DISCORD else None
            core.platforms.add(
                Platform(name=name, surface=core.surface, announcer=ears, roles=roles, names=named)
            )
        app = create_app(
            core.studio,
            surface,
            Outside(
                shared=core.shared,
                reactions=core.reactions,
                administration=core.administration,
                contact="owner@example.org",
            ),
            clock=clock,
            site=Site(host="127.0.0.1" if loopback_only else "0.0.0.0", public_url=public_url),  # noqa: S104  (read, not bound)
            tokens=OneToken(),
            review=ReviewServices(
                reviews=core.reviews,
                links=links,
                moderators=Moderators(clock, core.platforms),
                administration=core.administration,
                platforms=core.platforms,
                contact="owner@example.org",
            ),
        )
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 5555))
        async with httpx.AsyncClient(transport=transport, base_url=address) as browser:
            yield Playground(core, surface, app, browser, links, roles, names, ears)
