"""Every picture that leaves says that it was generated, through whichever door, in any format."""

import io
import json
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from PIL import Image

from adapters import pinned_http
from adapters.terminal.client import RemoteBot
from adapters.terminal.imagine import Screen, imagine
from adapters.terminal.protocol import ImagineOrder
from adapters.terminal.server import create_app
from adapters.terminal.surface import TerminalSurface
from adapters.web.context import OWNER
from adapters.web.rendering.cards import THUMBNAIL_SIDES_PX
from adapters.webhook import WebhookSurface
from bot.accounts.owner import Owner
from bot.images.result import PictureType
from bot.platforms import Platform
from tests.adapters.api.fake_engine import AUTH, PATH, api
from tests.adapters.api.test_webhooks import settled
from tests.adapters.discord.harness import discord_harness
from tests.adapters.discord.moderation_harness import moderation_harness as discord_moderation
from tests.adapters.discord.moderation_harness import pressed
from tests.adapters.slack.harness import slack_harness
from tests.adapters.slack.moderation_harness import moderation_harness as slack_moderation
from tests.adapters.terminal.test_control import STATE, WHO, listening_at
from tests.adapters.web.harness import playground
from tests.adapters.web.test_review import act, enter
from tests.bot.moderation.test_reviews import in_review
from tests.support.bot_harness import ANN, BotHarness, anywhere, bot_harness, prompted

KINDS = list(PictureType)
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
ALGORITHMIC = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
Files = dict[str, bytes]


def source_types(data: bytes) -> list[str | None]:
    """What a reader of XMP finds in a file; the file is decoded to its last pixel."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    text = packet if isinstance(packet, str) else packet.decode()
    return [each.text for each in ET.fromstring(text).iter(IPTC)] if text else []  # noqa: S314  (ours)


def assert_marked(files: Files, doors: set[str], mark: str = TRAINED) -> None:
    assert set(files) == doors
    assert {door: source_types(data) for door, data in files.items()} == {
        door: [mark] for door in doors
    }


def pictures_in(archive: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        yield from (found.read(name) for name in found.namelist() if name != "data.json")


def inline(address: object) -> bytes:
    """The bytes of a data URL."""
    return b64decode(str(address).partition(",")[2])


@pytest.mark.parametrize("kind", KINDS)
async def test_on_discord(tmp_path: Path, kind: PictureType) -> None:
    async with discord_harness(tmp_path) as here:
        here.core.backend.kind = kind
        card = await here.draw()
        job = card.attachments[0].filename.split("-")[1]
        shown: Any = await here.ann.slash(here.channel, "show", id=job)
        privacy: Any = await here.ann.slash(here.channel, "privacy")
        said: Any = await here.ann.click(privacy.response.message, custom_id="privacy:export")
        exported = await said.response.attachments[0].read()
        files = {
            "card": await card.attachments[0].read(),
            "show": await shown.response.attachments[0].read(),
            "export": next(pictures_in(exported)),
        }
    assert_marked(files, {"card", "show", "export"})


@pytest.mark.parametrize("kind", KINDS)
async def test_to_a_moderator_on_discord(tmp_path: Path, kind: PictureType) -> None:
    async with discord_moderation(tmp_path) as at:
        at.here.core.backend.kind = kind
        said: Any = await pressed(at.mia, await at.withheld(), "reveal")
        bare: Any = await pressed(at.mia, said.response.message, "bare:1")
        files = {
            "blurred": await said.response.message.attachments[0].read(),
            "revealed": await bare.response.attachments[0].read(),
        }
    assert_marked(files, {"blurred", "revealed"})


@pytest.mark.parametrize("kind", KINDS)
async def test_on_slack(tmp_path: Path, kind: PictureType) -> None:
    async with slack_harness(tmp_path) as here:
        here.core.backend.kind = kind
        await here.draw()
        opened = await here.does(lambda: here.fake.command("/limner", "privacy"))
        await here.told(lambda: here.fake.press(opened.replies[0], "Export"))
        (picture, archive) = [file.data or b"" for file in here.fake.files]
        files = {"card": picture, "export": next(pictures_in(archive))}
    assert_marked(files, {"card", "export"})


@pytest.mark.parametrize("kind", KINDS)
async def test_to_a_moderator_on_slack(tmp_path: Path, kind: PictureType) -> None:
    async with slack_moderation(tmp_path) as at:
        at.here.core.backend.kind = kind
        card = await at.withheld()
        view = await at.here.modal(lambda: at.here.fake.press(card, "Reveal", by=at.mia))
        await at.press(view, "bare", by=at.mia)
        blurred, bare = [file.data or b"" for file in at.here.fake.files]
    assert_marked({"blurred": blurred, "revealed": bare}, {"blurred", "revealed"})


@pytest.mark.parametrize("kind", KINDS)
async def test_on_the_page(tmp_path: Path, kind: PictureType) -> None:
    async with playground(tmp_path) as page:
        page.core.backend.kind = kind
        job = await page.drawn()
        paths = [f"/p/{job}/1", f"/p/{job}/1?download=1"]
        paths += [f"/t/{job}/1/{side_px}" for side_px in THUMBNAIL_SIDES_PX] * 2  # made, and kept
        files = {path: (await page.browser.get(path)).content for path in paths}
    assert_marked(files, set(paths))


@pytest.mark.parametrize("kind", KINDS)
async def test_on_the_review_page(tmp_path: Path, kind: PictureType) -> None:
    async with playground(tmp_path) as page:
        page.core.backend.kind = kind
        _, case = await in_review(page.core)
        await enter(page)
        blurred = await page.browser.get(f"/review/cases/{case.id}/blurred/1")
        revealed = await act(page, f"cases/{case.id}/reveal/1")
    assert revealed.headers["content-type"] == kind.value
    files = {"blurred": blurred.content, "revealed": revealed.content}
    assert_marked(files, {"blurred", "revealed"})


@pytest.mark.parametrize("kind", KINDS)
async def test_to_a_webhook(tmp_path: Path, kind: PictureType) -> None:
    bodies: list[bytes] = []

    def hook(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200)

    async def kept(_address: object) -> None:
        """Nothing is remembered of it."""

    async with bot_harness(tmp_path) as core:
        core.backend.kind = kind
        done = await core.finished(await core.imagine())
        http = pinned_http.client(httpx.MockTransport(hook))
        address = {"url": "https://hooks.example/"}
        await WebhookSurface(http, anywhere, core.studio).show(address, done, kept)
    (image,) = json.loads(bodies[0])["results"]["images"]
    assert_marked({"webhook": inline(image)}, {"webhook"})


@pytest.mark.parametrize("kind", KINDS)
async def test_at_the_terminal(tmp_path: Path, kind: PictureType) -> None:
    async with bot_harness(tmp_path / "data") as core:
        core.backend.kind = kind
        core.platforms.add(Platform(name="terminal", surface=TerminalSurface()))
        app = create_app(studio=core.studio, owner=owner_of(core), running=WHO, state=lambda: STATE)
        order = ImagineOrder(event_id="0123456789abcdef", fields={"prompt": "a cat"})
        async with listening_at(tmp_path / "limner.sock", app) as http:
            screen, out = Screen(io.StringIO()), tmp_path / "out"
            out.mkdir()
            await imagine(RemoteBot(http), order, out, screen, io.StringIO())
        await core.privacy.export("terminal", OWNER.person, tmp_path / "export")
        saved = {path.parent.name: path.read_bytes() for path in pictures_below(tmp_path)}
    assert_marked(saved, {"out", "export"})


def owner_of(core: BotHarness) -> Owner:
    return Owner(core.administration, core.privacy, core.claims, sign_in=str, sign_all_out=int)


def pictures_below(folder: Path) -> list[Path]:
    both = (folder / "out", folder / "export")
    return [path for each in both for path in each.iterdir() if path.suffix != ".json"]


async def test_what_is_drawn_by_rules_says_so(tmp_path: Path) -> None:
    async with playground(tmp_path, prepare=lambda fake: setattr(fake, "name", "sketch")) as page:
        job = await page.drawn()
        paths = {f"/p/{job}/1", f"/t/{job}/1/{THUMBNAIL_SIDES_PX[0]}"}
        files = {path: (await page.browser.get(path)).content for path in paths}
    assert_marked(files, paths, ALGORITHMIC)


async def test_what_is_stored_stays_as_it_was_drawn(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        done = await core.finished(await core.imagine(ANN, prompted()))
        file = await core.studio.file(ANN, done.public_id, 1)
        picture = (await core.job(done)).pictures[0]
        assert await core.pictures.read(picture.sha256, picture.type) != file.data
        assert source_types(await core.pictures.read(picture.sha256, picture.type)) == []


async def test_from_an_engine() -> None:
    bodies: list[bytes] = []

    def hook(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200)

    http = pinned_http.client(httpx.MockTransport(hook))
    async with api(http=http, resolve=anywhere) as here:
        small = {"prompt": "a cat", "width": 128, "height": 128}
        native = (await here.infer()).json()
        headers = {**AUTH, "Accept": "text/event-stream"}
        events = (await here.client.post(f"{PATH}?preview=true", json=small, headers=headers)).text
        said = [json.loads(line[6:]) for line in events.splitlines() if line.startswith("data: ")]
        wish = {"prompt": "a cat", "size": "128x128", "model": here.engine.model.name}
        openai = await here.client.post("/v1/openai/images/generations", json=wish, headers=AUTH)
        await here.infer(webhook="https://hooks.example/")
        await settled(here)
        hooked = json.loads(bodies[0])["results"]
    files = {
        "native": inline(native["images"][0]),
        "preview": inline(said[0]["preview"]),
        "event": inline(said[-1]["images"][0]),
        "openai": b64decode(openai.json()["data"][0]["b64_json"]),
        "webhook": inline(hooked["images"][0]),
    }
    assert_marked(files, {"native", "preview", "event", "openai", "webhook"})
