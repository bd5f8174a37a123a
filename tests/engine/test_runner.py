"""Rows padded as a graph needs them change nothing; where there are no graphs, it goes on."""

import logging
from threading import Lock
from typing import Any

import pytest
import torch

from bot.engine.canvas import Order
from bot.engine.runner import WIDTHS, Graphs
from tests.engine.rig import Rig
from tests.engine.schedulers import scheduler_called
from tests.engine.stock import Stock, difference

pytestmark = pytest.mark.skipif(torch.cuda.is_available(), reason="about machines without a GPU")


def orders() -> list[Order]:
    base: dict[str, Any] = {"width_px": 64, "height_px": 64, "steps": 8}
    return [
        Order(prompt="the cat", seed=1, scheduler=scheduler_called("PNDM"), **base),
        Order(prompt="dog", seed=2, guidance=1.0, scheduler=scheduler_called("DDIM"), **base),
        Order(prompt="the dog", seed=3, scheduler=scheduler_called("UniPC"), **base),
    ]


def test_without_graphs_steps_are_launched_one_by_one_and_it_is_said_once(
    rig: Rig, stock: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    fresh = rig.fresh()
    fresh.loop._runner = Graphs(fresh.family, Lock())
    with caplog.at_level(logging.WARNING):
        works = fresh.draw_staggered(orders(), [0, 1, 1])

    for work in works:
        found = work.canvases[0].latents
        assert difference(found, stock.latents(work.order)) < 2e-5
    said = [record.message for record in caplog.records]
    assert len(said) == 1
    assert said[0].startswith("no CUDA graphs, steps are launched one by one: ")


def test_a_graphs_rows_are_filled_up_to_a_width_that_is_kept(rig: Rig) -> None:
    fresh = rig.fresh()
    works = [fresh.submit(order) for order in orders()]
    for _ in range(3):
        fresh.loop.tick()
    canvases = [work.canvases[0] for work in works]
    assert sum(canvas.rows for canvas in canvases) == 5

    with torch.inference_mode():
        gathered = Graphs(fresh.family, Lock()).gather(canvases)

    assert 6 in WIDTHS
    assert gathered.states.shape == (6, 7, 4, 8, 8)  # PNDM looks back four steps
    assert gathered.canvas_of.tolist() == [0, 0, 1, 2, 2, 0]
    assert gathered.plain_row.tolist() == [0, 2, 3, 0, 0, 0]
    assert gathered.guided_row.tolist() == [1, 2, 4, 0, 0, 0]
    assert gathered.condition["encoder_hidden_states"].shape == (6, 77, 32)
