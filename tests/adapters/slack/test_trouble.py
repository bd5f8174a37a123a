"""Whose fault it was is said: Slack's, the installation's, or ours."""

from pathlib import Path

import pytest

from tests.adapters.slack.fake.server import Behaviour, answers, garbles, limits
from tests.adapters.slack.harness import slack_harness

SLACKS = "Slack didn't answer as it should, so this didn't work."
TOKEN = "Slack doesn't let me in: it refuses my token."
OURS = "Something broke on my side. You weren't charged."
TROUBLES = {
    "an error of Slack's": (answers("fatal_error"), SLACKS),
    "its words for being away": (answers("service_unavailable"), SLACKS),
    "a proxy's words": (garbles(503, "upstream connect error"), SLACKS),
    "somebody else's page": (garbles(200, "Please sign in to this network"), SLACKS),
    "too much for longer than anyone waits": (limits(650), "Slack takes nothing more from me"),
    "a dead token": (answers("account_inactive"), TOKEN),
    "an expired one": (answers("token_expired"), TOKEN),
    "a move into an organization": (answers("org_login_required"), SLACKS),
    "what we said wrong": (answers("invalid_arguments"), OURS),
}


@pytest.mark.parametrize("method", ["users.info", "chat.postMessage"])
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_the_sentence_says_whose_fault_it_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, method: str, trouble: str
) -> None:
    behaviour, words = TROUBLES[trouble]
    async with slack_harness(tmp_path) as here:
        here.fake.will(method, behaviour)
        said = await here.told(lambda: here.fake.command("/imagine", "a cat"))
        assert said.startswith(words)
        assert here.drawn == 0
    assert ("Traceback" in caplog.text) is (words is OURS)


async def test_a_permission_that_was_not_given_is_named(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.workspace.scopes -= {"im:write"}
        said = await here.told(lambda: here.fake.command("/imagine", "a cat --private"))
        assert said.startswith("I lack a permission here that this needs (`im:write`).")


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [(answers("fatal_error"), SLACKS), (answers("file_not_found"), "I couldn't fetch")],
)
async def test_a_starting_image_that_slack_can_not_give_now_is_not_gone(
    tmp_path: Path, behaviour: Behaviour, words: str
) -> None:
    async with slack_harness(tmp_path) as here:
        view = await here.modal(lambda: here.fake.command("/imagine"))
        mine = here.fake.upload(b"\x89PNG a picture")
        here.fake.will("files.info", behaviour)
        said = await here.told(lambda: here.fake.submit(view, {"prompt": "a cat", "image": [mine]}))
        assert words in said


CLOSED = "Slack lets me write you no direct messages."
UPLOADS = {
    "what we said wrong": ("files.getUploadURLExternal", answers("invalid_arguments"), OURS),
    "an upload that broke off": ("upload", garbles(503, "no"), SLACKS),
    "closed messages": ("conversations.open", answers("messages_tab_disabled"), CLOSED),
    "a right that was taken": (
        "files.getUploadURLExternal",
        answers("no_permission"),
        "Slack doesn't let me do this: I lack a permission.",
    ),
}


@pytest.mark.parametrize("trouble", UPLOADS)
async def test_it_is_said_of_files_as_well(tmp_path: Path, trouble: str) -> None:
    method, behaviour, words = UPLOADS[trouble]
    async with slack_harness(tmp_path) as here:
        card = await here.draw()
        here.fake.will(method, behaviour)
        assert (await here.told(lambda: here.fake.press(card, "Files"))).startswith(words)


@pytest.mark.parametrize("after_s", [0, None, "soon", 1])
async def test_an_answer_that_slack_limits_is_sent_again(
    tmp_path: Path, after_s: int | str | None
) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will("respond", limits(after_s), limits(after_s))
        said = await here.told(lambda: here.fake.command("/limner", "quota"))
        assert "no limit" in said
        assert len(here.fake.called("respond")) == 3
        assert here.fake.called("chat.postEphemeral") == []


async def test_one_that_would_be_held_up_for_an_hour_takes_the_other_way(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as here:
        here.fake.will("respond", limits(3_600))
        act = await here.does(lambda: here.fake.command("/limner", "quota"))
        assert act.replies == []
        (told,) = here.fake.called("chat.postEphemeral")
        assert "no limit" in str(told.args["blocks"])
