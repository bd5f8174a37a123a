"""/limner: everything beside drawing, for members and for admins."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.commands import limner_commands
from bot.domain.budgets import Budgets
from bot.domain.moderation_policy import Look
from bot.wording import labels
from tests.adapters.slack.fake.server import answers, garbles
from tests.adapters.slack.fake.world import Person, View, walk
from tests.adapters.slack.harness import SlackHarness, job_in, slack_harness


async def test_help_is_what_a_bare_command_says(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, operator_contact="ann@limner.example") as here:
        said = await here.limner("")
        assert said == await here.limner("help")
        assert said.split("\n")[:3] == [
            "*What I can do*",
            "*/imagine* draw pictures from a description; alone it opens a form",
            "*/limner show* [ID] show a result with all its details",
        ]
        assert said.endswith("The bot owner: ann@limner.example")


async def test_help_explains_every_option(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.limner("help imagine")
        assert "denoising steps; more is slower" in said
        assert "`--aspect_ratio`, `--ratio`: shape of the picture, like 3:2" in said
        # What can't be typed is said where it can be found.
        assert not any(word in said for word in ("--webhook", "--image`", "--prompt"))
        assert said.endswith("with ⋮ → Use as starting image.")


async def test_help_explains_one_word_and_those_of_admins(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.limner("help cancel", by=here.fake.bob)
        assert said == "*/limner cancel* [ID] stop a picture that waits or is being drawn"
        said = await here.limner("help grant", by=here.fake.bob)
        assert said == await here.limner("help admin", by=here.fake.bob)
        for word in limner_commands.COMMANDS:
            assert f"*/limner {word}*" in said


async def test_a_word_that_is_none_of_ours_is_explained(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.limner("qouta")
        assert said.startswith("I don't know what `qouta` means here. Did you mean `quota`?")


async def test_quota_says_what_is_left(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=10_000, community_day=50_000)) as here:
        await here.draw()
        lines = (await here.limner("quota")).split("\n")
        assert lines[0] == "*You have about 9 pictures left.*"
        assert lines[1].startswith(
            "Your own budget for today: $0.001 of $0.01 used, new on <!date^"
        )
        assert lines[3].startswith("This workspace's budget for today: $0.001 of $0.05 used")


async def test_models_are_listed(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        lines = (await here.limner("models")).split("\n")
        assert lines[0] == "*Models*"
        assert lines[1].startswith("*stable-diffusion-2-1* ")


async def test_show_brings_one_result_to_the_one_who_asks(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat --images 2")
        await here.does(
            lambda: here.fake.command("/limner", f"show {job_in(card)}", by=here.fake.bob)
        )
        seen = here.fake.seen_by(here.fake.bob)[-1]
        assert seen.pictures == card.pictures  # the card's grid, shown once more
        assert len(seen.pictures) == 1
        assert seen.ephemeral
        assert len(here.fake.called("files.getUploadURLExternal")) == 1


async def test_show_is_in_the_private_messages_where_slack_takes_no_picture(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        here.fake.will("chat.postEphemeral", answers("invalid_blocks"))
        await here.does(
            lambda: here.fake.command("/limner", f"show {job_in(card)}", by=here.fake.bob)
        )
        (seen,) = here.fake.within(here.fake.direct(here.fake.bob))
        assert len(seen.pictures) == 1


async def test_an_answer_takes_another_way_where_something_else_answers_for_slack(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path) as here:
        for method in ("respond", "chat.postEphemeral"):
            here.fake.will(method, garbles(503, "upstream connect error"))
        await here.does(lambda: here.fake.command("/limner", "models", by=here.fake.bob))
        (seen,) = here.fake.within(here.fake.direct(here.fake.bob))
        assert seen.words.startswith("*Models*")


async def test_show_brings_a_file_again_that_somebody_deleted(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        card.pictures[0].deleted = True
        await here.does(lambda: here.fake.command("/limner", f"show {job_in(card)}"))
        (picture,) = [p for m in here.fake.seen_by(here.fake.ann) for p in m.pictures]
        assert not picture.deleted


async def test_show_lists_ones_own(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        assert "Nothing yet. /imagine draws your first picture." in await here.limner("show")
        card = await here.draw("a *cat*")
        said = (await here.limner("show")).replace("\u2060", "")
        assert said == (
            f"*Your newest*\n`{job_in(card)}` a *cat*\n`/limner show ID` shows one of them."
        )
        assert (await here.limner("show zzzzzzzz")).startswith("There is no result with this id")


async def test_cancel_takes_the_newest(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.core.backend.may_finish.clear()
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        assert (await here.limner("cancel")).endswith("is cancelled. Nothing was charged.")
        assert (await here.limner("cancel")).startswith("Nothing of yours is waiting")


async def test_defaults_are_kept_by_words(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.limner("settings \u2014steps 40 --size 512x768")
        assert said.split("\n")[1:] == ["steps: `40`", "size: `512x768`"]
        await here.limner("settings --steps 30")
        await here.draw()
        assert here.core.backend.drawn[0].num_inference_steps == 30
        assert here.core.backend.drawn[0].width == 512
        assert "None." in await here.limner("settings reset")


async def test_styles_are_kept_by_words(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.limner("style Slow --steps 90")
        assert said == "The style `slow` is saved; `/imagine` offers it as style."
        assert (await here.limner("style")).startswith("*Styles*\n`slow`, `photo`")
        assert await here.limner("style slow") == "The style `slow` is dropped."


# Privacy.


async def test_an_export_comes_into_ones_own_messages(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.draw()
        act = await here.does(lambda: here.fake.command("/limner", "privacy"))
        said = await here.told(lambda: here.fake.press(act.replies[0], "Export"))
        assert said.startswith("What I keep about you is in our direct messages.\nSave it: ")
        (sent,) = here.fake.within(here.fake.direct(here.fake.ann))
        assert [file.name for file in sent.files] == ["limner-export.zip"]


async def test_an_erasure_takes_the_cards_and_files_down(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        file = card.pictures[0]
        act = await here.does(lambda: here.fake.command("/limner", "privacy"))
        assert "confirm" in act.replies[0].control("Erase")
        said = await here.told(lambda: here.fake.press(act.replies[0], "Erase"))
        assert said == "Erased: 1 request. 1 message is being taken down."
        await here.fake.until(lambda: card.deleted and file.deleted)


async def test_a_guest_may_see_what_is_kept_about_them(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.limner("privacy", by=here.fake.gil)
        assert said.startswith("*What I keep about you*")


# Admins.


@pytest.mark.parametrize(
    "words",
    [
        "setup",
        "workspace",
        "budget day 5",
        "grant <@U1> 2",
        "block <@U1>",
        "undo",
        "spend",
        "allow all",
        "pause",
        "resume",
    ],
)
async def test_only_admins_decide(tmp_path: Path, words: str) -> None:
    async with slack_harness(tmp_path) as here:
        act = await here.does(lambda: here.fake.command("/limner", words, by=here.fake.bob))
        said = act.modal.words if act.modal else act.replies[0].words
        assert "Only admins can do that." in said


async def test_an_admin_who_is_none_any_more_is_refused_at_once(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        assert await here.limner("pause") == "Paused. What is being drawn is finished."
        here.fake.ann.admin = here.fake.ann.owner = False
        assert (await here.limner("resume")).startswith("Only admins can do that.")


async def test_setup_is_one_form(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.workspace.groups["S1"] = [here.fake.bob]
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        filled = {
            "channels": [here.fake.art.id],
            "moderator_channel": here.fake.private.id,
            "moderators": [here.fake.bob.id],
            "moderator_role": "S1",
            "flagged": "review",
            "day_micros": "5",
            "person_month_micros": "2.5",
        }
        act = await here.does(lambda: here.fake.submit(view, filled))
        assert act.errors == {}
        told = here.fake.seen_by(here.fake.ann)[-1].words
        assert told.split("\n") == [
            "*Limner is set up here*",
            f"*Drawing* <#{here.fake.art.id}>, for members, no guests",
            f"*Reports and warnings* <#{here.fake.private.id}>",
            f"*Moderators* <!subteam^S1>, <@{here.fake.bob.id}>, the admins",
            "*Indecent pictures* reviewed first",
            "*The workspace* $5.00 a day",
            "*Each member* $2.50 a month",
            "Type `/imagine` to draw. `/limner setup` changes this.",
        ]
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        assert view.control("day_micros")["initial_value"] == "5"
        assert view.control("channels")["initial_conversations"] == [here.fake.art.id]
        said = await here.told(lambda: here.fake.command("/imagine", "a cat", at=here.fake.private))
        assert said.startswith("I don't draw in this channel.")


async def test_setup_holds_the_rules_of_moderation(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.set_up(flagged="spoiler")
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        assert view.control("flagged")["initial_option"]["value"] == "review"
        assert view.control("unknown")["initial_option"]["value"] == "review"
        assert view.control("strike_days")["initial_value"] == "90"
        filled = {
            "flagged": "block",
            "unknown": "block",
            "soft_words": "review",
            "withheld_cost": "always",
            "strike_days": "30",
        }
        await here.does(lambda: here.fake.submit(view, filled))
        assert (await here.limner("workspace")).split("\n")[5:10] == [
            "*Indecent pictures* not shown",
            "*Pictures nobody could look at* not shown",
            "*Indecent words* reviewed first",
            "*Withheld pictures* given back",
            "*Strikes* forgotten after 30 days",
        ]
        kept = await here.core.administration.settings(here.admin())
        assert (kept.unknown, kept.soft_words, kept.strike_days) == ("block", "review", 30)


@pytest.mark.parametrize("micros", [12_345_670_000, 50_000_000, 1, 0, 99_999_999_999])
async def test_a_budget_is_the_same_after_the_form_was_kept(tmp_path: Path, micros: int) -> None:
    async with slack_harness(tmp_path) as here:
        await here.set_up(day_micros=micros)
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        await here.does(lambda: here.fake.submit(view))
        assert (await here.core.administration.settings(here.admin())).day_micros == micros


class Unsure:
    """Implements ports.Classifier: can't say of any picture."""

    async def look(self, data: bytes, *, scored: bool) -> Look:
        return Look(source="classifier", score=0.5)


async def test_setup_has_rules_for_single_channels(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        art, private = here.fake.art.id, here.fake.private.id
        await here.set_up(flagged="review", flagged_channels={art: "block", private: "allow"})
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        assert view.control("blocked_channels")["initial_conversations"] == [art]
        assert view.control("reviewed_channels")["initial_conversations"] == [private]
        chosen: dict[str, Any] = {"reviewed_channels": [art, private], "blocked_channels": [art]}
        act = await here.does(lambda: here.fake.submit(view, chosen))
        assert act.errors == {
            "blocked_channels": (
                "One of these channels has the other rule as well. Please decide for one."
            )
        }
        chosen = {"reviewed_channels": [art], "blocked_channels": [private], "flagged": "block"}
        await here.does(lambda: here.fake.submit(view, chosen))
        assert (await here.limner("workspace")).split("\n")[5:8] == [
            "*Indecent pictures* not shown",
            f"*In* <#{art}> reviewed first",
            f"*In* <#{private}> not shown",
        ]
        here.core.backend.flagged = True
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        await here.fake.until(lambda: "In review" in here.fake.within(here.fake.art)[-1].words)
        await here.does(lambda: here.fake.command("/imagine", "a cat", at=here.fake.private))
        in_private = here.fake.private
        await here.fake.until(lambda: "can't be shown" in here.fake.within(in_private)[-1].words)


async def test_a_trusted_group_does_not_wait_for_what_is_doubtful(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, classifier=Unsure()) as here:
        here.fake.workspace.groups.update(S1=[here.fake.bob], S2=[here.fake.ann])
        here.core.backend.flagged = None
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        filled = {"trusted_roles": ["S1"], "flagged": "review"}
        await here.does(lambda: here.fake.submit(view, filled))
        told = here.fake.seen_by(here.fake.ann)[-1].words
        assert "*Doubtful pictures* covered at once for <!subteam^S1>" in told
        await here.does(lambda: here.fake.command("/imagine", "a cat", by=here.fake.bob))
        await here.fake.until(lambda: "Show me" in here.fake.within(here.fake.art)[-1].words)
        await here.does(lambda: here.fake.command("/imagine", "a cat"))
        await here.fake.until(lambda: "In review" in here.fake.within(here.fake.art)[-1].words)
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        (chosen,) = view.control("trusted_roles")["initial_options"]
        assert chosen["value"] == "S1"
        await here.does(lambda: here.fake.submit(view, {"trusted_roles": []}))
        assert (await here.core.administration.settings(here.admin())).trusted_roles == ()


async def test_of_many_groups_the_chosen_ones_are_in_the_menu(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.workspace.groups.update({f"S{number}": [] for number in range(120)})
        await here.set_up(trusted_roles=("S110",), moderator_role="S119")
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        await here.does(lambda: here.fake.submit(view))
        kept = await here.core.administration.settings(here.admin())
        assert (kept.trusted_roles, kept.moderator_role) == (("S110",), "S119")


async def test_without_user_groups_nobody_loses_trust(tmp_path: Path) -> None:
    """A form that can't offer groups says nothing about them."""
    async with slack_harness(tmp_path) as here:
        await here.set_up(trusted_roles=("S1",), moderator_role="S2")
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        await here.does(lambda: here.fake.submit(view))
        kept = await here.core.administration.settings(here.admin())
        assert (kept.trusted_roles, kept.moderator_role) == (("S1",), "S2")


async def test_more_than_the_owner_allows_stands_beside_the_field(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(community_day=1_000_000)) as here:
        view = await here.modal(lambda: here.fake.command("/limner", "setup"))
        act = await here.does(lambda: here.fake.submit(view, {"day_micros": "5"}))
        assert act.errors == {
            "day_micros": "The bot owner allows $1.00 at most for everybody together in a day."
        }


async def test_the_code_from_the_terminal_gives_the_bot_to_a_workspace(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, trusted=False) as here:
        code = here.core.claims.code
        said = await here.limner(f"setup {code}", by=here.fake.bob)
        assert said.startswith("Only admins can do that.")
        assert (await here.limner("setup 22222222")).startswith("This is not the code")
        view = await here.modal(lambda: here.fake.command("/limner", f"setup {code}"))
        assert view.body["title"]["text"] == "Set up Limner"
        await here.draw()


async def test_budgets_are_set_by_words(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.limner("budget day 5 month 50")
        assert said.split("\n")[1] == "*The workspace* $5.00 a day, $50.00 a month"
        said = await here.limner("budget member day $0,50")
        assert said.split("\n")[2] == "*Each member* $0.50 a day"
        said = await here.limner("budget <!subteam^S1|@painters> day 2")
        assert said.split("\n")[3] == "<!subteam^S1> $2.00 a day"
        said = await here.limner("budget week 5")
        assert said.startswith("I don't know what to do with `week 5`.")
        said = await here.limner("budget day lots")
        assert said.startswith("For `day` I need a number; `lots` is none.")


async def test_a_budget_goes_back_to_what_holds_otherwise(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.limner("budget member day 1 month 2")
        await here.limner("budget <!subteam^S1|@painters> day 2 month 3")
        said = await here.limner("budget <!subteam^S1|@painters> day default")
        assert "<!subteam^S1> $3.00 a month" in said
        await here.limner("budget <!subteam^S1|@painters> month default")
        said = await here.limner("budget member day default")
        assert said.split("\n")[1:] == [
            "*The workspace* as the bot owner set it",
            "*Each member* $2.00 a month",
            (
                "Change it: `/limner budget [member | @group] day 5 month 50`, or `default` in the "
                "place of a number."
            ),
        ]


async def test_a_groups_budget_holds_for_its_members(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=1_000_000)) as here:
        here.fake.workspace.groups["S1"] = [here.fake.bob]
        await here.set_up(person_day_micros=0, role_day_micros={"S1": 2_000})
        assert "is $0" in await here.told(lambda: here.fake.command("/imagine", "a cat"))
        await here.draw(by=here.fake.bob)


async def test_a_grant_is_for_today(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=1_000)) as here:
        bob = here.fake.bob
        await here.draw(by=bob)
        said = await here.limner(f"grant <@{bob.id}|bob> 0.002")
        assert said == f"<@{bob.id}> may spend $0.002 more today."
        await here.draw(by=bob)
        assert (await here.limner("grant bob 1")).startswith("I need to know who.")


async def test_a_block_holds_and_is_taken_back(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        bob = here.fake.bob
        said = await here.limner(f"block <@{bob.id}> 3 too many <!here>")
        assert said == f"<@{bob.id}> can't draw here for 3 days. `/limner undo` takes it back."
        told = await here.told(lambda: here.fake.command("/imagine", "a cat", by=bob))
        assert told.startswith("You can't draw here until <!date^")
        assert await here.limner("undo") == "The last block is lifted."
        await here.draw(by=bob)


async def test_spending_is_listed(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(community_month=1_000_000)) as here:
        await here.draw(by=here.fake.bob)
        said = await here.limner("spend")
        assert said.split("\n")[-2:] == ["*This month*", f"<@{here.fake.bob.id}> $0.001"]
        assert "This workspace's budget for this month: $0.001 of $1.00 used" in said


async def test_models_are_chosen(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        names = [model.name for model in here.core.studio.offered()]
        said = await here.limner(f"allow {names[-1]}")
        assert said == f"*Models*\n{names[-1].rpartition('/')[2]}"
        if len(names) > 1:
            told = await here.told(lambda: here.fake.command("/imagine", "a cat"))
            assert told.startswith("This model isn't offered here.")
        assert await here.limner("allow all") == "*Models*\nAll that the bot owner offers."
        assert (await here.limner("allow none")).startswith("I know no model of this name")


async def test_a_pause_stops_everybody(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.limner("pause")
        said = await here.told(lambda: here.fake.command("/imagine", "a cat"))
        assert said.startswith("Drawing is paused in this workspace for now.")
        assert await here.limner("resume") == "Members can draw again."
        await here.draw()


async def test_what_holds_is_shown(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        said = await here.limner("workspace")
        assert said.split("\n")[:2] == [
            "*This workspace*",
            "*Drawing* everywhere that I can post, for members, no guests",
        ]


# The Home.


async def test_the_home_shows_what_is_left_and_what_was_drawn(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, Budgets(person_day=10_000)) as here:
        card = await here.draw("a cat", by=here.fake.bob)
        view = await core(here, here.fake.bob)
        assert view.words.startswith("▰▰▰▰▰▰▰▰▰▰▰▱  *You have about 9 pictures left.*\nImagine\n")
        assert f"`{job_in(card)}` a cat · $0.001" in view.words
        assert "This workspace" not in view.words.split("\n")
        await here.does(lambda: here.fake.press(view, f"show:{job_in(card)}"))
        assert [len(m.pictures) for m in here.fake.seen_by(here.fake.bob) if m.pictures] == [1]


async def core(here: SlackHarness, person: Person) -> View:
    """bolt acknowledges an event by itself, before anything is done."""
    await asyncio.to_thread(lambda: here.fake.open_home(by=person))
    await here.fake.until(lambda: here.fake.home(person))
    view = here.fake.home(person)
    assert view is not None
    return view


async def test_the_first_home_has_examples_that_open_the_form(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await core(here, here.fake.bob)
        assert "Try one of these" in view.words
        assert all(words in view.words for words in labels.EXAMPLES)
        form = await here.modal(lambda: here.fake.press(view, "home:try:2"))
        assert form.control("prompt")["initial_value"] == "a paper city at night, tiny lights"
        assert form.control("num_images")["initial_option"]["value"] == "4"
        assert form.body["submit"]["text"] == "Draw · $0.004"
        await here.does(lambda: here.fake.submit(form))
        await here.shown(at=here.fake.direct(here.fake.bob))
        await here.does(lambda: here.fake.open_home(by=here.fake.bob))
        await here.fake.until(lambda: "Try one of these" not in view.words)
        assert "Your newest" in view.words


async def test_the_home_tells_admins_what_an_older_app_lacks(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.workspace.scopes = here.fake.workspace.scopes - {"app_mentions:read"}
        view = await core(here, here.fake.ann)
        assert view.words.startswith(
            "⚠ The app on Slack is older than I am and lacks `app_mentions:read`"
        )
        assert "`limner slack manifest`" in view.words
        assert "⚠" not in (await core(here, here.fake.bob)).words
        here.fake.workspace.scopes = here.fake.world.app.scopes  # installed anew
        await here.does(lambda: here.fake.open_home(by=here.fake.ann))
        await here.fake.until(lambda: "⚠" not in view.words)


async def test_the_newest_picture_is_large_in_the_home(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.draw("a dog", by=here.fake.bob)
        card = await here.draw("a cat --images 4", by=here.fake.bob)
        view = await core(here, here.fake.bob)
        (large,) = [b for b in view.blocks if b["type"] == "image"]
        assert large["slack_file"]["id"] == card.pictures[0].id
        (small,) = [b["accessory"] for b in view.blocks if b.get("accessory", {}).get("alt_text")]
        assert small["alt_text"] == "a dog"


async def test_the_home_shows_only_what_is_with_slack(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        card = await here.draw("a cat", by=here.fake.bob)
        here.here.uploads.forget(card.pictures[0].id)  # as after a restart
        view = await core(here, here.fake.bob)
        assert [p["alt_text"] for p in walk(view.blocks) if p.get("type") == "image"] == ["a cat"]
        card.pictures[0].deleted = True
        await here.does(lambda: here.fake.open_home(by=here.fake.bob))
        await here.fake.until(
            lambda: not [p for p in walk(view.blocks) if p.get("type") == "image"]
        )


async def test_the_home_keeps_ones_defaults(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.limner("settings --steps 40", by=here.fake.bob)
        view = await core(here, here.fake.bob)
        assert "steps: `40`" in view.words
        form = await here.modal(lambda: here.fake.press(view, "Change"))
        await here.does(lambda: here.fake.submit(form, {"num_inference_steps": "50"}))
        assert "steps: `50`" in view.words
        await here.does(lambda: here.fake.press(view, "Forget all"))
        assert "steps: `50`" not in view.words


async def test_admins_see_the_budgets_in_their_home(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.set_up(day_micros=5_000_000)
        view = await core(here, here.fake.ann)
        assert "*The workspace* $5.00 a day" in view.words
        await here.does(lambda: here.fake.press(view, "Pause"))
        assert (await here.core.administration.settings(here.admin())).paused
        await here.does(lambda: here.fake.press(view, "Let members draw again"))
        assert not (await here.core.administration.settings(here.admin())).paused
        form = await here.modal(lambda: here.fake.press(view, "Set up"))
        assert form.body["callback_id"] == "setup"


async def test_the_home_opens_the_form(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await core(here, here.fake.ann)
        form = await here.modal(lambda: here.fake.press(view, "home:imagine"))
        await here.does(lambda: here.fake.submit(form, {"prompt": "a cat"}))
        await here.shown(at=here.fake.direct(here.fake.ann))


async def test_the_home_leads_to_what_is_kept_about_oneself(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.draw(by=here.fake.bob)
        view = await core(here, here.fake.bob)
        await here.does(lambda: here.fake.press(view, "home:privacy"))
        told = here.fake.seen_by(here.fake.bob)[-1]
        await here.told(lambda: here.fake.press(told, "Export", by=here.fake.bob))
        files = [file.name for m in here.fake.seen_by(here.fake.bob) for file in m.files]
        assert files == ["limner-export.zip"]


async def test_a_guests_home_says_why_not(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        view = await core(here, here.fake.gil)
        assert "not for guests or people from outside" in view.words


async def test_the_messages_tab_publishes_nothing(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        await here.does(lambda: here.fake.open_home(tab="messages"))
        await core(here, here.fake.ann)
        assert len(here.fake.called("views.publish")) == 1
