"""/imagine, from the command to the card."""

from functools import partial
from pathlib import Path

import pytest

from adapters.slack.platform.background_tasks import BackgroundTasks
from bot.domain.budgets import Budgets
from bot.domain.job_view import Phase
from bot.errors import BackendBusy
from tests.adapters.slack.fake.server import answers, cuts
from tests.adapters.slack.harness import job_in, slack_harness


async def test_a_request_becomes_one_card_with_its_picture(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --seed 7 --steps 30")
        job = job_in(card)
        ann = here.fake.ann.id
        assert card.words.split("\n")[:4] == [
            f"<@{ann}> drew",
            "> a cat",
            "a cat",
            f"steps 30 · seed `7` · stable-diffusion-2-1 · `{job}`",
        ]
        assert len(here.fake.within(here.fake.art)) == 1
        assert len(card.pictures) == 1


async def test_the_card_stands_before_the_money_is_held(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        made = [call.method for call in here.fake.calls]
        assert made.index("chat.postMessage") < made.index("files.getUploadURLExternal")
        first = next(c for c in here.fake.calls if c.method == "chat.postMessage")
        assert first.args["metadata"]["event_type"] == "limner_job"
        assert card.metadata == first.args["metadata"]


async def test_no_prompt_is_in_any_address(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.draw("unspeakable")
        assert [c.method for c in here.fake.calls if "unspeakable" in str(c.query)] == []
        uploads = ("files.getUploadURLExternal", "files.completeUploadExternal", "upload")
        told = [c for c in here.fake.calls if c.method in uploads]
        assert len(told) == 3
        assert not any("unspeakable" in str(c.args) for c in told)
        assert not any("alt_txt" in c.args for c in told)


@pytest.mark.parametrize(
    ("typed", "prompt", "steps"),
    [
        ("a cat \u2014steps 30", "a cat", 30),
        ("\u201ca cat\u201d --steps 30", "\u201ca cat\u201d", 30),
        ("a cat &amp; a dog &lt;3 --steps=30", "a cat & a dog <3", 30),
        ("<@U1|bob> in <#C1|art> --steps 30", "@bob in #art", 30),
        ("<https://x.example|x.example> --steps 30", "x.example", 30),
    ],
)
async def test_slack_may_rewrite_what_was_typed(
    tmp_path: Path, typed: str, prompt: str, steps: int
) -> None:
    async with slack_harness(tmp_path) as here:
        await here.draw(typed)
        drawn = here.core.backend.drawn[0]
        assert (drawn.prompt, drawn.num_inference_steps) == (prompt, steps)


async def test_a_prompt_calls_nobody(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("&lt;!channel&gt; &lt;@U0000000004&gt; *loud*")
        assert card.pings == []
        assert "> channel " in card.words
        assert "&lt;@U0000000004&gt;" in card.words  # a note: it was left out


async def test_five_times_the_same_command_is_one_job(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        act = await here.does(lambda: here.fake.command("/imagine", "a cat"))
        await here.does(lambda: here.fake.repeat(act, 4))
        await here.shown()
        assert here.drawn == 1
        assert len(here.fake.called("chat.postMessage")) == 1
        assert len(here.fake.within(here.fake.art)) == 1


async def test_where_the_bot_is_no_member_nothing_is_held(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.told(
            lambda: here.fake.command("/imagine", "a cat", at=here.fake.elsewhere)
        )
        assert said == (
            "I am not in this channel, so I can't post here. "
            "Add me, or type `/invite @limner` there; or have it drawn in private."
            "\nDraw it in private\nAdd me"
        )
        assert here.drawn == 0
        assert all(b.posted_micros == b.held_micros == 0 for b in await here.core.balances())


async def test_a_private_request_is_for_ones_own_messages(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        ann = here.fake.direct(here.fake.ann)
        await here.does(lambda: here.fake.command("/imagine", "a secret --private"))
        (card,) = await here.shown(at=ann)
        assert "> a secret" in card.words
        assert here.fake.within(here.fake.art) == []


async def test_a_request_in_ones_own_messages_is_answered_there(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        ann = here.fake.direct(here.fake.ann)
        card = await here.draw("a cat", at=ann)
        assert card.channel is ann


async def test_guests_are_told_and_nothing_is_posted(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.told(lambda: here.fake.command("/imagine", "a cat", by=here.fake.gil))
        assert said == (
            "I draw for the members of this workspace, not for guests or people from outside. "
            "An admin of this workspace can change that."
        )
        assert here.fake.within(here.fake.art) == []


async def test_people_from_another_organisation_are_refused(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        eve = here.fake.add_person("Eve", from_team="T0OTHER")
        here.fake.art.members.append(eve)
        said = await here.told(lambda: here.fake.command("/imagine", "a cat", by=eve))
        assert "not for guests or people from outside" in said


async def test_guests_draw_where_an_admin_lets_them(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.set_up(outsiders=True)
        card = await here.draw(by=here.fake.gil)
        assert card.words.startswith(f"<@{here.fake.gil.id}> drew")


async def test_a_workspace_that_is_not_the_owners_gets_nothing(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, trusted=False) as here:
        said = await here.told(lambda: here.fake.command("/imagine", "a cat"))
        assert said.startswith("I don't belong to anybody yet, so I draw for nobody.")


async def test_a_mistake_is_explained_before_anything_is_posted(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.told(lambda: here.fake.command("/imagine", "a cat --steps 9999"))
        assert said == ("For `steps` choose `1` to `512`; you asked for `9999`.")
        assert here.fake.within(here.fake.art) == []


async def test_a_used_up_budget_is_explained(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=1_000)) as here:
        await here.draw()
        said = await here.told(lambda: here.fake.command("/imagine", "another"))
        assert said.startswith("Your own budget for today is used up.")
        assert "<!date^" in said
        assert len(here.fake.within(here.fake.art)) == 1


async def test_a_card_is_taken_back_when_the_hold_is_refused(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, waiting_per_person=1) as here:
        here.core.backend.may_finish.clear()
        for text in ("first", "second"):
            await here.does(partial(here.fake.command, "/imagine", text))
        said = await here.told(lambda: here.fake.command("/imagine", "third"))
        assert said.startswith("You already have 2 requests under way")
        assert len(here.fake.within(here.fake.art)) == 2
        here.core.backend.may_finish.set()
        await here.shown(2)


async def test_no_word_of_the_cost_follows_a_result(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=10_000)) as here:
        await here.draw()
        assert here.fake.seen_by(here.fake.ann) == []


async def test_at_four_fifths_of_ones_own_budget_there_is_one_word(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=10_000, community_day=10_000)) as here:
        await here.draw("a cat --images 4")
        await here.draw("a cat --images 3")
        assert here.fake.seen_by(here.fake.ann) == []
        await here.draw("a cat")
        (said,) = here.fake.seen_by(here.fake.ann)
        assert said.words.startswith(
            "Your own budget for today is nearly used up: $0.002 of $0.01 are left. It is new on "
        )
        assert (said.ephemeral, said.channel) == (True, here.fake.art)
        await here.draw("a dog")
        assert here.fake.seen_by(here.fake.ann) == [said]
        # Others have their own.
        await here.draw("a dog", by=here.fake.bob)
        assert not any("used up" in told.words for told in here.fake.seen_by(here.fake.bob))


async def test_what_a_group_may_spend_more_counts(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=10_000)) as here:
        here.fake.workspace.groups["S1"] = [here.fake.ann]
        await here.set_up(person_day_micros=1_000, role_day_micros={"S1": 10_000})
        await here.draw()
        assert here.fake.seen_by(here.fake.ann) == []
        await here.draw(by=here.fake.bob)
        assert len(here.fake.seen_by(here.fake.bob)) == 1


async def test_what_is_private_says_what_it_cost_on_its_card(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=1_000)) as here:
        await here.does(lambda: here.fake.command("/imagine", "a cat --private"))
        own = here.fake.direct(here.fake.ann)
        (card,) = await here.shown(at=own)
        assert "It cost $0.001." in card.words
        await here.fake.until(lambda: not here.core.outbox._busy)
        told = here.fake.within(own)[-1]
        assert told.words.startswith("Your own budget for today is nearly used up: $0.00 of")


async def test_the_card_says_what_was_ignored(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.command("/imagine", "a cat --niji 5")
        (card,) = await here.shown()
        assert "I ignored `--niji 5`: it belongs to Midjourney." in card.words


async def test_a_failure_stands_in_the_card(tmp_path: Path) -> None:
    async with slack_harness(
        tmp_path, prepare=lambda backend: backend.trouble.append(BackendBusy())
    ) as here:
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        art = here.fake.art
        await here.fake.until(lambda: "Try again" in here.fake.within(art)[0].words)
        assert "too busy and started nothing" in here.fake.within(art)[0].words


async def test_a_picture_in_review_is_not_posted(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.set_up(flagged="review")
        here.core.backend.flagged = True
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        art = here.fake.art
        await here.fake.until(lambda: "In review" in here.fake.within(art)[0].words)
        assert here.fake.called("files.getUploadURLExternal") == []


async def test_an_indecent_picture_is_not_shown_unless_an_admin_wants_it(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.core.backend.flagged = True
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        art = here.fake.art
        await here.fake.until(lambda: "can't be shown here" in here.fake.within(art)[0].words)
        assert here.fake.called("files.getUploadURLExternal") == []


async def test_a_card_that_can_not_be_sent_costs_nothing(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will("chat.postMessage", cuts())
        said = await here.told(lambda: here.fake.command("/imagine", "a cat"))
        assert said.startswith("Slack didn't answer as it should, so this didn't work.")
        assert here.drawn == 0


async def test_slacks_own_trouble_is_not_the_persons_fault(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will("users.info", answers("fatal_error"))
        said = await here.told(lambda: here.fake.command("/imagine", "a cat"))
        assert said.startswith("Slack didn't answer as it should, so this didn't work.")
        await here.draw()


async def test_progress_replaces_the_place_in_line(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.core.backend.may_finish.clear()
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        art = here.fake.art
        await here.fake.until(lambda: "Drawing" in here.fake.within(art)[0].words)
        assert "▰" in here.fake.within(art)[0].words
        here.core.backend.may_finish.set()
        (card,) = await here.shown()
        assert "Drawing" not in card.words
        view = await here.core.studio.show(here.asker(here.fake.ann), job_in(card))
        assert view.phase is Phase.DONE


async def test_too_much_at_once_is_said(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.here.tasks = BackgroundTasks(most=0)
        said = await here.told(lambda: here.fake.command("/imagine", "a cat"))
        assert said.startswith("Too many pictures are waiting already, so I took no more.")


async def test_a_bot_that_stops_says_so(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.here.tasks.close(1.0)
        said = await here.told(lambda: here.fake.command("/imagine", "a cat"))
        assert said.startswith("I am about to restart, so I took nothing on.")
