"""The same conversation on the page, on Discord and on Slack leaves the same ledger behind."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.domain.budgets import Budgets
from storage.integrity import problems
from storage.sqlite_store import open_for_reading
from tests.adapters.discord.harness import (
    DiscordHarness,
    custom_ids,
    discord_harness,
    text_of,
    told,
)
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness
from tests.adapters.web.harness import Playground, playground
from tests.support.bot_harness import BotHarness

BUDGETS = Budgets(person_day=8_000, community_month=50_000)


class Person(Protocol):
    """Somebody on one platform. Jobs are public ids; what they are told is text."""

    core: BotHarness

    async def imagine(self) -> str: ...
    async def again(self, job: str) -> str: ...
    async def vary(self, job: str) -> str: ...
    async def delete(self, job: str) -> None: ...
    async def quota(self) -> str: ...
    async def imagine_too_much(self) -> str: ...


class OnThePage:
    def __init__(self, page: Playground) -> None:
        self._page = page
        self.core = page.core

    async def imagine(self) -> str:
        return await self._page.drawn("/imagine a lighthouse --n 2 --steps 30 --seed 7")

    async def again(self, job: str) -> str:
        return await self._page.drawn(f"/again {job}")

    async def vary(self, job: str) -> str:
        return await self._page.drawn(f"/vary {job} 2")

    async def delete(self, job: str) -> None:
        await self._page.post(f"/j/{job}/delete")

    async def quota(self) -> str:
        return (await self._page.say("/quota")).text

    async def imagine_too_much(self) -> str:
        return (await self._page.say("/imagine a storm --n 4")).text


class OnDiscord:
    def __init__(self, here: DiscordHarness) -> None:
        self._here = here
        self._cards: dict[str, Any] = {}
        self.core = here.core

    def _keep(self, card: Any) -> str:
        job = str(custom_ids(card)[0].split(":")[1])
        self._cards[job] = card
        return job

    async def _press(self, job: str, verb: str) -> str:
        count = len(self._here.done()) + 1
        await self._here.ann.click(self._cards[job], custom_id=verb)
        return self._keep((await self._here.shown(count))[-1])

    async def imagine(self) -> str:
        return self._keep(await self._here.draw(prompt="a lighthouse", images=2, steps=30, seed=7))

    async def again(self, job: str) -> str:
        return await self._press(job, f"again:{job}")

    async def vary(self, job: str) -> str:
        return await self._press(job, f"vary:{job}:2")

    async def delete(self, job: str) -> None:
        await self._here.ann.select(self._cards[job], ["delete"], custom_id=f"more:{job}")
        here = self._here
        await here.until(lambda: any("Deleted." in text_of(m) for m in here.messages()))

    async def quota(self) -> str:
        return told(await self._here.ann.slash(self._here.channel, "quota"))

    async def imagine_too_much(self) -> str:
        here = self._here
        return told(await here.ann.slash(here.channel, "imagine", prompt="a storm", images=4))


class OnSlack:
    def __init__(self, here: SlackHarness) -> None:
        self._here = here
        self._cards: dict[str, Any] = {}
        self.core = here.core

    def _keep(self, card: Any) -> str:
        self._cards[job_in(card)] = card
        return job_in(card)

    async def _press(self, job: str, words: str) -> str:
        here, count = self._here, len(self._cards) + 1
        await here.does(lambda: here.fake.press(self._cards[job], words, by=here.fake.bob))
        return self._keep((await here.shown(count))[-1])

    async def imagine(self) -> str:
        text = "a lighthouse --images 2 --steps 30 --seed 7"
        return self._keep(await self._here.draw(text, by=self._here.fake.bob))

    async def again(self, job: str) -> str:
        return await self._press(job, "Again")

    async def vary(self, job: str) -> str:
        return await self._press(job, "Vary 2")

    async def delete(self, job: str) -> None:
        here, card = self._here, self._cards[job]
        await here.does(lambda: here.fake.choose(card, "more:", "delete", by=here.fake.bob))
        await here.fake.until(lambda: "Deleted." in card.words)

    async def quota(self) -> str:
        return await self._here.limner("quota", by=self._here.fake.bob)

    async def imagine_too_much(self) -> str:
        fake = self._here.fake
        return await self._here.told(
            lambda: fake.command("/imagine", "a storm --images 4", by=fake.bob)
        )


@asynccontextmanager
async def on_the_page(data_dir: Path) -> AsyncIterator[Person]:
    async with playground(data_dir, budgets=BUDGETS) as page:
        yield OnThePage(page)


@asynccontextmanager
async def on_discord(data_dir: Path) -> AsyncIterator[Person]:
    async with discord_harness(data_dir, BUDGETS) as here:
        yield OnDiscord(here)


@asynccontextmanager
async def on_slack(data_dir: Path) -> AsyncIterator[Person]:
    async with slack_harness(data_dir, BUDGETS) as here:
        yield OnSlack(here)


Place = Callable[[Path], AbstractAsyncContextManager[Person]]
PLACES: dict[str, Place] = {"page": on_the_page, "discord": on_discord, "slack": on_slack}


async def converse(person: Person) -> None:
    first = await person.imagine()
    second = await person.again(first)
    await person.vary(first)
    await person.delete(second)
    assert "You have about 2 pictures left" in await person.quota()
    refused = await person.imagine_too_much()
    assert "Your own budget for today has too little left" in refused


# What is left behind, in the order in which it came, without names, ids, times and chance.


def store_of(data_dir: Path) -> dict[str, Any]:
    con = open_for_reading(data_dir / "limner.db")
    try:
        assert problems(con) == []
        names = {
            key: n for n, (key,) in enumerate(con.execute("SELECT key FROM job ORDER BY rowid"))
        }
        return {
            "jobs": [_job(row, names) for row in con.execute(_JOBS)],
            "pictures": [(names[key], *rest) for key, *rest in con.execute(_PICTURES)],
            "accounts": con.execute(_ACCOUNTS).fetchall(),
            "entries": [(names[key], *rest) for key, *rest in con.execute(_ENTRIES)],
            "files": con.execute("SELECT count(*) FROM blob WHERE refs > 0").fetchone(),
        }
    finally:
        con.close()


# A seed that nobody chose comes from the job's key, which is each platform's own.
_JOBS = """
SELECT state, action, parent, parent_picture, private, quote, bill, asked_model, backend, failure,
  image_sha256 IS NOT NULL, CASE action WHEN 'imagine' THEN seed END, request
FROM job ORDER BY rowid
"""
_PICTURES = """
SELECT job_key, position, sha256 IS NOT NULL, type, width_px, height_px, flagged, verdict
FROM picture JOIN job ON job.key = job_key ORDER BY job.rowid, position
"""
_ACCOUNTS = """
SELECT who.kind, substr(period, 1, instr(period || ':', ':') - 1) AS span, gated, credits, granted,
  held, posted
FROM account JOIN principal who ON who.id = principal_id ORDER BY who.kind, span
"""
_ENTRIES = """
SELECT entry.job_key, entry.kind, amount, ref_id IS NOT NULL, who.kind,
  substr(period, 1, instr(period || ':', ':') - 1) AS span
FROM entry JOIN account ON account.id = account_id JOIN principal who ON who.id = principal_id
  JOIN job ON job.key = entry.job_key
ORDER BY job.rowid, entry.kind, who.kind, span
"""


def _job(row: Any, names: dict[str, int]) -> tuple[Any, ...]:
    state, action, parent, *rest, request = row
    asked = json.loads(request)
    if "seed" not in asked["given"]:
        del asked["values"]["seed"]
    return (state, action, names.get(parent), *rest, asked)


@pytest.mark.parametrize("place", ["discord", "slack"])
async def test_each_platform_leaves_what_the_page_leaves(place: str, tmp_path: Path) -> None:
    left = {}
    for name in ("page", place):
        folder = tmp_path / name
        folder.mkdir()
        async with PLACES[name](folder) as person:
            await converse(person)
        left[name] = store_of(folder)
    assert left[place] == left["page"]


async def test_what_is_left_is_three_jobs_and_one_deletion(tmp_path: Path) -> None:
    """So that equal does not mean empty."""
    async with on_slack(tmp_path) as person:
        await converse(person)
    left = store_of(tmp_path)
    assert [job[:7] for job in left["jobs"]] == [
        ("produced", "imagine", None, None, 0, 2_000, 2_000),
        ("produced", "again", 0, None, 0, 2_000, 2_000),
        ("produced", "vary", 0, 2, 0, 2_000, 2_000),
    ]
    shown = [(job, bool(kept), verdict) for job, _, kept, *_, verdict in left["pictures"]]
    assert shown == [
        (0, True, "show"),
        (0, True, "show"),
        (1, False, "removed"),
        (1, False, "removed"),
        (2, True, "show"),
        (2, True, "show"),
    ]
    assert ("person", "day", 1, 8_000, 0, 0, 6_000) in left["accounts"]
