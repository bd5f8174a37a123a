"""The control API of a running bot: commands from the terminal of the same machine."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from adapters.terminal.control_file import Control
from adapters.terminal.guard import Guard
from adapters.terminal.protocol import ERROR_STATUS, ImagineOrder, InProcess, Report
from bot.accounts.owner import Owner
from bot.errors import BotError, to_record
from bot.jobs.studio import Studio


class Pause(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paused: bool


class Who(BaseModel):
    """The person that `limner privacy` names."""

    model_config = ConfigDict(extra="forbid")

    platform: str
    person: str
    community: str = ""  # everywhere


class Export(Who):
    target: Path  # a folder of this machine; whoever has the token may read DATA_DIR anyway


class Close(BaseModel):
    """The options of `limner case close`."""

    model_config = ConfigDict(extra="forbid")

    case: str
    unlock: bool
    drop: bool


def create_app(*, studio: Studio, owner: Owner, control: Control, version: str) -> FastAPI:
    """The app under /control. Mount it beside the page, not behind the page's guard."""
    app = FastAPI(openapi_url=None)

    @app.get("/who")
    async def who_are_you() -> dict[str, str]:
        return {"limner": version}

    _add_jobs(app, InProcess(studio))
    _add_owner(app, owner)
    app.add_exception_handler(BotError, _recorded)
    app.add_middleware(Guard, control=control)
    return app


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
