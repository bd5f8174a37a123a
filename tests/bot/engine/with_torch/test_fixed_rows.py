"""With a fixed number of rows the same seed gives the same bytes, whatever else is drawn."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine.batching.canvas import DrawOrder
from tests.bot.engine.with_torch.step_harness import StepHarness, watch_of
from tests.bot.engine.with_torch.test_equality import SCHEDULERS, orders

ALONE: dict[DrawOrder, list[bytes]] = {}


def mine(scheduler: str, **values: Any) -> DrawOrder:
    return DrawOrder(
        prompt="the cat",
        width_px=64,
        height_px=64,
        steps=6,
        seed=7,
        scheduler=SCHEDULERS[scheduler],
        **values,
    )


MINE = (mine("DDIM"), mine("UniPC", lora="ink"), mine("Euler ancestral", guidance=1.0, count=2))


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    order=st.sampled_from(MINE),
    before=st.lists(orders(), max_size=3),
    after=st.lists(orders(), max_size=3),
    gaps=st.lists(st.integers(0, 3), min_size=7, max_size=7),
)
def test_a_picture_has_the_same_bytes_alone_and_beside_anyone(
    fixed_harness: StepHarness,
    order: DrawOrder,
    before: list[DrawOrder],
    after: list[DrawOrder],
    gaps: list[int],
) -> None:
    if order not in ALONE:
        ALONE[order] = watch_of(fixed_harness.fresh().draw(order)).pngs
    everyone = [*before, order, *after]

    works = fixed_harness.fresh().draw_staggered(everyone, gaps[: len(everyone)])

    assert watch_of(works[len(before)]).pngs == ALONE[order]


def test_every_step_has_as_many_rows_as_were_fixed(fixed_harness: StepHarness) -> None:
    fresh = fixed_harness.fresh()
    work = fresh.submit(mine("DDIM"))
    fresh.loop.tick()
    gathered = fresh.loop._runner.gather(work.canvases)
    assert len(gathered.canvas_of) == 8
