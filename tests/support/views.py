"""A result as everybody sees it, with what a test changes of it."""

from datetime import UTC, datetime
from typing import Any

from bot.domain.job import Action
from bot.domain.job_view import JobView, Phase, PictureView, Progress


def picture_view(number: int = 1, **changes: Any) -> PictureView:
    usual = {
        "sha256": "0" * 64,
        "media_type": "image/png",
        "size_bytes": 1_000,
        "width_px": 768,
        "height_px": 512,
        "spoiler": False,
        "alt": "a cat",
    }
    return PictureView(number=number, **{**usual, **changes})


def job_view(**changes: Any) -> JobView:
    """One picture of a cat, done and paid."""
    usual = {
        "key": "k" * 16,
        "public_id": "abcd1234",
        "revision": 4,
        "phase": Phase.DONE,
        "progress": Progress(),
        "platform": "web",
        "community": "local",
        "person": "owner",
        "name": "Owner",
        "private": False,
        "action": Action.IMAGINE,
        "parent_id": None,
        "prompt": "a cat",
        "options": {},
        "asked_model": "stabilityai/stable-diffusion-2-1",
        "model": "stabilityai/stable-diffusion-2-1",
        "sketch": False,
        "seed": 7,
        "from_image": False,
        "width_px": 768,
        "height_px": 512,
        "pictures": (picture_view(),),
        "asked_pictures": 1,
        "in_review": 0,
        "quote_micros": 1_000,
        "cost_micros": 1_000,
        "refunded": False,
        "failure": None,
        "created_at": datetime(2026, 11, 22, tzinfo=UTC),
    }
    return JobView(**{**usual, **changes})
