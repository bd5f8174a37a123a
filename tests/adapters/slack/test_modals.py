"""The forms, and the shortcuts that open them."""

import threading
from io import BytesIO
from pathlib import Path

from aiohttp import web
from PIL import Image

from adapters.slack.platform.members import Members
from bot.domain.budgets import Budgets
from bot.domain.job import job_key
from storage.transactions.community_features import PRESETS_MAX
from tests.adapters.slack.fake.server import Exchange, answers, waits
from tests.adapters.slack.fake.world import View
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness


def png(side_px: int = 16) -> bytes:
    file = BytesIO()
    Image.new("RGB", (side_px, side_px), (200, 40, 40)).save(file, "PNG")
    return file.getvalue()


async def sends_nothing(_: Exchange) -> web.Response:
    return web.Response(body=b"", content_type="image/png")


async def form(here: SlackHarness, *, more: bool = False) -> View:
    view = await here.modal(lambda: here.fake.command("/imagine"))
    return await all_of(here, view) if more else view


async def all_of(here: SlackHarness, view: View) -> View:
    """The form with the options that are not shown at first."""
    await here.does(lambda: here.fake.press(view, "More options"))
    return view


async def test_imagine_alone_opens_a_form_of_the_usual_options(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=10_000)) as here:
        view = await form(here)
        assert view.body["title"]["text"] == "Imagine"
        names = [c["block_id"] for c in view.controls if c["type"] != "button"]
        assert names == ["prompt", "style", "size", "num_images", "image"]
        assert view.words.endswith("1 picture: at most $0.001 · about 10 pictures left")
        assert view.body["submit"]["text"] == "Draw · $0.001"


async def test_more_options_shows_the_rest_below(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=10_000)) as here:
        view = await form(here, more=True)
        assert [c["block_id"] for c in view.controls] == [
            "prompt",
            "style",
            "size",
            "num_images",
            "image",
            "negative_prompt",
            "model",
            "private",
            "seed",
            "num_inference_steps",
            "guidance_scale",
            "strength",
            "lora",
            "use_compel",
            "where",
        ]
        assert view.control("num_inference_steps")["max_value"] == "512"
        assert view.words.endswith("1 picture: at most $0.001 · about 10 pictures left")


async def test_the_form_draws(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        filled = {"prompt": "a cat", "size": "960x640", "num_images": "2", "style": "ink"}
        act = await here.does(lambda: here.fake.submit(view, filled))
        assert act.errors == {}
        (card,) = await here.shown()
        assert [f.name for f in card.pictures] == [f"limner-{job_in(card)}.jpg"]
        drawn = here.core.backend.drawn[0]
        assert drawn.prompt == "a cat, ink drawing, black lines on white paper"
        assert (drawn.width, drawn.height, drawn.negative_prompt) == (960, 640, "photo")


async def test_options_inside_the_prompt_of_a_form_count_and_what_was_ignored_is_named(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        filled = {"prompt": "猫--ar 16:9 --n 3 --v 6", "num_images": "2"}
        act = await here.does(lambda: here.fake.submit(view, filled))
        assert act.errors == {}
        (card,) = await here.shown()
        drawn = here.core.backend.drawn[0]
        assert (drawn.prompt, drawn.width, drawn.num_images) == ("猫", 1024, 2)
        assert "I ignored `--v 6`: it belongs to Midjourney." in card.words


async def test_a_form_sent_five_times_is_one_job(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        act = await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        await here.does(lambda: here.fake.repeat(act, 4))
        await here.shown()
        assert here.drawn == 1
        key = job_key("slack", here.fake.workspace.id, f"view:{view.id}:{view.hash}")
        assert (await here.core.store.jobs.job(key)).request.prompt == "a cat"


async def test_what_is_wrong_stands_beside_its_field(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here, more=True)
        act = await here.does(lambda: here.fake.submit(view, {"prompt": " ", "lora": "x"}))
        assert act.errors == {"prompt": "What should I draw? Please describe it."}
        act = await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        assert act.errors == {}
        await here.shown()


async def test_a_used_up_budget_stands_in_the_form(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=0)) as here:
        view = await form(here)
        assert "Your own budget for today is $0" in view.words
        act = await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        assert [*act.errors] == ["num_images"]
        assert act.errors["num_images"].startswith("Your own budget for today is $0")
        assert here.fake.within(here.fake.art) == []


async def test_what_no_field_is_about_stands_above_all_of_them(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here, more=True)
        await here.core.administration.pause(here.admin(), paused=True)
        act = await here.does(lambda: here.fake.submit(view, {"prompt": "a cat", "seed": "7"}))
        assert act.errors == {}
        assert view.words.startswith("Imagine\n⚠ Drawing is paused in this workspace for now.")
        assert view.body["callback_id"] == "wish"
        act = await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        assert view.words.count("⚠") == 1
        await here.core.administration.pause(here.admin(), paused=False)
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        assert view.closed
        await here.shown()


async def test_it_goes_when_something_is_changed(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        await here.core.administration.pause(here.admin(), paused=True)
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        await here.core.administration.pause(here.admin(), paused=False)
        await here.does(lambda: here.fake.choose(view, "num_images", "2"))
        assert "⚠" not in view.words
        assert view.words.endswith("2 pictures: at most $0.002")


async def test_a_channel_where_nothing_is_drawn_is_refused_beside_it(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.set_up(channels=(here.fake.private.id,))
        view = await form(here, more=True)
        act = await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        assert [*act.errors] == ["where"]
        assert act.errors["where"].startswith("I don't draw in this channel.")
        filled = {"prompt": "a cat", "where": here.fake.private.id}
        await here.does(lambda: here.fake.submit(view, filled))
        await here.shown(at=here.fake.private)


async def test_slacks_own_trouble_is_said_in_the_form(tmp_path: Path) -> None:
    """Without an acknowledgement Slack itself would say that the app is broken."""
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        here.here.members = Members(here.here.services.clock)  # nobody is remembered
        here.fake.will("users.info", answers("fatal_error"))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        assert view.words.startswith("Imagine\n⚠ Slack didn't answer as it should")


async def test_what_takes_too_long_is_said_in_the_form(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        here.here.members = Members(here.here.services.clock)
        may_answer = threading.Event()
        here.fake.will("users.info", waits(may_answer))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        may_answer.set()
        assert view.words.startswith("Imagine\n⚠ Slack or I was too slow. Please try once more.")


async def test_the_price_follows_what_is_chosen(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=10_000)) as here:
        view = await form(here)
        await here.does(lambda: here.fake.choose(view, "num_images", "4"))
        assert view.words.endswith("4 pictures: at most $0.004 · about 10 pictures left")
        assert view.body["submit"]["text"] == "Draw · $0.004"
        assert view.control("prompt")["action_id"] == "wish:prompt"
        await here.set_up(person_day_micros=3_000)
        await here.does(lambda: here.fake.choose(view, "num_images", "4"))
        assert "has too little left for this" in view.words
        assert view.body["submit"]["text"] == "Draw"


async def test_the_price_counts_a_style_and_what_is_typed_in_the_prompt(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.core.presets.save(here.asker(here.fake.ann), "set", {"num_images": 3})
        view = await form(here)
        await here.does(lambda: here.fake.choose(view, "style", "set"))
        assert view.words.endswith("3 pictures: at most $0.003")
        filled = {"prompt": "a cat --n 4", "style": "set"}
        await here.does(lambda: here.fake.press(view, "More options", filled=filled))
        assert view.body["submit"]["text"] == "Draw · $0.004"
        await here.does(lambda: here.fake.submit(view, filled))
        await here.shown()
        assert here.core.backend.drawn[0].num_images == 4


async def test_a_private_form_is_answered_in_ones_own_messages(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here, more=True)
        await here.does(lambda: here.fake.submit(view, {"prompt": "x", "private": ["on"]}))
        await here.shown(at=here.fake.direct(here.fake.ann))
        assert here.fake.within(here.fake.art) == []


async def test_the_global_shortcut_asks_where(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await here.modal(lambda: here.fake.shortcut("imagine"))
        filled = {"prompt": "a cat", "where": here.fake.private.id}
        await here.does(lambda: here.fake.submit(view, filled))
        await here.shown(at=here.fake.private)


async def test_without_a_place_the_result_comes_in_ones_own_messages(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await here.modal(lambda: here.fake.shortcut("imagine"))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        await here.shown(at=here.fake.direct(here.fake.ann))


async def test_a_file_is_the_starting_image(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        file = here.fake.upload(png())
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat", "image": [file]}))
        (card,) = await here.shown()
        assert "from a picture" in card.words
        assert here.core.backend.drawn[0].image is not None


async def test_a_file_that_is_no_picture_is_refused_beside_its_field(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        file = here.fake.upload(b"%PDF", "a.png", kind="application/pdf")
        act = await here.does(lambda: here.fake.submit(view, {"prompt": "a cat", "image": [file]}))
        assert act.errors == {
            "image": "The starting image is no PNG, JPEG or WebP picture. Please send one of those."
        }


async def test_a_file_that_claims_to_be_a_picture_is_looked_at(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        file = here.fake.upload(b"<html>sign in</html>", kind="image/png")
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat", "image": [file]}))
        said = here.fake.seen_by(here.fake.ann)[-1].words
        assert said.startswith("The starting image is no PNG, JPEG or WebP picture.")
        assert here.fake.within(here.fake.art) == []
        assert here.drawn == 0


async def test_a_file_without_a_byte_is_refused_beside_its_field(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        file = here.fake.upload(b"", "a.png", kind="image/png")
        act = await here.does(lambda: here.fake.submit(view, {"prompt": "a cat", "image": [file]}))
        assert act.errors == {
            "image": "The starting image is empty: its file has 0 bytes. Please send it once more."
        }
        assert here.drawn == 0


async def test_a_file_that_arrives_empty_is_refused_before_it_costs(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        file = here.fake.upload(png(), kind="image/png")
        here.fake.will("file", sends_nothing)
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat", "image": [file]}))
        said = here.fake.seen_by(here.fake.ann)[-1].words
        assert said.startswith("The starting image is empty")
        assert here.fake.within(here.fake.art) == []
        assert here.drawn == 0


async def test_a_page_to_sign_in_is_no_picture(tmp_path: Path) -> None:
    """Slack answers 200 and HTML where a token is no good for a file."""
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        file = here.fake.upload(png(), kind="image/png")
        file.deleted = True
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat", "image": [file]}))
        said = here.fake.seen_by(here.fake.ann)[-1].words
        assert said.startswith("I couldn't fetch the starting image.")
        assert here.fake.within(here.fake.art) == []


async def test_an_address_elsewhere_never_sees_the_token(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        file = here.fake.upload(png())
        file.url = "https://files.slack.com.evil.example/x.png"
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat", "image": [file]}))
        said = here.fake.seen_by(here.fake.ann)[-1].words
        assert said.startswith("I couldn't fetch the starting image.")
        assert here.fake.called("file") == []


async def test_ones_own_upload_starts_a_picture(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        message = here.fake.say("look", files=(here.fake.upload(png()),))
        view = await here.modal(lambda: here.fake.use_on(message, "use_as_start"))
        assert "It starts from the picture that you chose." in view.words
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        await here.shown()
        assert here.core.backend.drawn[0].image is not None


async def test_a_strangers_photograph_starts_nothing(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        message = here.fake.say("look", files=(here.fake.upload(png()),))
        said = await here.told(lambda: here.fake.use_on(message, "use_as_start", by=here.fake.bob))
        assert said.startswith("I start only from pictures of your own")


async def test_a_message_without_a_picture_starts_nothing(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        message = here.fake.say("no picture")
        said = await here.told(lambda: here.fake.use_on(message, "use_as_start"))
        assert said.startswith("There is no PNG, JPEG or WebP picture in this message.")


async def test_a_result_starts_the_next(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        view = await here.modal(lambda: here.fake.use_on(card, "use_as_start", by=here.fake.bob))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a dog"}))
        await here.shown(2)
        drawn = here.core.backend.drawn[1]
        assert drawn.image is not None
        assert drawn.prompt == "a dog"


async def test_the_menu_of_a_message_shows_parameters(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --seed 7")
        said = await here.told(lambda: here.fake.use_on(card, "show_parameters"))
        assert "Seed: `7`" in said
        other = here.fake.say("hello")
        said = await here.told(lambda: here.fake.use_on(other, "show_parameters"))
        assert said.startswith("There is no result with this id.")


async def test_the_menu_of_a_message_reports(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.set_up(moderator_channel=here.fake.private.id)
        card = await here.draw()
        view = await here.modal(lambda: here.fake.use_on(card, "report", by=here.fake.bob))
        await here.does(lambda: here.fake.submit(view, {"category": "real_person"}))
        await here.fake.until(lambda: here.fake.within(here.fake.private))
        (told,) = here.fake.within(here.fake.private)
        assert told.words.startswith(f"`{job_in(card)}` was reported (a real person), case `")
        view = await here.modal(lambda: here.fake.use_on(card, "report", by=here.fake.bob))
        await here.does(lambda: here.fake.submit(view, {"category": "other"}))
        assert here.fake.seen_by(here.fake.bob)[-1].words.startswith("You have reported this")


async def test_a_refusal_stands_in_place_of_the_form(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await here.modal(lambda: here.fake.command("/imagine", by=here.fake.gil))
        assert "not for guests or people from outside" in view.words


async def test_slacks_trouble_does_not_leave_an_empty_form(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will("users.info", answers("fatal_error"))
        view = await form(here)
        assert "Slack didn't answer as it should" in view.words


async def test_a_price_that_comes_too_late_is_not_missed(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        here.fake.will("views.update", answers("hash_conflict"))
        told = len(here.fake.seen_by(here.fake.ann))
        await here.does(lambda: here.fake.choose(view, "num_images", "4"))
        assert len(here.fake.seen_by(here.fake.ann)) == told


async def test_a_trigger_that_is_too_old_is_said(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will("views.open", answers("expired_trigger_id"))
        said = await here.told(lambda: here.fake.command("/imagine"))
        assert said == "That took too long, so Slack opened no form. Please try once more."


async def test_defaults_are_kept_by_a_form(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await here.modal(lambda: here.fake.command("/limner", "settings"))
        await here.does(lambda: here.fake.submit(view, {"num_inference_steps": "40"}))
        await here.draw()
        assert here.core.backend.drawn[0].num_inference_steps == 40
        view = await here.modal(lambda: here.fake.command("/limner", "settings"))
        assert view.control("num_inference_steps")["initial_value"] == "40"


async def test_a_size_is_a_default_like_any_other(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.limner("settings --size 960x640")
        view = await here.modal(lambda: here.fake.command("/limner", "settings"))
        assert view.control("size")["initial_option"]["value"] == "960x640"
        await here.does(lambda: here.fake.submit(view, {"num_inference_steps": "40"}))
        await here.draw()
        drawn = here.core.backend.drawn[0]
        assert (drawn.width, drawn.height, drawn.num_inference_steps) == (960, 640, 40)


async def test_a_form_keeps_a_style(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await here.modal(lambda: here.fake.command("/limner", "settings"))
        filled = {"num_inference_steps": "40", "save_as": "Slow"}
        await here.does(lambda: here.fake.submit(view, filled))
        asker = here.asker(here.fake.ann)
        assert (await here.core.presets.names(asker))[0] == "slow"
        assert await here.core.studio.defaults(asker) == {}


async def test_one_style_too_many_is_refused_beside_its_name(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        for number in range(PRESETS_MAX):
            values = {"num_inference_steps": 40}
            await here.core.presets.save(here.asker(here.fake.ann), f"style {number}", values)
        view = await here.modal(lambda: here.fake.command("/limner", "settings"))
        filled = {"num_inference_steps": "40", "save_as": "one more"}
        act = await here.does(lambda: here.fake.submit(view, filled))
        assert [*act.errors] == ["save_as"]


async def test_a_default_without_room_in_its_field_stays(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        dogs = ("🐕 " * 1_500).strip()
        await here.limner(f"settings --no {dogs}")
        view = await here.modal(lambda: here.fake.command("/limner", "settings"))
        await here.does(lambda: here.fake.submit(view, {"num_inference_steps": "40"}))
        kept = await here.core.studio.defaults(here.asker(here.fake.ann))
        assert kept == {"negative_prompt": dogs, "num_inference_steps": 40}


async def test_a_box_that_nobody_touched_says_nothing(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await form(here)
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        (card,) = await here.shown()
        assert "compel" not in card.words
        view = await here.modal(lambda: here.fake.command("/limner", "settings"))
        await here.does(lambda: here.fake.submit(view, {"num_inference_steps": "40"}))
        kept = await here.core.studio.defaults(here.asker(here.fake.ann))
        assert kept == {"num_inference_steps": 40}


async def test_a_default_is_ticked_and_can_be_unticked(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.limner("settings --compel on")
        view = await form(here, more=True)
        assert view.control("use_compel")["initial_options"]
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat"}))
        await here.shown()
        view = await form(here, more=True)
        await here.does(lambda: here.fake.submit(view, {"prompt": "a cat", "use_compel": []}))
        await here.shown(2)
        assert [drawn.use_compel for drawn in here.core.backend.drawn] == [True, False]


async def test_a_no_that_was_asked_for_stays_one(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --compel off --seed 7")
        await here.limner("settings --compel on")
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        await here.does(lambda: here.fake.submit(view))
        await here.shown(2)
        first, second = here.core.backend.drawn
        assert second == first
