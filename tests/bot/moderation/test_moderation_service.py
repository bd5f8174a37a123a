"""A moderation service at the wire: what it gets, what follows, and what it can't say."""

import asyncio
import gzip
import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from pydantic import SecretStr

from bot.config.settings import Settings
from bot.domain.case import CaseState
from bot.domain.job import Verdict
from bot.domain.job_view import Phase
from bot.domain.moderation_policy import Finding
from bot.errors import BadRequest, Blocked, NotAllowed, PromptRefused, TooManyRefused
from bot.images.worker_pool import PictureWorker
from bot.jobs.refusals import REFUSALS_MAX
from bot.moderation.classifiers.service import ModerationService
from bot.wording import plain
from bot.wording.answers import privacy
from storage.sqlite_store import open_for_reading
from tests.bot.moderation.test_classifier import encoded, looking
from tests.bot.moderation.test_reviews import MOD
from tests.support.bot_harness import ANN, BotHarness, bot_harness, prompted
from tests.support.clock import FakeClock
from tests.support.fake_moderations import KEY, FakeModerations

UNKNOWN = Finding(known=False)


@pytest.fixture
def fake() -> Iterator[FakeModerations]:
    with FakeModerations() as service:
        yield service
        assert service.wrong == []


@asynccontextmanager
async def asking(
    fake: FakeModerations, key: str = KEY, http_timeout_s: float = 5.0, **options: Any
) -> AsyncIterator[ModerationService]:
    worker = PictureWorker(processes=1)
    known: dict[str, Any] = {"url": fake.url, "model": "omni-moderation-latest", "rules": {}}
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=http_timeout_s) as http:
            service = ModerationService(
                http, worker, _Quick(), key=SecretStr(key), **{**known, **options}
            )
            yield service
    finally:
        await worker.close()


class _Quick(FakeClock):
    """Pauses between tries take no time."""

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(0)


async def test_what_the_service_finds_has_its_rule(fake: FakeModerations) -> None:
    fake.words = {"gun": "violence", "hate": "hate", "child": "sexual/minors", "bare": "sexual"}
    async with asking(fake, rules={"hate": Verdict.BLOCK}) as service:
        assert await service.words("a cat") == Finding()
        assert await service.words("a gun") == Finding(
            categories=("violence",), least=Verdict.SPOILER
        )
        assert (await service.words("hate with a gun")).least is Verdict.BLOCK
        assert (await service.words("a bare tree")).least is Verdict.SHOW
        grave = await service.words("a child")
        assert (grave.least, grave.is_hard) == (Verdict.BLOCK, True)
    async with asking(fake, rules={"sexual/minors": Verdict.SHOW}) as service:
        assert (await service.words("a child")).least is Verdict.BLOCK


async def test_a_picture_is_sent_small_and_without_its_metadata(fake: FakeModerations) -> None:
    image = Image.effect_noise((2000, 1000), 90).convert("RGB")
    async with asking(fake) as service:
        assert (await service.picture(encoded(image), "a cat")).known
        assert not (await service.picture(b"no picture")).known
    assert fake.sizes_px == [(768, 384)]
    (asked,) = fake.asked
    assert [part["type"] for part in asked["input"]] == ["text", "image_url"]
    assert len(asked["input"][1]["image_url"]["url"]) < 400_000


@pytest.mark.parametrize(
    ("trouble", "known", "calls"),
    [
        ([503, 429], True, 3),
        ([503, 503, 503], False, 3),
        ([400], False, 1),
        ([401], False, 1),
        ([302], False, 1),
    ],
)
async def test_only_what_may_pass_is_tried_again_and_not_for_ever(
    fake: FakeModerations, trouble: list[int], calls: int, *, known: bool
) -> None:
    fake.trouble = [*trouble, *[500] * 9] if not known else trouble
    left = len(fake.trouble)
    async with asking(fake) as service:
        assert (await service.words("a cat")).known is known
    tried = left - len(fake.trouble) + len(fake.asked)
    assert tried == calls


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}",
        b"[]",
        b'{"results": []}',
        b'{"results": [{"flagged": false}]}',
        b'{"results": [{"flagged": "no", "categories": {}}]}',
        b'{"results": [{"flagged": false, "categories": {"hate": 0.1}}]}',
        b'{"results": [null]}',
        b" " * 300_000 + b'{"results": [{"flagged": false, "categories": {}}]}',
        b"[" * 200_000,
        b'{"results": [{"flagged": false, "categories": {"\\ud800": true}}]}',
    ],
)
async def test_an_answer_that_says_nothing_is_unknown(fake: FakeModerations, answer: bytes) -> None:
    fake.answer = answer
    async with asking(fake) as service:
        assert await service.words("a cat") == UNKNOWN


async def test_flagged_without_a_reason_is_reviewed(fake: FakeModerations) -> None:
    fake.answer = b'{"results": [{"flagged": true, "categories": {"new/thing": null}}]}'
    async with asking(fake) as service:
        assert (await service.words("a cat")).least is Verdict.REVIEW


async def test_slow_is_unknown(fake: FakeModerations) -> None:
    fake.may_answer.clear()
    async with asking(fake, words_timeout_s=0.2) as service:
        assert await service.words("a cat") == UNKNOWN


async def test_the_client_s_own_time_out_ends_no_call_that_has_longer(
    fake: FakeModerations,
) -> None:
    fake.takes_s = 0.4
    async with asking(fake, http_timeout_s=0.1) as service:
        assert await service.words("a cat") == Finding()
    assert len(fake.asked) == 1


async def test_a_packed_answer_is_not_unpacked(fake: FakeModerations) -> None:
    fake.answer = gzip.compress(b'{"results": [{"flagged": false, "categories": {}}]}')
    fake.packing = "gzip"
    async with asking(fake) as service:
        assert await service.words("a cat") == UNKNOWN
    assert fake.wanted_packing == {"identity"}


async def test_a_key_that_no_header_can_carry_is_unknown_and_not_told(
    fake: FakeModerations, caplog: pytest.LogCaptureFixture
) -> None:
    for key in ("sk-hidden\nword", "sk-hidden\u2026word"):
        async with asking(fake, key=key) as service:
            assert await service.words("a cat") == UNKNOWN
    assert "hidden" not in caplog.text


async def test_nobody_there_is_unknown_and_neither_key_nor_words_are_logged(
    fake: FakeModerations, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with asking(fake, url="http://127.0.0.1:1/v1") as service:
        assert await service.words("a secret wish") == UNKNOWN
    async with asking(fake, key="sk-wrong-key") as service:
        assert await service.words("a secret wish") == UNKNOWN
    assert "no answer" in caplog.text
    for secret in (KEY, "sk-wrong-key", "a secret wish"):
        assert secret not in caplog.text


async def test_too_many_at_once_are_unknown_and_the_others_are_answered(
    fake: FakeModerations,
) -> None:
    fake.may_answer.clear()
    async with asking(fake, words_timeout_s=60.0) as service:
        waiting = [asyncio.create_task(service.words(f"cat {n}")) for n in range(256)]
        await asyncio.sleep(0)
        assert await service.words("one more") == UNKNOWN
        fake.may_answer.set()
        assert set(await asyncio.gather(*waiting)) == {Finding()}


# --- in the bot ----------------------------------------------------------------------------------


@asynccontextmanager
async def moderated(
    tmp_path: Path, fake: FakeModerations, **settings: Any
) -> AsyncIterator[BotHarness]:
    known: dict[str, Any] = {"moderation_url": fake.url, "moderation_key": SecretStr(KEY)}
    async with bot_harness(tmp_path, **known, **settings) as core:
        yield core


async def test_a_prompt_is_asked_before_money_is_held_and_not_while_it_is_typed(
    tmp_path: Path, fake: FakeModerations
) -> None:
    fake.words = {"riot": "hate/threatening"}
    rules = (("hate/threatening", Verdict.BLOCK),)
    async with moderated(tmp_path, fake, moderation_rules=rules) as core:
        before = await core.balances()
        await core.studio.quote(ANN, prompted("a riot"), typing=True)
        assert fake.asked == []
        with pytest.raises(PromptRefused) as refused:
            await core.imagine(request=prompted("a riot"))
        assert not refused.value.hard
        assert await core.balances() == before
        assert core.backend.drawn == []


async def test_whoever_the_service_refuses_too_often_waits_and_it_is_asked_no_more(
    tmp_path: Path, fake: FakeModerations
) -> None:
    fake.words = {"riot": "hate/threatening"}
    rules = (("hate/threatening", Verdict.BLOCK),)
    async with moderated(tmp_path, fake, moderation_rules=rules) as core:
        for number in range(REFUSALS_MAX):
            with pytest.raises(PromptRefused):
                await core.imagine(request=prompted(f"a riot {number}"))
        with pytest.raises(TooManyRefused):
            await core.imagine(request=prompted("one more riot"))
        assert len(fake.asked) == REFUSALS_MAX


async def test_the_gravest_words_count_as_the_hard_tier(
    tmp_path: Path, fake: FakeModerations
) -> None:
    fake.words = {"grave": "sexual/minors"}
    async with moderated(tmp_path, fake) as core:
        for _ in range(3):
            with pytest.raises(PromptRefused) as refused:
                await core.imagine(request=prompted("something grave"))
            assert refused.value.hard
        with pytest.raises(Blocked):
            await core.imagine(request=prompted("a cat"))


@pytest.mark.parametrize(
    ("category", "phase", "spoiler"),
    [
        ("", Phase.DONE, False),
        ("violence", Phase.DONE, True),
        ("self-harm", Phase.IN_REVIEW, False),
        ("sexual", Phase.IN_REVIEW, False),  # the policy of the place, without an age gate
    ],
)
async def test_a_picture_follows_the_harder_of_service_and_policy(
    tmp_path: Path, fake: FakeModerations, category: str, phase: Phase, *, spoiler: bool
) -> None:
    fake.pictures = category
    async with moderated(tmp_path, fake) as core:
        core.backend.flagged = False
        view = await core.finished(await core.imagine())
        assert view.phase is phase
        if phase is Phase.DONE:
            assert view.pictures[0].spoiler is spoiler
        with open_for_reading(tmp_path / "limner.db") as con:
            assert con.execute("SELECT categories FROM look").fetchall() == [(category,)]


async def test_without_an_answer_a_picture_that_others_cleared_is_reviewed(
    tmp_path: Path, fake: FakeModerations
) -> None:
    fake.trouble = [401] * 9
    async with moderated(tmp_path, fake) as core:
        core.backend.flagged = False
        assert (await core.finished(await core.imagine())).phase is Phase.IN_REVIEW


async def test_its_word_stands_where_nobody_else_looked(
    tmp_path: Path, fake: FakeModerations
) -> None:
    async with moderated(tmp_path, fake) as core:
        core.backend.flagged = None
        assert (await core.finished(await core.imagine())).phase is Phase.DONE


async def test_the_gravest_picture_is_the_owners_alone(
    tmp_path: Path, fake: FakeModerations
) -> None:
    fake.pictures = "sexual/minors"
    async with moderated(tmp_path, fake) as core:
        core.backend.flagged = False
        view = await core.finished(await core.imagine())
        assert view.phase is Phase.WITHHELD
        assert not view.second_look
        await core.enforcement.look()
        assert await core.reviews.queue(MOD) == ()
        with open_for_reading(tmp_path / "limner.db") as con:
            ((public_id, state),) = con.execute(
                "SELECT public_id, state FROM review_case"
            ).fetchall()
        assert state == CaseState.FROZEN
        with pytest.raises(NotAllowed, match="frozen"):
            await core.reviews.reveal(MOD, public_id, 1)
        assert [topic for topic, _ in core.alerts.heard] == [f"frozen:{public_id}"]
        assert [path.name for path in (tmp_path / "restricted").iterdir()] == [f"{public_id}-1.png"]
        assert list((tmp_path / "pictures").glob("??/*")) == []
        # The person is not locked by a guess.
        fake.pictures = ""
        assert (await core.finished(await core.imagine())).phase is Phase.DONE


async def test_a_starting_image_is_asked_about_before_money_is_held(
    tmp_path: Path, fake: FakeModerations
) -> None:
    fake.pictures = "sexual/minors"
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "red").save(file, "PNG")
    async with moderated(tmp_path, fake) as core:
        with pytest.raises(BadRequest) as refused:
            await core.imagine(request=prompted(image=file.getvalue()))
        assert refused.value.problems[0].code == "image_refused"
        assert core.backend.drawn == []


async def test_the_classifier_looks_as_well_and_the_harder_counts(
    tmp_path: Path, fake: FakeModerations
) -> None:
    async with (
        looking(examine=_none) as looker,
        bot_harness(
            tmp_path,
            classifier=looker,
            moderation_url=fake.url,
            moderation_key=SecretStr(KEY),
        ) as core,
    ):
        core.backend.flagged = None
        assert (await core.finished(await core.imagine())).phase is Phase.IN_REVIEW


def _none(_data: bytes, _scored: bool) -> None:
    """A classifier that can't say."""


def test_members_are_told_who_gets_what_they_write() -> None:
    settings = Settings.from_env({"MODERATION_URL": "https://api.openai.com/v1"})
    assert settings.moderation_host == "api.openai.com"
    assert "are sent to api.openai.com" in plain(privacy(settings.moderation_host))
    assert "sent to" not in plain(privacy(Settings.from_env({}).moderation_host))
