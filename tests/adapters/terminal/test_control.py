"""The terminal beside a running bot: its client against its server, on a real socket."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from adapters.terminal import control_socket
from adapters.terminal.client import RemoteBot, client
from adapters.terminal.protocol import ImagineOrder, NoAnswer, PlatformState, State
from adapters.terminal.protocol import Running as Who
from adapters.terminal.server import BODY_MAX_BYTES, create_app
from bot.accounts.administration import Administration
from bot.accounts.community_claims import CommunityClaims
from bot.accounts.owner import Owner
from bot.accounts.privacy import Privacy
from bot.app.listener import OfOwner, Patient, listening
from bot.domain.asker import Asker
from bot.domain.job_view import JobView, Phase, Progress
from bot.domain.person import Erased
from bot.errors import BadRequest, NotFound, Problem, QuotaExceeded
from bot.jobs.drafts import CardPlace, Draft
from bot.jobs.studio import Studio
from bot.picture_file import File
from bot.request.image_request import ImageRequest
from tests.adapters.test_webhook import VIEW
from tests.support.clock import FakeClock

WHO = Who(version="1.2.3", url="http://127.0.0.1:8765")
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


STATE = State(
    database=True,
    drawing=True,
    loops_down=(),
    platforms=(PlatformState(name="discord", state="up", since="2026-11-22", why=""),),
)


class Running:
    """A running bot: its app, its parts, and a client for it."""

    def __init__(self) -> None:
        self.studio = FakeStudio()
        self.administration = FakeAdministration()
        self.privacy = FakePrivacy()
        owner = Owner(
            self.administration,
            self.privacy,
            CommunityClaims(cast("Any", None), FakeClock()),
            sign_in=lambda: "http://127.0.0.1:8765/sign-in#fresh",
            sign_all_out=lambda: 3,
        )
        self.app = create_app(studio=self.studio, owner=owner, running=WHO, state=lambda: STATE)


@pytest.fixture
def running() -> Running:
    return Running()


@asynccontextmanager
async def listening_at(path: Path, app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """Serve `app` there as a running bot does; yields a client as a command has it."""
    async with listening(app, control_socket.listen(path), protocol=OfOwner):
        address = control_socket.find(path)
        assert address is not None
        async with client(address) as http:
            yield http


@pytest.fixture
async def http(running: Running, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with listening_at(tmp_path / "limner.sock", running.app) as found:
        yield found


@pytest.fixture
async def bot(http: httpx.AsyncClient) -> RemoteBot:
    return RemoteBot(http)


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
    assert (await bot.who(), await bot.state()) == (WHO, STATE)


async def endless(sent: list[int]) -> AsyncIterator[bytes]:
    for _ in range(100):
        sent.append(1024 * 1024)
        yield bytes(1024 * 1024)


@pytest.mark.parametrize("path", ["/imagine", "/pause"])
async def test_too_large_a_body_is_refused_where_it_gets_too_large(
    http: httpx.AsyncClient, path: str
) -> None:
    sent: list[int] = []
    answer = await http.post(path, content=endless(sent))
    assert answer.status_code == 413
    # What is on its way is dropped, as on any line.
    assert sum(sent) <= BODY_MAX_BYTES + Patient.rest_max_bytes + 2 * 1024 * 1024


async def test_a_body_that_is_no_order_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/imagine", content=b'{"event_id": 1}')
    assert answer.status_code == 422


async def test_a_bot_that_is_gone_is_noticed(running: Running, tmp_path: Path) -> None:
    async with listening_at(tmp_path / "limner.sock", running.app) as http:
        bot = RemoteBot(http)
        assert await bot.who() == WHO
    async with client(str(tmp_path / "limner.sock")) as http:
        bot = RemoteBot(http)
        assert await bot.who() is None
        with pytest.raises(NoAnswer):
            await bot.imagine(order())
        with pytest.raises(NoAnswer):
            await anext(bot.watch("key"))


async def test_something_else_on_the_socket_is_no_bot(tmp_path: Path) -> None:
    page = PlainTextResponse("<h1>Hello</h1>")
    async with listening_at(tmp_path / "limner.sock", page) as http:
        assert await RemoteBot(http).who() is None
        with pytest.raises(NoAnswer):
            await RemoteBot(http).imagine(order())


async def test_the_owner_closes_a_frozen_case(running: Running, bot: RemoteBot) -> None:
    await bot.close_case("9tt2bqzy", unlock=True, drop=False)
    assert running.privacy.closed == [("9tt2bqzy", True, False)]
    with pytest.raises(NotFound):
        await bot.close_case("00000000", unlock=False, drop=True)


async def test_the_owner_signs_everybody_out(bot: RemoteBot) -> None:
    assert await bot.revoke_sessions() == 3
