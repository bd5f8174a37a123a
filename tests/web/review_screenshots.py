"""The screenshots of the review page in docs/: python -m tests.web.review_screenshots."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.web.test_review_browser import shift

DOCS = Path(__file__).parents[2] / "docs"
SHOTS: dict[str, dict[str, Any]] = {
    "review": {"viewport": {"width": 1180, "height": 900}, "color_scheme": "light"},
    "review-phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


async def main() -> None:
    for name, options in SHOTS.items():
        with TemporaryDirectory() as folder:
            async with shift(Path(folder), **options) as here:
                await here.page.keyboard.press("c")
                await here.page.wait_for_timeout(800)
                await here.page.screenshot(path=DOCS / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
