"""The terminal beside a running bot: its client against its server, over the real app."""

import stat
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from adapters.terminal import control_file
from adapters.terminal.client import RemoteBot, client
from adapters.terminal.control_file import Control
from adapters.terminal.guard import BODY_MAX_BYTES
from adapters.terminal.protocol import PREFIX, ImagineOrder, NoAnswer
from adapters.terminal.server import create_app
from bot.accounts.administration import Administration
from bot.accounts.owner import Owner
from bot.accounts.privacy import Privacy
from bot.domain.asker import Asker
from bot.domain.job_view import JobView, Phase, Progress
from bot.domain.person import Erased
from bot.errors import BadRequest, NotFound, Problem, QuotaExceeded
from bot.jobs.drafts import CardPlace, Draft
from bot.jobs.picture_file import File
from bot.jobs.studio import Studio
from bot.request.image_request import ImageRequest
from tests.adapters.test_webhook import VIEW

CONTROL = Control("http://127.0.0.1:8765", "token-of-this-run")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080000000037"
    "6ef9240000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


class FakeStudio(Studio):
    """Draws in three views; the budget is empty for whoever asks for four pictures."""

    def __init__(self) -> None:
        self.asked: list[tuple[Asker, ImageRequest, str, CardPlace, bool]] = []
        self.cancelled: list[str] = []

    async def submit(
        self, asker: Asker, draft: Draft, *, event_id: str, card: CardPlace
    ) -> JobView:
        if draft.request.num_images == 4:
            raise QuotaExceeded("person", "day", 10, 40, None)
        self.asked.append((asker, draft.request, event_id, card, draft.private))
        return replace(VIEW, phase=Phase.WAITING, pictures=())

    async def watch(self, key: str) -> AsyncIterator[JobView]:
        waiting = Progress(place=2, eta_s=4.0)
        yield replace(VIEW, phase=Phase.WAITING, pictures=(), progress=waiting)
        yield replace(VIEW, phase=Phase.DRAWING, pictures=(), progress=Progress(fraction=0.5))
        yield VIEW

    async def file(self, asker: Asker, public_id: str, number: int) -> File:
        if number != 1:
            raise NotFound("picture")
        return File(data=PNG, name=f"limner-{public_id}-1.png", media_type="image/png")

    async def cancel(self, asker: Asker, public_id: str = "") -> JobView:
        self.cancelled.append(public_id)
        return replace(VIEW, phase=Phase.CANCELLED)


class FakeAdministration(Administration):
    def __init__(self) -> None:
        self.is_paused = False

    async def pause(self, asker: Asker, *, paused: bool) -> None:
        assert asker.is_owner
        self.is_paused = paused


class FakePrivacy(Privacy):
    """Knows one person, ann on the web, with two jobs."""

    def __init__(self) -> None:
        self.closed: list[tuple[str, bool, bool]] = []

    async def export(self, platform: str, person: str, target: Path, community: str = "") -> int:
        if (platform, person) != ("web", "ann") or community not in ("", "local"):
            raise NotFound("person", person)
        return 2

    async def erase(self, platform: str, person: str, community: str = "") -> Erased:
        return Erased(jobs=2, cards=3 if community == "" else 1)

    async def close_case(self, case: str, *, unlock: bool, drop: bool) -> None:
        if case != "9tt2bqzy":
            raise NotFound("case", case)
        self.closed.append((case, unlock, drop))


class Running:
    """A running bot: its app, its parts, and a client for it."""

    def __init__(self) -> None:
        self.studio = FakeStudio()
        self.administration = FakeAdministration()
        self.privacy = FakePrivacy()
        owner = Owner(
            self.administration,
            self.privacy,
            sign_in=lambda: "http://127.0.0.1:8765/sign-in#fresh",
            sign_all_out=lambda: 3,
        )
        self.app = FastAPI()
        self.app.mount(
            PREFIX,
            create_app(studio=self.studio, owner=owner, control=CONTROL, version="1.2.3"),
        )

    def http(self, control: Control = CONTROL, caller: str = "127.0.0.1") -> httpx.AsyncClient:
        return client(control, httpx.ASGITransport(self.app, client=(caller, 50_000)))


@pytest.fixture
def running() -> Running:
    return Running()


@pytest.fixture
async def bot(running: Running) -> AsyncIterator[RemoteBot]:
    async with running.http() as http:
        yield RemoteBot(http)


def order(**fields: object) -> ImagineOrder:
    return ImagineOrder(event_id="0123456789abcdef", fields={"prompt": "a cat", **fields})


async def test_an_order_arrives_as_it_was_given(running: Running, bot: RemoteBot) -> None:
    given = ImagineOrder(
        event_id="0123456789abcdef",
        fields={"prompt": "a cat", "steps": "30", "webhook": "https://hooks.example/x"},
        image=b64encode(PNG),
        private=True,
    )
    report = await bot.imagine(given)
    assert (report.public_id, report.phase) == ("7k3m9x2q", Phase.WAITING)
    ((asker, request, event_id, card, private),) = running.studio.asked
    assert (asker.platform, asker.person, asker.is_owner) == ("terminal", "owner", True)
    assert (request.prompt, request.num_inference_steps) == ("a cat", 30)
    assert (request.image, request.webhook) == (PNG, "https://hooks.example/x")
    assert (event_id, card, private) == ("0123456789abcdef", CardPlace("terminal", {}), True)


async def test_a_watched_job_is_reported_up_to_its_end(bot: RemoteBot) -> None:
    reports = [report async for report in bot.watch(VIEW.key)]
    assert [(r.phase, r.line, r.fraction, r.numbers) for r in reports] == [
        (Phase.WAITING, "Place 2 in line, starts in about 4 s", None, ()),
        (Phase.DRAWING, "Drawing, 50%", 0.5, ()),
        (Phase.DONE, "Done: 2 pictures.", None, (1, 3)),
    ]


async def test_a_file_arrives_with_its_name(bot: RemoteBot) -> None:
    assert await bot.file("7k3m9x2q", 1) == File(
        data=PNG, name="limner-7k3m9x2q-1.png", media_type="image/png"
    )


async def test_a_refusal_crosses_with_its_data(bot: RemoteBot) -> None:
    with pytest.raises(QuotaExceeded) as caught:
        await bot.imagine(order(num_images=4))
    assert (caught.value.level, caught.value.needed_micros) == ("person", 40)
    with pytest.raises(BadRequest) as refused:
        await bot.imagine(order(steps="1000"))
    assert isinstance(refused.value.problems[0], Problem)
    assert refused.value.problems[0].option == "num_inference_steps"
    with pytest.raises(NotFound):
        await bot.file("7k3m9x2q", 2)


async def test_the_owner_pauses_erases_exports_and_signs_in(
    running: Running, bot: RemoteBot
) -> None:
    await bot.cancel("7k3m9x2q")
    assert running.studio.cancelled == ["7k3m9x2q"]
    await bot.pause(paused=True)
    assert running.administration.is_paused
    assert await bot.erase("web", "ann") == Erased(jobs=2, cards=3)
    assert await bot.erase("web", "ann", "local") == Erased(jobs=2, cards=1)
    assert await bot.export("web", "ann", Path("out")) == 2
    with pytest.raises(NotFound):
        await bot.export("web", "ann", Path("out"), "elsewhere")
    with pytest.raises(NotFound):
        await bot.export("web", "bob", Path("out"))
    assert await bot.sign_in_url() == "http://127.0.0.1:8765/sign-in#fresh"
    assert await bot.version() == "1.2.3"


async def test_without_the_token_nothing_is_done(running: Running) -> None:
    async with running.http(replace(CONTROL, token="guess")) as http:
        with pytest.raises(NoAnswer, match="401"):
            await RemoteBot(http).imagine(order())
        assert await RemoteBot(http).version() is None
    assert running.studio.asked == []


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP"])
async def test_nothing_comes_through_a_proxy(running: Running, header: str) -> None:
    async with running.http() as http:
        http.headers[header] = "127.0.0.1"
        with pytest.raises(NoAnswer, match="401"):
            await RemoteBot(http).imagine(order())


async def test_another_machine_is_refused_even_with_the_token(running: Running) -> None:
    async with running.http(caller="192.0.2.7") as http:
        with pytest.raises(NoAnswer, match="401"):
            await RemoteBot(http).imagine(order())


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": CONTROL.url},  # our own page has no business here either
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "elsewhere.example"},  # a name that was pointed at this machine
        {"Host": "localhost:8765"},
        {"Host": "127.0.0.1.elsewhere.example:8765"},
        {"Host": "127.0.0.1]:8765"},
        {"Host": ""},
    ],
)
async def test_what_a_web_page_makes_a_browser_send_is_refused_even_with_the_token(
    running: Running, headers: dict[str, str]
) -> None:
    async with running.http() as http:
        http.headers.update(headers)
        with pytest.raises(NoAnswer, match="403"):
            await RemoteBot(http).imagine(order())
    assert running.studio.asked == []


async def endless(sent: list[int]) -> AsyncIterator[bytes]:
    for _ in range(100):
        sent.append(1024 * 1024)
        yield bytes(1024 * 1024)


@pytest.mark.parametrize("path", ["/imagine", "/pause", "/privacy/erase", "/web-login", "/nothing"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer guess"},
        {"Authorization": ""},
        {"Authorization": "Bearer t\u00f6ken".encode("latin-1")},
        {"Origin": "null"},
        {"Host": "elsewhere.example"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Content-Length": str(300 * 1024 * 1024)},
    ],
)
async def test_what_is_refused_is_not_read(
    running: Running, path: str, headers: dict[str, str]
) -> None:
    sent: list[int] = []
    async with running.http() as http:
        answer = await http.post(path, content=endless(sent), headers=headers)
    assert answer.status_code in (401, 403, 413)
    assert sent == []


@pytest.mark.parametrize("path", ["/imagine", "/pause"])
async def test_too_large_a_body_is_refused_where_it_gets_too_large(
    running: Running, path: str
) -> None:
    sent: list[int] = []
    async with running.http() as http:
        answer = await http.post(path, content=endless(sent))
    assert answer.status_code == 413
    assert sum(sent) <= BODY_MAX_BYTES + 1024 * 1024


async def test_a_body_that_is_no_order_is_refused(running: Running) -> None:
    async with running.http() as http:
        answer = await http.post("/imagine", content=b'{"event_id": 1}')
    assert answer.status_code == 422


async def test_a_bot_that_is_gone_is_noticed() -> None:
    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with client(CONTROL, httpx.MockTransport(gone)) as http:
        bot = RemoteBot(http)
        assert await bot.version() is None
        with pytest.raises(NoAnswer):
            await bot.imagine(order())
        with pytest.raises(NoAnswer):
            await anext(bot.watch("key"))


async def test_something_else_on_the_port_is_no_bot() -> None:
    def page(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="<h1>Hello</h1>")

    async with client(CONTROL, httpx.MockTransport(page)) as http:
        assert await RemoteBot(http).version() is None
        with pytest.raises(NoAnswer):
            await RemoteBot(http).imagine(order())


def test_the_control_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    control_file.write(tmp_path, CONTROL)
    file = tmp_path / "control.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert control_file.read(tmp_path) == CONTROL
    assert [each.name for each in tmp_path.iterdir()] == ["control.json"]
    assert "token-of-this-run" not in repr(CONTROL)


def test_a_bot_removes_only_its_own_control_file(tmp_path: Path) -> None:
    newer = replace(CONTROL, token="newer")
    control_file.write(tmp_path, CONTROL)
    control_file.write(tmp_path, newer)
    control_file.remove(tmp_path, CONTROL)
    assert control_file.read(tmp_path) == newer
    control_file.remove(tmp_path, newer)
    assert control_file.read(tmp_path) is None


@pytest.mark.parametrize("text", ["", "[]", '{"url": "x"}', "\x00"])
def test_an_unreadable_control_file_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "control.json").write_text(text)
    assert control_file.read(tmp_path) is None


async def test_the_owner_closes_a_frozen_case(running: Running, bot: RemoteBot) -> None:
    await bot.close_case("9tt2bqzy", unlock=True, drop=False)
    assert running.privacy.closed == [("9tt2bqzy", True, False)]
    with pytest.raises(NotFound):
        await bot.close_case("00000000", unlock=False, drop=True)


async def test_the_owner_signs_everybody_out(bot: RemoteBot) -> None:
    assert await bot.revoke_sessions() == 3
