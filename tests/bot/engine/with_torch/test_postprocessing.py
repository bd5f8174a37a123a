"""From latents to PNGs: together, looked over on a copy, with a preview on the way."""

import io
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from bot.engine.batching import postprocessing
from bot.engine.batching.canvas import DrawOrder
from bot.engine.models.safety_checker import verdict
from bot.errors import BackendBroken, BackendBusy
from tests.bot.engine.with_torch.fake_families import Troubled
from tests.bot.engine.with_torch.schedulers import scheduler_called
from tests.bot.engine.with_torch.step_harness import StepHarness, watch_of

DDIM = scheduler_called("DDIM")


def order(**values: Any) -> DrawOrder:
    base = {"prompt": "the cat", "width_px": 64, "height_px": 64, "steps": 4, "seed": 1}
    return DrawOrder(**{**base, "scheduler": DDIM, **values})


class Decoding(Troubled):
    """Notes how many pictures each call decodes; more than `most` are too many."""

    def __init__(self, inner: Any, most: int = 99) -> None:
        super().__init__(inner, lambda *_: None)
        self.calls: list[int] = []
        self._most = most

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        self.calls.append(len(latents))
        if len(latents) > self._most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self._inner.decode(latents)


def steps_of(harness: StepHarness) -> None:
    while harness.loop.tick():
        pass


def test_pictures_that_end_together_are_decoded_together(harness: StepHarness) -> None:
    family = Decoding(harness.family)
    fresh = harness.fresh(family=family)
    work = fresh.submit(order(count=4))
    steps_of(fresh)
    fresh.postprocessor.run_once()
    assert family.calls == [4]
    assert len(watch_of(work).pngs) == 4


def test_what_is_too_large_together_is_decoded_in_turn(
    harness: StepHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postprocessing, "PIXELS_AT_ONCE", 2 * 64 * 64)
    family = Decoding(harness.family)
    fresh = harness.fresh(family=family)
    work = fresh.submit(order(count=4))
    other = fresh.submit(order(width_px=128, height_px=128))
    steps_of(fresh)
    fresh.postprocessor.run_once()
    assert sorted(family.calls) == [1, 2, 2]
    assert len(watch_of(work).pngs) == 4
    assert len(watch_of(other).pngs) == 1


def test_out_of_memory_decodes_one_by_one(harness: StepHarness) -> None:
    family = Decoding(harness.family, most=1)
    fresh = harness.fresh(family=family)
    work = fresh.submit(order(count=3))
    steps_of(fresh)
    fresh.postprocessor.run_once()
    assert family.calls == [3, 1, 1, 1]
    assert len(watch_of(work).pngs) == 3


def test_who_can_not_be_decoded_even_alone_is_told(harness: StepHarness) -> None:
    fresh = harness.fresh(family=Decoding(harness.family, most=0))
    assert isinstance(watch_of(fresh.draw(order())).error, BackendBusy)


class Torn(Troubled):
    """The first picture of each call comes out with a colour missing."""

    def decode(self, latents: torch.Tensor) -> Any:
        first, *others = self._inner.decode(latents)
        return Pictures([first[:2], *others])


class Pictures(list[torch.Tensor]):
    def clamp(self, least: float, most: float) -> "Pictures":
        return self


def test_a_picture_that_can_not_be_written_takes_nobody_along(harness: StepHarness) -> None:
    fresh = harness.fresh(family=Torn(harness.family, lambda *_: None))
    works = [fresh.submit(order(seed=seed)) for seed in (1, 2, 3)]
    steps_of(fresh)
    fresh.postprocessor.run_once()
    assert isinstance(watch_of(works[0]).error, BackendBroken)
    assert [len(watch_of(work).pngs) for work in works[1:]] == [1, 1]
    assert fresh.postprocessor.failed == 1


def test_nobody_decodes_what_nobody_waits_for(harness: StepHarness) -> None:
    family = Decoding(harness.family)
    fresh = harness.fresh(family=family)
    work = fresh.submit(order())
    steps_of(fresh)
    work.over = True
    fresh.postprocessor.run_once()
    assert family.calls == []


def test_the_checker_flags_a_copy_and_the_picture_stays(checked_folder: Path) -> None:
    checked = StepHarness.of(checked_folder)
    quiet = watch_of(checked.draw(order())).drawn
    checker: Any = checked.family._checker._checker  # type: ignore[attr-defined]
    checker.concept_embeds_weights.data.fill_(-1.0)
    flagged = watch_of(checked.fresh().draw(order())).drawn

    assert quiet is not None
    assert flagged is not None
    assert (quiet.pictures[0].flagged, flagged.pictures[0].flagged) == (False, True)
    assert flagged.pictures[0].png == quiet.pictures[0].png
    image = Image.open(io.BytesIO(flagged.pictures[0].png))
    assert image.getextrema() != ((0, 0), (0, 0), (0, 0))


def test_without_a_checker_nobody_looked(harness: StepHarness) -> None:
    drawn = watch_of(harness.fresh().draw(order())).drawn
    assert drawn is not None
    assert drawn.pictures[0].flagged is None


def test_a_classifier_sees_the_png_and_decides(harness: StepHarness) -> None:
    seen: list[bytes] = []

    def classify(png: bytes) -> bool | None:
        seen.append(png)
        return True

    drawn = watch_of(harness.fresh(classify=classify).draw(order())).drawn
    assert drawn is not None
    assert [picture.png for picture in drawn.pictures] == seen
    assert drawn.pictures[0].flagged is True


@pytest.mark.parametrize(
    ("checked", "classified", "flagged"),
    [
        (None, False, False),
        (None, True, True),
        (False, False, False),
        (False, True, True),
        (False, None, None),
        (True, None, True),
        (True, False, True),
        (None, None, None),
    ],
)
def test_unknown_is_never_the_same_as_safe(
    checked: bool | None, classified: bool | None, flagged: bool | None
) -> None:
    assert verdict(b"", checked=checked, classify=lambda _: classified) is flagged


def test_a_classifier_that_fails_leaves_the_picture_unknown(harness: StepHarness) -> None:
    def classify(png: bytes) -> bool | None:
        raise OSError("no model")

    drawn = watch_of(harness.fresh(classify=classify).draw(order())).drawn
    assert drawn is not None
    assert drawn.pictures[0].flagged is None


def test_progress_rises_to_one_over_all_pictures(harness: StepHarness) -> None:
    shares = watch_of(harness.fresh().draw(order(count=2, steps=4))).shares
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert 4 <= len(shares) <= 8


def test_a_preview_comes_when_wanted_and_not_at_every_step(harness: StepHarness) -> None:
    fresh = harness.fresh()
    work = fresh.submit(order(steps=20, previews=True))
    for _ in range(20):
        fresh.clock.advance(0.3)
        fresh.loop.tick()
        fresh.postprocessor.run_once()

    previews = watch_of(work).previews
    assert 4 <= len(previews) <= 6
    image = Image.open(io.BytesIO(previews[0]))
    assert (image.format, image.size) == ("JPEG", (8, 8))


def test_a_previews_colours_are_fitted_to_the_decoder(harness: StepHarness) -> None:
    """A decoder that is a mixture of colours is found out exactly."""
    mixture = torch.tensor([[0.2, 0.1, 0.0], [0.0, 0.3, -0.1], [0.1, 0.0, 0.2], [0.0, 0.0, 0.1]])

    class Mixing(Troubled):
        def decode(self, latents: torch.Tensor) -> torch.Tensor:
            mixed = torch.einsum("nchw,cd->ndhw", latents, mixture) + 0.5
            return mixed.repeat_interleave(8, 2).repeat_interleave(8, 3)

    colors = harness.fresh(
        family=Mixing(harness.family, lambda *_: None)
    ).postprocessor._latent_colors()

    assert torch.allclose(colors, torch.cat([mixture, torch.full((1, 3), 0.5)]).T, atol=1e-4)


def test_without_previews_nobody_pays_for_them(harness: StepHarness) -> None:
    family = Decoding(harness.family)
    work = harness.fresh(family=family).draw(order(steps=20))
    assert watch_of(work).previews == []
    assert family.calls == [1]


def test_the_runtime_is_the_devices_and_shared_by_who_takes_part(harness: StepHarness) -> None:
    """Two requests in one batch cost half each; waiting costs nothing."""

    class Clocked(Decoding):
        def predict(self, x: Any, t: Any, condition: Any, loras: Any) -> Any:
            fresh.clock.advance(1.0)
            return super().predict(x, t, condition, loras)

        def decode(self, latents: torch.Tensor) -> torch.Tensor:
            fresh.clock.advance(0.5)
            return super().decode(latents)

    fresh = harness.fresh()
    fresh = harness.fresh(family=Clocked(harness.family), fixed_rows=4)
    works = fresh.draw_staggered([order(seed=1), order(seed=2)], [0, 0])

    found = [watch_of(work).drawn for work in works]
    # One step alone, three shared, half a second to be decoded.
    assert [drawn.runtime_ms for drawn in found if drawn] == [3000, 3000]
