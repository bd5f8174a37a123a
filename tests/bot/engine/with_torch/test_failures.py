"""Whatever happens to one picture, the others come out to the byte as if nothing had."""

import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch

from bot.engine.batching.canvas import DrawOrder, Work
from bot.engine.runtime.failures import chain_of, let_go, place_of
from bot.errors import BackendBroken, BackendBusy, BackendRejected
from tests.bot.engine.with_torch.fake_families import Troubled
from tests.bot.engine.with_torch.schedulers import scheduler_called
from tests.bot.engine.with_torch.step_harness import StepHarness, watch_of
from tests.bot.engine.with_torch.stock_pipelines import difference

DDIM = scheduler_called("DDIM")
UNIPC = scheduler_called("UniPC")
Trouble = Callable[[torch.Tensor, Any], None]


def order(prompt: str, seed: int, **values: Any) -> DrawOrder:
    base = {"width_px": 64, "height_px": 64, "steps": 8, "scheduler": DDIM, "count": 1}
    return DrawOrder(prompt=prompt, seed=seed, **{**base, **values})


GOOD = (order("the cat", 1), order("the dog", 2, scheduler=UNIPC), order("a dog", 3, count=2))


@pytest.fixture(scope="module")
def undisturbed(fixed_harness: StepHarness) -> list[list[bytes]]:
    return [watch_of(fixed_harness.fresh().draw(one)).pngs for one in GOOD]


def words_of(harness: StepHarness, prompt: str) -> torch.Tensor:
    with torch.inference_mode():
        found = harness.family.condition(prompt, None, weighted=False, lora="")[0]
    return found["encoder_hidden_states"]


def when_seen(words: torch.Tensor, error: Callable[[], Exception], *, after: int = 3) -> Trouble:
    """Raise whenever the picture with `words` takes part, from its third step on."""
    seen = 0

    def trouble(x: torch.Tensor, condition: Any) -> None:
        nonlocal seen
        rows = condition["encoder_hidden_states"]
        if any(torch.equal(row, words) for row in rows):
            seen += 1
            if seen > after:
                raise error()

    return trouble


def draw_with(harness: StepHarness, trouble: Trouble, poison: DrawOrder) -> tuple[list[Work], Work]:
    fresh = harness.fresh(family=Troubled(harness.family, trouble))
    works = fresh.draw_staggered([GOOD[0], poison, *GOOD[1:]], [0, 1, 1, 1])
    return [works[0], *works[2:]], works[1]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            lambda: torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB"),
            BackendBusy,
        ),
        (lambda: RuntimeError("expected scalar type Half"), BackendBroken),
        (lambda: ValueError("nobody thought of this"), BackendBroken),
    ],
)
def test_a_picture_that_fails_takes_nobody_along(
    fixed_harness: StepHarness,
    undisturbed: list[list[bytes]],
    error: Callable[[], Exception],
    told: type[Exception],
) -> None:
    trouble = when_seen(words_of(fixed_harness, "poison"), error)

    others, failed = draw_with(fixed_harness, trouble, order("poison", 9))

    assert isinstance(watch_of(failed).error, told)
    assert [watch_of(work).pngs for work in others] == undisturbed


def test_out_of_memory_makes_steps_narrower_and_fails_nobody(harness: StepHarness) -> None:
    def full(x: torch.Tensor, _: Any) -> None:
        if len(x) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory")

    fresh = harness.fresh(family=Troubled(harness.family, full))
    works = fresh.draw_staggered([order("the cat", seed) for seed in range(6)], [0] * 6)

    assert all(watch_of(work).drawn for work in works)
    assert fresh.loop.durations.cap(works[0].canvases[0].bucket) == 4


class Scarce(torch.Tensor):  # type: ignore[misc]  # torch is not followed
    """Outputs of a step for whose keeping there is no memory left."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.cat:
            raise torch.OutOfMemoryError
        return super().__torch_function__(func, types, args, kwargs or {})


def test_a_step_that_can_not_be_kept_has_moved_nobody_and_is_made_again(
    harness: StepHarness,
) -> None:
    fresh = harness.fresh()
    runner: Any = fresh.loop._runner
    run = runner.run
    widths: list[int] = []

    def scarce(inputs: Any, loras: Any) -> Any:
        x, m = run(inputs, loras)
        if len(x) == 1 or widths:
            return x, m
        widths.append(len(loras))
        return x.as_subclass(Scarce), m

    runner.run = scarce
    works = [fresh.submit(one) for one in GOOD]
    fresh.run()
    assert fresh.loop.durations._limits == {works[0].canvases[0].bucket: widths[0] // 2}
    for work, one in zip(works, GOOD, strict=True):
        alone = harness.fresh().draw(one)
        for ours, theirs in zip(work.canvases, alone.canvases, strict=True):
            assert difference(ours.latents, theirs.latents) < 2e-5


def test_a_picture_too_large_by_itself_leaves_no_limit_behind(harness: StepHarness) -> None:
    trouble = when_seen(
        words_of(harness, "poison"), lambda: torch.OutOfMemoryError("out of memory")
    )
    fresh = harness.fresh(family=Troubled(harness.family, trouble))
    wanted = [order("poison", 9, steps=30), *(order("the cat", seed) for seed in range(5))]
    works = fresh.draw_staggered(wanted, [0] * 6)

    assert isinstance(watch_of(works[0]).error, BackendBusy)
    assert all(watch_of(work).drawn for work in works[1:])
    assert (
        fresh.loop.durations.cap(works[1].canvases[0].bucket) >= 16
    )  # it was measured, not limited


def test_a_picture_that_is_not_a_number_takes_nobody_along(
    fixed_harness: StepHarness, undisturbed: list[list[bytes]]
) -> None:
    words = words_of(fixed_harness, "poison")

    class Poisoned(Troubled):
        def predict(self, x: Any, t: Any, condition: Any, loras: Any) -> Any:
            out = super().predict(x, t, condition, loras)
            for number, row in enumerate(condition["encoder_hidden_states"]):
                if torch.equal(row, words):
                    out[number] = float("nan")
            return out

    fresh = fixed_harness.fresh(family=Poisoned(fixed_harness.family, lambda *_: None))
    works = fresh.draw_staggered([GOOD[0], order("poison", 9), *GOOD[1:]], [0, 1, 1, 1])

    found = watch_of(works[1]).error
    assert isinstance(found, BackendBroken)
    assert found.detail == "the picture came out as not-a-number"
    others = [works[0], *works[2:]]
    assert [watch_of(work).pngs for work in others] == undisturbed


def test_a_cancelled_request_is_gone_at_the_next_step(
    fixed_harness: StepHarness, undisturbed: list[list[bytes]]
) -> None:
    fresh = fixed_harness.fresh()
    gone = fresh.submit(order("poison", 9, steps=50))
    works = [fresh.submit(one) for one in GOOD]
    for _ in range(5):
        fresh.loop.tick()
    at = gone.canvases[0].k
    gone.over = True
    fresh.run()

    assert gone.canvases[0].k == at
    assert watch_of(gone).drawn is None
    assert [watch_of(work).pngs for work in works] == undisturbed


def test_a_request_cancelled_before_its_first_step_is_never_begun(harness: StepHarness) -> None:
    fresh = harness.fresh()
    gone = fresh.submit(order("cat", 9))
    gone.over = True
    fresh.run()
    assert gone.canvases == []
    assert fresh.loop.counts["steps"] == 0


def test_a_scheduler_that_fails_on_its_way_fails_its_own_picture_alone(
    fixed_harness: StepHarness, undisturbed: list[list[bytes]]
) -> None:
    fresh = fixed_harness.fresh()
    poison = fresh.submit(order("poison", 9, scheduler=scheduler_called("Euler ancestral")))
    works = [fresh.submit(one) for one in GOOD]
    fresh.loop.tick()
    course: Any = poison.canvases[0].course
    course._scheduler.sigmas = course._scheduler.sigmas[:3]
    fresh.run()

    assert isinstance(watch_of(poison).error, BackendBroken)
    assert [watch_of(work).pngs for work in works] == undisturbed


def test_weights_of_another_model_are_refused_in_one_sentence(
    fixed_harness: StepHarness, undisturbed: list[list[bytes]]
) -> None:
    fresh = fixed_harness.fresh()
    misfit = fresh.submit(order("cat", 9, lora="of another model"))
    works = [fresh.submit(one) for one in GOOD]
    fresh.run()

    found = watch_of(misfit).error
    assert isinstance(found, BackendRejected)
    assert found.detail == (
        "The LoRA of another model doesn't fit this model, or its file is damaged."
    )
    assert [watch_of(work).pngs for work in works] == undisturbed


def test_a_lost_device_ends_the_loop_and_everyone_is_told(harness: StepHarness) -> None:
    def lost(*_: Any) -> None:
        raise torch.AcceleratorError("CUDA error: an illegal memory access")

    fresh = harness.fresh(family=Troubled(harness.family, lost))
    works = [fresh.submit(one) for one in GOOD]
    fresh.loop.run()

    assert fresh.loop.dead.startswith("the device is lost: ")
    assert all(isinstance(watch_of(work).error, BackendBroken) for work in works)


def test_a_fault_of_the_loop_itself_is_told_to_everyone(harness: StepHarness) -> None:
    fresh = harness.fresh()
    fresh.loop.durations.cap = lambda _: 1 // 0  # type: ignore[assignment,method-assign]
    works = [fresh.submit(one) for one in GOOD]
    fresh.loop.run()

    assert fresh.loop.dead.startswith("the step loop broke: ZeroDivisionError in test_failures.py:")
    assert all(isinstance(watch_of(work).error, BackendBroken) for work in works)


def test_the_log_says_what_failed_where_and_never_a_prompt(
    harness: StepHarness, caplog: pytest.LogCaptureFixture
) -> None:
    def quoting(*_: Any) -> None:
        raise ValueError("can't draw 'my secret wish'")

    fresh = harness.fresh(family=Troubled(harness.family, quoting))
    fresh.draw(order("my secret wish", 1))

    assert "a request failed: ValueError in test_failures.py:" in caplog.text
    assert "secret" not in caplog.text


def test_weights_that_cant_be_read_are_a_refusal_without_the_prompt(
    harness: StepHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(text: str) -> torch.Tensor:
        raise ValueError(f"parse error in {text}")

    monkeypatch.setattr(harness.family._text, "_compel", lambda _: unreadable)  # type: ignore[attr-defined]
    failed = harness.fresh().draw(order("my secret wish++", 1, weighted=True))

    found = watch_of(failed).error
    assert isinstance(found, BackendRejected)
    assert found.detail == "the weights in the words can't be read"


def test_a_failure_holds_no_tensors_while_memory_is_given_back() -> None:
    seen: list[Any] = []

    def step() -> None:
        activations = torch.zeros(3)
        seen.append(weakref.ref(activations))
        raise torch.OutOfMemoryError

    def capture() -> None:
        try:
            step()
        finally:
            raise RuntimeError("the capture was invalidated")

    with pytest.raises(RuntimeError, match="invalidated") as caught:
        capture()
    assert seen[0]() is not None
    let_go(caught.value)
    assert seen[0]() is None
    assert list(map(type, chain_of(caught.value))) == [RuntimeError, torch.OutOfMemoryError]
    assert place_of(caught.value).startswith("RuntimeError in test_failures.py:")
