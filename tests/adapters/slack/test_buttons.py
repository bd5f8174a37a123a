"""The buttons and the menu under a card, for whoever presses them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.rendering.markup import read
from bot.domain.budgets import Budgets
from bot.domain.job import Verdict
from bot.domain.job_view import Phase
from bot.request import command_parser, options
from bot.request.image_request import ImageRequest
from tests.adapters.slack.fake.world import Act, walk
from tests.adapters.slack.harness import job_in, slack_harness


class Judge:
    """The store of jobs, in which every picture is covered."""

    def __init__(self, jobs: Any) -> None:
        self._jobs = jobs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jobs, name)

    async def judge(self, key: str, verdicts: Sequence[Verdict], now: datetime, looks: Any) -> Any:
        return await self._jobs.judge(key, [Verdict.SPOILER for _ in verdicts], now, looks)


class CoveringStore:
    def __init__(self, store: Any) -> None:
        self._store = store
        self.jobs = Judge(store.jobs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


async def test_again_draws_the_same_for_whoever_presses(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        first = await here.draw("a cat --steps 30 --seed 7")
        await here.does(lambda: here.fake.press(first, "Again", by=here.fake.bob))
        _, second = await here.shown(2)
        assert second.words.startswith(f"<@{here.fake.bob.id}> drew again `{job_in(first)}`")
        one, two = here.core.backend.drawn
        assert (two.prompt, two.num_inference_steps) == ("a cat", 30)
        assert one.seed != two.seed


async def test_a_button_pressed_five_times_over_a_broken_line_is_one_job(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        act = await here.does(lambda: here.fake.press(card, "Again"))
        await here.does(lambda: here.fake.repeat(act, 4))
        await here.shown(2)
        assert here.drawn == 2
        assert len(here.fake.within(here.fake.art)) == 2


async def test_whoever_presses_pays(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=1_000)) as here:
        card = await here.draw()
        said = await here.told(lambda: here.fake.press(card, "Again"))
        assert said.startswith("Your own budget for today is used up.")
        await here.does(lambda: here.fake.press(card, "Again", by=here.fake.bob))
        assert len(await here.shown(2)) == 2


async def test_a_guest_can_press_and_gets_nothing(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        said = await here.told(lambda: here.fake.press(card, "Again", by=here.fake.gil))
        assert "not for guests" in said
        assert here.drawn == 1


async def test_vary_starts_from_the_picture(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --images 2")
        await here.does(lambda: here.fake.press(card, "Vary 2"))
        _, second = await here.shown(2)
        assert f"varied `{job_in(card)}`" in second.words
        varied = here.core.backend.drawn[1]
        assert varied.image is not None
        assert varied.strength == 0.6


async def test_edit_shows_what_was_asked_and_draws_the_change(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --steps 30 --no dogs --size 512x768")
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        assert view.body["title"]["text"] == "Change and draw"
        assert view.control("prompt")["initial_value"] == "a cat"
        names = [c["block_id"] for c in view.controls if c["type"] != "button"]
        assert names == ["prompt", "size", "num_images"]
        await here.does(lambda: here.fake.press(view, "More options"))
        assert view.control("negative_prompt")["initial_value"] == "dogs"
        assert view.control("size")["initial_option"]["value"] == "512x768"
        assert view.control("num_inference_steps")["initial_value"] == "30"
        changes = {"prompt": "a dog", "num_inference_steps": "40"}
        act = await here.does(lambda: here.fake.submit(view, changes))
        assert act.errors == {}
        _, second = await here.shown(2)
        assert f"changed `{job_in(card)}`" in second.words
        drawn = here.core.backend.drawn[1]
        assert (drawn.prompt, drawn.num_inference_steps, drawn.width) == ("a dog", 40, 512)
        assert drawn.negative_prompt == "dogs"


async def test_the_price_of_a_change_counts_what_has_no_field(tmp_path: Path) -> None:
    """The fake backend's pictures cost the same; what is asked of it is what counts here."""
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --steps 30 --images 2 --size 512x512")
        asked: list[ImageRequest] = []

        def price(request: ImageRequest) -> int:
            asked.append(request)
            return 1_000 * request.num_images

        here.core.backend.price = price  # type: ignore[method-assign]
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        assert view.body["submit"]["text"] == "Draw · $0.002"
        await here.does(lambda: here.fake.choose(view, "num_images", "4"))
        assert view.body["submit"]["text"] == "Draw · $0.004"
        await here.does(lambda: here.fake.press(view, "More options"))
        await here.does(lambda: here.fake.choose(view, "num_images", "4"))
        assert [(each.num_inference_steps, each.width) for each in asked] == [(30, 512)] * 4


async def test_files_come_into_ones_own_messages(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --images 2")
        said = await here.told(lambda: here.fake.press(card, "Files", by=here.fake.bob))
        assert said == f"The files of `{job_in(card)}` are in our direct messages."
        (sent,) = here.fake.within(here.fake.direct(here.fake.bob))
        names = [f"limner-{job_in(card)}-{n}.png" for n in (1, 2)]
        assert [file.name for file in sent.files] == names


async def test_a_button_enlarges(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --size 512x512")
        await here.does(lambda: here.fake.press(card, "Enlarge"))
        _, second = await here.shown(2)
        assert f"enlarged `{job_in(card)}`" in second.words
        assert here.core.backend.drawn[1].width == 1024


async def test_a_favourite_is_kept_and_listed(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat")
        job = job_in(card)
        said = await here.told(lambda: here.fake.choose(card, "more:", "favourite"))
        assert said == f"`{job}` is one of your favourites now.\n`/limner show` lists them."
        listed = await here.limner("show")
        assert listed.split("\n")[2:4] == ["*Your favourites*", f"`{job}` a cat"]


async def test_parameters_can_be_typed_again(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat &amp; dog --steps 30 --seed 7")
        said = await here.told(lambda: here.fake.choose(card, "more:", "parameters"))
        ann = here.fake.ann.id
        assert said == (
            f"`{job_in(card)}` by <@{ann}>\nModel: stabilityai/stable-diffusion-2-1\n"
            "Seed: `7`\nSize: 768 × 768\nCost: $0.001\nAgain, exactly:\n"
            "```\n/imagine a cat &amp; dog --steps 30 --seed 7 "
            "--model stabilityai/stable-diffusion-2-1\n```"
        )
        other = await here.told(
            lambda: here.fake.choose(card, "more:", "parameters", by=here.fake.bob)
        )
        assert "Cost" not in other


async def test_a_report_reaches_the_moderators(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.set_up(moderator_channel=here.fake.private.id)
        card = await here.draw()
        view = await here.modal(lambda: here.fake.choose(card, "more:", "report", by=here.fake.bob))
        words = {"category": "hate", "reason": "not <!here> nice"}
        await here.does(lambda: here.fake.submit(view, words))
        await here.fake.until(lambda: here.fake.within(here.fake.private))
        (told,) = here.fake.within(here.fake.private)
        line = f"`{job_in(card)}` was reported (hateful): `not &lt;!here&gt; nice`, case `"
        assert told.words.startswith(line)
        assert told.pings == []
        assert here.fake.seen_by(here.fake.bob)[-1].words == ("Thank you. The moderators are told.")


async def test_people_delete_their_own_pictures_everywhere(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --images 2")
        first = card.pictures[0]
        said = await here.told(lambda: here.fake.choose(card, "more:", "delete:1"))
        assert said == f"Picture 1 of `{job_in(card)}` is deleted."
        await here.fake.until(lambda: card.pictures != [first])
        await here.fake.until(lambda: first.deleted)
        assert "1 picture was deleted." in card.words
        said = await here.told(lambda: here.fake.choose(card, "more:", "delete", by=here.fake.bob))
        assert said.startswith("This belongs to somebody else")
        await here.does(lambda: here.fake.choose(card, "more:", "delete", by=here.fake.ann))
        await here.fake.until(lambda: "Deleted." in card.words)


async def test_moderators_by_name_or_by_group_may_delete(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        cat = here.fake.add_person("Cat")
        here.fake.art.members.append(cat)
        card = await here.draw(by=here.fake.bob)
        await here.set_up(moderators=(cat.id,))
        await here.does(lambda: here.fake.choose(card, "more:", "delete", by=cat))
        await here.fake.until(lambda: "Deleted." in card.words)
        here.fake.workspace.groups["S1"] = [cat]
        await here.set_up(moderator_role="S1")
        second = await here.draw(by=here.fake.bob)
        await here.does(lambda: here.fake.choose(second, "more:", "delete", by=cat))
        await here.fake.until(lambda: "Deleted." in second.words)


async def test_cancel_stops_what_waits(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.core.backend.may_finish.clear()
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        (card,) = here.fake.within(here.fake.art)
        await here.fake.until(lambda: any("cancel:" in c["action_id"] for c in card.controls))
        said = await here.told(lambda: here.fake.press(card, "Cancel"))
        assert said.endswith("is cancelled. Nothing was charged.")
        await here.fake.until(lambda: "Cancelled. Nothing was charged." in card.words)


async def test_a_covered_picture_is_shown_to_those_who_ask(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, around_store=CoveringStore) as here:
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        (card,) = here.fake.within(here.fake.art)
        await here.fake.until(lambda: "Show me" in card.words)
        assert card.pictures == []
        await here.does(lambda: here.fake.press(card, "Show me", by=here.fake.bob))
        seen = here.fake.seen_by(here.fake.bob)[-1]
        assert len(seen.pictures) == 1
        assert seen.ephemeral
        said = await here.told(lambda: here.fake.press(card, "Show me", by=here.fake.gil))
        assert "not for guests" in said


async def test_old_buttons_of_erased_words_say_so(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        await here.core.privacy.erase("slack", here.fake.ann.id)
        said = await here.told(lambda: here.fake.press(card, "Again", by=here.fake.bob))
        assert said.startswith("There is no result with this id")


async def test_a_private_result_stays_private_when_drawn_again(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        ann = here.fake.direct(here.fake.ann)
        await here.does(lambda: here.fake.command("/imagine", "a secret --private"))
        (card,) = await here.shown(at=ann)
        await here.does(lambda: here.fake.press(card, "Again"))
        _, again = await here.shown(2, at=ann)
        assert job_in(again) != job_in(card)
        view = await here.core.studio.show(here.asker(here.fake.ann), job_in(again))
        assert view.phase is Phase.DONE
        said = await here.limner(f"show {job_in(again)}", by=here.fake.bob)
        assert said.startswith("This belongs to somebody else")


LONGEST = ["x&amp;" * 1_500, "&lt;!team&gt;" * 300, "\u05d0\u05d1 " * 1_000, "🐈 " * 1_500]


@pytest.mark.parametrize("words", LONGEST)
async def test_the_longest_prompts_fit_everywhere(tmp_path: Path, words: str) -> None:
    """The fake refuses whatever breaks one of Slack's published limits."""
    async with slack_harness(tmp_path) as here:
        card = await here.draw(words)
        await here.modal(lambda: here.fake.press(card, "Edit"))
        act = await here.does(lambda: here.fake.choose(card, "more:", "parameters"))
        command = "".join(code_in(act))
        assert options.validate(command_parser.parse(command).fields).prompt == read(words).strip()
        assert job_in(card) in await here.limner("show")
        await asyncio.to_thread(here.fake.open_home)
        await here.fake.until(lambda: here.fake.home(here.fake.ann))
        assert [call.answer for call in here.fake.calls if not call.ok and call.answer] == []
        assert not any(message.pings for message in here.fake.messages)


def code_in(act: Act) -> list[str]:
    """What stands in the code blocks of an answer, as a person copies it."""
    texts = [part["text"] for reply in act.replies for part in walk(reply.blocks) if "text" in part]
    found = [text for text in texts if isinstance(text, str) and text.startswith("```\n")]
    return [read(text.removeprefix("```\n").removesuffix("\n```")) for text in found]


async def test_the_longest_command_of_all_is_shown_whole(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw(f"{'&amp; ' * 1_500}--no {'&amp;' * 3_000} --seed 7")
        act = await here.does(lambda: here.fake.choose(card, "more:", "parameters"))
        assert len(act.replies) == 3
        asked = options.validate(command_parser.parse("".join(code_in(act))).fields)
        assert (asked.prompt, asked.negative_prompt) == (("& " * 1_500).strip(), "&" * 3_000)
        assert "One command in 10 parts" in act.replies[-1].words


async def test_three_back_ticks_are_said_to_be_others(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a ```cat``` --seed 7")
        said = await here.told(lambda: here.fake.choose(card, "more:", "parameters"))
        assert "Slack shows no three back ticks here" in said


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("words", [*LONGEST, "a cat --no " + "🐈 " * 1_500])
async def test_an_edit_that_changes_nothing_draws_the_same(
    tmp_path: Path, words: str, more: bool
) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw(f"{words} --cfg 7.123456789 --strength 0.00001 --seed 7")
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        if more:
            await here.does(lambda: here.fake.press(view, "More options"))
        act = await here.does(lambda: here.fake.submit(view))
        assert act.errors == {}
        await here.shown(2)
        first, second = here.core.backend.drawn
        assert second == first


async def test_a_text_without_room_stays_or_is_replaced(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        cats = ("🐈 " * 1_500).strip()
        card = await here.draw(cats)
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        assert "initial_value" not in view.control("prompt")
        assert "It is too long for this field. Empty keeps it as it is" in view.words
        await here.does(lambda: here.fake.submit(view, {"num_images": "2"}))
        await here.shown(2)
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        await here.does(lambda: here.fake.submit(view, {"prompt": "a dog"}))
        await here.shown(3)
        assert [drawn.prompt for drawn in here.core.backend.drawn] == [cats, cats, "a dog"]


async def test_a_model_that_is_offered_no_more_is_not_changed_unseen(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --model stable-diffusion-2-1")
        await here.set_up(models=("another/model",))
        view = await here.modal(lambda: here.fake.press(card, "Edit"))
        assert (
            "That model can't be used here" in view.words or view.body["submit"]["text"] == "Draw"
        )
        act = await here.does(lambda: here.fake.submit(view))
        assert view.words.startswith("Change and draw\n⚠ ")
        await here.does(lambda: here.fake.press(view, "More options"))
        chosen = view.control("model")["initial_option"]["value"]
        assert chosen == "stabilityai/stable-diffusion-2-1"
        act = await here.does(lambda: here.fake.submit(view))
        assert [*act.errors] == ["model"]


async def test_whoever_wants_to_be_told_is_told_once_when_it_has_ended(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.begins()
        await here.until(lambda: [each for each in card.controls if "tell" in each["action_id"]])
        for _ in range(2):
            said = await here.told(lambda: here.fake.press(card, "Tell me", by=here.fake.bob))
            assert said.startswith("I write to you, once, when `")
        here.finish()
        await here.shown()
        bob = here.fake.direct(here.fake.bob)
        await here.fake.until(lambda: here.fake.within(bob))
        await here.core.enforcement.look()
        assert [m.words for m in here.fake.within(bob)] == [f"`{job_in(card)}` is done."]
