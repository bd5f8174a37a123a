"""The page as people meet it, in a real browser."""

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from bot.app.composition import build_app
from bot.app.http_server import serving
from bot.config.settings import Settings
from bot.domain.budgets import Budgets
from bot.errors import BackendBusy
from tests.adapters.web.chromium import EXECUTABLE, chromium, served
from tests.adapters.web.harness import Playground, playground
from tests.support.clock import FakeClock

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not Path(EXECUTABLE).exists(), reason=f"there is no {EXECUTABLE}"),
]


@dataclass
class Visit:
    page: Page
    playground: Playground
    url: str

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Message")

    @property
    def advice(self) -> Locator:
        return self.page.locator("#advice")

    @property
    def cards(self) -> Locator:
        return self.page.locator(".card")

    async def say(self, text: str) -> None:
        # What is sent while an answer is awaited is dropped by the page.
        await expect(self.page.locator("#send")).to_be_enabled()
        await self.box.fill(text)
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press("Enter")

    async def drawn(self, text: str) -> Locator:
        """The newest card, once its pictures are there."""
        await self.say(text)
        await expect(self.cards.last).to_have_attribute("data-phase", "done")
        return self.cards.last


@asynccontextmanager
async def visit(
    tmp_path: Path, *, budgets: Budgets | None = None, **options: Any
) -> AsyncIterator[Visit]:
    clock = FakeClock(runs=True)
    async with playground(tmp_path / "data", budgets=budgets, clock=clock) as here:
        async with served(here.app) as url, chromium(tmp_path, **options) as page:
            await page.goto(url)
            yield Visit(page, here, url)
            await page.goto("about:blank")
        here.surface.close()


async def test_a_command_is_typed_progress_is_seen_and_pictures_are_shown(tmp_path: Path) -> None:
    async with visit(tmp_path) as here:
        backend = here.playground.core.backend
        backend.may_finish.clear()
        await here.box.press_sequentially("/im")
        await here.page.keyboard.press("Enter")
        await expect(here.box).to_have_value("/imagine ")
        await here.box.press_sequentially("a lighthouse at dusk --si")
        await here.page.keyboard.press("Tab")
        await here.box.press_sequentially("768x512 --n 2")
        await expect(here.advice).to_have_text(re.compile(r"about \$0\.002"))
        await here.page.keyboard.press("Enter")
        await expect(here.box).to_have_value("")
        await expect(here.page.locator("#welcome")).to_be_hidden()
        bar = here.page.get_by_role("progressbar", name="Drawing")
        await expect(bar).to_have_attribute("value", "0.5")
        await expect(here.page.get_by_text("Drawing, 50%", exact=True)).to_be_visible()
        before = await here.cards.bounding_box()
        backend.may_finish.set()
        await expect(here.cards).to_have_attribute("data-phase", "done")
        pictures = here.page.get_by_role("img", name="a lighthouse at dusk")
        await expect(pictures).to_have_count(2)
        for picture in await pictures.all():
            await expect(picture).to_have_js_property("complete", value=True)
            assert await picture.evaluate("image => image.naturalWidth") > 0
        after = await here.cards.bounding_box()
        assert before is not None
        assert after is not None
        assert after["width"] == before["width"]
        await expect(here.page.locator("#announcer")).to_have_text(re.compile("Done: 2 pictures"))


async def test_again_is_pressed_and_a_second_card_appears(tmp_path: Path) -> None:
    async with visit(tmp_path) as here:
        await here.drawn("a cat")
        await here.page.get_by_role("button", name="Again").dblclick()
        await expect(here.cards).to_have_count(2)
        await expect(here.cards.last).to_have_attribute("data-phase", "done")
        await expect(here.page.get_by_text("Again, like")).to_be_visible()
        await here.page.reload()
        await expect(here.cards).to_have_count(2)
        assert len(here.playground.core.backend.drawn) == 2


async def test_errors_are_read_beside_the_box_and_in_the_conversation(tmp_path: Path) -> None:
    async with visit(tmp_path) as here:
        await here.box.fill("a cat --steps 900")
        problem = here.advice.get_by_role("listitem")
        await expect(problem).to_have_text(re.compile("steps.*1 to 512.*900"))
        async with here.page.expect_response("**/say"):
            await here.page.keyboard.press("Enter")
        await expect(here.box).to_have_value("a cat --steps 900")
        await expect(here.cards).to_have_count(0)
        await here.say("/shwo 12345678")
        await expect(here.advice).to_contain_text("Did you mean /show?")
        await here.say("/show 12345678")
        await expect(here.page.locator(".refusal")).to_contain_text("no result with this id")
        here.playground.core.backend.trouble = [BackendBusy()]
        await here.say("a dog")
        await expect(here.cards).to_contain_text("The image service is too busy")


async def test_when_the_budget_is_used_up_the_page_says_so_and_when_it_opens(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path, budgets=Budgets(person_day=2_000)) as here:
        await expect(here.page.locator("#left")).to_have_text("about 2 pictures left")
        await here.drawn("a cat --n 2")
        await expect(here.page.locator("#left")).to_have_text("no pictures left")
        await here.box.fill("a dog")
        await expect(here.advice).to_contain_text("Your own budget for today is used up.")
        await here.page.keyboard.press("Enter")
        refusal = here.page.locator(".refusal")
        await expect(refusal).to_contain_text("It opens again on")
        await expect(here.cards).to_have_count(1)


async def test_a_card_is_varied_edited_copied_and_deleted(tmp_path: Path) -> None:
    options: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]}
    async with visit(tmp_path, **options) as here:
        first = await here.drawn("a cat --n 2 --seed 7")
        public_id = await first.get_attribute("data-job")
        await here.page.get_by_role("button", name="Copy as command").click()
        await expect(here.page.get_by_text("Command copied")).to_be_visible()
        copied = await here.page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("/imagine a cat --images 2")
        assert "--seed 7" in copied
        await here.page.get_by_role("button", name="Vary picture 2").click()
        await expect(here.cards).to_have_count(2)
        await expect(here.cards.last).to_contain_text("from a picture")
        await here.cards.first.get_by_role("button", name="Edit").click()
        await expect(here.page.get_by_text(f"Editing #{public_id}")).to_be_visible()
        await expect(here.box).to_have_value(re.compile("^/imagine a cat"))
        await here.say("/imagine a red cat")
        await expect(here.page.get_by_text("Edited from")).to_be_visible()
        await expect(here.page.get_by_text(f"Editing #{public_id}")).to_be_hidden()
        await here.cards.first.get_by_role("button", name="Delete").click()
        await here.page.get_by_role("button", name="Keep").click()
        await expect(here.cards.first).to_have_attribute("data-phase", "done")
        await here.cards.first.get_by_role("button", name="Delete").click()
        await here.page.locator("#ask").get_by_role("button", name="Delete").click()
        await expect(here.cards.first).to_contain_text("Deleted.")
        await expect(here.cards.first.get_by_role("img")).to_have_count(0)


async def test_pictures_are_looked_at_with_the_keys_and_compared(tmp_path: Path) -> None:
    async with visit(tmp_path) as here:
        await here.drawn("a cat --n 3")
        await here.page.get_by_role("link", name="Open picture 2").click()
        place = here.page.locator("#lightbox-place")
        await expect(place).to_have_text("Picture 2 of 3")
        await here.page.keyboard.press("ArrowRight")
        await expect(place).to_have_text("Picture 3 of 3")
        await here.page.keyboard.press("ArrowLeft")
        await here.page.keyboard.press("ArrowLeft")
        await expect(place).to_have_text("Picture 1 of 3")
        await here.page.keyboard.press("Escape")
        await expect(here.page.locator("#lightbox")).to_be_hidden()
        await expect(here.page.get_by_role("link", name="Open picture 2")).to_be_focused()
        await here.page.get_by_role("button", name="Compare picture 1").click()
        await expect(here.page.get_by_text("Choose another picture")).to_be_visible()
        await here.page.get_by_role("button", name="Compare picture 3").click()
        compare = here.page.get_by_role("dialog", name="Compare")
        await expect(compare.get_by_role("img")).to_have_count(2)
        await compare.get_by_role("button", name="Slider").click()
        await compare.get_by_role("slider").fill("80")
        shown = "document.querySelector('#compare-panes').style.getPropertyValue('--shown')"
        assert await here.page.evaluate(shown) == "80%"
        await compare.get_by_role("button", name="Close").click()
        await expect(compare).to_be_hidden()


async def test_what_was_sent_comes_back_with_the_arrow_even_after_a_reload(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as here:
        await here.drawn("a cat")
        await here.say("/quota")
        await expect(here.page.locator(".answer")).to_be_visible()
        await here.page.reload()
        await here.box.fill("half a thou")
        await here.page.reload()
        await expect(here.box).to_have_value("half a thou")
        await here.box.fill("")
        for value in ("/quota", "a cat"):
            await here.page.keyboard.press("ArrowUp")
            await expect(here.box).to_have_value(value)
        await here.page.keyboard.press("ArrowDown")
        await expect(here.box).to_have_value("/quota")


async def test_a_starting_image_is_chosen_shown_and_removed(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, "PNG")
    picture: Any = {"name": "red.png", "mimeType": "image/png", "buffer": file.getvalue()}
    words: Any = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    async with visit(tmp_path) as here:
        chooser = here.page.locator("#image")
        await chooser.set_input_files(words)
        await expect(here.page.locator("#toast")).to_contain_text("PNG, JPEG or WebP")
        assert await chooser.evaluate("input => input.files.length") == 0
        await chooser.set_input_files(picture)
        chip = here.page.get_by_text("Starting image: red.png")
        await expect(chip).to_be_visible()
        await here.page.get_by_role("button", name="Remove: Starting image").click()
        await expect(chip).to_be_hidden()
        await chooser.set_input_files(picture)
        await here.drawn("a red cat")
        await expect(chip).to_be_hidden()
        assert here.playground.core.backend.drawn[0].image is not None


async def test_a_late_price_does_not_hide_what_is_wrong_with_the_starting_image(
    tmp_path: Path,
) -> None:
    file = io.BytesIO()
    Image.new("RGB", (5000, 8)).save(file, "PNG")
    picture: Any = {"name": "wide.png", "mimeType": "image/png", "buffer": file.getvalue()}
    async with visit(tmp_path) as here:
        asked: list[str] = []
        here.page.on("request", lambda request: asked.append(request.url))
        await here.page.clock.install(time=0)
        await here.page.reload()
        await here.page.locator("#image").set_input_files(picture)
        await here.page.clock.pause_at(60_000)
        await here.say("a red cat")
        await expect(here.advice).to_contain_text("more than 4096 pixels a side")
        await here.page.clock.run_for(1_000)
        await here.page.evaluate("fetch('/left').then(answer => answer.text())")
        assert f"{here.url}/price" not in asked
        await expect(here.advice).to_contain_text("more than 4096 pixels a side")


async def test_a_picture_behind_a_spoiler_is_seen_only_when_people_want_it(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as here:
        here.playground.core.backend.flagged = True
        await here.drawn("a statue")
        show = here.page.get_by_role("button", name="Show", exact=True)
        await expect(show).to_be_visible()
        await show.click()
        await expect(show).to_be_hidden()
        await expect(here.page.locator(".picture")).to_have_class(re.compile("shown"))


async def test_the_help_button_leaves_what_is_being_written(tmp_path: Path) -> None:
    async with visit(tmp_path) as here:
        await here.box.fill("half a thought")
        await here.page.get_by_role("button", name="Help").click()
        await expect(here.page.get_by_role("heading", name="Commands")).to_be_visible()
        await expect(here.box).to_have_value("half a thought")


async def test_a_long_answer_is_read_from_its_head(tmp_path: Path) -> None:
    async with visit(tmp_path, viewport={"width": 900, "height": 600}) as here:
        await here.drawn("a cat")
        await here.say("/help")
        await expect(here.page.locator(".turn", has_text="Options of a picture")).to_be_visible()
        await here.page.wait_for_function(
            """() => {
              const top = document.querySelector(".turn:last-child").getBoundingClientRect().top;
              return Math.abs(top - document.querySelector(".head").offsetHeight - 12) < 2;
            }"""
        )
        await here.say("/quota")
        await expect(here.page.locator(".turn").last).to_be_in_viewport(ratio=1)


async def test_earlier_results_come_above_without_pushing_the_page(tmp_path: Path) -> None:
    async with visit(tmp_path) as here:
        for number in range(22):
            await here.playground.drawn(f"cat {number}")
        await here.page.reload()
        await expect(here.cards).to_have_count(20)
        await here.page.evaluate("scrollTo(0, 0)")
        third = here.page.locator(".turn", has_text="cat 2").first
        before = await third.bounding_box()
        await here.page.get_by_role("button", name="Earlier").click()
        await expect(here.cards).to_have_count(22)
        await expect(here.page.get_by_role("button", name="Earlier")).to_have_count(0)
        after = await third.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(after["y"] - before["y"]) < 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_shows_everything_without_scrolling_sideways(
    tmp_path: Path, scheme: str
) -> None:
    phone: dict[str, Any] = {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "color_scheme": scheme,
    }
    async with visit(tmp_path, **phone) as here:
        await here.drawn("a cat " + "and-a-very-long-word" * 20 + " --n 4")
        for text in ("/help", "/models", "/quota"):
            await here.say(text)
            await expect(here.page.locator(".bubble").last).to_have_text(text)
        width = await here.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
        vary = here.page.get_by_role("button", name="Vary picture 1")
        assert await vary.evaluate("b => getComputedStyle(b.parentElement).opacity") == "1"


async def test_the_choice_of_colours_is_kept(tmp_path: Path) -> None:
    async with visit(tmp_path, color_scheme="light") as here:
        scheme = "getComputedStyle(document.documentElement).colorScheme"
        toggle = here.page.get_by_role("button", name="Dark colours")
        await expect(toggle).to_have_attribute("aria-pressed", "false")
        await toggle.click()
        assert await here.page.evaluate(scheme) == "dark"
        await here.page.reload()
        assert await here.page.evaluate(scheme) == "dark"
        await expect(toggle).to_have_attribute("aria-pressed", "true")


async def test_a_card_changed_on_one_page_changes_on_the_other(tmp_path: Path) -> None:
    async with visit(tmp_path) as here:
        other = await here.page.context.new_page()
        await other.goto(here.url)
        await here.page.bring_to_front()
        drawn = await here.drawn("a cat")
        card = other.locator(".card")
        await expect(card).to_have_attribute("data-phase", "done")
        for image in await drawn.get_by_role("img").all():
            await expect(image).to_have_js_property("complete", value=True)
        await here.page.get_by_role("button", name="Delete").click()
        await here.page.locator("#ask").get_by_role("button", name="Delete").click()
        await expect(card).to_contain_text("Deleted.")
        await other.close()


async def test_the_link_of_the_terminal_signs_in_and_hides_its_token(tmp_path: Path) -> None:
    async with playground(
        tmp_path / "data", clock=FakeClock(runs=True), loopback_only=False
    ) as here:
        async with served(here.app) as url, chromium(tmp_path) as page:
            await page.goto(url)
            await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
            assert page.url == f"{url}/login"
            await page.goto(f"{url}/login?next=%2F#right")
            await expect(page.get_by_label("Message")).to_be_visible()
            assert page.url == f"{url}/"
            await page.get_by_role("button", name="Sign out").click()
            await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
            await page.goto("about:blank")
        here.surface.close()


async def test_what_limner_run_serves_sketches_without_any_key(tmp_path: Path) -> None:
    settings = Settings.from_env({"DATA_DIR": str(tmp_path / "data"), "PORT": "0"})
    (tmp_path / "data").mkdir()
    async with (
        build_app(settings) as app,
        serving(app) as site,
        chromium(tmp_path, reduced_motion="reduce") as page,
    ):
        await page.goto(site.url)
        await page.get_by_role("button", name="/imagine a lighthouse at dusk").click()
        await page.get_by_role("button", name="Send").click()
        card = page.locator(".card")
        await expect(card).to_have_attribute("data-phase", "done", timeout=20_000)
        await expect(card).to_contain_text("sketch: no model is connected")
        await expect(card.get_by_role("img", name="a lighthouse at dusk")).to_have_count(2)
        image = card.get_by_role("img").first
        await expect(image).to_have_js_property("complete", value=True)
        ratio = await image.evaluate("image => image.naturalWidth / image.naturalHeight")
        assert round(ratio, 1) == 1.5
