"""The engine as the API's server sees it: with its threads, on an event loop."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.model import Price
from bot.engine.loader import open_engine
from bot.engine.runtime.options import EngineOptions
from bot.engine.sampling import schedulers
from bot.errors import (
    BackendRejected,
    BadRequest,
    Misconfigured,
    Problem,
    QueueFull,
    ShuttingDown,
)
from bot.images.result import Drawn
from bot.request.image_request import ImageRequest


@pytest.fixture(scope="module")
def options(tiny_folder: Path, lora_folder: Path) -> EngineOptions:
    return EngineOptions(model=tiny_folder, loras=lora_folder, device="cpu", max_pictures=6)


@pytest.fixture(scope="module")
def engine(options: EngineOptions) -> Iterator[Any]:
    opened: Any = open_engine(options)
    yield opened
    opened.close()


def request(engine: Any, **values: Any) -> ImageRequest:
    """Fitted, as a server hands it over; smaller than a person may ask for."""
    asked = ImageRequest(prompt=values.pop("prompt", "the cat"))
    small = {"width": 64, "height": 64, "num_inference_steps": 5, "seed": 7}
    return asked.fitted({**engine.models[0].defaults(), **small, **values})


def nobody(share: float, preview: bytes | None) -> None: ...


@asynccontextmanager
async def busy(engine: Any, pictures: int = 1) -> AsyncIterator["asyncio.Task[Drawn]"]:
    """A request that takes for ever is being drawn."""
    begun = asyncio.Event()
    slow = request(engine, num_inference_steps=512, num_images=pictures, width=128)
    drawing = asyncio.create_task(engine.draw(slow, lambda *_: begun.set(), caller="someone"))
    await asyncio.wait_for(begun.wait(), 30)
    yield drawing
    drawing.cancel()
    await asyncio.gather(drawing, return_exceptions=True)


async def test_a_request_is_drawn_with_progress(engine: Any) -> None:
    shares: list[float] = []
    drawn = await engine.draw(
        request(engine, num_images=3), lambda share, _: shares.append(share), caller="ann"
    )
    assert len(drawn.pictures) == 3
    assert drawn.seed == 7
    assert drawn.runtime_ms >= 1
    assert all(picture.png.startswith(b"\x89PNG") for picture in drawn.pictures)
    assert shares == sorted(set(shares))
    assert shares


async def test_picture_i_is_the_one_of_seed_plus_i(engine: Any) -> None:
    together = await engine.draw(request(engine, num_images=2), nobody, caller="ann")
    second = await engine.draw(request(engine, seed=8), nobody, caller="ann")
    assert together.pictures[0].png != together.pictures[1].png
    assert len(second.pictures[0].png) > 0


async def test_progress_arrives_on_the_callers_thread(engine: Any) -> None:
    threads: set[int] = set()
    await engine.draw(request(engine), lambda *_: threads.add(threading.get_ident()), caller="ann")
    assert threads == {threading.get_ident()}


async def test_previews_come_to_who_wants_them(engine: Any) -> None:
    async def previews(wanted: bool) -> list[bytes]:
        found: list[bytes] = []
        await engine.draw(
            request(engine, num_inference_steps=20),
            lambda _, preview: found.append(preview) if preview else None,
            caller="ann",
            previews=wanted,
        )
        return found

    assert (await previews(wanted=True))[0].startswith(b"\xff\xd8")
    assert await previews(wanted=False) == []


async def test_when_nothing_more_is_admitted_it_says_so_and_places_come_back(engine: Any) -> None:
    async with busy(engine, pictures=4):
        assert engine.health()["pictures"] == 4
        with pytest.raises(QueueFull):
            await engine.draw(request(engine, num_images=3), nobody, caller="ann")
        assert (await engine.draw(request(engine, num_images=2), nobody, caller="ann")).pictures
    assert engine.health()["pictures"] == 0


async def test_cancelling_frees_the_place_at_the_next_step(engine: Any) -> None:
    async with busy(engine) as drawing:
        drawing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await drawing
        assert engine.health()["pictures"] == 0
    await engine.draw(request(engine), nobody, caller="ann")  # the next steps are over
    assert engine._loop._works == []


async def test_a_short_request_is_back_while_a_long_one_runs(engine: Any) -> None:
    async with busy(engine) as drawing:
        await engine.draw(request(engine), nobody, caller="ann")
        assert not drawing.done()


async def test_an_unknown_lora_is_refused_with_those_that_are_known(engine: Any) -> None:
    with pytest.raises(BadRequest) as caught:
        await engine.draw(request(engine, lora="inks"), nobody, caller="ann")
    assert caught.value.problems == (
        Problem(
            "lora",
            "not_listed",
            {"choices": ["ink", "of another model", "oil"], "nearest": "ink", "got": "inks"},
        ),
    )


@pytest.mark.parametrize("name", ["../tiny/unet/diffusion_pytorch_model", "/etc/passwd", "."])
async def test_a_lora_is_a_name_and_never_a_path(engine: Any, name: str) -> None:
    with pytest.raises(BadRequest):
        await engine.draw(request(engine, lora=name), nobody, caller="ann")


async def test_a_lora_of_another_model_is_refused_and_harms_nobody(engine: Any) -> None:
    with pytest.raises(BackendRejected):
        await engine.draw(request(engine, lora="of another model"), nobody, caller="ann")
    assert (await engine.draw(request(engine, lora="ink"), nobody, caller="ann")).pictures


async def test_a_broken_starting_picture_is_a_mistake_of_the_request(engine: Any) -> None:
    with pytest.raises(BadRequest) as caught:
        await engine.draw(request(engine, image=b"no picture"), nobody, caller="ann")
    assert caught.value.problems == (Problem("image", "not_a_picture", {}),)


async def test_it_is_a_model_of_the_catalogue(engine: Any) -> None:
    (model,) = engine.models
    assert model.name == "local/tiny"
    assert model.price == Price(kind="free")
    assert model.options["lora"].allowed == ("", "ink", "of another model", "oil")
    assert model.options["width"].default == 128  # the listed side nearest to 64
    catalogue = Catalogue([model], default=model.name, follow_replacements=False)
    assert catalogue.model("local/tiny") == model


async def test_a_price_is_for_the_devices_time(options: EngineOptions) -> None:
    priced: Any = open_engine(replace(options, price_micros=400, name="our/own"))
    try:
        assert priced.models[0].price == Price(kind="time", micros=400)
        assert priced.models[0].name == "our/own"
    finally:
        priced.close()


async def test_health_tells_what_runs(engine: Any) -> None:
    await engine.draw(request(engine), nobody, caller="ann")
    health = engine.health()
    assert health["ok"] is True
    assert (health["device"], health["dtype"], health["model"]) == ("cpu", "float32", "local/tiny")
    assert health["drawn"] >= 1
    assert health["steps"] >= 5
    assert health["busy_s"] > 0


async def test_closing_tells_everyone_who_waits(options: EngineOptions) -> None:
    closing: Any = open_engine(options)
    async with busy(closing) as drawing:
        await asyncio.to_thread(closing.close)
        with pytest.raises(ShuttingDown):
            await drawing
    with pytest.raises(ShuttingDown):
        await closing.draw(request(closing), nobody, caller="ann")
    assert closing.health()["ok"] is False
    assert not any(thread.is_alive() for thread in closing._threads)


async def test_a_scheduler_without_a_table_is_drawn_too(options: EngineOptions) -> None:
    other: Any = open_engine(replace(options, scheduler="LCMScheduler"))
    try:
        assert (await other.draw(request(other), nobody, caller="ann")).pictures
        with pytest.raises(BackendRejected) as caught:
            await other.draw(request(other, num_inference_steps=500), nobody, caller="ann")
        assert caught.value.detail == "This model's scheduler can't draw in 500 steps."
    finally:
        other.close()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"scheduler": "Euler"},
            (
                'The scheduler "Euler" is none that the engine draws with. It knows '
                f"{', '.join(schedulers.NAMES)}."
            ),
        ),
        ({"device": "tpu"}, 'The device "tpu" is none of auto, cpu, cuda and cuda:NUMBER.'),
        ({"dtype": "int8"}, 'The dtype "int8" is none of auto, float32, float16 and bfloat16.'),
        (
            {"loras": Path("/no/such/folder")},
            "The folder of LoRA weights, /no/such/folder, is not there.",
        ),
    ],
)
def test_what_is_wrong_with_the_options_is_said_in_a_sentence(
    options: EngineOptions, wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        open_engine(replace(options, **wrong))
    assert caught.value.problems == (sentence,)


def test_weights_that_are_none_are_named(tiny_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(tiny_folder, folder)
    (folder / "unet/diffusion_pytorch_model.safetensors").write_bytes(b"no weights")
    with pytest.raises(Misconfigured, match="can't be loaded"):
        open_engine(EngineOptions(model=folder, device="cpu"))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
async def test_half_precision_draws_on_a_cpu_too(options: EngineOptions, dtype: str) -> None:
    half: Any = open_engine(replace(options, dtype=dtype))
    try:
        assert (await half.draw(request(half, lora="ink"), nobody, caller="ann")).pictures
    finally:
        half.close()
