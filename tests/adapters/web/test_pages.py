import io
from pathlib import Path

from PIL import Image

from bot.domain.asker import Asker
from tests.adapters.web.harness import playground
from tests.support.bot_harness import prompted

# One's own browser keeps it, and asks each time whether it may still be seen.
REVALIDATED = "private, no-cache"


async def test_a_result_has_a_page_of_its_own_with_everything_that_was_asked(
    tmp_path: Path,
) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat --no dogs --steps 30 --seed 7 --size 512x768")
        html = await page.page(f"/j/{public_id}")
        for words in ("a cat", "dogs", "30", ">7<", "512 \u00d7 768", "$0.001"):
            assert words in html, words
        assert '<meta name="robots" content="noindex, nofollow">' in html


async def test_a_page_names_the_result_that_it_came_from(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat")
        again = (await page.post(f"/j/{public_id}/again")).text
        child = again.partition('id="job-')[2][:8]
        assert f'<a href="/j/{public_id}">#{public_id}</a>' in await page.page(f"/j/{child}")


async def test_ids_are_read_as_people_type_them(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat")
        assert "a cat" in await page.page(f"/j/{public_id.upper()}")


async def test_an_original_is_shown_or_downloaded_with_its_parameters(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat --seed 7")
        shown = await page.browser.get(f"/p/{public_id}/1")
        assert shown.headers["content-type"] == "image/png"
        assert shown.headers["cache-control"] == REVALIDATED
        name = f'filename="limner-{public_id}-1.png"'
        assert shown.headers["content-disposition"] == f"inline; {name}"
        loaded = await page.browser.get(f"/p/{public_id}/1?download=1")
        assert loaded.headers["content-disposition"] == f"attachment; {name}"
        assert "Seed: 7" in Image.open(io.BytesIO(loaded.content)).info["parameters"]


async def test_a_browser_that_has_the_picture_gets_304(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat")
        for path in (f"/p/{public_id}/1", f"/t/{public_id}/1/256"):
            tag = (await page.browser.get(path)).headers["etag"]
            again = await page.browser.get(path, headers={"If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b"")


async def test_thumbnails_come_in_three_sizes_and_no_other(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat")
        for side in (256, 512, 1024):
            answer = await page.browser.get(f"/t/{public_id}/1/{side}")
            assert answer.headers["content-type"] == "image/webp"
            assert Image.open(io.BytesIO(answer.content)).format == "WEBP"
        for side in (1, 257, 100_000):
            assert (await page.browser.get(f"/t/{public_id}/1/{side}")).status_code == 404


async def test_what_is_not_there_or_no_longer_is_404_in_the_house_look(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat")
        await page.post(f"/j/{public_id}/delete")
        gone = (f"/p/{public_id}/1", f"/t/{public_id}/1/256", f"/p/{public_id}/2")
        never = ("/j/00000000", "/p/00000000/1", "/nothing", "/j/%00", "/j/" + "x" * 20)
        for path in (*gone, *never):
            answer = await page.browser.get(path)
            assert answer.status_code == 404, path
            assert "To the playground" in answer.text
        assert "Deleted." in await page.page(f"/j/{public_id}")


async def test_addresses_with_a_mistake_are_explained(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        for path in ("/p/00000000/0", "/p/00000000/5", "/p/00000000/x", "/earlier?before=now"):
            answer = await page.browser.get(path)
            assert answer.status_code == 400, path
            assert "This address is incomplete or has a mistake in it." in answer.text


async def test_a_result_of_another_place_has_a_page_for_the_owner(tmp_path: Path) -> None:
    ann = Asker(platform="discord", community="c1", channel="art", person="ann", name="Ann <b>")
    async with playground(tmp_path) as page:
        view = await page.core.imagine(ann, prompted("a bird"))
        await page.core.finished(view)
        html = await page.page(f"/j/{view.public_id}")
        assert "Ann &lt;b&gt;" in html
        assert "a bird" in html
