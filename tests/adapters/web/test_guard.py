import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.incoming import Site
from tests.adapters.web.harness import playground

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LOOPBACK = Site()
ASSETS = Path(__file__).parents[3] / "adapters" / "web"


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "limner.localhost", "127.9.9.9"]
)
def test_a_page_on_loopback_answers_to_the_names_of_loopback(host: str) -> None:
    assert LOOPBACK.knows(host)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example:8000",
        "user@evil.example",
        "192.168.1.5:8000",
        "0.0.0.0:8000",
        "",
    ],
)
def test_a_page_on_loopback_answers_to_no_other_name(host: str) -> None:
    assert not LOOPBACK.knows(host)


def test_a_page_with_a_public_address_answers_to_it_and_to_nothing_else_from_outside() -> None:
    site = Site(public_url="https://limner.example/")
    assert site.knows("limner.example")
    assert not site.knows("evil.example")
    assert site.secure
    assert site.wants_token


async def test_another_sites_name_for_this_machine_reads_nothing(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        answer = await page.browser.get("/", headers={"Host": "evil.example"})
        assert answer.status_code == 421
        assert "set PUBLIC_URL" in answer.text
        assert page.app.state.context.form_token not in answer.text


async def test_no_answer_sends_a_browser_to_where_its_host_header_says(tmp_path: Path) -> None:
    """Nor from https to http, which is what the bot speaks behind a proxy."""
    async with playground(tmp_path) as page:
        for path in ("/login/", "/review/", "/static", "/j/00000000/"):
            answer = await page.browser.get(path, headers={"Host": "x@localhost:1"})
            assert answer.status_code == 404, path


async def test_a_proxy_that_nobody_told_of_is_refused(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        answer = await page.browser.get("/", headers={"X-Forwarded-For": "203.0.113.5"})
        assert answer.status_code == 403
        assert "Set PUBLIC_URL" in answer.text


async def test_every_answer_carries_the_protecting_headers(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        for path in ("/", "/login", "/nothing", "/static/main.js", "/j/00000000"):
            headers = (await page.browser.get(path)).headers
            assert headers["content-security-policy"] == POLICY, path
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert headers["x-robots-tag"] == "noindex, nofollow"


async def test_a_fault_of_ours_is_a_page_of_ours_with_the_same_headers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with playground(tmp_path) as page:

        @page.app.get("/fault")
        async def fault() -> None:
            raise ZeroDivisionError

        answer = await page.browser.get("/fault")
        assert answer.status_code == 500
        assert "A fault of mine; it is in the log." in answer.text
        assert answer.headers["content-security-policy"] == POLICY
        assert "the page failed at /fault" in caplog.text


async def test_a_body_that_says_it_is_too_long_is_not_read(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        answer = await page.post("/say", headers={"Content-Length": str(13 * 1024 * 1024)})
        assert answer.status_code == 413
        assert "10 MiB at most" in answer.text


async def test_a_body_that_lies_about_its_length_is_cut_off(tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        for _ in range(13):
            yield b"\0" * 1024 * 1024

    async with playground(tmp_path) as page:
        answer = await page.browser.post(
            "/say",
            content=endless(),
            headers={
                "Content-Type": "multipart/form-data; boundary=b",
                "X-Form-Token": page.app.state.context.form_token,
                "Sec-Fetch-Site": "same-origin",
            },
        )
        assert answer.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"X-Form-Token": "wrong"},
        {"X-Form-Token": ""},
    ],
)
async def test_a_form_that_our_page_did_not_send_does_nothing(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    async with playground(tmp_path) as page:
        answer = await page.post("/say", {"text": "a cat"}, headers=headers)
        assert answer.status_code == 403
        assert "Reload it and try again." in answer.text
        assert page.core.backend.drawn == []


async def test_browsers_that_name_only_the_origin_are_believed_when_it_is_ours(
    tmp_path: Path,
) -> None:
    async with playground(tmp_path) as page:
        token = {"X-Form-Token": page.app.state.context.form_token}
        ours = {**token, "Origin": "http://127.0.0.1:8000"}
        theirs = {**token, "Origin": "http://evil.example"}
        form = {"text": "/quota", "event_id": "press-0001"}
        statuses = [
            (await page.browser.post("/say", data=form, headers=headers)).status_code
            for headers in (ours, theirs, token)
        ]
        assert statuses == [200, 403, 403]


async def test_pages_hold_no_script_no_style_and_no_handler_of_their_own(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        public_id = await page.drawn("a cat --n 2 --no dogs")
        pages = [
            await page.page(),
            await page.page(f"/j/{public_id}"),
            await page.page("/login"),
            (await page.browser.get("/nothing")).text,
        ]
        answers = ("/help", "/models", "/quota", "/settings", "/help vary")
        pages += [(await page.say(text)).text for text in answers]
    for html in pages:
        assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|hx-on", html) == []
        scripts = re.findall(r"<script(?![^>]*\ssrc=)([^>]*)>", html)
        assert [kind for kind in scripts if 'type="application/json"' not in kind] == []
        assert re.findall(r'(?:src|href|srcset)="(?:https?:)?//', html) == []


def test_the_package_loads_nothing_from_elsewhere() -> None:
    for asset in [*ASSETS.glob("static/*.css"), *ASSETS.glob("static/*.js")]:
        text = asset.read_text("utf-8")
        assert re.findall(r"@import|url\(\s*[\"']?https?:|from \"https?:", text) == [], asset.name


async def test_assets_are_asked_for_again_and_answered_with_304(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        first = await page.browser.get("/static/main.js")
        assert first.headers["cache-control"] == "no-cache"
        again = await page.browser.get(
            "/static/main.js", headers={"If-None-Match": first.headers["etag"]}
        )
        assert again.status_code == 304


async def test_nothing_outside_the_assets_is_served(tmp_path: Path) -> None:
    async with playground(tmp_path) as page:
        for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/", "/openapi.json"):
            assert (await page.browser.get(path)).status_code in (404, 405), path
