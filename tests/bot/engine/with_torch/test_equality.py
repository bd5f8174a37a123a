"""Whatever shares the batch and whenever it comes: each picture is the stock pipeline's."""

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine.batching.canvas import DrawOrder
from tests.bot.engine.with_torch.schedulers import DETERMINISTIC, WITHOUT_TABLE, scheduler_called
from tests.bot.engine.with_torch.step_harness import StepHarness
from tests.bot.engine.with_torch.stock_pipelines import Stock, difference

SCHEDULERS = {name: scheduler_called(name) for name in (*DETERMINISTIC, *WITHOUT_TABLE)}
DIFFERENCE_MAX = 2e-5
SLOW = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def picture(seed: int, width_px: int, height_px: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(3, height_px, width_px, generator=generator) * 2 - 1


@st.composite
def orders(draw: Any, schedulers: tuple[str, ...] = tuple(DETERMINISTIC)) -> DrawOrder:
    width_px = draw(st.sampled_from((64, 64, 96)))
    steps = draw(st.integers(1, 12))
    seed = draw(st.integers(0, 2**40))
    starts = draw(st.booleans())
    strengths = [share for share in (0.1, 0.35, 0.8, 1.0) if int(steps * share) > 0]
    weighted = draw(st.booleans())
    return DrawOrder(
        prompt=draw(st.sampled_from(("the cat++", "a (dog)1.4")))
        if weighted
        else draw(st.sampled_from(("the cat", "dog", "the dog and the cat"))),
        negative=draw(st.sampled_from(("", "dog"))),
        width_px=width_px,
        height_px=64,
        steps=steps,
        guidance=draw(st.sampled_from((1.0, 1.5, 7.5, 20.0))),
        seed=seed,
        scheduler=SCHEDULERS[draw(st.sampled_from(schedulers))],
        picture=picture(seed, width_px, 64) if starts else None,
        strength=draw(st.sampled_from(strengths)),
        weighted=weighted,
        lora=draw(st.sampled_from(("", "", "ink", "oil"))),
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
@SLOW
@given(data=st.data())
def test_a_mixed_batch_with_random_arrivals_equals_the_stock_pipelines(
    harness: StepHarness, stock: Stock, data: st.DataObject
) -> None:
    wanted = data.draw(st.lists(orders(), min_size=2, max_size=5))
    gaps = data.draw(st.lists(st.integers(0, 4), min_size=len(wanted), max_size=len(wanted)))

    works = harness.fresh().draw_staggered(wanted, gaps)

    for work in works:
        found = work.canvases[0].latents
        assert difference(found, stock.latents(work.order)) < DIFFERENCE_MAX


@pytest.mark.slow
@pytest.mark.parametrize("name", DETERMINISTIC)
def test_each_scheduler_equals_its_stock_pipeline_beside_others(
    harness: StepHarness, stock: Stock, name: str
) -> None:
    own: dict[str, Any] = {"width_px": 64, "height_px": 64, "scheduler": SCHEDULERS[name]}
    start = picture(1, 64, 64)
    wanted = [
        DrawOrder(prompt="the cat", steps=25, guidance=7.5, seed=1, **own),
        DrawOrder(prompt="dog", negative="cat", steps=10, guidance=3.0, seed=2, **own),
        DrawOrder(prompt="cat", steps=6, guidance=1.0, seed=3, lora="ink", **own),
        DrawOrder(prompt="the cat", steps=20, seed=4, picture=start, strength=0.8, **own),
        DrawOrder(prompt="dog", steps=30, seed=5, picture=start, strength=0.35, lora="oil", **own),
    ]

    works = harness.fresh().draw_staggered(wanted, [0, 2, 2, 2, 2])

    for work in works:
        found = work.canvases[0].latents
        assert difference(found, stock.latents(work.order)) < DIFFERENCE_MAX


@pytest.mark.parametrize("name", WITHOUT_TABLE)
@pytest.mark.parametrize("starts", [False, True])
def test_a_scheduler_without_a_table_equals_its_stock_pipeline_beside_others(
    harness: StepHarness, stock: Stock, name: str, starts: bool
) -> None:
    own: dict[str, Any] = {"width_px": 64, "height_px": 64, "steps": 7}
    if starts:
        own |= {"picture": picture(1, 64, 64), "strength": 0.8}
    wanted = [
        DrawOrder(prompt="the cat", seed=1, scheduler=SCHEDULERS["DPM++ 2M"], **own),
        DrawOrder(prompt="the cat", seed=2, scheduler=SCHEDULERS[name], **own),
        DrawOrder(prompt="dog", seed=3, scheduler=SCHEDULERS[name], lora="ink", **own),
    ]

    works = harness.fresh().draw_staggered(wanted, [0, 2, 1])

    assert [work.table is None for work in works] == [False, True, True]
    for work in works:
        found = work.canvases[0].latents
        assert difference(found, stock.latents(work.order)) < DIFFERENCE_MAX


def test_picture_i_of_a_request_is_the_one_of_seed_plus_i(
    harness: StepHarness, stock: Stock
) -> None:
    order = DrawOrder(
        prompt="the cat",
        width_px=64,
        height_px=64,
        steps=5,
        seed=41,
        count=4,
        scheduler=SCHEDULERS["DDIM"],
        picture=picture(7, 64, 64),
    )

    work = harness.fresh().draw(order)

    for index, canvas in enumerate(work.canvases):
        assert difference(canvas.latents, stock.latents(order, index)) < DIFFERENCE_MAX


def test_requests_share_the_denoiser(harness: StepHarness) -> None:
    fresh = harness.fresh(fixed_rows=8)
    own: dict[str, Any] = {"width_px": 64, "height_px": 64, "scheduler": SCHEDULERS["DDIM"]}
    wanted = [DrawOrder(prompt="cat", seed=seed, steps=10, **own) for seed in range(4)]

    fresh.draw_staggered(wanted, [0, 1, 1, 1])

    assert fresh.loop.counts == {"steps": 13, "rows": 80}
