from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from adapters.incoming import Site
from adapters.web.app import create_app
from adapters.web.http.sessions import Attempts, Sessions
from adapters.web.surface import WebSurface
from tests.adapters.web.harness import Playground, playground
from tests.support.clock import FakeClock

PUBLIC = "https://limner.example"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@asynccontextmanager
async def public_page(tmp_path: Path) -> AsyncIterator[Playground]:
    async with playground(tmp_path, public_url=PUBLIC, address=PUBLIC) as page:
        yield page


async def sign_in(page: Playground, token: str = "right", goal: str = "/") -> httpx.Response:
    form = {"token": token, "next": goal}
    return await page.browser.post("/login", data=form, headers=SAME_ORIGIN)


@pytest.mark.parametrize(
    "path", ["/", "/newest", "/events", "/left", "/earlier?before=2026-11-22T12:00:00Z"]
)
async def test_a_page_that_others_can_reach_asks_for_a_sign_in(tmp_path: Path, path: str) -> None:
    async with public_page(tmp_path) as page:
        answer = await page.browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login")


async def test_a_piece_of_the_page_sends_the_browser_to_the_sign_in(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        answer = await page.say("a cat")
        assert answer.status_code == 401
        assert answer.headers["hx-redirect"] == "/login"
        assert page.core.backend.drawn == []


async def test_the_token_of_the_terminal_opens_a_session(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        answer = await sign_in(page)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        for mark in ("HttpOnly", "SameSite=strict", "Secure", "Max-Age=2592000"):
            assert mark in cookie
        assert "Playground" in await page.page()
        assert "Sign out" in await page.page()


async def test_a_wrong_token_opens_nothing(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        answer = await sign_in(page, "wrong")
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
        assert "limner web login" in answer.text
        assert (await page.browser.get("/")).status_code == 303


@pytest.mark.parametrize(
    ("charset", "token"),
    [
        ("unicode_escape", b"\\ud800"),
        ("utf-7", b"+2AA-"),
        ("idna", b"xn--" + b"a" * 15_000),
        ("undefined", b"x"),
    ],
)
async def test_forms_are_in_utf_8_alone(tmp_path: Path, charset: str, token: bytes) -> None:
    part = b'Content-Disposition: form-data; name="token"\r\n\r\n'
    form = b"--b\r\n" + part + token + b"\r\n--b--\r\n"
    async with public_page(tmp_path) as page:
        for known, status in ((charset, 400), ("UTF-8", 403)):
            kind = f"multipart/form-data; boundary=b; charset={known}"
            headers = {**SAME_ORIGIN, "Content-Type": kind}
            answer = await page.browser.post("/login", content=form, headers=headers)
            assert answer.status_code == status


async def test_guessing_is_bounded(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        statuses = [(await sign_in(page, f"guess-{n}")).status_code for n in range(11)]
        assert statuses == [403] * 10 + [429]
        assert (await sign_in(page)).status_code == 429
        page.core.clock.advance(timedelta(seconds=61))
        assert (await sign_in(page)).status_code == 303


async def test_another_site_cannot_sign_a_browser_in(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        form = {"token": "right"}
        headers = {"Sec-Fetch-Site": "cross-site"}
        answer = await page.browser.post("/login", data=form, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


async def test_a_session_ends_after_thirty_days_or_when_people_sign_out(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await sign_in(page)
        page.core.clock.advance(timedelta(days=30))
        assert (await page.browser.get("/")).status_code == 303
        await sign_in(page)
        assert (await page.post("/logout")).headers["hx-redirect"] == "/login"
        assert (await page.browser.get("/")).status_code == 303


@pytest.mark.parametrize(
    ("goal", "location"),
    [
        ("/j/00000001", "/j/00000001"),
        ("/?a=b", "/?a=b"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("//[", "/"),
        ("/\\[", "/"),
        ("//a\u2100b", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("evil", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("", "/"),
    ],
)
async def test_the_sign_in_leads_only_to_pages_of_ours(
    tmp_path: Path, goal: str, location: str
) -> None:
    async with public_page(tmp_path) as page:
        assert (await sign_in(page, goal=goal)).headers["location"] == location


async def test_a_strange_goal_in_a_link_is_none(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        answer = await page.browser.get("/login", params={"next": "//["})
        assert answer.status_code == 200


async def test_the_id_of_a_result_leads_there_after_the_sign_in(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await sign_in(page)
        drawn = await page.drawn("a cat")
        page.browser.cookies.clear()
        for public_id in (drawn, "00000000"):  # whether there is such a result is told to nobody
            for path in (f"/j/{public_id}", f"/p/{public_id}/1", f"/t/{public_id}/1/256"):
                answer = await page.browser.get(path)
                assert answer.status_code == 303, path
                assert answer.headers["location"] == f"/login?next={path.replace('/', '%2F')}"


def test_sessions_are_bounded_and_the_oldest_goes_first() -> None:
    ended: list[str] = []
    sessions = Sessions[str](
        FakeClock(), lasts_s=60, most=100, ended=lambda: ended.append("the oldest")
    )
    first = sessions.open("ann")
    others = [sessions.open("bob") for _ in range(100)]
    assert sessions.find(first) is None
    assert all(sessions.find(value) == "bob" for value in others)
    assert ended == ["the oldest"]


def test_the_addresses_that_tried_are_bounded() -> None:
    attempts = Attempts(FakeClock())
    for number in range(1_100):
        assert attempts.allow(f"10.0.0.{number}")
    assert len(attempts._tries) == 1_000


def test_all_addresses_of_one_ipv6_network_are_counted_together() -> None:
    attempts = Attempts(FakeClock())
    assert all(attempts.allow(f"2001:db8:1:2:{n}::1") for n in range(10))
    assert not attempts.allow("2001:db8:1:2:ffff::1")
    assert attempts.allow("2001:db8:1:3::1")


def test_a_public_page_without_tokens_is_a_mistake_of_the_programmer(tmp_path: Path) -> None:
    clock = FakeClock()
    with pytest.raises(ValueError, match="sign-in tokens"):
        create_app(
            None,  # type: ignore[arg-type]
            WebSurface(clock),
            None,  # type: ignore[arg-type]
            clock=clock,
            site=Site(host="192.0.2.7"),
        )
