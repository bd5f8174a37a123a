"""The review page: who gets in, what they can reach, and what nobody else ever sees."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from adapters.web.review import rules
from adapters.web.review.cases import acts, router
from bot.domain.asker import Asker
from bot.domain.case import Decision
from bot.errors import NotAllowed
from bot.wording.moderation.decisions import FROZEN
from tests.adapters.web.harness import Playground, playground
from tests.bot.moderation.test_reviews import ELSEWHERE, MAX, MOD, in_review
from tests.support.bot_harness import ANN

PUBLIC = "https://limner.example"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@asynccontextmanager
async def public_page(tmp_path: Path) -> AsyncIterator[Playground]:
    async with playground(tmp_path, public_url=PUBLIC, address=PUBLIC) as page:
        yield page


async def enter(page: Playground, asker: Asker = MOD) -> httpx.Response:
    """What "Continue" does."""
    token = page.links.new(asker).partition("#")[2]
    return await post_token(page, token)


async def post_token(page: Playground, token: str) -> httpx.Response:
    return await page.browser.post("/review/enter", data={"token": token}, headers=SAME_ORIGIN)


def act_headers(page: Playground) -> dict[str, str]:
    return {"X-Form-Token": page.app.state.context.form_token, **SAME_ORIGIN}


async def act(page: Playground, path: str, **values: str) -> httpx.Response:
    return await page.browser.post(f"/review/{path}", data=values, headers=act_headers(page))


def routes_of(case: str) -> list[tuple[str, str]]:
    """Every address of the page but the entrance, filled in."""
    found = [
        (method, route.path.format(case_id=case, number=1, platform="discord", community="c1"))
        for routes in (router.routes, acts.routes, rules.router.routes, rules.place.routes)
        for route in routes
        if isinstance(route, APIRoute) and not route.path.endswith(("/enter", "/leave"))
        for method in sorted(route.methods or ())
    ]
    assert len(found) == 14
    return found


async def ask(page: Playground, method: str, path: str) -> httpx.Response:
    data = {"decision": "approve"} if method == "POST" else None
    return await page.browser.request(method, path, data=data, headers=act_headers(page))


async def test_a_moderator_gets_in_by_a_link_that_is_spent_by_continue_alone(
    tmp_path: Path,
) -> None:
    async with public_page(tmp_path) as page:
        _, case = await in_review(page.core)
        address = page.links.new(MOD)
        assert address.startswith("https://limner.example/review/enter#")
        for _ in range(3):  # what previews a link only opens it
            entrance = await page.browser.get("/review/enter")
            assert (entrance.status_code, "Continue" in entrance.text) == (200, True)
        entered = await post_token(page, address.partition("#")[2])
        assert (entered.status_code, entered.headers["location"]) == (303, "/review")
        cookie = entered.headers["set-cookie"]
        for mark in ("HttpOnly", "SameSite=strict", "Secure", "Max-Age=28800", "Path=/review"):
            assert mark in cookie
        text = (await page.browser.get("/review")).text
        assert case.id in text
        assert "a cat" in text
        again = await post_token(page, address.partition("#")[2])
        assert again.status_code == 303  # whoever is in just goes on
        page.browser.cookies.clear()
        again = await post_token(page, address.partition("#")[2])
        assert again.status_code == 403
        assert "/mod review" in again.text
        assert "Continue" not in again.text


async def test_a_second_link_changes_whose_session_it_is(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        _, case = await in_review(page.core)
        await enter(page)
        assert case.id in (await page.browser.get("/review")).text
        await enter(page, ELSEWHERE)
        assert case.id not in (await page.browser.get("/review")).text


async def test_links_are_for_moderators_and_end_after_fifteen_minutes(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        with pytest.raises(NotAllowed):
            page.links.new(ANN)
        token = page.links.new(MOD).partition("#")[2]
        page.core.clock.advance(timedelta(minutes=15))
        assert (await post_token(page, token)).status_code == 403
        assert (await post_token(page, "forged")).status_code == 403
        assert (await post_token(page, "")).status_code == 403


async def test_another_sites_form_spends_no_link(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        token = page.links.new(MOD).partition("#")[2]
        headers = {"Sec-Fetch-Site": "cross-site"}
        stolen = await page.browser.post("/review/enter", data={"token": token}, headers=headers)
        assert stolen.status_code == 403
        assert (await post_token(page, token)).status_code == 303


async def test_a_session_ends_after_eight_hours_with_the_role_or_when_revoked(
    tmp_path: Path,
) -> None:
    async with public_page(tmp_path) as page:
        await enter(page)
        page.core.clock.advance(timedelta(hours=7, minutes=59))
        assert (await page.browser.get("/review")).status_code == 200
        page.core.clock.advance(timedelta(minutes=1))
        assert (await page.browser.get("/review")).status_code == 403
        await enter(page)
        assert (await page.browser.get("/review")).status_code == 200
        page.roles.moderators.discard(("c1", "mod"))
        assert (await page.browser.get("/review")).status_code == 403
        page.roles.moderators.add(("c1", "mod"))
        assert (await page.browser.get("/review")).status_code == 403  # what ended has ended
        await enter(page)
        assert page.app.state.review.moderators.sessions.close_all() == 1
        assert (await page.browser.get("/review")).status_code == 403


async def test_every_address_asks_the_platform_anew(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        _, case = await in_review(page.core)
        for method, path in routes_of(case.id):
            page.roles.moderators.add(("c1", "mod"))
            await enter(page)
            page.roles.moderators.clear()
            refused = await ask(page, method, path)
            assert refused.status_code == 403, path
            assert "a cat" not in refused.text
        page.roles.moderators.add(("c1", "mod"))
        assert (await page.core.reviews.case(MOD, case.id)).state == "open"


async def test_while_the_platform_cannot_say_nothing_is_shown_and_nobody_is_signed_out(
    tmp_path: Path,
) -> None:
    async with public_page(tmp_path) as page:
        _, case = await in_review(page.core)
        await enter(page)
        page.roles.trouble = TimeoutError()
        for method, path in routes_of(case.id):
            refused = await ask(page, method, path)
            assert refused.status_code == 503, path
            assert "you stay signed in" in refused.text
        page.roles.trouble = None
        assert (await page.browser.get("/review")).status_code == 200
        assert (await page.core.reviews.case(MOD, case.id)).state == "open"


async def test_requests_that_wait_together_share_an_answer_that_none_of_them_came_after(
    tmp_path: Path,
) -> None:
    """Fifty pictures are no fifty questions; but who came after a question asks again."""
    async with public_page(tmp_path) as page:
        _, case = await in_review(page.core)
        await enter(page)
        small = f"/review/cases/{case.id}/blurred/1"
        page.roles.hold()
        first = asyncio.create_task(page.browser.get(small))
        await page.core.until(lambda: page.roles.asked == 1)
        page.roles.moderators.clear()  # after the first one was asked for, but told already
        others = [asyncio.create_task(page.browser.get(small)) for _ in range(20)]
        for _ in range(50):
            await asyncio.sleep(0)
        page.roles.let_go()
        assert (await first).status_code == 200
        assert {(await other).status_code for other in others} == {403}
        assert page.roles.asked == 2


async def test_a_walk_past_all_doors_without_the_role(tmp_path: Path) -> None:
    """Nobody, a forged session, another community's moderator, and somebody's own case."""
    async with public_page(tmp_path) as page:
        view, case = await in_review(page.core)
        secret = await original(page, view.key)
        page.roles.moderators.add(("c1", "ann"))
        own = Asker(platform="discord", community="c1", channel="", person="ann", is_moderator=True)
        walks: list[tuple[Asker | None, set[int]]] = [
            (None, {403}),
            (ELSEWHERE, {404}),
            (own, {403, 409, 200}),
        ]
        for who, statuses in walks:
            page.browser.cookies.clear()
            page.browser.cookies.set("limner_review", "forged", path="/review")
            if who is not None:
                page.browser.cookies.clear()
                assert (await enter(page, who)).status_code == 303
            for method, path in routes_of(case.id):
                answer = await ask(page, method, path)
                theirs = _ABOUT_THEIR_OWN.get(path, set()) if who is not None else set()
                assert answer.status_code in (theirs or statuses), (who, path)
                assert secret not in answer.content
                assert "a cat" not in answer.text
            assert (await page.core.reviews.case(MOD, case.id)).state == "open"


# What shows every moderator their own community, and no other.
_ABOUT_THEIR_OWN = {"/review": {200}, "/review/rules": {303}}


async def original(page: Playground, key: str) -> bytes:
    """The picture itself, which follows whatever its file says about it."""
    picture = (await page.core.store.jobs.job(key)).pictures[0]
    data = await page.core.pictures.read(picture.sha256, picture.type)
    return data[data.index(b"IDAT") :]


async def test_a_withheld_picture_is_at_no_address_that_others_can_open(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with public_page(tmp_path) as page:
        view, case = await in_review(page.core)
        secret = await original(page, view.key)
        sign_in = {"token": "right", "next": "/"}
        for signed_in in (False, True):  # the owner sees it on the review page and nowhere else
            if signed_in:
                await page.browser.post("/login", data=sign_in, headers=SAME_ORIGIN)
            for path in (
                f"/j/{view.public_id}",
                f"/p/{view.public_id}/1",
                f"/p/{view.public_id}/1?download=1",
                f"/t/{view.public_id}/1/256",
                f"/t/{view.public_id}/1/1024",
                f"/review/cases/{case.id}/reveal/1",
                f"/review/cases/{case.id}/pictures/1",
            ):
                answer = await page.browser.get(path)
                assert secret not in answer.content
                assert not answer.headers.get("content-type", "").startswith("image/"), path
        assert not list((tmp_path / "thumbnails").rglob("*.webp"))
        assert secret.hex() not in caplog.text


async def test_a_reveal_is_an_answer_that_nothing_keeps(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        view, case = await in_review(page.core)
        await enter(page)
        seen = await act(page, f"cases/{case.id}/reveal/1")
        assert seen.content.endswith(await original(page, view.key))
        assert seen.headers["cache-control"] == "no-store"
        small = await page.browser.get(f"/review/cases/{case.id}/blurred/1")
        assert small.headers["content-type"] == "image/webp"
        assert small.headers["cache-control"] == "no-store"
        assert small.content != seen.content


async def test_it_is_decided_here_and_in_chat_once(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        _, case = await in_review(page.core)
        await page.core.reviews.decide(MAX, case.id, Decision.APPROVE)
        await enter(page)
        late = await act(page, f"cases/{case.id}/decide", decision="remove")
        assert late.status_code == 409
        assert "Another moderator has decided this already." in late.text


async def test_an_escalation_says_what_not_to_do(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        _, case = await in_review(page.core)
        await enter(page)
        said = await act(page, f"cases/{case.id}/decide", decision="escalate")
        text = re.sub(r"<[^>]+>", "", said.text).replace("&#39;", "'")
        assert FROZEN in text
        assert "owner@example.org" in text
        assert "take-back" not in said.text  # there is no undo
        undone = await act(page, f"cases/{case.id}/take-back")
        assert undone.status_code == 403
        assert "only the bot owner can open it" in undone.text
        await page.core.until(lambda: page.core.alerts.heard)


async def test_a_decision_that_there_is_not_is_refused(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        _, case = await in_review(page.core)
        await enter(page)
        assert (await act(page, f"cases/{case.id}/decide", decision="eat")).status_code == 400
        assert (await act(page, f"cases/{case.id}/reveal/2")).status_code == 404
        assert (await act(page, "cases/00000000/claim")).status_code == 404
