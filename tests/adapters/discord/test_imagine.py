"""/imagine, from the command to the card."""

from pathlib import Path
from typing import Any

import discord
import pytest

from bot.domain.budgets import Budgets
from bot.errors import BackendBusy
from tests.adapters.discord.harness import (
    DiscordHarness,
    custom_ids,
    discord_harness,
    kinds,
    png,
    text_of,
    told,
)


def calls(here: DiscordHarness, start: int = 0) -> list[str]:
    """What the bot asked of Discord, without the ids."""
    names = []
    for each in here.env.http_requests[start:]:
        path = "/".join("*" if part.isdigit() else part for part in each.path.split("/"))
        names.append(f"{each.method} {path.split('/simcord')[0]}")
    return names


async def test_a_request_becomes_one_card_with_its_picture(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        start = len(here.env.http_requests)
        said = await here.ann.slash(here.channel, "imagine", prompt="a cat", seed=7, steps=30)
        (card,) = await here.shown()
        assert not said.ephemeral
        assert calls(here, start)[:2] == ["POST /interactions/*", "PATCH /webhooks/*"]
        job = custom_ids(card)[0].split(":")[1]
        assert text_of(card) == (
            f"<@{here.ann.id}> drew\n> a cat\n"
            f"-# steps 30 · seed `7` · stable-diffusion-2-1 · `{job}`"
        )
        assert [a.filename for a in card.attachments] == [f"limner-{job}-1.png"]
        assert custom_ids(card) == [
            f"again:{job}",
            f"vary:{job}:1",
            f"enlarge:{job}:1",
            f"edit:{job}",
            f"files:{job}",
            f"more:{job}",
        ]
        assert kinds(card).count("media_gallery") == 1


async def test_four_pictures_are_one_gallery_in_one_message(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(images=4)
        assert len(card.attachments) == 4
        assert [c for c in custom_ids(card) if c.startswith("vary")] == [
            f"vary:{custom_ids(card)[0].split(':')[1]}:{number}" for number in (1, 2, 3, 4)
        ]
        assert len(here.messages()) == 1


async def test_a_prompt_mentions_nobody_and_marks_nothing_up(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(prompt="**@everyone** <@1> [x](http://y.example)\n# loud")
        assert text_of(card).split("\n")[1:3] == [
            "> \\*\\*@\u200beveryone\\*\\* \\<\\@1\\> \\[x\\](http\\://y.example)",
            "> \\# loud",
        ]
        patch = [r for r in here.env.http_requests if r.method == "PATCH"][-1]
        assert patch.json is not None
        assert patch.json["allowed_mentions"] == {"parse": []}


async def test_only_the_one_who_asks_sees_what_is_private(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = await here.ann.slash(here.channel, "imagine", prompt="a secret", private=True)
        assert said.ephemeral
        await here.until(lambda: "secret" in told(said))
        assert said.response is not None
        assert said.response.ephemeral


async def test_what_it_cost_is_a_line_for_the_asker_where_nobody_else_reads_it(
    tmp_path: Path,
) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw()
        assert "It cost" not in text_of(card)
        said = await here.ann.slash(here.channel, "imagine", prompt="a secret", private=True)
        await here.until(lambda: "secret" in told(said) and "It cost $0.001." in told(said))


async def test_a_person_is_told_once_a_window_that_little_is_left(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(person_day=5_000)) as here:
        said = [
            await here.ann.slash(here.channel, "imagine", prompt=prompt, images=2)
            for prompt in ("a cat", "a dog")
        ]
        await here.shown(2)
        await here.until(lambda: any(each.followups for each in said))
        last = await here.ann.slash(here.channel, "imagine", prompt="a fox")
        await here.shown(3)
        await here.until(lambda: here.core.outbox._busy == {})
        (left,) = [reply for each in (*said, last) for reply in each.followups]
        assert left.ephemeral
        assert text_of(left.message).startswith("Your own budget for today is nearly used up: ")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"prompt": " "}, "What should I draw? Please describe it."),
        ({"size": "huge"}, "A size is written like 768x512; I can't read `huge`. "),
        ({"style": "cubist"}, "I know no style of this name: `cubist`. "),
        ({"model": "dream-9"}, "I know no model called `dream-9`. "),
    ],
)
async def test_a_mistake_is_the_first_private_answer(
    tmp_path: Path, options: dict[str, Any], reason: str
) -> None:
    async with discord_harness(tmp_path) as here:
        said = await here.ann.slash(here.channel, "imagine", **{"prompt": "a cat", **options})
        assert told(said).startswith(reason.strip())
        assert said.ephemeral
        assert not said.deferred
        assert here.core.backend.drawn == []


async def test_a_spent_budget_is_said_before_anything_is_promised(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(person_day=1_500)) as here:
        await here.draw()
        said = await here.ann.slash(here.channel, "imagine", prompt="one more")
        assert not said.deferred
        assert told(said) == (
            "Your own budget for today has too little left for this. "
            "Fewer or smaller pictures may still fit. It opens again on <t:1767312000:f>."
        )


async def test_a_long_prompt_that_is_refused_is_given_back(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, Budgets(person_day=500)) as here:
        prompt = "a cat on a roof under the moon, " * 3
        said = await here.ann.slash(here.channel, "imagine", prompt=prompt)
        assert said.ephemeral
        assert told(said).startswith("Your own budget for today has too little left for this.")
        assert told(said).endswith(f"-# This is what you had written:\n```\n{prompt}\n```")


async def test_a_channel_where_the_bot_is_mute_costs_nothing(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        assert here.env.bot.user is not None
        muted = here.guild.create_text_channel(
            "muted",
            overwrites={here.env.bot.user: discord.PermissionOverwrite(attach_files=False)},
        )
        said = await here.ann.slash(muted, "imagine", prompt="a cat")
        assert told(said) == (
            "I couldn't show the result in this channel. "
            "Please ask an admin to allow me: Attach Files."
        )
        assert not said.deferred
        assert here.core.backend.drawn == []


async def test_nobody_draws_before_an_admin_has_set_it_up(tmp_path: Path) -> None:
    async with discord_harness(tmp_path, set_up=False) as here:
        said = await here.ann.slash(here.channel, "imagine", prompt="a cat")
        assert told(said) == (
            "I am not set up here yet. "
            "Please ask an admin to run /limner setup. An admin of this server can change that."
        )


async def test_size_and_style_fill_in_what_they_stand_for(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await here.draw(size="3:2", style="ink")
        (drawn,) = here.core.backend.drawn
        assert (drawn.width, drawn.height) == (960, 640)
        assert drawn.prompt == "a cat, ink drawing, black lines on white paper"
        assert drawn.negative_prompt == "photo"


async def test_options_inside_the_prompt_count_and_what_was_ignored_is_named(
    tmp_path: Path,
) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(prompt="猫--ar 16:9 --steps 20 --v 6", steps=30)
        (drawn,) = here.core.backend.drawn
        assert (drawn.prompt, drawn.width, drawn.num_inference_steps) == ("猫", 1024, 30)
        assert "I ignored `--v 6`: it belongs to Midjourney." in text_of(card)


async def test_a_starting_image_is_fetched_after_the_acknowledgement(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        card = await here.draw(image=("cat.png", png()), strength=0.5)
        (drawn,) = here.core.backend.drawn
        assert drawn.image is not None
        assert "from a picture" in text_of(card)


async def test_a_file_that_is_no_picture_is_refused_unread(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = await here.ann.slash(
            here.channel, "imagine", prompt="a cat", image=("cat.txt", b"meow")
        )
        assert "PNG, JPEG or WebP" in told(said)
        assert not said.deferred


async def test_a_picture_that_turns_out_broken_takes_the_public_reply_back(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        said = await here.ann.slash(
            here.channel, "imagine", prompt="a cat", image=("cat.png", b"\x89PNG but not really")
        )
        assert here.messages() == [m for m in here.messages() if m.flags.ephemeral]
        assert [reply.ephemeral for reply in said.followups] == [True]
        assert told(said).startswith("The starting image is no PNG, JPEG or WebP picture.")
        assert here.core.backend.drawn == []


async def test_a_failure_is_shown_with_a_way_on(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        here.core.backend.trouble = [BackendBusy()]
        await here.ann.slash(here.channel, "imagine", prompt="a cat")
        await here.until(lambda: "too busy" in text_of(here.messages()[-1]))
        card = here.messages()[-1]
        assert [c.split(":")[0] for c in custom_ids(card)] == ["again", "edit"]


async def test_an_admin_chooses_where_members_draw(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        await here.set_up(channels=(str(here.channel.id),))
        other = here.guild.create_text_channel("talk")
        said = await here.ann.slash(other, "imagine", prompt="a cat")
        assert told(said).startswith("I don't draw in this channel.")
        assert await here.draw()


async def test_suggestions_fit_to_what_was_typed(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        styles = await here.ann.autocomplete(here.channel, "imagine", "style", "i")
        assert [each["value"] for each in styles] == ["ink", "oil", "comic", "pixel"]
        sizes = await here.ann.autocomplete(here.channel, "imagine", "size", "1024")
        assert sizes[0] == {"name": "1024 × 576", "value": "1024x576"} | {
            k: v for k, v in sizes[0].items() if k not in ("name", "value")
        }
        await here.draw(lora="ink-wash")
        loras = await here.ann.autocomplete(here.channel, "imagine", "lora", "INK")
        assert [each["value"] for each in loras] == ["ink-wash"]
        assert await here.admin.autocomplete(here.channel, "imagine", "lora", "") == []
        (own,) = await here.ann.autocomplete(here.channel, "show", "id", "cat")
        assert own["name"] == f"{own['value']} · a cat"
        assert await here.ann.autocomplete(here.channel, "cancel", "id", "") == []
        models = await here.ann.autocomplete(here.channel, "imagine", "model", "")
        assert [each["value"] for each in models] == ["stabilityai/stable-diffusion-2-1"]
