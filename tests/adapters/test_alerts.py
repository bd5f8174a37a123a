import asyncio
import json
from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr

from adapters.alerts import TOPICS_MAX, WebhookAlerts, payload
from tests.support.clock import FakeClock

HOOK = SecretStr("https://hooks.example/hunter2")


class Hook:
    """The owner's webhook: keeps what it got, answers as told."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.got: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(json.loads(request.content))
        return httpx.Response(self.status, headers={"location": "https://elsewhere.example"})


def alerts(
    handler: Callable[[httpx.Request], httpx.Response],
    clock: FakeClock,
    url: SecretStr | None,
) -> WebhookAlerts:
    return WebhookAlerts(url, httpx.AsyncClient(transport=httpx.MockTransport(handler)), clock)


async def test_a_topic_is_told_once_an_hour() -> None:
    hook, clock = Hook(), FakeClock(auto=True)
    owner = alerts(hook, clock, HOOK)
    for seconds in (0, 1, 3_599, 3_600):
        clock.advance(seconds - clock.monotonic())
        await owner.alert("key", f"refused at {seconds}")
        await owner.close()
    assert [each["text"] for each in hook.got] == [
        "Limner: refused at 0",
        "Limner: refused at 3600",
    ]


async def test_topics_do_not_silence_each_other() -> None:
    hook = Hook()
    owner = alerts(hook, FakeClock(auto=True), HOOK)
    await owner.alert("key", "one")
    await owner.alert("money", "two")
    await owner.close()
    assert sorted(each["topic"] for each in hook.got) == ["key", "money"]


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_what_was_not_delivered_is_tried_again_after_a_minute(status: int) -> None:
    hook, clock = Hook(status), FakeClock(auto=True)
    owner = alerts(hook, clock, HOOK)
    for seconds in (0, 59, 60):
        clock.advance(seconds - clock.monotonic())
        await owner.alert("key", "refused")
        await owner.close()
    assert len(hook.got) == 2


async def test_a_dead_webhook_raises_nothing_and_its_address_stays_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def dead(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no route to {request.url}")

    owner = alerts(dead, FakeClock(auto=True), HOOK)
    await owner.alert("key", "refused")
    await owner.close()
    assert "could not be posted: ConnectError" in caplog.text
    assert "hunter2" not in caplog.text


async def test_without_a_webhook_the_log_is_told(caplog: pytest.LogCaptureFixture) -> None:
    owner = alerts(Hook(), FakeClock(auto=True), None)
    await owner.alert("key", "DeepInfra refuses the key.")
    assert "For the owner (key): DeepInfra refuses the key." in caplog.text


async def test_an_alert_does_not_wait_for_the_post() -> None:
    may_answer = asyncio.Event()
    answered = []

    async def slow(request: httpx.Request) -> httpx.Response:
        await may_answer.wait()
        answered.append(request.url.host)
        return httpx.Response(200)

    http = httpx.AsyncClient(transport=httpx.MockTransport(slow))
    owner = WebhookAlerts(HOOK, http, FakeClock(auto=True))
    await owner.alert("key", "refused")
    assert answered == []
    may_answer.set()
    await owner.close()
    assert answered == ["hooks.example"]


async def test_what_is_remembered_is_bounded() -> None:
    owner = alerts(Hook(), FakeClock(auto=True), None)
    for number in range(TOPICS_MAX + 10):
        await owner.alert(f"topic {number}", "text")
    assert len(owner._quiet_until) == 256


def test_each_chat_gets_its_own_shape() -> None:
    assert payload("https://hooks.slack.com/services/x", "key", "Hello.") == {
        "text": "Limner: Hello."
    }
    assert payload("https://discord.com/api/webhooks/x", "key", "@everyone") == {
        "content": "Limner: @everyone",
        "allowed_mentions": {"parse": []},
    }


def test_a_long_text_is_cut() -> None:
    text = payload("https://hooks.example", "key", "x" * 5_000)["text"]
    assert text == "Limner: " + "x" * 1_899 + "…"
