"""Short requests don't wait for long ones, nobody waits for ever, nobody crowds others out."""

import random

from bot.engine.batching.canvas import DrawOrder, Work
from tests.bot.engine.with_torch.fake_families import NoWeights
from tests.bot.engine.with_torch.schedulers import scheduler_called
from tests.bot.engine.with_torch.step_harness import StepHarness, watch_of
from tests.support.clock import FakeClock

DDIM = scheduler_called("DDIM")


def order(steps: int, *, count: int = 1, side_px: int = 64) -> DrawOrder:
    return DrawOrder(
        prompt="cat",
        width_px=side_px,
        height_px=side_px,
        steps=steps,
        seed=1,
        count=count,
        scheduler=DDIM,
    )


def saturated(rows: int) -> float:
    """A device that is full from the first picture on: a row takes 10 ms."""
    return 0.010 * rows


def harness_of(clock: FakeClock) -> StepHarness:
    family = NoWeights(clock, saturated)
    return StepHarness(family, loras=None, clock=clock)


def until_drawn(harness: StepHarness, work: Work) -> float:
    """Seconds from now until `work` is drawn."""
    began = harness.clock.monotonic()
    while not watch_of(work).drawn:
        assert harness.loop.tick()
        harness.postprocessor.run_once()
    return harness.clock.monotonic() - began


def test_a_short_request_overtakes_a_long_one_at_the_next_step() -> None:
    harness = harness_of(FakeClock(auto=True))
    harness.submit(order(500, count=4), "ann")
    for _ in range(20):
        harness.loop.tick()

    short_s = until_drawn(harness, harness.submit(order(25), "bob"))

    assert round(short_s, 2) == 0.50  # as if it were alone


def test_a_long_request_is_drawn_while_short_ones_never_stop_coming() -> None:
    clock = FakeClock(auto=True)
    harness = harness_of(clock)
    for _ in range(8):  # the pace is known
        harness.draw(order(5))
    long = harness.submit(order(100), "ann")
    began, number = clock.monotonic(), 0
    while not watch_of(long).drawn:
        if harness.loop.waiting == 0 and len(harness.loop._works) < 3:
            number += 1
            harness.submit(order(10), f"someone {number}")
        harness.loop.tick()
        harness.postprocessor.run_once()
        assert clock.monotonic() - began < 60

    # 2 s of work; at (2 s + nothing) / 0.1 = 20 s of waiting nobody who comes later is before it.
    assert 2 < clock.monotonic() - began < 30


def test_who_asks_for_much_does_not_crowd_out_who_asks_for_little() -> None:
    harness = harness_of(FakeClock(auto=True))
    flood = [harness.submit(order(20), "ann") for _ in range(40)]
    for _ in range(60):
        harness.loop.tick()

    single = harness.submit(order(30), "bob")
    waited_s = until_drawn(harness, single)

    # 0.6 s of its own work; the flood has 16 s.
    assert waited_s < 2
    assert sum(watch_of(work).drawn is None for work in flood) > 30


def test_a_step_is_no_wider_than_pays() -> None:
    harness = harness_of(FakeClock(auto=True))
    for _ in range(10):
        harness.submit(order(30))
    harness.run()

    measured = harness.loop.durations
    bucket = ((4, 8, 8), (1, 1))
    assert measured.cap(bucket) == 2


def test_a_step_is_wide_where_width_costs_nothing() -> None:
    clock = FakeClock(auto=True)
    harness = StepHarness(NoWeights(clock, lambda _: 0.010), loras=None, clock=clock)
    for _ in range(20):
        harness.submit(order(30))
    harness.run()

    assert harness.loop.durations.cap(((4, 8, 8), (1, 1))) == 32


def test_other_shapes_get_their_turn() -> None:
    harness = harness_of(FakeClock(auto=True))
    small = [harness.submit(order(10), "ann") for _ in range(5)]
    large = harness.submit(order(10, side_px=128), "bob")
    harness.run()
    assert all(watch_of(work).drawn for work in (*small, large))


def test_heavy_tailed_traffic_waits_a_fraction_of_what_it_would_in_a_queue() -> None:
    """The same arrivals on the same device, one request after the other."""
    chance = random.Random(7)
    clock = FakeClock(auto=True)
    harness = harness_of(clock)
    arrivals, at_s = [], clock.monotonic()
    for number in range(60):
        at_s += chance.expovariate(1 / 1.1)
        steps = chance.choices([10, 25, 50, 150, 500], [8, 70, 17, 4, 1])[0]
        arrivals.append((at_s, steps, f"person {number}"))

    free_s, queue_s = clock.monotonic(), []
    for came_s, steps, _ in arrivals:
        free_s = max(free_s, came_s) + steps * saturated(2)
        queue_s.append(free_s - came_s)

    waiting = list(arrivals)
    works: list[Work] = []
    engine_s: list[float] = []
    while waiting or works:
        if not works:
            clock.advance(max(0.0, waiting[0][0] - clock.monotonic()))
        while waiting and waiting[0][0] <= clock.monotonic():
            came_s, steps, who = waiting.pop(0)
            work = harness.submit(order(steps), who)
            work.arrived_s = came_s
            works.append(work)
        harness.loop.tick()
        harness.postprocessor.run_once()
        engine_s += [clock.monotonic() - work.arrived_s for work in works if watch_of(work).drawn]
        works = [work for work in works if not watch_of(work).drawn]

    assert sum(engine_s) < sum(queue_s) / 2
