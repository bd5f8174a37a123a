"""`limner moderation measure`: how the classifiers do on pictures of the owner's own."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.cli.output import answer, refuse
from bot.config.settings import Settings
from bot.domain.moderation_policy import FLAGGED_FROM, UNSURE_FROM
from bot.errors import BotError
from bot.images.codec import PictureRefused
from bot.images.worker_pool import PictureWorker
from bot.moderation import classifier
from bot.moderation.classifiers.image_model import ImageModel
from bot.wording.parts import pictures

THRESHOLDS = (0.1, 0.2, UNSURE_FROM, 0.4, 0.5, 0.6, 0.7, FLAGGED_FROM, 0.9)
TOGETHER = "together"
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores of one picture by the names of the models, the hardest as TOGETHER."""

    unsafe: bool
    scores: dict[str, float]


def measure(settings: Settings, safe: Path, unsafe: Path) -> None:
    models = classifier.read_models(settings.moderation_model, dict(settings.moderation_labels))
    if not models:
        refuse("There is no classifier here: pip install 'limner[moderation]'")
    files = [
        (path, is_unsafe)
        for folder, is_unsafe in ((safe, False), (unsafe, True))
        for path in _pictures(folder)
    ]
    if not files:
        refuse(f"There are no pictures in {safe} or {unsafe} (PNG, JPEG, WebP).")
    begun = time.perf_counter()
    measured, unread = asyncio.run(_measured(models, files))
    took_ms = 1_000 * (time.perf_counter() - begun) / len(files)
    answer(*report(measured))
    answer(f"{pictures(len(measured))}, {took_ms:.0f} ms each; {unread} could not be read.")


def folders_of(folder: Path, unsafe: Path | None) -> tuple[Path, Path]:
    """Where the safe and the unsafe pictures are."""
    return (folder / "safe", folder / "unsafe") if unsafe is None else (folder, unsafe)


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


async def _measured(
    models: Sequence[ImageModel | None], files: Sequence[tuple[Path, bool]]
) -> tuple[list[Measured], int]:
    """What the models say of each file, and how many could not be read."""
    worker, measured = PictureWorker(processes=1), []
    try:
        for path, unsafe in files:
            try:
                data = await asyncio.to_thread(path.read_bytes)
                scores = await worker.run(
                    classifier.scores, tuple(models), data, timeout_s=classifier.LOOK_TIMEOUT_S
                )
            except (BotError, PictureRefused, OSError) as error:
                answer(f"{path}: {type(error).__name__}")
                continue
            measured.append(Measured(unsafe, {**scores, TOGETHER: max(scores.values())}))
    finally:
        await worker.close()
    return measured, len(files) - len(measured)


def report(measured: Sequence[Measured]) -> Iterator[str]:
    """A table for each model: hits and false alarms from each threshold on."""
    names = list(measured[0].scores) if measured else []
    if len(names) == 2:  # noqa: PLR2004  (one model is the same as all together)
        names.remove(TOGETHER)
    for name in names:
        yield f"{name}:"
        yield "  from   hits of the unsafe   false alarms of the safe"
        for threshold in THRESHOLDS:
            hits = _share([m for m in measured if m.unsafe], name, threshold)
            alarms = _share([m for m in measured if not m.unsafe], name, threshold)
            yield f"  {threshold:.1f}    {hits:<20} {alarms}{_MEANING.get(threshold, '')}"


_MEANING = {UNSURE_FROM: "   ← unsure", FLAGGED_FROM: "   ← flagged"}


def _share(measured: Sequence[Measured], name: str, threshold: float) -> str:
    if not measured:
        return "none there"
    count = sum(each.scores[name] >= threshold for each in measured)
    return f"{count} of {len(measured)} ({count / len(measured):.1%})"
