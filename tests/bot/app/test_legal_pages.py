"""Terms and Privacy: served once it is known who runs the bot, with what really holds."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from bot.app.legal_pages import legal_pages
from bot.cli.discord_manifest import print_manifest
from bot.config.settings import Settings
from bot.errors import Misconfigured
from bot.wording.installation import DISCORD_DESCRIPTION, DISCORD_TAGS
from bot.wording.legal import Block, filled, own_text
from tests.adapters.discord.fake.server import FakeDiscord
from tests.adapters.discord.whole_bot import on_discord
from tests.adapters.web.chromium import EXECUTABLE, chromium, served
from tests.support.clock import FakeClock
from tests.support.whole_bot import alive, sketching


@pytest.fixture
def fake() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        yield fake


ANN = {"OPERATOR_NAME": "Ann <Example>", "OPERATOR_CONTACT": "ann@example.org"}
SERVICE = {"DEEPINFRA_TOKEN": "key", "MODERATION_URL": "https://api.openai.com/v1"}


@asynccontextmanager
async def browser(data_dir: Path, **settings: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who isn't signed in."""
    environ = sketching(data_dir, PUBLIC_URL="https://draw.example.org", **settings)
    async with alive(environ, FakeClock(runs=True)) as (_, site):
        transport = httpx.ASGITransport(app=site.app, client=("203.0.113.5", 4711))
        async with httpx.AsyncClient(
            transport=transport, base_url="https://draw.example.org"
        ) as client:
            yield client


def words(environ: Mapping[str, str], name: str) -> str:
    return "\n".join(block.text for block in legal_pages(Settings.from_env(environ))[name])


@pytest.mark.parametrize("playground", ["yes", "no"])
async def test_both_pages_are_there_without_a_sign_in(
    fake: FakeDiscord, tmp_path: Path, playground: str
) -> None:
    async with browser(tmp_path, **ANN, **on_discord(fake), PLAYGROUND=playground) as client:
        for path, title in (("/terms", "Terms"), ("/privacy", "Privacy")):
            answer = await client.get(path)
            assert answer.status_code == 200
            assert f"<h1>{title}</h1>" in answer.text
            assert "Ann &lt;Example&gt;" in answer.text
            assert '<a href="mailto:ann@example.org">ann@example.org</a>' in answer.text
            assert "{" not in answer.text.partition("<main")[2]


@pytest.mark.parametrize("missing", [*ANN])
async def test_nobody_runs_it_no_pages(tmp_path: Path, missing: str) -> None:
    async with browser(tmp_path, **{name: ANN[name] for name in ANN if name != missing}) as client:
        assert (await client.get("/terms")).status_code == 404
        assert (await client.get("/privacy")).status_code == 404


def test_they_say_what_the_settings_say() -> None:
    kept = {"RETENTION_DAYS": "30", "REFUSED_RETENTION_DAYS": "1", "CASE_RETENTION_DAYS": "0"}
    said = words({**ANN, **SERVICE, **kept}, "privacy")
    assert "Pictures and prompts: 30 days." in said
    assert "Prompts that were refused: 1 day." in said
    assert "Decided cases of moderation: until it is deleted." in said
    assert "api.deepinfra.com: your words" in said
    assert "api.openai.com: your words and pictures" in said
    assert "The law of" not in words(ANN, "terms")
    assert "The law of Ruritania holds." in words({**ANN, "OPERATOR_LAW": "Ruritania"}, "terms")


def test_who_gets_nothing_is_not_named() -> None:
    said = words(ANN, "privacy")
    assert "to draw what you ask for" not in said
    assert "to look for what is against the rules" not in said


def test_the_owners_own_texts_take_their_place(tmp_path: Path) -> None:
    (tmp_path / "terms.txt").write_text("# Rules of {name}\n\n- be kind\n- {unknown}\n", "utf-8")
    pages = legal_pages(Settings.from_env({**ANN, "LEGAL_DIR": str(tmp_path)}))
    assert pages["terms"] == (
        Block("heading", "Rules of Ann <Example>"),
        Block("item", "be kind"),
        Block("item", "{unknown}"),
    )
    assert pages["privacy"][0] == Block("heading", "Privacy")


def test_a_text_that_cant_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "terms.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(Misconfigured) as refused:
        legal_pages(Settings.from_env({**ANN, "LEGAL_DIR": str(tmp_path)}))
    assert "terms.txt can't be read" in str(refused.value)


@pytest.mark.parametrize("name", ["terms", "privacy"])
def test_no_blank_of_the_texts_is_left_open(name: str) -> None:
    blocks = filled(own_text(name), dict.fromkeys(_known(), "X"))
    assert not [block for block in blocks if "{" in block.text]
    assert blocks[0].kind == "heading"


def _known() -> list[str]:
    kept = ["results", "refused", "cases", "audit", "left"]
    return ["name", "contact", "law", "drawing", "looking", *kept]


# --- what the developer portal asks for -----------------------------------------------------------


def test_what_is_printed_fits_discords_limits() -> None:
    assert len(DISCORD_DESCRIPTION) <= 400
    assert len(DISCORD_TAGS) <= 5
    assert all(len(tag) <= 20 for tag in DISCORD_TAGS)


def test_the_manifest_has_every_link(capsys: pytest.CaptureFixture[str]) -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.G.x"
    public = {"PUBLIC_URL": "https://draw.example.org", "PUBLIC": "yes", "DISCORD_TOKEN": token}
    print_manifest(Settings.from_env({**ANN, **public, "USER_INSTALLS": "yes"}))
    said = capsys.readouterr().out
    assert "Terms of Service URL: https://draw.example.org/terms" in said
    assert "Privacy Policy URL: https://draw.example.org/privacy" in said
    assert "client_id=123456789012345678&scope=bot+applications.commands&permissions=" in said
    assert "Installation Contexts: Guild Install and User Install" in said
    assert "Public Bot: on" in said


def test_it_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    print_manifest(Settings.from_env({"OPERATOR_NAME": "Ann"}))
    said = capsys.readouterr().out
    assert "or set OPERATOR_CONTACT, PUBLIC_URL (with https): then the page has one" in said
    print_manifest(Settings.from_env({**ANN, "PUBLIC_URL": "http://192.168.1.4:8765"}))
    assert "192.168" not in capsys.readouterr().out
    assert "once DISCORD_TOKEN is set" in said


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(not Path(EXECUTABLE).exists(), reason=f"there is no {EXECUTABLE}")
async def test_a_phone_reads_them_without_scrolling_sideways(tmp_path: Path) -> None:
    environ = sketching(tmp_path / "data", **ANN)
    phone = {"width": 320, "height": 640}
    async with (
        alive(environ, FakeClock(runs=True)) as (_, site),
        served(site.app) as url,
        chromium(tmp_path, viewport=phone) as page,
    ):
        for name in ("privacy", "terms"):
            await page.goto(f"{url}/{name}")
            assert await page.evaluate("document.documentElement.scrollWidth") == 320
            assert await page.locator("h1").count() == 1
            assert await page.locator("main li").count() > 5
        await page.get_by_role("link", name="Privacy").click()
        await expect(page.locator("h1")).to_have_text("Privacy")
        await page.goto("about:blank")
