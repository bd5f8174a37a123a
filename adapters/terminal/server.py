"""The control API of a running bot: commands from the terminal of the same machine."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.incoming import Bounded
from adapters.terminal.protocol import ERROR_STATUS, ImagineOrder, InProcess, Report, Running, State
from bot.accounts.owner import Owner
from bot.errors import BotError, to_record
from bot.jobs.studio import Studio

# Room for a starting image of 10 MiB in base64 and for other fields.
BODY_MAX_BYTES = 15 * 1024 * 1024


class Pause(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paused: bool


class Place(BaseModel):
    """What `limner community` decides about a server or workspace."""

    model_config = ConfigDict(extra="forbid")

    platform: str
    community: str
    allowed: bool


class Who(BaseModel):
    """The person that `limner privacy` names."""

    model_config = ConfigDict(extra="forbid")

    platform: str
    person: str
    community: str = ""  # everywhere


class Export(Who):
    target: Path  # a folder of this machine; whoever reaches the socket may read DATA_DIR anyway


class Close(BaseModel):
    """The options of `limner case close`."""

    model_config = ConfigDict(extra="forbid")

    case: str
    unlock: bool
    drop: bool


def create_app(
    *, studio: Studio, owner: Owner, running: Running, state: Callable[[], State]
) -> FastAPI:
    """The app for the control socket. It asks nobody who they are: the socket's mode has."""
    app = FastAPI(openapi_url=None)

    @app.get("/who")
    async def who_are_you() -> Running:
        return running

    @app.get("/state")
    async def how_are_you() -> State:
        return state()

    _add_jobs(app, InProcess(studio))
    _add_owner(app, owner)
    app.add_exception_handler(BotError, _recorded)
    app.add_middleware(_Bounding)
    return app


class _Bounding:
    """ASGI middleware that bounds the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, Bounded(receive, BODY_MAX_BYTES), send)


def _add_jobs(app: FastAPI, bot: InProcess) -> None:
    @app.post("/imagine")
    async def imagine(order: Annotated[ImagineOrder, Depends(_order)]) -> Report:
        return await bot.imagine(order)

    @app.get("/jobs/{key}/events")
    async def events(key: str) -> StreamingResponse:
        return StreamingResponse(_lines(bot.watch(key)), media_type="application/x-ndjson")

    @app.get("/jobs/{public_id}/files/{number}")
    async def file(public_id: str, number: int) -> Response:
        found = await bot.file(public_id, number)
        headers = {"X-Name": found.name}
        return Response(found.data, media_type=found.media_type, headers=headers)

    @app.post("/jobs/{public_id}/cancel", status_code=204)
    async def cancel(public_id: str) -> None:
        await bot.cancel(public_id)


def _add_owner(app: FastAPI, owner: Owner) -> None:
    @app.post("/pause", status_code=204)
    async def pause(body: Pause) -> None:
        await owner.pause(paused=body.paused)

    @app.get("/communities")
    async def communities() -> dict[str, str]:
        return await owner.communities()

    @app.post("/communities", status_code=204)
    async def decide(body: Place) -> None:
        decide = owner.let_in if body.allowed else owner.shut_out
        await decide(body.platform, body.community)

    @app.post("/privacy/export")
    async def export(body: Export) -> dict[str, int]:
        return {"jobs": await owner.export(body.platform, body.person, body.target, body.community)}

    @app.post("/privacy/erase")
    async def erase(who: Who) -> dict[str, int]:
        return asdict(await owner.erase(who.platform, who.person, who.community))

    @app.post("/cases/close", status_code=204)
    async def close_case(body: Close) -> None:
        await owner.close_case(body.case, unlock=body.unlock, drop=body.drop)

    @app.post("/sessions/revoke")
    async def revoke_sessions() -> dict[str, int]:
        return {"ended": owner.revoke_sessions()}

    @app.post("/web-login")
    async def web_login() -> dict[str, str]:
        return {"url": owner.sign_in_url()}


async def _recorded(_: Request, error: Exception) -> Response:
    """Send errors as the records that a job's row also holds."""
    assert isinstance(error, BotError)
    return JSONResponse(to_record(error), ERROR_STATUS)


async def _order(request: Request) -> ImagineOrder:
    """The order in a request; megabytes of base64 are decoded in a thread."""
    body = await request.body()
    try:
        return await asyncio.to_thread(ImagineOrder.model_validate_json, body)
    except ValidationError:
        raise HTTPException(422) from None


async def _lines(reports: AsyncGenerator[Report]) -> AsyncIterator[str]:
    async with aclosing(reports):
        async for report in reports:
            yield report.model_dump_json() + "\n"
