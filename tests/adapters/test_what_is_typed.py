# ruff: noqa: RUF001  (what other keyboards write)
"""One table of what people type, on the page, in the terminal, on Discord and on Slack."""

import asyncio
import html
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adapters.terminal.imagine import Screen
from adapters.terminal.imagine import imagine as draw
from adapters.terminal.protocol import InProcess
from adapters.terminal.surface import TerminalSurface
from bot.cli.imagine import _order
from bot.errors import BadRequest
from bot.images.metadata import with_metadata
from bot.images.result import PictureType
from bot.platforms import Platform
from bot.wording import explain_problem, plain
from tests.adapters.discord.harness import discord_harness, text_of, told
from tests.adapters.slack.harness import slack_harness
from tests.adapters.web.harness import job_id, playground
from tests.support.bot_harness import BotHarness, bot_harness

# Draws or refuses what is typed; returns what is said of it.
Type = Callable[[str], Awaitable[str]]


@dataclass(frozen=True)
class Row:
    typed: str
    prompt: str = "a fox"
    fields: dict[str, Any] = field(default_factory=dict)
    said: str = ""  # part of a note


WIDE, TALL = {"width": 1024, "height": 576}, {"width": 640, "height": 960}
DRAWN = (
    Row("a fox －－ａｒ １６：９", fields=WIDE),
    Row("a fox -–ar 16:9", fields=WIDE),
    Row("a fox ‑‑ar 16:9", fields=WIDE),
    Row("a fox ——ar 16:9", fields=WIDE),
    Row("猫--ar 16:9", "猫", WIDE),
    Row("猫ーーar 16:9", "猫", WIDE),
    Row("猫，--ar 16:9", "猫，", WIDE),
    Row("a fox --ar\u00a016:9", fields=WIDE),
    Row("a fox -\u200b-ar 16:9", fields=WIDE),
    Row("a fox --ar16:9", fields=WIDE),
    Row("a fox --ar 16 9", fields=WIDE),
    Row("a fox --aspect_ratio 16:9, --n 1.", fields=WIDE),
    Row("a fox --size portrait", fields=TALL),
    Row("a fox --size auto --seed 7;", fields={"seed": 7}),
    Row("a fox --seed random --steps 20 steps", fields={"num_inference_steps": 20}),
    Row("a fox --seed -1 --uc fog", fields={"negative_prompt": "fog"}),
    Row("a fox --sref 123 456", said="I ignored --sref 123 456: it belongs to Midjourney."),
    Row("a fox --sampler DPM++ 2M Karras", said="--sampler DPM++ 2M Karras: it belongs to A1111."),
    Row("a fox --quality high", said="I ignored --quality high: it belongs to OpenAI."),
    Row("a fox --edit https://example.org/a.png", said="I ignored --edit"),
    Row("a fox --w 500", said="I took --w 500 for Midjourney's"),
    Row("a fox --p a b", said="I ignored --p a b: it belongs to Midjourney."),
    Row("a fox --repeat 4", said="I ignored --repeat 4: it belongs to Midjourney."),
    Row("a fox::2", said="without ::2"),
    Row("(a fox:1.2)", said="I drew (a fox:1.2) like all other words."),
    Row("a [fox]", said="I drew [fox] like all other words."),
    Row("a fox++", said="I drew fox++ like all other words."),
    Row("a fox <lora:ink:0.8>", fields={"lora": "ink"}, said="its weight of 0.8"),
    Row("a fox --lora ink --lora moon:0.8", fields={"lora": "ink"}, said="so I left out moon."),
    Row("a {red, blue} fox", "a {red, blue} fox", said="one wish is one job"),
    Row("a fox -ar 3:2", "a fox -ar 3:2", said="I took -ar as words of the prompt."),
    Row("a sign “go --ar 3:2”", "a sign “go --ar 3:2”", said="I took --ar as words"),
    Row("a fox Negative prompt: fog Steps: 20, Seed: 5, Size: 640x960", fields=TALL | {"seed": 5}),
)
REFUSED = (
    ("a fox --sied 3", "Did you mean --seed?"),
    ("a fox --nn 2", "Did you mean --images?"),
    ("a fox --model diffusion-2", "Did you mean"),
    ("--ar 3:2", "What should I draw?"),
    ("::2", "What should I draw?"),
)


@asynccontextmanager
async def page(folder: Path) -> AsyncIterator[tuple[BotHarness, Type]]:
    async with playground(folder) as here:

        async def typed(text: str) -> str:
            answer = await here.say(text)
            if answer.status_code == 200 and 'id="job-' in answer.text:
                await here.done(job_id(answer.text))
                return words_of(await here.page())
            return words_of(answer.text)

        yield here.core, typed


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


@asynccontextmanager
async def terminal(folder: Path) -> AsyncIterator[tuple[BotHarness, Type]]:
    async with bot_harness(folder) as core:
        core.platforms.add(Platform(name="terminal", surface=TerminalSurface()))

        async def typed(text: str) -> str:
            screen = Screen(said := io.StringIO())
            try:
                order = _order(screen, text, None, "")
                await draw(InProcess(core.studio), order, folder, screen, io.StringIO())
            except BadRequest as refused:
                return " ".join(plain(explain_problem(each)) for each in refused.problems)
            return said.getvalue()

        yield core, typed


@asynccontextmanager
async def discord(folder: Path) -> AsyncIterator[tuple[BotHarness, Type]]:
    async with discord_harness(folder) as here:

        async def typed(text: str) -> str:
            before = len(here.core.backend.drawn)
            said = await here.ann.slash(here.channel, "imagine", prompt=text)
            if said.ephemeral:
                return told(said)
            return text_of((await here.shown(before + 1))[-1])

        yield here.core, typed


@asynccontextmanager
async def slack(folder: Path) -> AsyncIterator[tuple[BotHarness, Type]]:
    async with slack_harness(folder, hurry=20.0) as here:

        async def typed(text: str) -> str:
            before = len(here.core.backend.drawn)
            sent = html.escape(text, quote=False)  # as Slack does
            said = await here.told(lambda: here.fake.command("/imagine", sent))
            if len(here.fake.within(here.fake.art)) == before:
                return said
            return (await here.shown(before + 1))[-1].words

        yield here.core, typed


SURFACES = [page, terminal, discord, slack]


@pytest.mark.parametrize("surface", SURFACES)
async def test_what_is_typed_is_understood_or_named(surface: Any, tmp_path: Path) -> None:
    wrong = []
    async with surface(tmp_path) as (core, typed):
        for row in DRAWN:
            async with asyncio.timeout(60):
                said = plainly(await typed(row.typed))
            request = core.backend.drawn[-1]
            got = {name: getattr(request, name) for name in row.fields}
            if (request.prompt, got) != (row.prompt, row.fields) or row.said not in said:
                wrong.append((row.typed, request.prompt, got, said))
        assert len(core.backend.drawn) == len(DRAWN)
    assert wrong == []


@pytest.mark.parametrize("surface", SURFACES)
async def test_what_is_refused_says_why_and_draws_nothing(surface: Any, tmp_path: Path) -> None:
    async with surface(tmp_path) as (core, typed):
        for text, why in REFUSED:
            assert why in plainly(await typed(text))
        assert core.backend.drawn == []


def plainly(said: str) -> str:
    """Without the markup of chat apps."""
    return re.sub(r"[`\u2060\\]", "", html.unescape(said))


@pytest.mark.parametrize("kind", list(PictureType))
def test_a_picture_says_how_another_like_it_is_drawn(kind: PictureType, tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 64)).save(file, kind.name)
    text = "a fox, at dusk\nNegative prompt: fog\nSteps: 30, Sampler: Euler, CFG scale: 6, Seed: 5"
    path = tmp_path / "fox.bin"
    path.write_bytes(with_metadata(file.getvalue(), kind, text))
    screen = Screen(said := io.StringIO())
    order = _order(screen, "--steps 20", None, "", path)
    assert order.fields == {
        "prompt": "a fox, at dusk",
        "negative_prompt": "fog",
        "num_inference_steps": "20",
        "guidance_scale": "6",
        "seed": "5",
    }
    assert "I can't use sampler." in said.getvalue()
