"""Graphs change no picture, and whatever goes wrong with them costs speed alone."""

import logging
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
import torch

from bot.engine.batching.canvas import DrawOrder, Work
from bot.engine.batching.cuda_graphs import GRAPHS_KEPT, WIDTHS, CudaRecorder, Graphs, Recorder
from bot.engine.models.stable_diffusion import StableDiffusion
from bot.errors import BackendBroken
from tests.bot.engine.with_torch.fake_families import NoWeights, Troubled
from tests.bot.engine.with_torch.fake_recorder import FakeGraphRecorder
from tests.bot.engine.with_torch.schedulers import scheduler_called
from tests.bot.engine.with_torch.step_harness import StepHarness, watch_of
from tests.bot.engine.with_torch.stock_pipelines import Stock, difference
from tests.support.clock import FakeClock

SMALL: dict[str, Any] = {"width_px": 64, "height_px": 64, "steps": 8}


def orders() -> list[DrawOrder]:
    return [
        DrawOrder(prompt="the cat", seed=1, scheduler=scheduler_called("PNDM"), **SMALL),
        DrawOrder(prompt="dog", seed=2, guidance=1.0, scheduler=scheduler_called("DDIM"), **SMALL),
        DrawOrder(prompt="the dog", seed=3, scheduler=scheduler_called("UniPC"), **SMALL),
    ]


def with_graphs(harness: StepHarness, recorder: Recorder, **options: Any) -> StepHarness:
    fresh = harness.fresh(**options)
    fresh.loop._runner = Graphs(fresh.family, recorder, fresh.fixed_rows)
    return fresh


def draw(harness: StepHarness, wanted: list[DrawOrder]) -> list[Work]:
    return harness.draw_staggered(wanted, [0, *[1] * (len(wanted) - 1)])


def check(works: list[Work], stock: Stock) -> None:
    for work in works:
        assert work.canvases, watch_of(work).error
        assert difference(work.canvases[0].latents, stock.latents(work.order)) < 2e-5


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_what_is_replayed_draws_the_stock_picture(harness: StepHarness, stock: Stock) -> None:
    recorder = FakeGraphRecorder()
    fresh = with_graphs(harness, recorder)
    check(draw(fresh, [*orders(), replace(orders()[0], lora="ink", seed=4), *orders()]), stock)
    assert recorder.recorded == len(fresh.loop._runner._captured)  # type: ignore[attr-defined]
    assert recorder.replayed > recorder.recorded


@pytest.mark.parametrize("prediction", ["v_prediction", "sample"])
def test_a_scheduler_may_keep_what_a_graph_writes_over(
    harness: StepHarness, stock: Stock, prediction: str
) -> None:
    """One that predicts the picture itself keeps the very tensor that it is given."""
    base = scheduler_called("SDE-DPM++")
    keeping = type(base).from_config(base.config, prediction_type=prediction)
    wanted = [DrawOrder(prompt="dog", seed=2, scheduler=keeping, **SMALL), *orders()]
    check(draw(with_graphs(harness, FakeGraphRecorder()), wanted), stock)


def test_with_fixed_rows_the_bytes_are_those_without_graphs(fixed_harness: StepHarness) -> None:
    wanted = orders()
    graphs = [
        watch_of(work).pngs
        for work in draw(with_graphs(fixed_harness, FakeGraphRecorder()), wanted)
    ]
    assert graphs == [watch_of(work).pngs for work in draw(fixed_harness.fresh(), wanted)]


@pytest.mark.skipif(torch.cuda.is_available(), reason="about machines without a GPU")
def test_without_graphs_steps_are_launched_one_by_one_and_it_is_said_once(
    harness: StepHarness, stock: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        check(draw(with_graphs(harness, CudaRecorder(Lock())), orders()), stock)
    (line,) = said(caplog)
    assert line.startswith("no CUDA graphs, steps are launched one by one: ")


@pytest.mark.parametrize("error", [RuntimeError, AssertionError, TypeError, NotImplementedError])
def test_a_capture_that_fails_in_the_middle_fails_no_picture(
    harness: StepHarness, stock: Stock, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    def trouble() -> None:
        try:
            raise error("an operation that can't be captured")
        finally:
            raise RuntimeError("the capture was invalidated")

    recorder = FakeGraphRecorder(trouble)
    with caplog.at_level(logging.WARNING):
        check(draw(with_graphs(harness, recorder), orders()), stock)
    (line,) = said(caplog)
    assert f"{error.__name__}: an operation that can't be captured" in line  # what came first
    assert (recorder.recorded, recorder.replayed) == (0, 0)


def test_where_a_graph_has_no_memory_its_steps_go_on_without(
    harness: StepHarness, stock: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = FakeGraphRecorder()

    def only_one() -> None:
        if recorder.recorded - recorder.dropped >= 1:
            raise torch.OutOfMemoryError

    recorder._trouble = only_one
    fresh = with_graphs(harness, recorder)
    with caplog.at_level(logging.WARNING):
        check(draw(fresh, orders()), stock)
    runner: Any = fresh.loop._runner
    assert recorder.dropped >= 1
    assert set(said(caplog)) == {
        "no memory for another CUDA graph: such steps are launched one by one"
    }
    assert len(said(caplog)) == len(runner._refused)  # each shape is tried once
    assert recorder.replayed > 0


def test_a_picture_that_fails_while_its_step_is_captured_is_not_the_graphs_fault(
    harness: StepHarness, stock: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    def trouble(x: torch.Tensor, condition: Any) -> None:
        if x.shape[-1] == 16:
            raise RuntimeError("not this shape")

    recorder = FakeGraphRecorder()
    fresh = with_graphs(harness, recorder, family=Troubled(harness.family, trouble))
    poison = DrawOrder(
        prompt="dog", seed=2, scheduler=scheduler_called("DDIM"), **{**SMALL, "width_px": 128}
    )
    with caplog.at_level(logging.WARNING):
        works = draw(fresh, [orders()[0], poison, *orders()[1:]])
    check([works[0], *works[2:]], stock)
    assert isinstance(watch_of(works[1]).error, BackendBroken)
    assert not [line for line in said(caplog) if "CUDA graph" in line]
    assert recorder.replayed > 0


def test_the_graphs_that_are_kept_are_bounded(harness: StepHarness) -> None:
    fresh = with_graphs(
        harness, FakeGraphRecorder(), family=NoWeights(FakeClock(auto=True), lambda _: 0.0)
    )
    runner: Any = fresh.loop._runner
    work = fresh.submit(orders()[1])
    fresh.loop.tick()
    (canvas,) = work.canvases
    with torch.inference_mode():
        for width in range(1, GRAPHS_KEPT + 3):
            runner._fixed_rows = width
            runner.run(runner.gather([canvas]), [""] * width)
    assert len(runner._captured) == GRAPHS_KEPT


def test_a_graphs_rows_are_filled_up_to_a_width_that_is_kept(harness: StepHarness) -> None:
    fresh = harness.fresh()
    works = [fresh.submit(order) for order in orders()]
    for _ in range(3):
        fresh.loop.tick()
    canvases = [work.canvases[0] for work in works]
    assert sum(canvas.rows for canvas in canvases) == 5

    with torch.inference_mode():
        gathered = Graphs(fresh.family, FakeGraphRecorder()).gather(canvases)

    assert 6 in WIDTHS
    assert gathered.states.shape == (6, 7, 4, 8, 8)  # PNDM looks back four steps
    assert gathered.canvas_of.tolist() == [0, 0, 1, 2, 2, 0]
    assert gathered.plain_row.tolist() == [0, 2, 3, 0, 0, 0]
    assert gathered.guided_row.tolist() == [1, 2, 4, 0, 0, 0]
    assert gathered.condition["encoder_hidden_states"].shape == (6, 77, 32)


def test_loras_that_come_and_go_leave_the_weights_where_graphs_read_them(
    tiny_folder: Path, lora_folder: Path
) -> None:
    harness = StepHarness.of(tiny_folder, lora_folder)
    assert isinstance(harness.family, StableDiffusion)
    unet = harness.family._unet
    before = places(unet)
    for name in ("ink", "oil"):
        harness.draw(replace(orders()[0], lora=name))
        assert before <= places(unet)
    for adapter in ("lora_1", "lora_2"):
        harness.loras._pipe.delete_adapters(adapter)
    assert before <= places(unet)


def places(model: Any) -> set[tuple[int, tuple[int, ...]]]:
    """Where each weight lies."""
    return {(weight.data_ptr(), tuple(weight.shape)) for weight in model.parameters()}
