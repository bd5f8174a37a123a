"""The control API of a running bot: commands from the terminal of the same machine.

Two locks: the token, which only those know who may read DATA_DIR, and the address of the caller.
"""

import asyncio
import hmac
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from adapters.terminal.order import PREFIX, InProcess, Order, Report
from bot.errors import BotError, to_record
from bot.owner import Owner
from bot.studio import Studio

# A starting image of 10 MiB as base64, and the fields around it.
BODY_MAX_BYTES = 15 * 1024 * 1024
# What a proxy adds. Behind one, everybody seems to come from this machine.
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


class Pause(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paused: bool


class Who(BaseModel):
    """Whom `limner privacy` names."""

    model_config = ConfigDict(extra="forbid")

    platform: str
    person: str
    community: str = ""  # everywhere


class Export(Who):
    target: Path  # a folder of this machine; whoever has the token may read DATA_DIR anyway


class Close(BaseModel):
    """What `limner case close` says."""

    model_config = ConfigDict(extra="forbid")

    case: str
    unlock: bool
    drop: bool


def create_router(*, studio: Studio, owner: Owner, token: str, version: str) -> APIRouter:
    """Everything under /control. Mount it beside the page, not behind the page's guards."""
    router = APIRouter(
        prefix=PREFIX,
        route_class=_Translated,
        dependencies=[Depends(_only_the_owner(token))],
        include_in_schema=False,
    )

    @router.get("/who")
    async def who_are_you() -> dict[str, str]:
        return {"limner": version}

    _add_jobs(router, InProcess(studio))
    _add_owner(router, owner)
    return router


def _add_jobs(router: APIRouter, bot: InProcess) -> None:
    @router.post("/imagine")
    async def imagine(order: Annotated[Order, Depends(_order)]) -> Report:
        return await bot.imagine(order)

    @router.get("/jobs/{key}/events")
    async def events(key: str) -> StreamingResponse:
        return StreamingResponse(_lines(bot.watch(key)), media_type="application/x-ndjson")

    @router.get("/jobs/{public_id}/files/{number}")
    async def file(public_id: str, number: int) -> Response:
        found = await bot.file(public_id, number)
        headers = {"X-Name": found.name}
        return Response(found.data, media_type=found.media_type, headers=headers)

    @router.post("/jobs/{public_id}/cancel", status_code=204)
    async def cancel(public_id: str) -> None:
        await bot.cancel(public_id)


def _add_owner(router: APIRouter, owner: Owner) -> None:
    @router.post("/pause", status_code=204)
    async def pause(wish: Pause) -> None:
        await owner.pause(paused=wish.paused)

    @router.post("/privacy/export")
    async def export(wish: Export) -> dict[str, int]:
        return {"jobs": await owner.export(wish.platform, wish.person, wish.target, wish.community)}

    @router.post("/privacy/erase")
    async def erase(who: Who) -> dict[str, int]:
        return asdict(await owner.erase(who.platform, who.person, who.community))

    @router.post("/cases/close", status_code=204)
    async def close_case(wish: Close) -> None:
        await owner.close_case(wish.case, unlock=wish.unlock, drop=wish.drop)

    @router.post("/sessions/revoke")
    async def revoke_sessions() -> dict[str, int]:
        return {"ended": owner.revoke_sessions()}

    @router.post("/web-login")
    async def web_login() -> dict[str, str]:
        return {"url": owner.sign_in_url()}


class _Translated(APIRoute):
    """Errors cross as the records that a job's row keeps."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()

        async def translated(request: Request) -> Response:
            try:
                return await handle(request)
            except BotError as error:
                return JSONResponse(to_record(error), status_code=409)

        return translated


def _only_the_owner(token: str) -> Callable[[Request], None]:
    expected = f"Bearer {token}".encode()

    def check(request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        proxied = any(name in request.headers for name in _PROXY_HEADERS)
        if proxied or not _is_from_here(request) or not hmac.compare_digest(given, expected):
            raise HTTPException(401)

    return check


def _is_from_here(request: Request) -> bool:
    """Loopback, or the very address that the bot listens on."""
    caller = request.client.host if request.client else ""
    own, _ = request.scope.get("server") or ("", None)
    return caller in (*_LOOPBACK, own)


async def _order(request: Request) -> Order:
    """The body, bounded. Base64 of megabytes is decoded off the event loop."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX_BYTES:
            raise HTTPException(413)
    try:
        return await asyncio.to_thread(Order.model_validate_json, bytes(body))
    except ValidationError:
        raise HTTPException(422) from None


async def _lines(reports: AsyncGenerator[Report]) -> AsyncIterator[str]:
    async with aclosing(reports):
        async for report in reports:
            yield report.model_dump_json() + "\n"
