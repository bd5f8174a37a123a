"""What the buttons, the menu and the forms of a card do."""

from pathlib import Path
from typing import Any

import pytest

from adapters.discord.app import DiscordBot, DiscordSettings
from bot.domain.budgets import Budgets
from bot.domain.job import Action
from tests.adapters.discord.harness import (
    DiscordHarness,
    custom_ids,
    discord_harness,
    png,
    text_of,
    told,
)


def job_of(card: Any) -> str:
    return custom_ids(card)[0].split(":")[1]


async def pressed(here: DiscordHarness, card: Any, verb: str, who: Any = None) -> Any:
    """Press, and wait for the next card."""
    count = len(here.done()) + 1
    await (who or here.ann).click(card, custom_id=verb)
    return (await here.shown(count))[-1]


async def test_again_draws_the_same_with_a_new_seed(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(seed=7, steps=30)
        second = await pressed(here, card, f"again:{job_of(card)}")
        assert text_of(second).startswith(f"<@{here.ann.id}> drew again `{job_of(card)}`\n> a cat")
        first, again = here.core.backend.drawn
        assert (first.num_inference_steps, again.num_inference_steps) == (30, 30)
        assert again.seed != 7


async def test_whoever_presses_pays(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(person_day=1_500)) as here:
        card = await here.draw()
        await pressed(here, card, f"again:{job_of(card)}", here.admin)
        said = await here.ann.click(card, custom_id=f"again:{job_of(card)}")
        assert told(said).startswith("Your own budget for today has too little left")
        assert said.ephemeral


async def test_vary_starts_from_the_picture_that_was_pressed(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(images=2)
        second = await pressed(here, card, f"vary:{job_of(card)}:2")
        assert "varied" in text_of(second)
        drawn = here.core.backend.drawn[1]
        assert drawn.image is not None
        assert drawn.strength == 0.6


async def test_the_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        settings = DiscordSettings(token="token")
        fresh = DiscordBot(here.bot.here.services, settings, shard_count=1)
        await here.env.restart_bot(fresh)
        second = await pressed(here, card, f"again:{job_of(card)}")
        assert "drew again" in text_of(second)


async def test_the_form_holds_what_was_asked_and_draws_what_it_says(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(no="dogs", steps=30, size="512x768")
        shown = await here.ann.click(card, custom_id=f"edit:{job_of(card)}")
        assert shown.modal is not None
        fields = [label["component"] for label in shown.modal["components"]]
        assert [field.get("value") for field in fields] == [
            "a cat",
            "dogs",
            "--size 512x768 --steps 30 --model stabilityai/stable-diffusion-2-1",
        ]
        names = [field["custom_id"] for field in fields]
        count = len(here.done()) + 1
        await here.ann.submit_modal(
            shown, dict(zip(names, ("a fox", "", "--guidance 9"), strict=True))
        )
        second = (await here.shown(count))[-1]
        assert "changed" in text_of(second)
        drawn = here.core.backend.drawn[1]
        assert (drawn.prompt, drawn.negative_prompt, drawn.guidance_scale) == ("a fox", "", 9.0)
        assert (drawn.num_inference_steps, drawn.height) == (25, 768)


async def test_a_form_with_a_mistake_says_what_to_mend(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        shown = await here.ann.click(card, custom_id=f"edit:{job_of(card)}")
        assert shown.modal is not None
        names = [label["component"]["custom_id"] for label in shown.modal["components"]]
        values = dict(zip(names, ("a fox", "", "--steps 900"), strict=True))
        said = await here.ann.submit_modal(shown, values)
        assert told(said).startswith("For `steps` choose `1` to `512`; you asked for `900`.")
        assert said.ephemeral


async def test_files_go_to_the_one_who_asks(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(images=2)
        said = await here.admin.click(card, custom_id=f"files:{job_of(card)}")
        assert said.ephemeral
        assert said.response is not None
        names = [a.filename for a in said.response.attachments]
        assert names == [f"limner-{job_of(card)}-{number}.png" for number in (1, 2)]


async def test_a_button_enlarges_by_drawing_again(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(size="512x512")
        second = await pressed(here, card, f"enlarge:{job_of(card)}:1")
        assert "enlarged" in text_of(second)
        drawn = here.core.backend.drawn[1]
        assert (drawn.width, drawn.height, drawn.strength) == (1024, 1024, 0.3)
        found = await here.core.store.jobs.job_by_public_id(job_of(second))
        assert found.action is Action.UPSCALE


async def test_what_is_as_large_as_it_gets_is_not_offered(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(size="1024x1024")
        menu = next(r for r in reversed(here.env.http_requests) if r.method == "PATCH")
        assert menu.json is not None
        row = menu.json["components"][0]["components"][-1]
        values = [option["value"] for option in row["components"][0]["options"]]
        assert values == ["favourite", "parameters", "report", "delete"]
        assert card


async def test_a_favourite_is_listed_until_it_is_none(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        more = {"custom_id": f"more:{job_of(card)}"}
        said = await here.admin.select(card, ["favourite"], **more)
        assert told(said).startswith(f"`{job_of(card)}` is one of your favourites now.")
        shown = await here.admin.slash(here.channel, "show")
        assert "### Your favourites" in told(shown)
        said = await here.admin.select(card, ["favourite"], **more)
        assert "is no favourite any more" in told(said)


async def test_parameters_tell_how_to_draw_exactly_this(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(seed=7, steps=30)
        said = await here.ann.select(card, ["parameters"], custom_id=f"more:{job_of(card)}")
        command = "/imagine prompt:a cat model:stabilityai/stable-diffusion-2-1 seed:7 steps:30"
        assert f"```\n{command}\n```" in told(said)
        assert "Cost: $0.001" in told(said)
        seen = await here.admin.context_menu(here.channel, "Show parameters", card)
        assert "Seed: `7`" in told(seen)
        assert "Cost" not in told(seen)


async def test_parameters_of_the_longest_prompt_are_whole(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        prompt = "a very tall lighthouse " * 130
        card = await here.draw(prompt=prompt, seed=7)
        said = await here.ann.select(card, ["parameters"], custom_id=f"more:{job_of(card)}")
        assert "Again, exactly:" in told(said)
        assert said.response is not None
        (file,) = said.response.attachments
        command = (await file.read()).decode()
        assert command.startswith(f"/imagine prompt:{prompt.strip()}")
        assert command.endswith("seed:7")


async def test_a_card_in_review_is_known_without_buttons(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        here.core.backend.flagged = True
        await here.ann.slash(here.channel, "imagine", prompt="a bather", seed=7)
        await here.until(lambda: "In review" in text_of(here.messages()[-1]))
        card = here.messages()[-1]
        assert custom_ids(card) == []
        seen = await here.ann.context_menu(here.channel, "Show parameters", card)
        assert "Seed: `7`" in told(seen)


@pytest.mark.parametrize("name", ["Show parameters", "Report image"])
async def test_a_message_without_a_result_says_so(tmp_path: Path, name: str) -> None:
    async with discord_harness(tmp_path) as here:
        message = await here.ann.send(here.channel, "me", attachments=[("me.png", png())])
        said = await here.ann.context_menu(here.channel, name, message)
        assert told(said).startswith("There is no result of mine in this message.")
        assert said.ephemeral


async def test_a_report_reaches_the_moderators_once(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        mods = here.guild.create_text_channel("mods")
        await here.set_up(moderator_channel=str(mods.id))
        card = await here.draw()
        for answer in ("Thank you. The moderators are told.", "You have reported this before"):
            shown = await here.ann.context_menu(here.channel, "Report image", card)
            assert shown.modal is not None
            category, words = (
                label["component"]["custom_id"] for label in shown.modal["components"]
            )
            said = await here.ann.submit_modal(
                shown, {category: ["real_person"], words: "that is my face"}
            )
            assert told(said).startswith(answer)
        await here.until(mods.history)
        (notice,) = mods.history()
        assert f"1 person reported `{job_of(card)}`: a real person" in text_of(notice)
        assert "• a real person: that is my face" in text_of(notice)


async def test_one_deletes_ones_own_and_nobody_elses(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        bob = here.guild.add_member(here.env.create_user("bob"))
        card = await here.draw(images=2)
        more = {"custom_id": f"more:{job_of(card)}"}
        refused = await bob.select(card, ["delete:1"], **more)
        assert told(refused).startswith("This belongs to somebody else")
        said = await here.ann.select(card, ["delete:1"], **more)
        assert told(said) == f"Picture 1 of `{job_of(card)}` is deleted."
        await here.until(lambda: len(here.messages()[-1].attachments) == 1)
        await here.ann.select(here.messages()[-1], ["delete"], **more)
        await here.until(lambda: "Deleted." in text_of(here.messages()[-1]))
        assert here.messages()[-1].attachments == []


async def test_cancel_stops_what_is_being_drawn(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        here.core.backend.may_finish.clear()
        await here.ann.slash(here.channel, "imagine", prompt="a cat")
        said = await here.ann.slash(here.channel, "cancel")
        assert "is cancelled. Nothing was charged." in told(said)
        await here.until(lambda: "Cancelled" in text_of(here.messages()[0]))
        spent = [b.posted_micros + b.held_micros for b in await here.core.balances()]
        assert spent == [0, 0, 0, 0, 1_000]  # the house paid: that is of the owner's month


async def test_a_picture_of_the_bot_can_be_the_start_of_another(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        shown = await here.admin.context_menu(here.channel, "Use as starting image", card)
        assert shown.modal is not None
        names = [label["component"]["custom_id"] for label in shown.modal["components"]]
        await here.admin.submit_modal(
            shown, dict(zip(names, ("in the snow", "", "--strength 0.5"), strict=True))
        )
        await here.shown(2)
        drawn = here.core.backend.drawn[1]
        assert (drawn.prompt, drawn.strength) == ("in the snow", 0.5)
        assert drawn.image is not None


@pytest.mark.parametrize("whose", ["own", "somebody's"])
async def test_only_ones_own_upload_can_be_a_start(tmp_path: Path, whose: str) -> None:
    async with discord_harness(tmp_path) as here:
        sender = here.ann if whose == "own" else here.admin
        message = await sender.send(here.channel, "me", attachments=[("me.png", png())])
        said = await here.ann.context_menu(here.channel, "Use as starting image", message)
        if whose == "own":
            assert said.modal is not None
        else:
            assert told(said).startswith("I start only from pictures of your own")
