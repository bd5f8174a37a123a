"""The screenshots of the moderators' pages in docs/:
`python -m tests.adapters.web.review_screenshots`.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.adapters.web.test_review_browser import shift
from tests.adapters.web.test_rules_browser import rules_page

DOCS = Path(__file__).parents[3] / "docs"
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
    with TemporaryDirectory() as folder:
        async with rules_page(Path(folder), **SHOTS["review"]) as (page, _):
            await page.wait_for_timeout(800)
            await page.screenshot(path=DOCS / "rules.png")


if __name__ == "__main__":
    asyncio.run(main())
