"""Slack refuses files, or the bot's token, until somebody mends that: people read what is wrong,
and the result comes once it is mended.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import NotFound
from bot.jobs.card_outbox import REPAIRED_AGAIN
from tests.adapters.slack.fake.server import acts, answers
from tests.adapters.slack.fake.world import Message
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.support.clock import FakeClock

REFUSALS = {
    "file_upload_disabled": "the workspace doesn't allow them",
    "file_uploads_disabled": "the workspace doesn't allow them",
    "storage_limit_reached": "no room left",
    "missing_scope": "I lack a permission",
}
DEAD = ("token_revoked", "account_inactive", "invalid_auth")
RESERVE = "files.getUploadURLExternal"


async def asked(here: SlackHarness, text: str = "a cat") -> Message:
    await here.does(lambda: here.fake.command("/imagine", text))
    return here.fake.within(here.fake.art)[-1]


async def mended(here: SlackHarness) -> None:
    for method in (RESERVE, "chat.update", "chat.postMessage", "users.info"):
        here.fake.always(method, acts())
    here.core.clock.advance(REPAIRED_AGAIN)


@pytest.mark.parametrize("code", REFUSALS)
async def test_the_card_says_what_is_wrong_and_the_result_comes_once_it_is_mended(
    tmp_path: Path, code: str
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        await here.set_up(moderator_channel=here.fake.private.id)
        here.fake.always(RESERVE, answers(code))
        card = await asked(here)
        await here.until(lambda: REFUSALS[code] in card.words)
        assert "come here by themselves" in card.words
        await here.until(lambda: here.fake.within(here.fake.private))
        (told,) = here.fake.within(here.fake.private)
        assert told.words.startswith("Results wait in workspace")
        assert REFUSALS[code] in told.words
        await here.until(lambda: here.core.alerts.heard)
        assert REFUSALS[code] in here.core.alerts.heard[0][1]
        await mended(here)
        await here.until(lambda: card.pictures)
        assert REFUSALS[code] not in card.words


async def test_it_waits_longer_than_an_outage_does_and_many_ask_slack_seldom(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        here.fake.always(RESERVE, answers("storage_limit_reached"))
        cards = [await asked(here, f"cat {number}") for number in range(3)]
        await here.until(lambda: all("no room left" in card.words for card in cards))
        edits = [len(card.edits) for card in cards]
        for _ in range(40):
            here.core.clock.advance(timedelta(hours=1))
            here.core.outbox.wake()
            await here.core.outbox.flush()
        assert len(here.fake.called(RESERVE)) <= 45
        assert [len(card.edits) for card in cards] == edits
        await mended(here)
        for _ in cards:
            await here.until(lambda: any(card.pictures for card in cards))
            here.core.clock.advance(REPAIRED_AGAIN)
        await here.until(lambda: all(card.pictures for card in cards))


async def test_who_asked_can_see_it_on_the_page_meanwhile(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        here.core.shared.address = "https://draw.example.org"
        here.fake.always(RESERVE, answers("file_upload_disabled"))
        card = await asked(here)
        await here.until(lambda: "/limner show" in card.words)
        (job,) = await here.core.store.jobs.jobs_of(here.asker(here.fake.ann), None, 9)
        said = await here.limner(f"show {job.public_id}")
        assert "the workspace doesn't allow them" in said
        name = said.partition("https://draw.example.org/j/")[2].partition("|")[0]
        public_id, _, secret = name.partition(".")
        now = here.core.clock.now()
        visitor = await here.core.shared.visitor(public_id, secret, now)
        view = await here.core.studio.show(visitor, public_id)
        assert view.pictures
        with pytest.raises(NotFound):
            await here.core.shared.visitor(public_id, secret, now + timedelta(days=2))
        with pytest.raises(NotFound):
            await here.core.shared.visitor(public_id, secret[::-1], now)
        other = await here.told(
            lambda: here.fake.command("/limner", f"show {public_id}", by=here.fake.bob)
        )
        assert "https://" not in other


@pytest.mark.parametrize("code", DEAD)
async def test_a_dead_token_is_told_to_who_asked_and_to_the_owner(
    tmp_path: Path, code: str
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        here.core.backend.may_finish.clear()
        act = await here.does(lambda: here.fake.command("/imagine", "a cat"))
        card = here.fake.within(here.fake.art)[-1]
        for method in (RESERVE, "chat.update", "chat.postMessage", "users.info"):
            here.fake.always(method, answers(code))
        here.finish()
        await here.until(lambda: act.replies)
        assert "it refuses my token" in act.replies[0].words
        await here.until(lambda: here.core.alerts.heard)
        assert "it refuses my token" in here.core.alerts.heard[0][1]
        here.here.members._people._kept.clear()
        said = await here.limner("quota")
        assert "it refuses my token" in said
        await mended(here)
        await here.until(lambda: card.pictures)
