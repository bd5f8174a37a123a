"""HTTP mode: what is let in, and what isn't."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from adapters.slack.connection.http_endpoint import BODIES_AT_ONCE_MAX, BODY_MAX_BYTES
from tests.adapters.slack.fake.http import signature
from tests.adapters.slack.fake.server import FakeSlack
from tests.adapters.slack.transport_harness import settings_of, transport_harness
from tests.support.turns import measured

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BODY = urlencode(
    {
        "command": "/imagine",
        "text": "a cat",
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "trigger_id": "1.2",
        "response_url": "",
    }
)


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    with FakeSlack(now=lambda: NOON) as fake:
        yield fake


def signed(
    fake: FakeSlack, body: str = BODY, *, secret: str = "", age_s: float = 0, timestamp: str = ""
) -> dict[str, str]:
    timestamp = timestamp or str(int(time.time() - age_s))
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret or fake.world.signing_secret, timestamp, body),
    }


async def test_a_signed_request_is_heard(fake: FakeSlack, tmp_path: Path) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        answer = await here.events(BODY.encode(), signed(fake))
        assert (answer.status_code, answer.text) == (200, "")
        assert [body["text"] for body in here.heard] == ["a cat"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another secret"},
        {"age_s": 301},
        {"age_s": -301},
        {"timestamp": "noon"},
    ],
)
async def test_a_bad_signature_or_a_stale_time_is_401(
    fake: FakeSlack, tmp_path: Path, wrong: dict[str, str]
) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        answer = await here.events(BODY.encode(), signed(fake, **wrong))  # type: ignore[arg-type]
        assert answer.status_code == 401
        assert here.heard == []


async def test_a_changed_or_an_unsigned_request_is_401(fake: FakeSlack, tmp_path: Path) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        changed = BODY.replace("cat", "dog").encode()
        found = [
            await here.events(changed, signed(fake)),
            await here.events(BODY.encode(), {"Content-Type": "application/json"}),
        ]
        assert [answer.status_code for answer in found] == [401, 401]
        assert here.heard == []


async def test_a_strangers_body_is_not_parsed(fake: FakeSlack, tmp_path: Path) -> None:
    """A million bytes of fields would hold up everybody for a third of a second."""
    body = "a=" + "&a=" * (BODY_MAX_BYTES // 3 - 10)
    as_form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        longest_s = []
        for _ in range(3):
            with measured() as turns:
                strange = {**signed(fake, body, secret="another secret"), **as_form}
                assert (await here.events(body.encode(), strange)).status_code == 401
            longest_s.append(turns.longest_s)
    assert min(longest_s) < 0.05


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": b"v0=\xe9"},
        {"X-Slack-Request-Timestamp": "9" * 5_000},
    ],
)
async def test_a_header_that_can_not_be_read_is_401(
    fake: FakeSlack, tmp_path: Path, headers: dict[str, Any]
) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        answer = await here.events(BODY.encode(), {**signed(fake), **headers})
        assert answer.status_code == 401


async def test_slack_may_look_whether_anybody_is_there(fake: FakeSlack, tmp_path: Path) -> None:
    body = '{"type": "url_verification", "challenge": "c1", "token": "t"}'
    headers = {**signed(fake, body), "Content-Type": "application/json"}
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        answer = await here.events(body.encode(), headers)
    assert answer.json() == {"challenge": "c1"}


async def test_nothing_too_long_is_read(fake: FakeSlack, tmp_path: Path) -> None:
    body = "x" * (BODY_MAX_BYTES + 1)
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        answer = await here.events(body.encode(), signed(fake, body))
    assert answer.status_code == 413


async def test_an_announced_length_is_believed_when_it_is_too_much(
    fake: FakeSlack, tmp_path: Path
) -> None:
    read: list[bytes] = []

    async def content() -> AsyncIterator[bytes]:
        read.append(b"{}")
        yield read[0]

    headers = {**signed(fake), "Content-Length": str(BODY_MAX_BYTES + 1)}
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        answer = await here.at("POST", "/events", content=content(), headers=headers)
    assert (answer.status_code, read) == (413, [])


async def test_only_so_many_bodies_are_read_at_once(fake: FakeSlack, tmp_path: Path) -> None:
    """Nobody knows yet whether they are Slack's. Whoever takes longest makes room for it."""
    rest, waiting = asyncio.Event(), 0
    all_wait = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        nonlocal waiting
        yield BODY[:10].encode()
        waiting += 1
        if waiting == BODIES_AT_ONCE_MAX:
            all_wait.set()
        await rest.wait()
        yield BODY[10:].encode()

    async with (
        transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here,
        here.client() as http,
    ):
        unsigned = {"X-Slack-Request-Timestamp": str(int(time.time()))}
        reading = [
            asyncio.create_task(http.post("/events", content=slow(), headers=unsigned))
            for _ in range(BODIES_AT_ONCE_MAX)
        ]
        await asyncio.wait_for(all_wait.wait(), 60)
        served = await http.post("/events", content=BODY, headers=signed(fake))
        assert served.status_code == 200
        assert (await reading[0]).status_code == 408
        assert not any(each.done() for each in reading[1:])
        rest.set()
        assert {answer.status_code for answer in await asyncio.gather(*reading[1:])} == {401}


async def test_what_is_no_text_is_not_from_slack(fake: FakeSlack, tmp_path: Path) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        answer = await here.events(b"\xff\xfe", signed(fake))
    assert answer.status_code == 401


async def test_by_socket_mode_there_is_no_door(fake: FakeSlack, tmp_path: Path) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["socket"]) as here:
        assert here.transport.http_endpoint is None


async def test_one_workspace_is_installed_by_its_owner_alone(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with transport_harness(fake, tmp_path, settings_of(fake)["http"]) as here:
        assert (await here.at("GET", "/install")).status_code == 404
