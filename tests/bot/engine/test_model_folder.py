"""What is missing is said in a sentence before anything heavy is loaded."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.engine.models.model_folder import inspect
from bot.errors import Misconfigured

ROOT = Path(__file__).parents[3]


def write(folder: Path, *, index: dict[str, Any] | None = None) -> Path:
    """A folder that looks complete from outside."""
    for part, names in {
        "unet": ("config.json", "diffusion_pytorch_model.safetensors"),
        "vae": ("config.json", "diffusion_pytorch_model.safetensors"),
        "text_encoder": ("config.json", "model.safetensors"),
        "tokenizer": ("tokenizer_config.json", "vocab.json", "merges.txt"),
        "scheduler": ("scheduler_config.json",),
    }.items():
        (folder / part).mkdir(parents=True)
        for name in names:
            (folder / part / name).write_text("{}")
    (folder / "unet/config.json").write_text('{"in_channels": 4, "sample_size": 96}')
    record = index or {"_class_name": "StableDiffusionPipeline", "safety_checker": [None, None]}
    (folder / "model_index.json").write_text(json.dumps(record))
    return folder


def problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(Misconfigured) as caught:
        inspect(path)
    return caught.value.problems


def test_a_complete_folder_says_what_it_is(tmp_path: Path) -> None:
    folder = inspect(write(tmp_path / "my-model"))
    assert (folder.name, folder.variant, folder.sample_px) == ("local/my-model", None, 768)
    assert not folder.has_checker


def test_the_name_comes_from_the_folder(tmp_path: Path) -> None:
    cached = tmp_path / "models--runwayml--sd-v1-5" / "snapshots" / "0123abc"
    assert inspect(write(cached)).name == "runwayml/sd-v1-5"
    assert (
        inspect(write(tmp_path / "stable-diffusion-2-1")).name == "stabilityai/stable-diffusion-2-1"
    )
    assert inspect(tmp_path / "stable-diffusion-2-1", "our/own").name == "our/own"


def test_a_hubs_name_is_no_folder_and_nothing_is_fetched() -> None:
    assert problems(Path("stabilityai/stable-diffusion-2-1")) == (
        (
            "stabilityai/stable-diffusion-2-1 is no folder on this machine. "
            "The engine fetches nothing from the net: download the model and give its path."
        ),
    )


def test_a_folder_of_something_else_is_named_so(tmp_path: Path) -> None:
    assert problems(tmp_path) == (
        f"{tmp_path} has no model_index.json: it is not a model in diffusers' layout.",
    )


def test_another_family_is_refused_by_name(tmp_path: Path) -> None:
    folder = write(tmp_path / "xl", index={"_class_name": "StableDiffusionXLPipeline"})
    assert problems(folder) == (
        (
            f"{folder} holds a StableDiffusionXLPipeline; the engine draws with "
            "Stable Diffusion 1 and 2."
        ),
    )


def test_an_inpainting_model_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "inpainting")
    (folder / "unet/config.json").write_text('{"in_channels": 9}')
    assert problems(folder) == (
        f"{folder} is made for inpainting or depth; the engine draws with text-to-image models.",
    )


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "model")
    (folder / "unet/diffusion_pytorch_model.safetensors").unlink()
    (folder / "tokenizer/tokenizer_config.json").unlink()
    assert problems(folder) == (
        (
            f"{folder}/unet/diffusion_pytorch_model.safetensors is missing: "
            "the weights of this part are not there."
        ),
        f"{folder}/tokenizer/tokenizer_config.json is missing: the model's folder is incomplete.",
    )


def test_a_tokenizer_without_words_is_noticed(tmp_path: Path) -> None:
    """It would load, and every prompt would be the same one."""
    folder = write(tmp_path / "model")
    (folder / "tokenizer/merges.txt").unlink()
    assert problems(folder) == (
        f"{folder}/tokenizer/merges.txt is missing: the model would know no word.",
    )
    (folder / "tokenizer/tokenizer.json").write_text("{}")
    assert inspect(folder).name == "local/model"


def test_libraries_that_do_not_fit_each_other_are_said_so(tmp_path: Path) -> None:
    """In a Python whose torch breaks as it is imported."""
    folder = write(tmp_path / "model")
    (tmp_path / "torch.py").write_text("raise RuntimeError('built for\\nanother machine')")
    code = (
        "from pathlib import Path\n"
        "from bot.engine import loader\n"
        "from bot.engine.runtime.options import EngineOptions\n"
        "from bot.errors import Misconfigured\n"
        "loader.LIBRARIES = ()\n"
        f"try: loader.open_engine(EngineOptions(model=Path({str(folder)!r})))\n"
        "except Misconfigured as error: print(error)\n"
    )
    done = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (
        "The engine's libraries can't be imported: RuntimeError: built for another machine. "
        "Bring them up to date: pip install --upgrade 'limner[engine]'\n"
    )


def test_a_broken_index_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "model")
    (folder / "model_index.json").write_text("{")
    assert problems(folder) == (f"{folder}/model_index.json can't be read as JSON.",)


def test_weights_of_half_precision_alone_are_found(tmp_path: Path) -> None:
    folder = write(tmp_path / "half")
    for name in ("unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model"):
        (folder / f"{name}.safetensors").rename(folder / f"{name}.fp16.safetensors")
    assert inspect(folder).variant == "fp16"


def test_a_checker_counts_where_the_index_names_one(tmp_path: Path) -> None:
    index = {
        "_class_name": "StableDiffusionPipeline",
        "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
    }
    folder = write(tmp_path / "checked", index=index)
    extractor = "feature_extractor/preprocessor_config.json"
    assert problems(folder) == (
        f"{folder}/safety_checker/config.json is missing: the model's folder is incomplete.",
        f"{folder}/{extractor} is missing: the model's folder is incomplete.",
    )
    for name in ("safety_checker/config.json", "safety_checker/model.safetensors", extractor):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("{}")
    assert inspect(folder).has_checker


def test_what_is_not_installed_is_named_with_the_command_that_helps(tmp_path: Path) -> None:
    """In a Python that has none of the engine's libraries."""
    folder = write(tmp_path / "model")
    code = (
        "import importlib.util, sys\n"
        "from pathlib import Path\n"
        "from bot.engine import loader\n"
        "from bot.engine.runtime.options import EngineOptions\n"
        "from bot.errors import Misconfigured\n"
        "loader.LIBRARIES = ('no_such_library',)\n"
        f"try: loader.open_engine(EngineOptions(model=Path({str(folder)!r})))\n"
        "except Misconfigured as error: print(error)\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "The engine needs no_such_library, which this Python doesn't have. "
        "Install it with: pip install 'limner[engine]' "
        "(in a checkout: .venv/bin/pip install --editable '.[engine]')\n"
        "False\n"
    )
