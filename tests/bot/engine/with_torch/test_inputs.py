"""Everything that a request may say, and every trap that the stock pipelines have."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from bot.engine.batching.canvas import DrawOrder
from bot.engine.models import loras
from bot.engine.runtime.images import as_image, starting_picture
from bot.images.codec import PictureRefused
from tests.bot.engine.with_torch.schedulers import scheduler_called
from tests.bot.engine.with_torch.step_harness import StepHarness, watch_of
from tests.bot.engine.with_torch.stock_pipelines import Stock, difference

DDIM = scheduler_called("DDIM")


def order(**values: Any) -> DrawOrder:
    base = {"prompt": "the cat", "width_px": 64, "height_px": 64, "steps": 5, "seed": 1}
    return DrawOrder(**{**base, "scheduler": DDIM, **values})


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def noise(mode: str, size: tuple[int, int] = (64, 64)) -> Image.Image:
    generator = torch.Generator().manual_seed(3)
    pixels = torch.randint(0, 256, (size[1], size[0], 3), generator=generator, dtype=torch.uint8)
    image = Image.frombytes("RGB", size, pixels.numpy().tobytes())
    return image.convert(mode)


def pixels_of(png: bytes) -> torch.Tensor:
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).int()


def test_the_picture_is_the_stock_pipelines_to_the_last_bit_of_a_colour(
    harness: StepHarness, stock: Stock
) -> None:
    png = watch_of(harness.fresh().draw(order())).pngs[0]
    wanted = encoded(stock.image(order()))
    assert int((pixels_of(png) - pixels_of(wanted)).abs().max()) <= 1


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "RGB", "1", "LA"])
def test_a_starting_picture_may_have_any_mode(harness: StepHarness, mode: str) -> None:
    picture = starting_picture(encoded(noise(mode)), 64, 64)
    work = harness.fresh().draw(order(picture=picture, strength=0.5))
    assert watch_of(work).drawn


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_starting_picture_may_be_of_each_type(kind: str) -> None:
    assert starting_picture(encoded(noise("RGB"), kind), 64, 64).shape == (3, 64, 64)


def test_a_starting_picture_of_an_odd_size_gets_the_requests(harness: StepHarness) -> None:
    picture = starting_picture(encoded(noise("RGB", (70, 175))), 128, 64)
    assert picture.shape == (3, 64, 128)
    png = watch_of(harness.fresh().draw(order(picture=picture, width_px=128))).pngs[0]
    assert Image.open(io.BytesIO(png)).size == (128, 64)


def test_a_starting_picture_is_cropped_and_never_squeezed() -> None:
    tall = Image.new("RGB", (64, 128), "white")
    tall.paste("black", (0, 0, 64, 32))
    tall.paste("black", (0, 96, 64, 128))
    assert starting_picture(encoded(tall), 64, 64).min() == 1.0


def test_a_starting_picture_lies_upright() -> None:
    image = Image.new("RGB", (64, 64), "black")
    image.paste("white", (0, 0, 64, 32))
    exif = Image.Exif()
    exif[0x0112] = 3  # orientation: upside down
    buffer = io.BytesIO()
    image.save(buffer, "PNG", exif=exif)
    picture = starting_picture(buffer.getvalue(), 64, 64)
    assert (picture[0, 0, 0], picture[0, -1, 0]) == (-1.0, 1.0)


def test_what_is_no_picture_is_refused_by_its_reason() -> None:
    with pytest.raises(PictureRefused, match="not_a_picture"):
        starting_picture(b"GIF89a", 64, 64)
    with pytest.raises(PictureRefused, match="damaged"):
        starting_picture(encoded(noise("RGB"))[:200], 64, 64)


@pytest.mark.parametrize("strength", [0.0, 0.1, 0.19])
def test_a_strength_that_leaves_no_step_gives_the_picture_back(
    harness: StepHarness, strength: float
) -> None:
    """The stock pipeline crashes here."""
    picture = starting_picture(encoded(noise("RGB")), 64, 64)
    work = harness.fresh().draw(order(picture=picture, strength=strength))

    assert watch_of(work).drawn
    with torch.inference_mode():
        posterior = harness.family.posterior(picture)
    wanted = posterior(torch.Generator().manual_seed(1))
    assert torch.equal(work.canvases[0].latents, wanted)


def test_strength_one_begins_with_noise_alone_as_the_stock_pipeline_does(
    harness: StepHarness, stock: Stock
) -> None:
    wanted = order(picture=starting_picture(encoded(noise("RGB")), 64, 64), strength=1.0)
    found = harness.fresh().draw(wanted).canvases[0]
    assert found.steps == 5
    assert difference(found.latents, stock.latents(wanted)) < 2e-5


def test_guidance_up_to_one_takes_one_row_and_no_negative(
    harness: StepHarness, stock: Stock
) -> None:
    for guidance, rows in ((0.5, 1), (1.0, 1), (1.01, 2)):
        wanted = order(guidance=guidance, negative="dog")
        found = harness.fresh().draw(wanted).canvases[0]
        assert found.rows == rows
        assert difference(found.latents, stock.latents(wanted)) < 2e-5


def test_a_prompt_without_weights_means_the_same_with_compel(harness: StepHarness) -> None:
    plain = harness.fresh().draw(order()).canvases[0].latents
    assert torch.equal(harness.fresh().draw(order(weighted=True)).canvases[0].latents, plain)


def test_weights_change_the_picture(harness: StepHarness) -> None:
    plain = harness.fresh().draw(order(prompt="the cat", weighted=True)).canvases[0].latents
    for prompt in ("the cat++", "the (cat)1.5", "the cat--"):
        found = harness.fresh().draw(order(prompt=prompt, weighted=True)).canvases[0].latents
        assert difference(found, plain) > 1e-3


@pytest.mark.parametrize(
    "prompt", ["(((cat", "the cat)", '("cat", "dog").blend(0.7, 0.3)', "+++", "\\"]
)
def test_odd_weights_are_drawn_all_the_same(harness: StepHarness, prompt: str) -> None:
    assert watch_of(harness.fresh().draw(order(prompt=prompt, weighted=True))).drawn


def test_a_long_weighted_prompt_counts_in_full_and_a_plain_one_as_in_the_stock_pipeline(
    harness: StepHarness, stock: Stock
) -> None:
    long = order(prompt="the cat and the dog " * 40)
    found = harness.fresh().draw(long).canvases[0]
    assert found.condition["encoder_hidden_states"].shape[0] == 77
    assert difference(found.latents, stock.latents(long)) < 2e-5

    weighted = harness.fresh().draw(order(prompt="the cat and the dog " * 40, weighted=True))
    length = weighted.canvases[0].condition["encoder_hidden_states"].shape[0]
    assert length > 77
    assert length % 77 == 0
    assert watch_of(weighted).drawn


def test_the_most_steps_are_drawn(harness: StepHarness) -> None:
    assert harness.fresh().draw(order(steps=512)).canvases[0].k == 512


def test_prompts_are_encoded_once(tiny_folder: Path) -> None:
    harness = StepHarness.of(tiny_folder)
    encoder: Any = harness.family._text._pipe.text_encoder  # type: ignore[attr-defined]
    calls = []
    encoder.register_forward_hook(lambda *_: calls.append(1))
    for seed in range(3):
        harness.draw(order(prompt="the cat", negative="dog", seed=seed, count=2, steps=1))
    assert len(calls) == 2


def test_a_lora_changes_the_picture_and_leaves_with_its_request(harness: StepHarness) -> None:
    before = harness.fresh().draw(order()).canvases[0].latents
    ink = harness.fresh().draw(order(lora="ink")).canvases[0].latents
    oil = harness.fresh().draw(order(lora="oil")).canvases[0].latents
    after = harness.fresh().draw(order()).canvases[0].latents
    assert difference(ink, before) > 1e-3
    assert difference(ink, oil) > 1e-3
    assert torch.equal(before, after)


def test_weights_in_the_layout_of_other_trainers_are_the_same_weights(
    tiny_folder: Path, lora_folder: Path, tmp_path: Path
) -> None:
    """lora_unet_….lora_down.weight with an alpha, as kohya's trainer writes them."""
    ours = load_file(lora_folder / "ink.safetensors")
    theirs: dict[str, torch.Tensor] = {}
    for name, weight in ours.items():
        body, side = re.fullmatch(r"unet\.(.+)\.lora\.(up|down)\.weight", name).groups()  # type: ignore[union-attr]
        stem = "lora_unet_" + body.replace(".", "_")
        theirs[f"{stem}.lora_{side}.weight"] = weight.contiguous()
        theirs[f"{stem}.alpha"] = torch.tensor(4.0)
    save_file(theirs, tmp_path / "ink.safetensors")

    wanted = order(lora="ink")
    found = [StepHarness.of(tiny_folder, folder).draw(wanted) for folder in (lora_folder, tmp_path)]

    assert torch.equal(found[0].canvases[0].latents, found[1].canvases[0].latents)


def test_weighted_words_are_those_of_their_own_lora(harness: StepHarness, stock: Stock) -> None:
    """compel remembers how the empty prompt looks, which differs by LoRA."""
    for lora in ("oil", "", "oil", "ink"):
        wanted = order(prompt="the cat++", negative="dog", weighted=True, lora=lora)
        found = harness.fresh().draw(wanted).canvases[0].latents
        assert difference(found, stock.latents(wanted)) < 2e-5


def test_weights_that_nobody_wears_make_room(
    tiny_folder: Path, lora_folder: Path, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loras, "LOADED_MAX", 1)
    harness = StepHarness.of(tiny_folder, lora_folder)
    wanted = [order(lora=name, seed=seed) for seed, name in enumerate(("ink", "oil", "ink"))]

    for one in wanted:
        found = harness.draw(one).canvases[0].latents
        assert difference(found, stock.latents(one)) < 2e-5
        assert harness.loras.loaded == 1
    assert len(harness.family._unet.peft_config) == 1  # type: ignore[attr-defined]

    works = harness.draw_staggered(wanted, [0, 1, 1])  # all three worn at once: nobody is undressed
    for work in works:
        assert difference(work.canvases[0].latents, stock.latents(work.order)) < 2e-5


def test_a_picture_is_rounded_and_clamped_as_the_stock_pipelines_do() -> None:
    picture = torch.tensor([-0.2, 0.0, 0.4999 / 255, 0.5001 / 255, 0.999, 1.7]).reshape(1, 1, 6)
    image = as_image(picture.expand(3, 1, 6))
    assert [image.getpixel((x, 0)) for x in range(6)] == [
        (value, value, value) for value in (0, 0, 0, 1, 255, 255)
    ]
