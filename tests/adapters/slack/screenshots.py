"""Draws what people see on Slack: `python -m tests.adapters.slack.screenshots docs`.

The payloads are those that the adapter sent to the fake Slack; `block_page.py` draws them the way
Slack's own client does, as far as a page can.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bot.domain.budgets import Budgets
from bot.domain.moderation_policy import Flagged
from bot.images.worker_pool import PictureWorker
from tests.adapters.discord.screenshots import SketchingBackend
from tests.adapters.slack.block_page import message_page, view_page
from tests.adapters.slack.fake.world import Message, View
from tests.adapters.slack.moderation_harness import ModerationHarness, moderation_harness
from tests.adapters.web.chromium import ARGS, EXECUTABLE
from tests.support.docs_pictures import keep

WIDTH_PX = 640
Snap = Callable[[str, Message | View], Awaitable[None]]


async def draw_all(target: Path) -> None:
    worker = PictureWorker()
    budgets = Budgets(person_day=50_000, community_day=2_000_000, community_month=25_000_000)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            moderation_harness(
                Path(folder),
                flagged=Flagged.REVIEW,
                budgets=budgets,
                around_backend=lambda backend: SketchingBackend(backend, worker),
            ) as at,
            camera(at, target) as snap,
        ):
            for draw in (result, in_review, progress, form, home, refused):
                await draw(at, snap)
    await worker.close()


@asynccontextmanager
async def camera(at: ModerationHarness, target: Path) -> AsyncIterator[Snap]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGS)
        page: Page = await browser.new_page(viewport={"width": WIDTH_PX, "height": 400})

        async def snap(name: str, shown: Message | View) -> None:
            world = at.here.fake.world
            draw = message_page if isinstance(shown, Message) else view_page
            await page.set_content(draw(shown, world))  # type: ignore[arg-type]  # as it is
            png = await page.locator("#shown").screenshot()
            await asyncio.to_thread(keep, target / f"slack-{name}.png", png)

        yield snap
        await browser.close()


async def result(at: ModerationHarness, snap: Snap) -> None:
    prompt = "a lighthouse on a cliff at dusk, waves below, a small boat coming home"
    card = await at.here.draw(f"{prompt} --images 4 --steps 40 --guidance 9 --seed 7")
    await snap("result", card)


async def in_review(at: ModerationHarness, snap: Snap) -> None:
    card = await at.withheld("a bather at the sea, after Sorolla", by=at.here.fake.bob)
    await snap("in-review", at.result())
    await snap("case", card)
    at.here.core.backend.flagged = False


async def progress(at: ModerationHarness, snap: Snap) -> None:
    card = await at.here.begins("an orchard of glass trees")
    await at.here.fake.until(lambda: "45%" in card.words)
    await snap("progress", card)
    at.here.finish()
    await at.here.shown(2)


async def form(at: ModerationHarness, snap: Snap) -> None:
    """With a sentence beside the field that is wrong."""
    fake = at.here.fake
    view = await at.here.modal(lambda: fake.command("/imagine"))
    filled = {"prompt": "a harbour in the fog", "size": "1024x768", "num_images": "4"}
    await at.here.does(lambda: fake.choose(view, "num_images", "4"))
    await at.here.set_up(person_day_micros=8_000)
    act = await at.here.does(lambda: fake.submit(view, filled))
    await at.here.set_up()
    view.body = {**view.body, "errors": act.errors, "filled": filled}
    await snap("imagine", view)


async def home(at: ModerationHarness, snap: Snap) -> None:
    fake = at.here.fake
    await at.here.limner("settings --steps 40 --size 768x512")
    await asyncio.to_thread(fake.open_home)
    await fake.until(lambda: fake.home(fake.ann))
    shown = fake.home(fake.ann)
    assert shown is not None
    await snap("home", shown)


async def refused(at: ModerationHarness, snap: Snap) -> None:
    await at.here.set_up(person_day_micros=8_000)
    fake = at.here.fake
    act = await at.here.does(lambda: fake.command("/imagine", "one more --images 4"))
    await snap("refused", act.replies[-1])


if __name__ == "__main__":
    asyncio.run(draw_all(Path(sys.argv[1])))
