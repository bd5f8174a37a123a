"""Links to results for people without an account, and what they report."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot.domain.asker import Asker
from bot.domain.case import Case, CaseState, Decision
from bot.domain.community_settings import Sharing
from bot.domain.job import Verdict
from bot.domain.job_view import JobView
from tests.adapters.web.harness import Playground, playground
from tests.bot.moderation.test_reviews import MOD
from tests.support.bot_harness import ANN, prompted

PUBLIC = "https://limner.example"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
ADMIN = replace(ANN, person="admin", is_admin=True)
REPORT = {"category": "hate", "reason": "a <b>slur</b> on the wall"}


@asynccontextmanager
async def public_page(tmp_path: Path) -> AsyncIterator[Playground]:
    async with playground(tmp_path, public_url=PUBLIC, address=PUBLIC) as page:
        yield page


async def sign_in(page: Playground) -> None:
    form = {"token": "right"}
    assert (await page.browser.post("/login", data=form, headers=SAME_ORIGIN)).status_code == 303


async def shared(page: Playground, asker: Asker = ANN, **how: bool) -> JobView:
    """A finished result of a community that shares by links."""
    await page.core.administration.change(ADMIN, {"sharing": Sharing.LINK})
    return await page.core.finished(await page.core.imagine(asker, prompted("a cat"), **how))


def path_of(link: str) -> str:
    assert link.startswith(PUBLIC)
    return urlsplit(link).path


def pictures(name: str) -> tuple[str, ...]:
    return (f"/p/{name}/1", f"/t/{name}/1/256", f"/p/{name}/1?download=1")


async def statuses(page: Playground, name: str) -> set[int]:
    paths = (f"/j/{name}", *pictures(name))
    return {(await page.browser.get(path)).status_code for path in paths}


async def report(
    page: Playground, path: str, values: dict[str, str] | None = None, **headers: str
) -> httpx.Response:
    data = REPORT if values is None else values
    return await page.browser.post(f"{path}/report", data=data, headers={**SAME_ORIGIN, **headers})


async def cases(page: Playground) -> tuple[Case, ...]:
    return await page.core.reviews.queue(MOD)


async def test_a_link_opens_the_result_with_its_pictures_and_nothing_else(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page)
        name = path_of(view.link).removeprefix("/j/")
        html = await page.page(f"/j/{name}")
        assert "a cat" in html
        assert "$" not in html  # what it cost is the community's own affair
        for path in re.findall(r'(?:href|src)="(/[pt]/[^"]+)"', html):
            assert (await page.browser.get(path)).status_code == 200
        assert 'href="/"' not in html.partition("<main")[2]
        assert f">{ANN.person}<" not in html
        for path in (f"/j/{name}/command", "/", "/newest", "/review"):
            assert (await page.browser.get(path)).status_code in {303, 403}, path
        for act in ("delete", "again", "vary", "cancel"):
            assert (await page.post(f"/j/{name}/{act}")).status_code in {400, 401}, act
        closing = await page.browser.post(
            f"/j/{name}/sharing", data={"sharing": "link"}, headers=SAME_ORIGIN
        )
        assert (closing.status_code, "Signed out" in closing.text) == (401, True)


async def test_a_link_has_128_bits_that_its_id_does_not_tell(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        first, second = await shared(page), await shared(page)
        names = [path_of(view.link).removeprefix("/j/").split(".") for view in (first, second)]
        assert [name[0] for name in names] == [first.public_id, second.public_id]
        assert all(re.fullmatch(r"[a-z2-7]{26}", name[1]) for name in names)
        assert names[0][1] != names[1][1]
        swapped = f"{first.public_id}.{names[1][1]}"
        cut, longer = names[0][1][:-1], names[0][1] + "a"
        for secret in ("", "a", cut, longer, "a" * 26, "\u00e9" * 26):
            name = f"{first.public_id}.{secret}"
            assert await statuses(page, name) in ({404}, {303}), name
        assert await statuses(page, swapped) == {404}
        assert await statuses(page, f"00000000.{names[0][1]}") == {404}
        assert await statuses(page, first.public_id) == {303}


async def test_links_outlive_a_restart(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page)
    async with public_page(tmp_path) as page:
        assert "a cat" in await page.page(path_of(view.link))


async def test_in_a_chat_nothing_is_shared_until_its_admins_say_so(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view = await page.core.finished(await page.core.imagine(ANN, prompted("a cat")))
        assert view.link == ""
        await page.core.administration.change(ADMIN, {"sharing": Sharing.LINK})
        opened = (await page.core.studio.show(ANN, view.public_id)).link
        assert "a cat" in await page.page(path_of(opened))
        await page.core.administration.change(ADMIN, {"sharing": Sharing.MEMBERS})
        assert await statuses(page, path_of(opened).removeprefix("/j/")) == {404}
        assert (await page.core.studio.show(ANN, view.public_id)).link == ""


async def test_a_private_result_has_no_link_and_none_opens_it(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page, private=True)
        assert view.link == ""
        job = await page.core.store.jobs.job(view.key)
        forged = f"{view.public_id}.{page.core.shared._secret(job.key)}"
        assert await statuses(page, forged) == {404}


async def test_there_are_no_links_where_nobody_else_reaches_the_page(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        await page.core.administration.change(ADMIN, {"sharing": Sharing.LINK})
        view = await page.core.finished(await page.core.imagine(ANN, prompted("a cat")))
        assert view.link == ""
        assert "Who sees this" not in await page.page(f"/j/{view.public_id}")


async def test_a_removed_picture_is_gone_with_the_next_look(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page)
        name = path_of(view.link).removeprefix("/j/")
        kept = {path: (await page.browser.get(path)).headers for path in pictures(name)}
        for path, headers in kept.items():
            assert headers["cache-control"] == "private, no-cache", path
            tag = {"If-None-Match": headers["etag"]}
            assert (await page.browser.get(path, headers=tag)).status_code == 304
        await page.core.studio.delete(ANN, view.public_id)
        for path, headers in kept.items():
            tag = {"If-None-Match": headers["etag"]}
            assert (await page.browser.get(path, headers=tag)).status_code == 404, path
        assert "Deleted." in await page.page(f"/j/{name}")


async def test_nothing_that_the_page_says_is_kept_without_asking_again(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await sign_in(page)
        public_id = await page.drawn("a cat")
        for path in ("/", "/newest", f"/j/{public_id}", *pictures(public_id), "/j/zzzzzzzz"):
            kept = (await page.browser.get(path)).headers["cache-control"]
            assert kept in {"private, no-cache", "no-store"}, path


async def test_the_owner_sees_the_link_and_closes_all_of_them(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await sign_in(page)
        public_id = await page.drawn("a cat")
        html = await page.page(f"/j/{public_id}")
        found = re.search(r'value="(https://limner\.example/j/[^"]+)"', html)
        assert found is not None
        assert "Report" not in html
        form = {"sharing": "members"}
        foreign = await page.browser.post(
            f"/j/{public_id}/sharing", data=form, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert foreign.status_code == 403
        kept = await page.browser.post(
            f"/j/{public_id}/sharing", data=form, headers=SAME_ORIGIN, follow_redirects=True
        )
        assert "Nobody but you can see it here." in kept.text
        page.browser.cookies.clear()
        assert await statuses(page, path_of(found[1]).removeprefix("/j/")) == {404}


async def test_the_owner_decides_for_the_community_of_a_result(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view = await page.core.finished(await page.core.imagine(ANN, prompted("a cat")))
        await sign_in(page)
        kept = await page.browser.post(
            f"/j/{view.public_id}/sharing",
            data={"sharing": "link"},
            headers=SAME_ORIGIN,
            follow_redirects=True,
        )
        assert "Anybody who has this link" in kept.text
        assert (await page.core.administration.settings(ADMIN)).sharing is Sharing.LINK


# --- reports -------------------------------------------------------------------------------------


async def test_a_report_from_outside_comes_to_the_moderators_and_hides_nothing(
    tmp_path: Path,
) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page)
        path = path_of(view.link)
        assert f'action="{path}/report"' in await page.page(path)
        thanks = await report(page, path)
        assert (thanks.status_code, "The moderators look at it." in thanks.text) == (200, True)
        assert "owner@example.org" in thanks.text
        (case,) = await cases(page)
        assert (case.job_id, case.state) == (view.public_id, CaseState.OPEN)
        (told,) = case.reports
        assert (told.category, told.reason) == ("hate", REPORT["reason"])
        assert (told.outside, told.counts) == (True, False)
        assert len((await page.core.studio.show(ANN, view.public_id)).pictures) == 1
        said = (await page.core.reviews.case(MOD, case.id)).reports[0]
        assert said.outside


async def test_even_many_of_the_gravest_kind_hide_nothing_but_reach_the_owner(
    tmp_path: Path,
) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page)
        path = path_of(view.link)
        every = ("other", "indecent", "hate", "violence", "real_person")
        for number, category in enumerate((*every, "minors")):
            page.core.clock.advance(timedelta(hours=1 * (number == len(every))))
            said = await report(page, path, {"category": category, "reason": ""})
            assert said.status_code == 200
        job = await page.core.store.jobs.job(view.key)
        assert {picture.verdict for picture in job.pictures} == {Verdict.SHOW}
        await page.core.until(lambda: page.core.alerts.heard)
        ((_, words),) = page.core.alerts.heard
        assert "reported from outside (sexual, with minors)" in words


async def test_a_report_on_the_owners_own_page_reaches_the_owner(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await sign_in(page)
        public_id = await page.drawn("a cat")
        link = (await page.core.studio.show(OWN, public_id)).link
        page.browser.cookies.clear()
        assert (await report(page, path_of(link))).status_code == 200
        await page.core.until(lambda: page.core.alerts.heard)


OWN = Asker(platform="web", community="local", channel="", person="owner", is_owner=True)


async def test_a_result_is_reported_once_for_each_reason(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page)
        path = path_of(view.link)
        await report(page, path)
        again = await report(page, path)
        assert "Somebody has reported this before" in again.text
        other = await report(page, path, {"category": "violence", "reason": ""})
        assert "The moderators look at it." in other.text
        (case,) = await cases(page)
        assert [each.category for each in case.reports] == ["hate", "violence"]
        await page.core.reviews.decide(MOD, case.id, Decision.APPROVE)
        page.core.clock.advance(timedelta(seconds=6))
        await page.core.enforcement.look()
        await report(page, path)
        assert await cases(page) == ()  # what was found harmless is not asked again


async def test_reports_are_bounded_by_address_and_in_all(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        views = [await shared(page) for _ in range(17)]
        paths = [path_of(view.link) for view in views]
        for path in paths[:5]:
            assert (await report(page, path)).status_code == 200
        refused = await report(page, paths[5])
        assert (refused.status_code, "from your address" in refused.text) == (429, True)
        taken = 5
        every = ("other", "indecent", "violence", "real_person", "minors", "hate")
        for path in paths:
            for category in every:
                # As from one more address each.
                page.app.state.context.reports._tries.clear()
                told = await report(page, path, {"category": category, "reason": ""})
                if "The moderators look at it." in told.text:
                    taken += 1
                elif taken == 100:
                    assert told.status_code == 429
                    assert "whoever runs this bot" in told.text
        assert taken == 100
        page.core.clock.advance(timedelta(days=1, seconds=1))
        last = await report(page, paths[-1], {"category": "minors", "reason": ""})
        assert last.status_code == 200


@pytest.mark.parametrize(
    ("values", "headers", "status"),
    [
        ({"category": "hate", "reason": "x"}, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"category": "eat", "reason": "x"}, {}, 400),
        ({"reason": "x"}, {}, 400),
        ({"category": "hate", "reason": "x" * 20_000}, {}, 413),
    ],
)
async def test_what_no_form_of_ours_sends_is_no_report(
    tmp_path: Path, values: dict[str, str], headers: dict[str, str], status: int
) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page)
        assert (await report(page, path_of(view.link), values, **headers)).status_code == status
        assert await cases(page) == ()


async def test_nobody_reports_without_the_link(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page)
        for name in (view.public_id, f"{view.public_id}.{'a' * 26}", "00000000"):
            assert (await report(page, f"/j/{name}")).status_code in {401, 404}
        assert await cases(page) == ()


async def test_words_of_a_report_are_words_and_cut(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view = await shared(page)
        words = "<script>alert(1)</script>" + "x" * 2_000
        values = {"category": "other", "reason": words}
        assert (await report(page, path_of(view.link), values)).status_code == 200
        (case,) = await cases(page)
        assert len(case.reports[0].reason) == 500
        await sign_in(page)
        html = await page.page("/review")
        assert "<script>alert" not in html
        assert "from outside" in html
