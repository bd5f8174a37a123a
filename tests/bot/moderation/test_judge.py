"""What a picture was drawn from counts with the picture."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.job_view import Phase
from bot.domain.moderation_policy import Look
from tests.support.bot_harness import bot_harness, prompted

SIDE_PX = 128


class OfTheStart:
    """Implements ports.Classifier: doubts starting images by `score`, and nothing that is drawn."""

    def __init__(self, score: float) -> None:
        self.score = score

    async def look(self, data: bytes, *, scored: bool) -> Look:
        with Image.open(io.BytesIO(data)) as picture:
            is_start = picture.size == (SIDE_PX, SIDE_PX)
        return Look(source="classifier", score=self.score if is_start and scored else 0.0)


@pytest.mark.parametrize(
    ("score", "phase"), [(0.1, Phase.DONE), (0.5, Phase.IN_REVIEW), (0.9, Phase.IN_REVIEW)]
)
async def test_a_doubtful_starting_image_makes_its_pictures_doubtful(
    tmp_path: Path, score: float, phase: Phase
) -> None:
    file = io.BytesIO()
    Image.new("RGB", (SIDE_PX, SIDE_PX), "red").save(file, "PNG")
    async with bot_harness(tmp_path, classifier=OfTheStart(score)) as core:
        view = await core.imagine(request=prompted(image=file.getvalue()))
        assert (await core.finished(view)).phase is phase
