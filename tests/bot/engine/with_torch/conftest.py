"""The tiny model, built once, and an engine's parts around it."""

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import StableDiffusionPipeline

from tests.bot.engine.with_torch.step_harness import StepHarness
from tests.bot.engine.with_torch.stock_pipelines import Stock
from tests.bot.engine.with_torch.tiny_model import build, write_lora

# With more, a busy machine waits for its own threads: 12 s instead of 0.4.
torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Stable Diffusion 2.1 with random weights, in the layout of the real one."""
    return build(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def checked_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a safety checker."""
    return build(tmp_path_factory.mktemp("models") / "checked", safety=True)


@pytest.fixture(scope="session")
def lora_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two LoRAs that fit, one of them for the text as well, and one that doesn't."""
    folder = tmp_path_factory.mktemp("loras")
    write_lora(folder, "ink", seed=1)
    write_lora(folder, "oil", seed=2, words=True)
    write_lora(folder, "of another model", seed=3, cross_attention_dim=48)
    return folder


@pytest.fixture(scope="session")
def stock(tiny_folder: Path, lora_folder: Path) -> Stock:
    return Stock(tiny_folder, lora_folder)


@pytest.fixture(scope="session")
def scheduler(tiny_folder: Path) -> Any:
    """The tiny model's own: DDIM, as SD 2.1 has it."""
    return StableDiffusionPipeline.from_pretrained(tiny_folder, local_files_only=True).scheduler


@pytest.fixture(scope="session")
def harness(tiny_folder: Path, lora_folder: Path) -> StepHarness:
    return StepHarness.of(tiny_folder, lora_folder)


@pytest.fixture(scope="session")
def fixed_harness(tiny_folder: Path, lora_folder: Path) -> StepHarness:
    """Every step has eight rows."""
    return StepHarness.of(tiny_folder, lora_folder, fixed_rows=8)
