"""Links in a real browser: a result for somebody without an account, and how a sign-in ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.adapters.web.chromium import EXECUTABLE, chromium, served
from tests.adapters.web.harness import Playground, playground
from tests.adapters.web.test_shared import cases, shared
from tests.support.clock import FakeClock

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not Path(EXECUTABLE).exists(), reason=f"there is no {EXECUTABLE}"),
]
# Loopback is a name of ours, whatever the page is called elsewhere.
PUBLIC = "http://limner.example"


@dataclass
class Visit:
    page: Page
    here: Playground
    url: str


@asynccontextmanager
async def visit(tmp_path: Path, **options: Any) -> AsyncIterator[Visit]:
    clock = FakeClock(runs=True)
    folder = tmp_path / "data"
    async with playground(folder, public_url=PUBLIC, address=PUBLIC, clock=clock) as here:
        async with served(here.app) as url, chromium(tmp_path, **options) as page:
            yield Visit(page, here, url)
            await page.goto("about:blank")
        here.surface.close()


async def test_a_result_is_reported_without_a_script(tmp_path: Path) -> None:
    async with visit(tmp_path, java_script_enabled=False) as at:
        view = await shared(at.here)
        await at.page.goto(at.url + urlsplit(view.link).path)
        assert await at.page.locator("figure img").evaluate("image => image.naturalWidth") > 0
        await at.page.locator("summary", has_text="Report").click()
        await at.page.get_by_label("What is wrong with it?").select_option("hate")
        await at.page.get_by_label("In your own words").fill("a slur on the wall")
        await at.page.get_by_role("button", name="Report").click()
        await expect(at.page.get_by_role("status")).to_have_text(
            "Thank you. The moderators look at it."
        )
        (case,) = await cases(at.here)
        assert case.reports[0].reason == "a slur on the wall"


async def test_links_are_followed_also_where_the_sign_in_is_open_already(tmp_path: Path) -> None:
    async with visit(tmp_path) as at:
        await at.page.goto(at.url + "/login")
        await at.page.evaluate("location.hash = 'right'")
        await expect(at.page.get_by_label("Message")).to_be_visible()
        assert "#" not in at.page.url


async def test_a_page_whose_session_ends_leads_to_the_sign_in(tmp_path: Path) -> None:
    async with visit(tmp_path, expects="401") as at:
        await at.page.goto(at.url + "/login#right")
        await expect(at.page.get_by_label("Message")).to_be_visible()
        await at.here.core.until(lambda: at.here.surface._pages)
        at.here.app.state.context.sessions.close_all()
        await at.page.wait_for_url("**/login")
