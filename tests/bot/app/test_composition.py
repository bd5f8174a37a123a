"""The whole bot, put together as `limner run` does, against a server that speaks the wire."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app.composition import App, Replacements, build_app
from bot.app.lifecycle import at_work, learn_models
from bot.config.settings import Settings
from bot.domain.asker import Asker
from bot.domain.job_view import JobView, Phase
from bot.errors import BackendResting, Misconfigured
from bot.jobs.drafts import CardPlace, Draft
from bot.moderation.screen import spelling
from bot.platforms import Platform
from bot.request.options import validate
from bot.wording import explain, plain
from storage.ledger_check import faults
from storage.sqlite_store import open_for_reading
from tests.support.bot_harness import FakeSurface
from tests.support.clock import FakeClock
from tests.support.fake_deepinfra import (
    Exchange,
    FakeDeepInfra,
    answer_to,
    answers,
    cuts,
    cuts_within,
    draws,
    floods,
)
from tests.support.whole_bot import MODEL, drawing_with

ANN = Asker(platform="web", community="local", channel="playground", person="ann")
TURBO = "stabilityai/sdxl-turbo"


@pytest.fixture
def service() -> Iterator[FakeDeepInfra]:
    with FakeDeepInfra() as fake:
        yield fake


@asynccontextmanager
async def bot(service: FakeDeepInfra, data_dir: Path, **environ: str) -> AsyncIterator[App]:
    settings = Settings.from_env(
        {
            "API_URLS": service.url,
            "API_KEYS": service.key,
            "MODEL": TURBO,
            "DATA_DIR": str(data_dir),
            "MIN_FREE_DISK_MB": "0",
            **environ,
        }
    )
    async with build_app(
        settings, Replacements(clock=FakeClock(runs=True, hurry=100), rng=random.Random(1))
    ) as app:
        app.platforms.add(Platform(name="wall", surface=FakeSurface()))
        async with at_work(app):
            if service.models:
                await learned(app)
            yield app


async def test_the_first_prompt_finds_the_tables_of_the_screen(
    service: FakeDeepInfra, tmp_path: Path
) -> None:
    for table in spelling._tables():
        table.cache_clear()
    async with bot(service, tmp_path):
        assert spelling.is_loaded()


async def learned(app: App) -> None:
    """The catalogue is read at start, beside everything else."""
    async with asyncio.timeout(10):
        while not await app.store.owner.models():  # noqa: ASYNC110  (the database says when)
            await asyncio.sleep(0.01)


async def draw(app: App, event_id: str = "one", **options: object) -> JobView:
    """The last view of one request."""
    request = validate({"prompt": "a cat", "width": 128, "height": 128, **options})
    card = CardPlace("wall", {"nail": event_id})
    view = await app.studio.submit(ANN, Draft(request), event_id=event_id, card=card)
    async with asyncio.timeout(20):
        return [seen async for seen in app.studio.watch(view.key)][-1]


async def test_a_request_is_drawn_by_the_service_and_paid_as_billed(
    service: FakeDeepInfra, tmp_path: Path
) -> None:
    async with bot(service, tmp_path) as app:
        done = await draw(app, num_images=2, seed=5)
        assert (done.phase, len(done.pictures), done.model) == (Phase.DONE, 2, TURBO)
        assert done.cost_micros == 7
        assert service.received[0].fields["seed"] == 5
        quota = await app.studio.quota(ANN)
        assert quota.windows[0].posted_micros == 7


async def test_a_model_that_was_replaced_is_drawn_by_its_replacement(
    service: FakeDeepInfra, tmp_path: Path
) -> None:
    async with bot(service, tmp_path, MODEL="stabilityai/stable-diffusion-2-1") as app:
        done = await draw(app)
        assert (done.asked_model, done.model) == ("stabilityai/stable-diffusion-2-1", TURBO)
        assert service.received[0].model == TURBO
        assert service.received[0].fields["num_inference_steps"] == 5


FAILURES = {
    "401": (answers(401, {"detail": {"error": "Not authenticated"}}), Phase.FAILED),
    "402": (answers(402, {"detail": {"error": "You need positive balance"}}), Phase.FAILED),
    "403": (answers(403, {"detail": {"error": "Forbidden"}}), Phase.FAILED),
    "404": (answers(404, {"detail": {"error": "Model not found"}}), Phase.FAILED),
    "422 list": (
        answers(422, {"detail": [{"loc": ["body", "width"], "msg": "too wide", "type": "x"}]}),
        Phase.FAILED,
    ),
    "422 text": (answers(422, {"detail": "no such lora"}), Phase.FAILED),
    "423": (answers(423, {"detail": {"error": "locked"}}), Phase.FAILED),
    "429": (answers(429, {"error": "busy"}), Phase.FAILED),
    "503": (answers(503, b"upstream"), Phase.FAILED),
    "500": (answers(500, {"error": {"message": "oops"}}), Phase.FAILED),
    "broken JSON": (answers(200, b'{"images": ['), Phase.FAILED),
    "moderated": (
        draws(images=[], inference_status={"status": "request_moderated", "cost": 0.0}),
        Phase.FAILED,
    ),
    "no image": (draws(images=[]), Phase.FAILED),
    "no picture": (draws(images=["data:image/png;base64,AAAA"]), Phase.FAILED),
    "private address": (draws(images=["https://127.0.0.1/cat.png"]), Phase.FAILED),
    "cut before": (cuts(), Phase.LOST),
    "cut within": (cuts_within(), Phase.LOST),
    "flood": (floods(300 * 1024 * 1024, announced=True), Phase.FAILED),
}


@pytest.mark.parametrize("case", FAILURES)
async def test_every_failure_ends_in_a_sentence_and_a_released_hold(
    service: FakeDeepInfra, tmp_path: Path, case: str
) -> None:
    behaviour, phase = FAILURES[case]
    service.always(behaviour)
    async with bot(service, tmp_path) as app:
        done = await draw(app)
        assert (done.phase, done.cost_micros) == (phase, 0)
        assert done.failure is not None
        sentence = plain(explain(done.failure))
        assert "charged" in sentence
        assert service.key not in sentence
        assert not any((tmp_path / "inbox").iterdir())
        assert not any((tmp_path / "pictures").rglob("*.*"))
        *theirs, owners = (await app.studio.quota(ANN)).windows
        assert [(w.held_micros, w.posted_micros) for w in theirs] == [(0, 0)] * 4
        assert owners.held_micros == 0
    con = open_for_reading(tmp_path / "limner.db")
    assert faults(con) == []
    house = con.execute(
        "SELECT coalesce(sum(posted), 0) FROM account JOIN principal ON principal.id = principal_id"
        " WHERE kind = 'house'"
    ).fetchone()
    assert house == (owners.posted_micros,)
    con.close()


async def test_fewer_pictures_than_asked_are_shown_and_paid_as_billed(
    service: FakeDeepInfra, tmp_path: Path
) -> None:
    def one_of_three(exchange: Exchange) -> None:
        answer = answer_to(exchange.received)
        exchange.send(200, {**answer, "images": answer["images"][:1]})

    service.always(one_of_three)
    async with bot(service, tmp_path) as app:
        done = await draw(app, num_images=3)
        assert (done.phase, len(done.pictures), done.asked_pictures) == (Phase.DONE, 1, 3)


async def test_after_five_failures_nothing_more_is_taken_and_nothing_is_charged(
    service: FakeDeepInfra, tmp_path: Path
) -> None:
    service.always(answers(500))
    async with bot(service, tmp_path) as app:
        for n in range(5):
            assert (await draw(app, event_id=f"e{n}")).phase is Phase.FAILED
        with pytest.raises(BackendResting) as resting:
            await draw(app, event_id="e6")
        assert plain(explain(resting.value)) == (
            "The image service isn't answering. Nothing was charged."
        )


async def test_a_model_that_only_the_service_knows_is_learned_before_the_first_request(
    service: FakeDeepInfra, tmp_path: Path
) -> None:
    async with bot(service, tmp_path, MODEL="black-forest-labs/FLUX-1-schnell") as app:
        assert app.catalogue.knows("FLUX-1-schnell")
        assert (await draw(app)).phase is Phase.DONE


async def test_an_outage_of_the_catalogue_changes_nothing(
    service: FakeDeepInfra, tmp_path: Path
) -> None:
    async with bot(service, tmp_path) as app:
        assert (await draw(app)).phase is Phase.DONE
    service.models.clear()
    async with bot(service, tmp_path, MODEL="black-forest-labs/FLUX-1-schnell") as app:
        assert (await draw(app, event_id="two")).model == "black-forest-labs/FLUX-1-schnell"


async def test_a_second_bot_on_the_same_folder_is_refused(
    service: FakeDeepInfra, tmp_path: Path
) -> None:
    async with bot(service, tmp_path):
        with pytest.raises(Misconfigured, match="Another Limner is running"):
            async with bot(service, tmp_path):
                pass


async def test_models_are_learned_from_the_first_address_that_tells(tmp_path: Path) -> None:
    with FakeDeepInfra() as service:
        environ = drawing_with(service, tmp_path)
        environ |= {"API_URLS": f"http://127.0.0.1:9,{service.url}", "API_KEYS": "one,test-key"}
        async with build_app(Settings.from_env(environ)) as app:
            await learn_models(app)
            assert MODEL in {model.name for model in await app.store.owner.models()}
