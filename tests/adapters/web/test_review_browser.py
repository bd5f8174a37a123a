"""The review page in a real browser, with the keyboard alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.domain.case import Category, Decision
from bot.errors import PromptRefused
from tests.adapters.web.chromium import EXECUTABLE, chromium, served
from tests.adapters.web.harness import Playground, playground
from tests.bot.moderation.test_reviews import MOD
from tests.support.bot_harness import ANN, BOB, BotHarness, prompted
from tests.support.clock import FakeClock

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not Path(EXECUTABLE).exists(), reason=f"there is no {EXECUTABLE}"),
]


@dataclass
class Shift:
    """A moderator's browser before a queue of five cases."""

    page: Page
    playground: Playground

    @property
    def core(self) -> BotHarness:
        return self.playground.core

    async def states(self) -> list[str]:
        cases = [
            *await self.core.reviews.queue(MOD),
            *await self.core.reviews.queue(MOD, decided=True),
        ]
        return sorted(f"{case.subject} {case.kind} {case.decision}" for case in cases)


@asynccontextmanager
async def shift(tmp_path: Path, **options: Any) -> AsyncIterator[Shift]:
    clock = FakeClock(runs=True)
    async with playground(
        tmp_path / "data", clock=clock, running_per_person=4, waiting_per_person=9
    ) as here:
        await fill(here.core, clock)
        async with served(here.app) as url, chromium(tmp_path, **options) as page:
            here.links.address = url
            await page.goto(here.links.new(MOD))
            # On loopback the owner needs no link; here a moderator comes.
            await page.get_by_role("button", name="Continue").click()
            await expect(page.get_by_role("heading", name="Review", exact=True)).to_be_visible()
            await expect(page.locator(".case.current")).to_have_count(1)
            yield Shift(page, here)
            await page.goto("about:blank")
        here.surface.close()


async def fill(core: BotHarness, clock: FakeClock) -> None:
    """Two pictures of Ann's, one reported by three, refused words, one private; in three hours."""
    now = clock.now()
    ann = replace(ANN, account_created_at=now - timedelta(days=900), joined_at=now - timedelta(3))
    core.backend.flagged = True
    await core.finished(
        await core.imagine(ann, prompted("a storm over the old harbour", num_images=2))
    )
    clock.advance(timedelta(hours=2))
    await core.finished(await core.imagine(ann, prompted("a very private wish"), private=True))
    clock.advance(timedelta(minutes=35))
    core.backend.flagged = False
    seen = await core.finished(await core.imagine(BOB, prompted("a portrait of the mayor")))
    for name in ("carla", "dai", "emil"):
        reporter = replace(ANN, person=name)
        await core.reactions.report(
            reporter, seen.public_id, "this is a real person", Category.REAL_PERSON
        )
    for _ in range(3):
        with pytest.raises(PromptRefused):
            await core.imagine(replace(ANN, person="finn"), prompted("nude child"))
    clock.advance(timedelta(minutes=12))


async def test_a_whole_shift_with_the_keyboard_alone(tmp_path: Path) -> None:
    async with shift(tmp_path) as here:
        page, press = here.page, here.page.keyboard.press
        await expect(page.locator(".figures")).to_have_text("4 open · median age 30 min")
        await expect(page.locator(".case")).to_have_count(4)
        first = page.locator(".case.current")
        await expect(first).to_contain_text("2 pictures of")
        await press("v")
        await expect(first.locator(".veiled.seen")).to_have_count(2)
        await press("c")
        await expect(page.locator(".case.current")).to_contain_text("yours")
        await press("a")
        await expect(page.locator(".settled")).to_contain_text("shown in 5 seconds")
        await press("z")
        await expect(page.locator(".settled")).to_have_count(0)
        await press("b")
        await expect(page.locator(".settled")).to_have_count(1)
        await expect(page.locator(".case.current")).to_contain_text("Reveal the private prompt")
        await press("n")
        await page.keyboard.type("not here")
        await press("Enter")
        await press("s")
        await expect(page.get_by_role("dialog")).to_contain_text("give a strike?")
        await press("Escape")
        await press("s")
        await press("Enter")
        await expect(page.locator(".case.current")).to_contain_text("3 people reported")
        await press("j")
        await expect(page.locator(".case.current")).to_contain_text("refused for their words")
        await press("k")
        await expect(page.locator(".case.current")).to_contain_text("3 people reported")
        await press("r")
        await expect(page.locator(".case.current")).to_contain_text("refused for their words")
        await press("e")
        await expect(page.get_by_role("dialog")).to_contain_text("Escalate?")
        await press("Enter")
        await expect(page.locator("[data-settled=escalate]")).to_contain_text(
            "Frozen. Don't download, screenshot or forward it. The owner has been told."
        )
        await expect(page.locator("[data-settled=escalate] button")).to_have_count(0)
        await expect(page.locator(".settled")).to_have_count(1)
        await press("z")  # what is frozen is not taken back
        await expect(page.locator("[data-settled=escalate]")).to_have_count(1)
        assert {"ann pictures blur", "ann pictures strike", "bob report remove"} <= {
            *await here.states()
        }


async def test_somebody_elses_decision_is_said_in_place(tmp_path: Path) -> None:
    async with shift(tmp_path) as here:
        (first, *_) = await here.core.reviews.queue(MOD)
        other = replace(MOD, person="max")
        await here.core.reviews.claim(other, first.id)
        await here.page.keyboard.press("a")
        await expect(here.page.locator("#toast")).to_contain_text("Another moderator is looking")
        current = here.page.locator(".case.current")
        await expect(current).to_contain_text("somebody looks at it")
        await expect(current.locator("[data-decide]")).to_have_count(0)


async def test_whoever_is_late_sees_what_was_decided_and_by_whom(tmp_path: Path) -> None:
    async with shift(tmp_path) as here:
        (first, *_) = await here.core.reviews.queue(MOD)
        await here.core.reviews.decide(replace(MOD, person="max"), first.id, Decision.REMOVE, "no")
        await here.page.keyboard.press("a")
        await expect(here.page.locator("#toast")).to_contain_text("Another moderator has decided")
        current = here.page.locator(".case.current")
        await expect(current).to_contain_text("removed")
        await expect(current).to_contain_text("by max")
        await expect(current.locator("button")).to_have_count(0)
        await here.page.keyboard.press("j")
        await expect(current).to_contain_text("Reveal the private prompt")


@pytest.mark.parametrize("width", [390])
async def test_it_fits_a_phone(tmp_path: Path, width: int) -> None:
    viewport = {"width": width, "height": 844}
    async with shift(tmp_path, viewport=viewport, has_touch=True) as here:
        inner = await here.page.evaluate("document.documentElement.scrollWidth")
        assert inner == width
        for button in await here.page.locator(".acts .button").all():
            box = await button.bounding_box()
            assert box is None or box["height"] >= 44
