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
CARDS = ("chat.update", "chat.postMessage", "users.info")
RESERVE, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"


async def asked(here: SlackHarness, text: str = "a cat") -> Message:
    await here.does(lambda: here.fake.command("/imagine", text))
    return here.fake.within(here.fake.art)[-1]


async def mended(here: SlackHarness) -> None:
    for method in (RESERVE, COMPLETE, "files.info", *CARDS):
        here.fake.always(method, acts())
    here.core.clock.advance(REPAIRED_AGAIN)


async def tries_again(here: SlackHarness, times: int) -> None:
    for _ in range(times):
        here.core.clock.advance(timedelta(hours=1))
        here.core.outbox.wake()
        await here.core.outbox.flush()


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
        await tries_again(here, 40)
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
        for method in (RESERVE, *CARDS):
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


@pytest.mark.parametrize("method", [RESERVE, COMPLETE])
async def test_where_pictures_go_into_the_thread_the_card_says_it_as_well(
    tmp_path: Path, method: str
) -> None:
    clock = FakeClock(runs=True)
    async with slack_harness(tmp_path, clock=clock, pictures_in_thread=True) as here:
        here.fake.always(method, answers("storage_limit_reached"))
        card = await asked(here, "a cat --images 2")
        await here.until(lambda: "no room left" in card.words)
        await tries_again(here, 3)
        assert len(here.fake.called(method)) <= 8
        assert "no room left" in card.words
        if method == RESERVE:  # nothing flickers meanwhile
            assert len(card.edits) <= 4
        await mended(here)
        await here.until(lambda: len(here.fake.showing(here.fake.art)) == 2)
        await here.until(lambda: not here.core.outbox._busy)
        assert "no room left" not in card.words
        shared = here.fake.showing(here.fake.art)
        assert [each.thread_ts for each in shared] == [card.ts] * 2


async def test_a_permission_that_lacks_for_looking_at_files_is_said_on_the_card(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        here.fake.processing = timedelta(seconds=1)
        here.fake.always("files.info", answers("missing_scope"))
        card = await asked(here)
        await here.until(lambda: "I lack a permission" in card.words)
        await tries_again(here, 30)
        await mended(here)
        await here.until(lambda: card.pictures)


async def test_a_token_that_expired_and_is_not_replaced_for_days_costs_no_result(
    tmp_path: Path,
) -> None:
    async with slack_harness(tmp_path, clock=FakeClock(runs=True)) as here:
        card = await here.begins()
        for method in (RESERVE, *CARDS):
            here.fake.always(method, answers("token_expired"))
        here.finish()
        await here.until(lambda: here.core.alerts.heard)
        assert "it refuses my token" in here.core.alerts.heard[0][1]
        await tries_again(here, 40)
        await mended(here)
        await here.until(lambda: card.pictures)
        assert here.fake.within(here.fake.art) == [card]
