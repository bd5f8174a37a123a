"""The rules page in a real browser, with the keyboard alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.domain.community_settings import CommunitySettings
from bot.domain.moderation_policy import Flagged
from tests.adapters.web.chromium import EXECUTABLE, chromium, served
from tests.adapters.web.harness import Playground, playground
from tests.bot.moderation.test_reviews import MOD, in_review

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not Path(EXECUTABLE).exists(), reason=f"there is no {EXECUTABLE}"),
]
ADMIN = replace(MOD, is_admin=True)
CHANNEL = "123456789012345678"


@asynccontextmanager
async def rules_page(tmp_path: Path, **options: Any) -> AsyncIterator[tuple[Page, Playground]]:
    """An admin's browser before the rules of a server."""
    async with playground(tmp_path / "data") as here:
        here.roles.admins.add(("c1", "mod"))
        here.names.names = {"c1": "Studio", CHANNEL: "#life-drawing"}
        await in_review(here.core)
        await here.core.administration.change(
            ADMIN, {"set_up": True, "flagged_channels": {CHANNEL: Flagged.SPOILER}}
        )
        async with served(here.app) as url, chromium(tmp_path, **options) as page:
            here.links.address = url
            await page.goto(here.links.new(ADMIN))
            await page.get_by_role("button", name="Continue").click()
            await page.get_by_role("link", name="Rules").click()
            await expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()
            yield page, here
            await page.goto("about:blank")
        here.surface.close()


async def held(here: Playground) -> CommunitySettings:
    return await here.core.studio.community(MOD)


async def focused(page: Page) -> str:
    """The name and value of what has the focus."""
    found = await page.evaluate(
        "[document.activeElement.name, document.activeElement.value].join(' ')"
    )
    return str(found)


async def reach(page: Page, name: str) -> None:
    """Tab forwards until the field `name` has the focus."""
    for _ in range(30):
        if (await focused(page)).startswith(f"{name} "):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


async def test_rules_are_changed_and_taken_back_with_the_keyboard_alone(tmp_path: Path) -> None:
    async with rules_page(tmp_path) as (page, here):
        press, said = page.keyboard.press, page.locator("#said")
        await reach(page, "flagged")
        assert await focused(page) == "flagged review"
        await press("ArrowRight")
        assert await focused(page) == "flagged block"
        await expect(said).to_have_text("Not kept yet.")
        await press("ArrowRight")  # past what can't be chosen, round to the first that can
        assert await focused(page) == "flagged review"
        await press("ArrowLeft")
        await reach(page, "flagged_age_restricted")
        await press("ArrowLeft")
        await reach(page, "new_channel")
        await page.keyboard.type("general")
        await press("Enter")
        await expect(said).to_contain_text("For channels I need ids, and general is none.")
        await press("Control+a")
        await page.keyboard.type("223456789012345678")
        await reach(page, "strike_days")
        await press("Control+a")
        await page.keyboard.type("30")
        await press("Enter")
        await expect(said).to_contain_text("Kept.")
        assert await held(here) == CommunitySettings(
            set_up=True,
            flagged=Flagged.BLOCK,
            flagged_age_restricted=Flagged.SPOILER,
            flagged_channels={
                CHANNEL: Flagged.SPOILER,
                "223456789012345678": Flagged.REVIEW,
            },
            strike_days=30,
        )
        await expect(page.get_by_role("button", name="Keep")).to_be_focused()
        await press("Shift+Tab")
        await expect(page.get_by_role("button", name="Take it back")).to_be_focused()
        await press("Enter")
        await expect(said).to_have_text("Taken back: the rules are as before.")
        await expect(page.get_by_role("radio", name="Review").first).to_be_checked()
        assert (await held(here)).flagged is None


async def test_somebody_elses_change_is_not_overwritten_unseen(tmp_path: Path) -> None:
    async with rules_page(tmp_path) as (page, here):
        await here.core.administration.change(ADMIN, {"strike_days": 7})
        await page.get_by_role("button", name="Keep").click()
        await expect(page.locator("#said")).to_contain_text("Somebody else has changed the rules")
        assert (await held(here)).strike_days == 7


async def test_the_rules_fit_a_phone(tmp_path: Path) -> None:
    viewport = {"width": 390, "height": 844}
    async with rules_page(tmp_path, viewport=viewport, has_touch=True) as (page, _):
        assert await page.evaluate("document.documentElement.scrollWidth") == 390
        for field in await page.locator(".choice, .rule .field, .keep-bar .button").all():
            box = await field.bounding_box()
            assert box is not None
            assert box["height"] >= 44
