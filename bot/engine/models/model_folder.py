"""Whether a folder holds a model that can be drawn with, said before anything heavy is loaded."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import Misconfigured

# The families whose denoiser is known; see `family.py`.
PIPELINES = ("StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline")
LATENT_CHANNELS = 4
# Parts of the pipeline → the config that each must have, and how its weights' files begin.
_PARTS: dict[str, tuple[str, ...]] = {
    "unet": ("config.json", "diffusion_pytorch_model"),
    "vae": ("config.json", "diffusion_pytorch_model"),
    "text_encoder": ("config.json", "model", "pytorch_model"),
    "tokenizer": ("tokenizer_config.json",),
    "scheduler": ("scheduler_config.json",),
}
_CHECKER: dict[str, tuple[str, ...]] = {
    "safety_checker": ("config.json", "model", "pytorch_model"),
    "feature_extractor": ("preprocessor_config.json",),
}
# A tokenizer needs one of these sets of files: without any it loads, but knows no word.
_VOCABULARIES = (("vocab.json", "merges.txt"), ("tokenizer.json",))
_WEIGHTS = (".safetensors", ".bin")
_SNAPSHOTS = "snapshots"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolder:
    """A complete folder. `variant` is "fp16" where only such weights are there.

    `sample_px` is the side that the model was trained at.
    """

    path: Path
    name: str
    variant: str | None
    sample_px: int
    has_checker: bool


def inspect(path: Path, name: str = "") -> ModelFolder:
    """Look `path` over without torch. Raises Misconfigured with everything that is missing."""
    index = _index(path)
    problems, variants = [], set()
    for part, (config, *stems) in {**_PARTS, **_checker(index)}.items():
        if not (path / part / config).is_file():
            problems.append(f"{path / part / config} is missing: the model's folder is incomplete.")
        elif stems:
            variant = _variant(path / part, stems)
            if variant is None:
                where = path / part / f"{stems[0]}.safetensors"
                problems.append(f"{where} is missing: the weights of this part are not there.")
            else:
                variants.add(variant)
    problems += _vocabulary_missing(path / "tokenizer")
    if problems:
        raise Misconfigured(tuple(problems))
    unet = _read(path / "unet" / "config.json")
    if unet.get("in_channels") != LATENT_CHANNELS:
        text = (
            f"{path} is made for inpainting or depth; the engine draws with text-to-image models."
        )
        raise Misconfigured((text,))
    return ModelFolder(
        path=path,
        name=name or _name(path),
        variant="fp16" if "fp16" in variants else None,
        sample_px=8 * int(unet.get("sample_size") or 64),
        has_checker="safety_checker" in _checker(index),
    )


def _index(path: Path) -> dict[str, Any]:
    if not path.is_dir():
        why = f"{path} is no folder on this machine."
        if not path.exists() and not path.is_absolute():
            why += " The engine fetches nothing from the net: download the model and give its path."
        raise Misconfigured((why,))
    if not (path / "model_index.json").is_file():
        text = f"{path} has no model_index.json: it is not a model in diffusers' layout."
        raise Misconfigured((text,))
    index = _read(path / "model_index.json")
    pipeline = index.get("_class_name")
    if pipeline not in PIPELINES:
        text = f"{path} holds a {pipeline}; the engine draws with Stable Diffusion 1 and 2."
        raise Misconfigured((text,))
    return index


def _checker(index: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """The safety checker counts only where the index names one: [null, null] means none."""
    return _CHECKER if any(index.get("safety_checker") or ()) else {}


def _vocabulary_missing(tokenizer: Path) -> list[str]:
    """A sentence for each file that is missing of the usual vocabulary, if there is none at all."""
    if any(all((tokenizer / name).is_file() for name in names) for names in _VOCABULARIES):
        return []
    return [
        f"{tokenizer / name} is missing: the model would know no word."
        for name in _VOCABULARIES[0]
        if not (tokenizer / name).is_file()
    ]


def _variant(part: Path, stems: list[str]) -> str | None:
    """Which weights `part` has: "" plain ones, "fp16" only those, None none at all."""
    names = [file.name for file in part.iterdir() if file.suffix in _WEIGHTS]
    ours = [name for name in names if name.startswith(tuple(stems))]
    if not ours:
        return None
    return "fp16" if all(".fp16" in name for name in ours) else ""


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError):
        record = None
    if not isinstance(record, dict):
        raise Misconfigured((f"{path} can't be read as JSON.",))
    return record


def _name(path: Path) -> str:
    """`org/model` of a folder in the hub's cache, else the folder's own name under local/."""
    parts = path.resolve().parts
    if _SNAPSHOTS in parts:
        cached = parts[parts.index(_SNAPSHOTS) - 1]
        if cached.startswith("models--"):
            return cached.removeprefix("models--").replace("--", "/")
    own = path.resolve().name
    if own in ("stable-diffusion-2-1", "stable-diffusion-2-1-base"):
        return f"stabilityai/{own}"
    return f"local/{own}"
