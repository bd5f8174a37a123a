"""Draws what people see on Discord: `python -m tests.adapters.discord.screenshots docs`.

Needs chromium, and `pip install 'simcord[preview,screenshot]==3.2.1'`.
"""

import asyncio
import shutil
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from bot.backends.sketch.backend import SketchBackend
from bot.domain.budgets import Budgets
from bot.domain.community_settings import CommunitySettings
from bot.images.worker_pool import PictureWorker
from bot.jobs.live_progress import FIRST_S
from tests.adapters.discord.harness import DiscordHarness, discord_harness, walked
from tests.adapters.discord.moderation_harness import (
    ModerationHarness,
    answered,
    moderation_harness,
    pressed,
    private_channel,
)
from tests.support.docs_pictures import keep

WIDTH_PX = 760


class SketchingBackend:
    """The sketch's pictures at the fake backend's price, and held when told."""

    def __init__(self, inner: Any, worker: PictureWorker) -> None:
        self._inner = inner
        self._sketch = SketchBackend(worker, inner.inbox)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def draw(self, request: Any, on_progress: Any, *, address: str) -> Any:
        self._inner.busy += 1
        on_progress(0.45)
        await self._inner.may_finish.wait()
        result = await self._sketch.draw(request, lambda _: None, address=address)
        flagged = tuple(replace(p, flagged=self._inner.flagged) for p in result.pictures)
        return replace(
            result, pictures=flagged, model=request.model, cost_micros=1_900 * request.num_images
        )


async def draw_all(target: Path) -> None:
    worker = PictureWorker()
    with tempfile.TemporaryDirectory() as folder:
        async with (
            discord_harness(
                Path(folder),
                Budgets(person_day=50_000, community_day=2_000_000, community_month=25_000_000),
                around_backend=lambda inner: SketchingBackend(inner, worker),
            ) as here,
            camera(here) as snap,
        ):
            for draw in (result, in_review, progress, setup, refused):
                await draw(here, snap, target)
    for show in (case, queue):
        with tempfile.TemporaryDirectory() as folder:
            how = {"around_backend": lambda inner: SketchingBackend(inner, worker)}
            async with moderation_harness(Path(folder), **how) as at:
                await show(at, target)
    await worker.close()


@asynccontextmanager
async def camera(here: DiscordHarness, channel: Any = None, *viewers: Any) -> Any:
    preview = here.env.preview(
        channel or here.channel,
        viewers=viewers or [here.ann, here.admin],
        width=WIDTH_PX,
        height=1_400,
    )
    async with async_playwright() as playwright, preview as shown:
        shown._capture_manager._playwright = playwright
        shown._capture_manager._browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )

        async def snap(path: Path, target: Any, viewer: Any) -> None:
            capture = await shown.screenshot(
                None, target=target, viewer=viewer, allow_incomplete=True
            )
            await asyncio.to_thread(keep, path, capture.png or b"")

        yield snap
        await shown._capture_manager._browser.close()
        shown._capture_manager._browser = shown._capture_manager._playwright = None


async def result(here: DiscordHarness, snap: Any, target: Path) -> None:
    await here.ann.slash(
        here.channel,
        "imagine",
        prompt="a lighthouse on a cliff at dusk, waves below, a small boat coming home",
        images=4,
        steps=40,
        guidance=9.0,
        seed=7,
    )
    cards = await here.shown()
    await snap(target / "discord-result.png", cards[-1], here.ann)


async def in_review(here: DiscordHarness, snap: Any, target: Path) -> None:
    here.core.backend.flagged = True
    await here.ann.slash(here.channel, "imagine", prompt="a bather at the sea, after Sorolla")
    await here.until(lambda: says(here, "In review"))
    await snap(target / "discord-in-review.png", here.messages()[-1], here.ann)
    here.core.backend.flagged = False


async def progress(here: DiscordHarness, snap: Any, target: Path) -> None:
    here.core.backend.may_finish.clear()
    await here.ann.slash(here.channel, "imagine", prompt="an orchard of glass trees")
    await here.core.until(lambda: here.core.backend.busy)
    await here.core.until(lambda: here.core.clock.sleeps(FIRST_S))
    here.core.clock.advance(timedelta(seconds=4))
    await here.until(lambda: says(here, "45%"))
    await snap(target / "discord-progress.png", here.messages()[-1], here.ann)
    here.core.backend.may_finish.set()
    await here.shown(2)


async def refused(here: DiscordHarness, snap: Any, target: Path) -> None:
    await here.core.store.people.change_community(
        "discord",
        str(here.guild.id),
        lambda _: CommunitySettings(set_up=True, person_day_micros=9_000),
        "test",
        here.core.clock.now(),
    )
    said = await here.ann.slash(here.channel, "imagine", prompt="one more", images=4)
    await snap(target / "discord-refused.png", said, here.ann)


async def setup(here: DiscordHarness, snap: Any, target: Path) -> None:
    mods = private_channel(here, here.admin, "moderators")
    said = await here.admin.slash(
        here.channel,
        "limner setup",
        channel=here.channel,
        moderators=mods,
        month_budget=20.0,
        day_budget=2.0,
    )
    await snap(target / "discord-setup.png", said, here.admin)


async def case(at: ModerationHarness, target: Path) -> None:
    """A case in the moderators' channel, revealed, and decided."""
    await later(at, timedelta(days=70))
    async with camera(at.here, at.mods, at.mia) as snap:
        card = await at.withheld(prompt="a bather at the sea, after Sorolla", images=2)
        await snap(target / "discord-case.png", card, at.mia)
        said = await pressed(at.mia, card, "reveal")
        await snap(target / "discord-reveal.png", said, at.mia)
        await answered(at.max, await pressed(at.max, card, "remove"), "Not in this channel.")
        await snap(target / "discord-decided.png", at.card(), at.mia)


async def queue(at: ModerationHarness, target: Path) -> None:
    await at.withheld(images=3)
    await later(at, timedelta(minutes=40))
    await pressed(at.max, await at.withheld(), "claim")
    at.here.core.backend.flagged = False
    shown = await at.here.draw()
    await at.reported(shown, "real_person", "that is my face")
    await at.here.until(lambda: len(at.mods.history()) == 3)
    await later(at, timedelta(minutes=5))
    async with camera(at.here, at.mods, at.mia) as snap:
        said = await at.mia.slash(at.mods, "mod review")
        await snap(target / "discord-queue.png", said, at.mia)


async def later(at: ModerationHarness, by: timedelta) -> None:
    """For the bot, and for those who look."""
    at.here.core.clock.advance(by)
    await at.here.env.advance_time(by.total_seconds())


def says(here: DiscordHarness, words: str) -> bool:
    last = here.messages()[-1]
    return any(words in getattr(each, "content", "") for each in walked(last.components))


if __name__ == "__main__":
    asyncio.run(draw_all(Path(sys.argv[1])))
