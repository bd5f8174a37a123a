"""The whole engine on each device that this machine has, held against the stock pipelines.

On a machine with a GPU this is what runs its graphs, its streams and its clocks.
"""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from bot.engine.batching.canvas import DrawOrder
from bot.engine.batching.cuda_graphs import Graphs
from bot.engine.loader import open_engine
from bot.engine.runtime.images import starting_picture
from bot.engine.runtime.options import EngineOptions
from bot.images.result import Drawn
from bot.request.image_request import ImageRequest
from tests.bot.engine.with_torch.schedulers import scheduler_called
from tests.bot.engine.with_torch.stock_pipelines import Stock

ON_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU here")
# In levels of 255: convolutions of a GPU round to 10 bits.
OFF_MAX = {"cpu": 0.01, "cuda": 2.0}
# Wide and narrow, with and without a start, guidance and weights: all of them at once.
WANTED: list[dict[str, Any]] = [
    {"prompt": "the cat", "num_inference_steps": 12, "seed": 1},
    {"prompt": "dog", "num_inference_steps": 5, "seed": 2, "guidance_scale": 1.0},
    {"prompt": "the dog", "num_inference_steps": 9, "seed": 3, "lora": "ink"},
    {"prompt": "a dog", "num_inference_steps": 7, "seed": 4, "lora": "oil", "num_images": 2},
    {"prompt": "cat", "num_inference_steps": 10, "seed": 5, "strength": 0.6, "image": b""},
    {"prompt": "the cat", "num_inference_steps": 12, "seed": 6, "width": 96},
    {"prompt": "the cat", "num_inference_steps": 8, "seed": 7, "num_images": 3},
]


@pytest.fixture(scope="module", params=["cpu", pytest.param("cuda", marks=ON_GPU)])
def engine(
    request: pytest.FixtureRequest, tiny_folder: Path, lora_folder: Path
) -> Iterator[tuple[Any, str]]:
    options = EngineOptions(
        model=tiny_folder, loras=lora_folder, device=request.param, dtype="float32"
    )
    opened: Any = open_engine(options)
    yield opened, request.param
    opened.close()


def start() -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((64, 64)).save(buffer, "PNG")
    return buffer.getvalue()


def requests(engine: Any) -> list[ImageRequest]:
    base = {**engine.models[0].defaults(), "width": 64, "height": 64}
    images = [{"image": start()} if "image" in one else {} for one in WANTED]
    return [
        ImageRequest(prompt=one["prompt"]).fitted({**base, **one, **image})
        for one, image in zip(WANTED, images, strict=True)
    ]


async def crowd(engine: Any, previews: list[bytes]) -> list[Drawn]:
    def on_step(share: float, preview: bytes | None) -> None:
        previews.extend([preview] if preview else [])

    drawn: list[Drawn] = await asyncio.gather(
        *(
            engine.draw(one, on_step, caller=f"person {one.seed}", previews=True)
            for one in requests(engine)
        )
    )
    return drawn


def order_of(one: ImageRequest) -> DrawOrder:
    picture = None if one.image is None else starting_picture(one.image, one.width, one.height)
    return DrawOrder(
        prompt=one.prompt,
        width_px=one.width,
        height_px=one.height,
        steps=one.num_inference_steps,
        guidance=one.guidance_scale,
        seed=one.seed or 0,
        scheduler=scheduler_called("DDIM"),
        picture=picture,
        strength=one.strength,
        lora=one.lora,
    )


def levels(image: Image.Image) -> torch.Tensor:
    return torch.frombuffer(bytearray(image.convert("RGB").tobytes()), dtype=torch.uint8).float()


async def test_a_crowd_gets_the_stock_pictures(engine: tuple[Any, str], stock: Stock) -> None:
    opened, device = engine
    previews: list[bytes] = []
    for _ in range(2 if device == "cuda" else 1):  # the second time all shapes are captured
        drawn = await crowd(opened, previews)
        for one, found in zip(requests(opened), drawn, strict=True):
            assert len(found.pictures) == one.num_images
            for index, picture in enumerate(found.pictures):
                ours = levels(Image.open(io.BytesIO(picture.png)))
                theirs = levels(stock.image(order_of(one), index))
                assert float((ours - theirs).abs().mean()) < OFF_MAX[device]
    assert previews
    assert opened.health()["failed"] == 0


@ON_GPU
async def test_a_gpu_has_graphs(engine: tuple[Any, str]) -> None:
    opened, device = engine
    await crowd(opened, [])
    runner = opened._loop._runner
    assert isinstance(runner, Graphs) == (device == "cuda")
    if isinstance(runner, Graphs):
        assert runner._able
        assert len(runner._captured) > 1
        assert not runner._refused
