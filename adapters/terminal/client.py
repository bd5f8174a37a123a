"""Calls a bot in another process of this machine through its control API."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
from pydantic import ValidationError

from adapters.terminal.protocol import ERROR_STATUS, ImagineOrder, NoAnswer, Report, Running, State
from bot.domain.person import Erased
from bot.errors import BotError, from_record
from bot.picture_file import File

# Without a byte: a watched job reports at least once a second.
TIMEOUT_S = 30.0
# A bot that doesn't answer within this counts as none; its lock then refuses the command.
PING_TIMEOUT_S = 10.0


def client(address: str) -> httpx.AsyncClient:
    """The client to hand in, for the socket that `control_socket.find` found."""
    transport = httpx.AsyncHTTPTransport(uds=address, trust_env=False)
    return httpx.AsyncClient(base_url="http://limner", timeout=TIMEOUT_S, transport=transport)


class RemoteBot:
    """The running bot. Every method raises BotError, or NoAnswer."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def who(self) -> Running | None:
        """The bot that answers; None where none does."""
        try:
            answer = await self._http.get("/who", timeout=PING_TIMEOUT_S)
            return Running.model_validate_json(answer.content)
        except (httpx.HTTPError, ValidationError):
            return None

    async def state(self) -> State | None:
        """How the bot is; None where it doesn't say."""
        try:
            answer = await self._http.get("/state", timeout=PING_TIMEOUT_S)
            return State.model_validate_json(answer.content)
        except (httpx.HTTPError, ValidationError):
            return None

    async def imagine(self, order: ImagineOrder) -> Report:
        answer = await self._send("POST", "/imagine", content=order.model_dump_json())
        return _report(answer.text)

    async def watch(self, key: str) -> AsyncGenerator[Report]:
        try:
            async with self._http.stream("GET", f"/jobs/{key}/events") as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise _error(answer)
                async for line in answer.aiter_lines():
                    yield _report(line)
        except httpx.HTTPError as error:
            raise NoAnswer from error

    async def file(self, public_id: str, number: int) -> File:
        answer = await self._send("GET", f"/jobs/{public_id}/files/{number}")
        return File(
            data=answer.content,
            name=answer.headers["x-name"],
            media_type=answer.headers["content-type"],
        )

    async def cancel(self, public_id: str) -> None:
        await self._send("POST", f"/jobs/{public_id}/cancel")

    async def pause(self, *, paused: bool) -> None:
        await self._send("POST", "/pause", json={"paused": paused})

    async def communities(self) -> dict[str, str]:
        found: dict[str, str] = (await self._send("GET", "/communities")).json()
        return found

    async def let_in(self, platform: str, community: str) -> None:
        await self._decide(platform, community, allowed=True)

    async def shut_out(self, platform: str, community: str) -> None:
        await self._decide(platform, community, allowed=False)

    async def _decide(self, platform: str, community: str, *, allowed: bool) -> None:
        body = {"platform": platform, "community": community, "allowed": allowed}
        await self._send("POST", "/communities", json=body)

    async def export(self, platform: str, person: str, target: Path, community: str = "") -> int:
        """Write everything about a person into `target`; returns how many jobs there were."""
        who = {"platform": platform, "person": person, "community": community}
        body = {**who, "target": str(target)}
        return int((await self._send("POST", "/privacy/export", json=body)).json()["jobs"])

    async def erase(self, platform: str, person: str, community: str = "") -> Erased:
        who = {"platform": platform, "person": person, "community": community}
        return Erased(**(await self._send("POST", "/privacy/erase", json=who)).json())

    async def close_case(self, case: str, *, unlock: bool, drop: bool) -> None:
        await self._send(
            "POST", "/cases/close", json={"case": case, "unlock": unlock, "drop": drop}
        )

    async def revoke_sessions(self) -> int:
        return int((await self._send("POST", "/sessions/revoke")).json()["ended"])

    async def sign_in_url(self) -> str:
        return str((await self._send("POST", "/web-login")).json()["url"])

    async def _send(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, **kwargs)
        except httpx.HTTPError as error:
            raise NoAnswer from error
        if not answer.is_success:
            raise _error(answer)
        return answer


def _report(text: str) -> Report:
    try:
        return Report.model_validate_json(text)
    except ValidationError as error:
        raise NoAnswer from error


def _error(answer: httpx.Response) -> BotError | NoAnswer:
    if answer.status_code != ERROR_STATUS:
        return NoAnswer(str(answer.status_code))
    return from_record(answer.json())
