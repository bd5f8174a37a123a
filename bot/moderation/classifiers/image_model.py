"""An image classifier of the owner's own: a folder as Hugging Face's tools export it, with ONNX.

config.json names the labels, preprocessor_config.json says how a picture is made ready (timm's
models say both in config.json), model.onnx or onnx/model.onnx is the network. Nothing is fetched.
Source: https://huggingface.co/docs/transformers/main_classes/image_processor
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from bot.errors import Misconfigured

# Labels that the usual classifiers have, in lower case, whose meaning is beyond doubt.
UNSAFE = frozenset(
    {"nsfw", "porn", "pornography", "hentai", "sexy", "explicit", "unsafe", "nude", "nudity"}
    | {"sexual", "erotic", "adult"}
)
SAFE = frozenset(
    {"sfw", "safe", "normal", "neutral", "drawing", "drawings", "clean", "benign"}
    | {"non_nsfw", "not_nsfw", "safe_for_work"}
)
CONFIG_MAX_BYTES = 1024 * 1024
# Larger inputs are none that a classifier has, but a typing error that would fill the memory.
SIDE_MAX_PX = 2048
RESAMPLE = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "box": 4, "hamming": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preprocessing:
    """From a picture to a tensor. Sizes are (width, height)."""

    size_px: tuple[int, int] | None  # None where only the shortest edge is given
    shortest_px: int | None
    crop_px: tuple[int, int] | None
    resample: int  # a value of PIL.Image.Resampling
    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageModel:
    """A model as its folder describes it; the network itself is loaded where it runs."""

    file: Path
    name: str
    labels: tuple[str, ...]
    unsafe: tuple[bool, ...]  # by label
    independent: bool  # several labels may hold at once
    preprocessing: Preprocessing = field(repr=False)


def read_model(folder: Path, meanings: Mapping[str, bool]) -> ImageModel:
    """What a folder says of its model; `meanings` tells which further labels are unsafe.

    Raises Misconfigured, which names the variable to set.
    """
    file = next(
        (f for f in (folder / "model.onnx", folder / "onnx/model.onnx") if f.is_file()), None
    )
    if file is None:
        raise _wrong(folder, "has neither model.onnx nor onnx/model.onnx")
    try:
        config = _json(folder / "config.json")
        labels = _labels(config)
        path = folder / "preprocessor_config.json"
        preprocessing = _of_transformers(_json(path)) if path.exists() else _of_timm(config)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _wrong(folder, f"can't be read ({type(error).__name__}: {error})") from None
    return ImageModel(
        file=file,
        name=folder.name,
        labels=labels,
        unsafe=_unsafe(folder, labels, meanings),
        independent=config.get("problem_type") == "multi_label_classification",
        preprocessing=preprocessing,
    )


def _wrong(folder: Path, why: str) -> Misconfigured:
    return Misconfigured((f"MODERATION_MODEL names {folder}, but that folder {why}.",))


def _json(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        found = json.loads(file.read(CONFIG_MAX_BYTES))
    if not isinstance(found, dict):
        raise TypeError(f"{path.name} is no object")
    return found


def _labels(config: Mapping[str, Any]) -> tuple[str, ...]:
    """By their index in the answer."""
    if "id2label" in config:
        by_id = {int(index): str(label) for index, label in config["id2label"].items()}
        return tuple(by_id[index] for index in range(len(by_id)))
    listed = config.get("label_names") or config.get("labels")
    if not isinstance(listed, list) or not listed:
        raise KeyError("id2label")
    return tuple(map(str, listed))


def _unsafe(
    folder: Path, labels: tuple[str, ...], meanings: Mapping[str, bool]
) -> tuple[bool, ...]:
    """Whether each label is unsafe. Raises Misconfigured for those that nobody knows."""
    known = dict.fromkeys(UNSAFE, True) | dict.fromkeys(SAFE, False)
    known |= {_plain(label): is_unsafe for label, is_unsafe in meanings.items()}
    names = [_plain(label) for label in labels]
    if strange := [label for label, name in zip(labels, names, strict=True) if name not in known]:
        example = ",".join(f"{label}=unsafe" for label in strange)
        raise _wrong(
            folder,
            f"has labels whose meaning is not known: {', '.join(strange)}. "
            f"Say it in MODERATION_LABELS, like {example} (or =safe)",
        )
    if len({known[name] for name in names}) < 2:  # noqa: PLR2004  (safe ones and unsafe ones)
        raise _wrong(folder, f"tells nothing apart: its labels are {', '.join(labels)}")
    return tuple(known[name] for name in names)


def _plain(label: str) -> str:
    return label.strip().casefold().replace(" ", "_").replace("-", "_")


def _of_transformers(config: Mapping[str, Any]) -> Preprocessing:
    size, shortest = (
        _size(config.get("size", 224)) if config.get("do_resize", True) else (None, None)
    )
    crop = None
    if config.get("do_center_crop"):
        crop, edge = _size(config.get("crop_size", 224))
        crop = crop or (edge, edge) if edge else crop
    if shortest and "crop_pct" in config:  # ConvNeXT: a margin is cut off after resizing
        crop, shortest = (shortest, shortest), int(shortest / float(config["crop_pct"]))
    normalize = config.get("do_normalize", True)
    rescale = config.get("do_rescale", True)
    return _checked(
        size_px=size,
        shortest_px=shortest,
        crop_px=crop,
        resample=int(config.get("resample", RESAMPLE["bilinear"])),
        scale=float(config.get("rescale_factor", 1 / 255)) if rescale else 1.0,
        mean=_three(config.get("image_mean", 0.5)) if normalize else (0.0,) * 3,
        std=_three(config.get("image_std", 0.5)) if normalize else (1.0,) * 3,
    )


def _of_timm(config: Mapping[str, Any]) -> Preprocessing:
    """As timm's models say it. Source: https://huggingface.co/docs/timm/reference/data"""
    how = config["pretrained_cfg"]
    _, height, width = how["input_size"]
    share = float(how.get("crop_pct", 0.875))
    squash = how.get("crop_mode") == "squash"
    return _checked(
        size_px=(int(width / share), int(height / share)) if squash else None,
        shortest_px=None if squash else int(min(width, height) / share),
        crop_px=(int(width), int(height)),
        resample=RESAMPLE[how.get("interpolation", "bicubic")],
        scale=1 / 255,
        mean=_three(how["mean"]),
        std=_three(how["std"]),
    )


def _size(size: Any) -> tuple[tuple[int, int] | None, int | None]:
    """(width, height), or the shortest edge."""
    if isinstance(size, Mapping):
        if "shortest_edge" in size:
            return None, int(size["shortest_edge"])
        return (int(size["width"]), int(size["height"])), None
    return (int(size), int(size)), None


def _three(value: Any) -> tuple[float, ...]:
    return (float(value),) * 3 if isinstance(value, int | float) else tuple(map(float, value))


def _checked(**fields: Any) -> Preprocessing:
    how = Preprocessing(**fields)
    sides = (*(how.size_px or ()), *(how.crop_px or ()), how.shortest_px or 1)
    if not all(0 < side <= SIDE_MAX_PX for side in sides):
        raise ValueError("sizes are from 1 to 2048 px")
    if not len(how.mean) == len(how.std) == 3 or 0.0 in how.std:  # noqa: PLR2004  (red, green, blue)
        raise ValueError("image_mean and image_std are three numbers")
    Image.Resampling(how.resample)
    return how


# --- where it runs: a worker process -------------------------------------------------------------


def score(model: ImageModel, image: Image.Image) -> float:
    """How unsafe an RGB picture is, from 0 to 1. Raises what the libraries raise, ValueError."""
    import numpy as np  # noqa: PLC0415  (in the worker alone)

    session = _session(model.file)
    answer = session.run(None, {session.get_inputs()[0].name: tensor(model.preprocessing, image)})
    shares = probabilities(np.asarray(answer[0], dtype=np.float64), independent=model.independent)
    if shares.shape != (len(model.labels),) or not np.isfinite(shares).all():
        raise ValueError(f"{model.name} answered {shares.shape} for {len(model.labels)} labels")
    unsafe = shares[list(model.unsafe)]
    return float(min(unsafe.max() if model.independent else unsafe.sum(), 1.0))


def tensor(how: Preprocessing, image: Image.Image) -> Any:
    """(1, 3, height, width) float32."""
    import numpy as np  # noqa: PLC0415  (in the worker alone)

    small = _cropped(how, _resized(how, image))
    pixels = np.asarray(small, dtype=np.float32) * how.scale
    ready = (pixels - np.asarray(how.mean, np.float32)) / np.asarray(how.std, np.float32)
    return np.ascontiguousarray(ready.transpose(2, 0, 1)[None], dtype=np.float32)


def _resized(how: Preprocessing, image: Image.Image) -> Image.Image:
    size = how.size_px
    if how.shortest_px is not None:
        # A strip of a picture keeps its shape, but not beyond what the memory is made for.
        factor = how.shortest_px / min(image.size)
        width, height = (max(1, min(round(s * factor), 4 * SIDE_MAX_PX)) for s in image.size)
        size = (width, height)
    return image if size is None else image.resize(size, Image.Resampling(how.resample))


def _cropped(how: Preprocessing, image: Image.Image) -> Image.Image:
    if how.crop_px is None:
        return image
    left, top = ((has - wants) // 2 for has, wants in zip(image.size, how.crop_px, strict=True))
    return image.crop((left, top, left + how.crop_px[0], top + how.crop_px[1]))


def probabilities(answer: Any, *, independent: bool) -> Any:
    """Shares from 0 to 1 of (1, n) or (n,) logits, or of what are shares already."""
    import numpy as np  # noqa: PLC0415  (in the worker alone)

    values = answer.reshape(-1)
    within = bool((values >= 0).all() and (values <= 1).all())
    if within and (independent or abs(values.sum() - 1) < 0.001):  # noqa: PLR2004  (rounding)
        return values
    if independent:
        return 1 / (1 + np.exp(-values))
    powers = np.exp(values - values.max())
    return powers / powers.sum()


@cache
def _session(file: Path) -> Any:
    import onnxruntime  # noqa: PLC0415  (in the worker alone)

    options = onnxruntime.SessionOptions()
    # One picture after another on one core: the bot's own loop keeps the others.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(file), sess_options=options, providers=["CPUExecutionProvider"]
    )


@cache
def version(file: Path) -> str:
    """The beginning of the network's sha256: a name doesn't tell one export from another."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:12]
