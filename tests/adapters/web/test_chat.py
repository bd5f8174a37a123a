import html
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image

from bot.domain.budgets import Budgets
from bot.domain.job_view import Phase
from bot.errors import BackendBusy
from tests.adapters.web.harness import Playground, job_id, playground
from tests.support.bot_harness import ANN


def text_of(answer: httpx.Response) -> str:
    """What people read of an answer, in one line."""
    assert answer.status_code == 200, answer.text
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", answer.text).split()))


async def test_an_empty_page_greets_with_examples(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        greeting = await page.page()
        assert "What shall I draw?" in greeting
        assert 'data-fill="/imagine a lighthouse at dusk --size 768x512 --n 2"' in greeting


async def test_a_command_becomes_a_card_that_waits_and_then_shows_its_pictures(
    tmp_path: Path,
) -> None:
    async with playground(tmp_path) as page:
        page.core.backend.may_finish.clear()
        answer = await page.say("/imagine a lighthouse at dusk --size 768x512 --n 2")
        assert answer.headers["hx-trigger"] == "sent"
        assert "<progress" in answer.text
        assert answer.text.count('viewBox="0 0 768 512"') == 2
        page.core.backend.may_finish.set()
        await page.done(job_id(answer.text))
        done = await page.page("/newest")
        assert "<progress" not in done
        assert done.count("<img ") == 2
        assert 'width="16" height="16" alt="a lighthouse at dusk"' in done
        assert "$0.002" in done


async def test_words_without_a_command_are_a_prompt(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        await page.drawn("a cat on a roof")
        assert page.core.backend.drawn[0].prompt == "a cat on a roof"


async def test_the_same_form_sent_twice_is_one_job(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        first = await page.say("a cat", event_id="the-same-press")
        second = await page.say("a cat", event_id="the-same-press")
        assert job_id(first.text) == job_id(second.text)
        await page.done(job_id(first.text))
        assert len(page.core.backend.drawn) == 1


@pytest.mark.parametrize("event_id", ["", "short", "x" * 65, "not/allowed"])
async def test_a_form_without_its_id_draws_nothing(tmp_path: Path, event_id: str) -> None:
    async with playground(tmp_path) as page:
        answer = await page.say("a cat", event_id=event_id)
        assert answer.status_code == 400
        assert "Reload the page" in answer.text
        assert page.core.backend.drawn == []


async def test_a_mistake_is_named_beside_the_box_which_keeps_its_text(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        answer = await page.say("a cat --steps 900 --n 9")
        assert answer.headers["hx-retarget"] == "#advice"
        assert "hx-trigger" not in answer.headers
        assert re.findall(r'data-flag="(\w+)"', answer.text) == ["images", "steps"]
        assert re.search("steps .* 1 to 512 .* 900", text_of(answer))


async def test_the_price_and_what_is_left_are_told_while_writing(tmp_path: Path) -> None:
    budgets = Budgets(person_day=8_000)
    async with playground(tmp_path, budgets=budgets) as page:
        price = await page.post("/price", {"text": "a cat"})
        assert text_of(price) == "about $0.001 · about 8 pictures left"
        assert "1 to 4" in text_of(await page.post("/price", {"text": "a cat --n 9"}))
        assert text_of(await page.post("/price", {"text": "/quota"})) == ""
        ignored = text_of(await page.post("/price", {"text": "a cat --v 6"}))
        assert "I ignored --v 6" in ignored
        assert page.core.backend.drawn == []


async def test_a_full_budget_answers_in_the_conversation_and_is_no_fault(tmp_path: Path) -> None:
    async with playground(tmp_path, budgets=Budgets(person_day=1_000)) as page:
        await page.drawn("a cat")
        answer = await page.say("another cat")
        assert answer.headers["hx-trigger"] == "sent"
        assert "another cat" in text_of(answer)
        assert "Your own budget for today is used up." in text_of(answer)
        assert (await page.browser.get("/left")).text == "no pictures left"


async def test_a_failure_of_the_service_is_told_on_the_card(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        page.core.backend.trouble = [BackendBusy()]
        public_id = await page.drawn("a cat")
        card = html.unescape(await page.page("/newest"))
        assert f'id="job-{public_id}"' in card
        assert "The image service is too busy and started nothing." in card
        assert "Try again" in card


@pytest.mark.parametrize(
    "prompt",
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)> ' {{ 7 * 7 }} {% raw %}",
        "</textarea></script><svg onload=alert(1)>",
        "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
        "a fox \U0001f98a\u200d\U0001f525 in caf\u00e9s",
        "x" * 3_000,
    ],
)
async def test_any_prompt_is_shown_as_text_and_nothing_else(tmp_path: Path, prompt: str) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn(prompt)
        for path in ("/newest", f"/j/{public_id}"):
            shown = await page.page(path)
            assert (
                html.escape(prompt, quote=False).replace('"', "&#34;").replace("'", "&#39;")
                in shown
            )
            assert "<script>alert" not in shown
            assert "<img src=x" not in shown
            assert "<svg onload" not in shown


async def test_more_than_three_thousand_characters_are_too_many(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        answer = await page.say("x" * 3_001)
        assert "3,000 characters" in text_of(answer)
        assert (await page.say("y" * 70_000)).status_code in (400, 413)


async def test_again_draws_the_same_words_with_another_seed(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat --seed 7")
        answer = await page.post(f"/j/{public_id}/again")
        assert f'Again, like <a href="/j/{public_id}">' in answer.text
        await page.done(job_id(answer.text))
        first, second = page.core.backend.drawn
        assert (first.prompt, first.seed) == (second.prompt, 7)
        assert second.seed != 7


async def test_vary_starts_from_the_chosen_picture(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat --n 2")
        answer = await page.post(f"/j/{public_id}/vary", {"number": "2"})
        assert "A variation of" in answer.text
        assert "from a picture" in answer.text
        await page.done(job_id(answer.text))
        file = await page.browser.get(f"/p/{public_id}/2")
        assert page.core.backend.drawn[1].image is not None
        assert file.status_code == 200


async def test_edit_fills_the_box_and_what_it_no_longer_says_is_left_open(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat --no dogs --steps 30")
        command = await page.page(f"/j/{public_id}/command")
        assert command.startswith("/imagine a cat --no dogs --steps 30")
        answer = await page.say("/imagine a red cat --steps 30", edit_of=public_id)
        assert "Edited from" in answer.text
        await page.done(job_id(answer.text))
        edited = page.core.backend.drawn[1]
        assert (edited.prompt, edited.negative_prompt) == ("a red cat", "")
        assert edited.num_inference_steps == 30


async def test_an_edit_can_become_private(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat")
        answer = await page.say("a red cat --private", edit_of=public_id)
        assert "private" in text_of(answer)


async def test_copied_as_a_command_it_carries_the_seed(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat --n 2")
        seed = page.core.backend.drawn[0].seed
        command = await page.page(f"/j/{public_id}/command?exact=1")
        assert command.startswith("/imagine a cat --images 2")
        assert f"--seed {seed}" in command


async def test_cancel_and_delete_answer_with_the_changed_card(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        page.core.backend.may_finish.clear()
        waiting = job_id((await page.say("a cat")).text)
        answer = await page.post(f"/j/{waiting}/cancel")
        assert f'id="job-{waiting}"' in answer.text
        page.core.backend.may_finish.set()
        await page.done(waiting)
        assert "Cancelled." in await page.page("/newest")
        drawn = await page.drawn("a dog")
        deleted = await page.post(f"/j/{drawn}/delete")
        assert "Deleted." in deleted.text
        assert "<img" not in deleted.text


async def test_typed_commands_are_answered_in_the_conversation(tmp_path: Path) -> None:
    async with playground(tmp_path, budgets=Budgets(person_day=8_000)) as page:
        public_id = await page.drawn("a cat")
        said = {
            text: text_of(await page.say(text))
            for text in ("/quota", "/models", "/help", "/help vary", f"/show {public_id}")
        }
        assert "You have about 7 pictures left" in said["/quota"]
        assert "$0.007 left of $0.008" in said["/quota"]
        assert "stabilityai/stable-diffusion-2-1" in said["/models"]
        assert "1 to 512 (usually 25) steps" in said["/models"]
        assert "/vary ID NUMBER draw a variation of one picture" in said["/help"]
        assert "--steps denoising steps; more is slower 1 to 512; default 25" in said["/help"]
        assert "--image " not in said["/help"]
        assert "/vary ID NUMBER" in said["/help vary"]
        assert f"#{public_id}" in said[f"/show {public_id}"]


async def test_show_brings_people_to_the_card(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat")
        answer = await page.say(f"/show #{public_id.upper()}")
        assert answer.headers["hx-trigger-after-settle"] == f'{{"reveal": "{public_id}"}}'


async def test_again_vary_cancel_and_delete_can_be_typed(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat --n 2")
        again = await page.say(f"/again {public_id}")
        await page.done(job_id(again.text))
        vary = await page.say(f"/vary {public_id} 2")
        await page.done(job_id(vary.text))
        assert len(page.core.backend.drawn) == 3
        assert (await page.say(f"/delete {public_id} 1")).text.count("<img") == 1
        nothing = text_of(await page.say("/cancel"))
        assert "Nothing of yours is waiting or being drawn" in nothing
        assert "no result with this id: nope " in text_of(await page.say("/show nope"))


async def test_settings_are_kept_added_to_and_forgotten(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        assert "You have no settings of your own." in text_of(await page.say("/settings"))
        await page.say("/settings --steps 30")
        both = text_of(await page.say("/settings --size 512x512"))
        assert "--steps 30" in both
        assert "--width 512" in both
        await page.drawn("a cat")
        assert page.core.backend.drawn[0].num_inference_steps == 30
        forgotten = text_of(await page.say("/settings reset"))
        assert "You have no settings of your own." in forgotten


async def test_a_starting_image_comes_along(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat")
        picture = (await page.browser.get(f"/p/{public_id}/1")).content
        files = {"image": ("cat.png", picture, "image/png")}
        answer = await page.post("/say", {"text": "a dog"}, files=files)
        await page.done(job_id(answer.text))
        assert page.core.backend.drawn[1].image is not None
        empty = {"image": ("", b"", "application/octet-stream")}
        assert (await page.post("/say", {"text": "a bird"}, files=empty)).status_code == 200


async def test_a_file_that_is_no_picture_is_refused_with_words(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        files = {"image": ("cat.png", b"<svg onload=alert(1)>", "image/png")}
        answer = await page.post("/say", {"text": "a dog"}, files=files)
        assert "The starting image is no PNG, JPEG or WebP picture." in text_of(answer)
        big = {"image": ("cat.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 11_000_000, "image/png")}
        answer = await page.post("/say", {"text": "a dog"}, files=big)
        assert "larger than 10 MiB" in text_of(answer)
        empty = {"image": ("cat.png", b"", "image/png")}
        answer = await page.post("/say", {"text": "a dog"}, files=empty)
        assert "its file has 0 bytes" in text_of(answer)
        assert page.core.backend.drawn == []


async def test_of_an_animation_the_first_frame_is_taken_and_said(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        files = {"image": ("cat.webp", animation("WEBP"), "image/webp")}
        answer = await page.post("/say", {"text": "a dog"}, files=files)
        public_id = job_id(answer.text)
        await page.done(public_id)
        (drawn,) = page.core.backend.drawn
        assert opened(drawn.image).getpixel((0, 0)) == (200, 40, 40)
        told = text_of(await page.say(f"/show {public_id}"))
        assert "The starting image moves; its first frame was taken." in told
        again = await page.say(f"/again {public_id}")
        await page.done(job_id(again.text))
        assert page.core.backend.drawn[1].image == drawn.image
        assert "moves" not in text_of(await page.say(f"/show {job_id(again.text)}"))


def animation(kind: str) -> bytes:
    """Red, then white."""
    file = io.BytesIO()
    first, second = (Image.new("RGB", (16, 16), colour) for colour in ((200, 40, 40), "white"))
    first.save(file, kind, save_all=True, append_images=[second], duration=100, lossless=True)
    return file.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data))


async def test_two_files_or_many_fields_are_no_form_of_ours(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        two = [("image", ("a.png", b"x", "image/png")), ("image", ("b.png", b"x", "image/png"))]
        assert (await page.post("/say", {"text": "a"}, files=two)).status_code == 400
        many = {f"field{n}": "x" for n in range(30)}
        assert (await page.post("/say", many, files=two[:1])).status_code == 400


async def test_history_comes_newest_last_and_in_pages(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        ids = []
        for number in range(23):
            ids.append(await page.drawn(f"cat {number}"))
            page.core.clock.advance(timedelta(seconds=1))
        first = await page.page()
        assert re.findall(r'id="turn-(\w+)"', first) == ids[3:]
        link = re.search(r'hx-get="(/earlier[^"]*)"', first)
        assert link is not None
        earlier = await page.page(html.unescape(link[1]))
        assert re.findall(r'id="turn-(\w+)"', earlier) == ids[:3]
        assert "/earlier" not in earlier


async def test_the_page_shows_only_what_was_asked_on_it(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        view = await page.core.imagine(ANN)
        await page.core.until(lambda: page.core.surface.shows("event-1", Phase.DONE))
        assert view.public_id not in await page.page()


async def test_completion_knows_commands_options_ranges_and_models(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        words = await vocabulary(page)
        imagine = words["commands"][0]
        options = {option["flag"]: option for option in imagine["options"]}
        assert imagine["name"] == "imagine"
        assert options["steps"]["range"] == "1 to 512"
        assert options["images"]["values"] == ["1", "2", "3", "4"]
        assert options["width"]["range"] == "128 to 1024"
        assert options["model"]["values"] == ["stabilityai/stable-diffusion-2-1"]
        assert "size" in options
        assert not {"prompt", "image", "webhook"} & set(options)


async def vocabulary(page: Playground) -> dict:  # type: ignore[type-arg]
    found = re.search(r'id="vocabulary">(.*?)</script>', await page.page())
    assert found is not None
    return json.loads(found[1])  # type: ignore[no-any-return]
