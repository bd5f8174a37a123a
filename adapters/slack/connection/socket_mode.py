"""Socket Mode: keeps a websocket to Slack open for as long as the bot runs.

Slack asks for a new one every few hours. The new one is opened before the old one ends, and the old
one is read until Slack closes it, so that no event is lost in between.
"""

import asyncio
import json
import logging
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMessage, WSMsgType
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.platform.limits import TOKEN_UNFIT
from adapters.slack.platform.web_api import code_of
from bot.errors import Misconfigured
from bot.ports import Clock
from bot.wording.installation import SLACK_REFUSES_APP

# The waits before further attempts; the last one repeats. Slack takes about one a second.
RECONNECT_S = (1.0, 5.0, 15.0, 30.0)
# The wait when other processes hold all ten connections that an app may have.
# https://docs.slack.dev/apis/events-api/using-socket-mode
CROWDED_S = 30.0
_CROWDED = frozenset({"too_many_websockets", "link_disabled"})
# A connection that lasts less is short; after more than so many in a row, wait before the next.
STEADY_S = 5.0
SHORT_MAX = 3
HELLO_TIMEOUT_S = 10.0
HEARTBEAT_S = 10.0
# A connection that Slack asked us to replace is read for at most this long.
GOODBYE_S = 60.0
MESSAGE_MAX_BYTES = 4 * 1024 * 1024
ENVELOPES_MAX = 500
# Errors of the network, and what an answer raises that isn't as Slack documents it.
_Trouble = (SlackApiError, ClientError, OSError, TimeoutError, ValueError, LookupError, TypeError)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Gone:
    """How a websocket ended. `worked`: Slack said hello; `after_s`: how long to wait then."""

    why: str
    worked: bool
    after_s: float = 0.0


class SocketModeConnection:
    """Passes envelopes to bolt, and its acknowledgements back to Slack."""

    def __init__(
        self,
        app: AsyncApp,
        client: AsyncWebClient,
        session: ClientSession,
        app_token: str,
        *,
        clock: Clock,
        rng: random.Random,
        greeted: asyncio.Event,
    ) -> None:
        self._app = app
        self._client = client
        self._session = session
        self._app_token = app_token
        self._clock = clock
        self._rng = rng
        self._readers: set[asyncio.Task[_Gone]] = set()
        self._envelopes: set[asyncio.Task[None]] = set()
        self._current: ClientWebSocketResponse | None = None
        self._short = 0
        self._closing = False
        self._greeted = greeted  # set once Slack has said hello for the first time

    def is_connected(self) -> bool:
        """Whether a connection is open on which Slack has said hello."""
        return self._current is not None and not self._current.closed

    async def run(self) -> None:
        """Stay connected until cancelled. Raises Misconfigured for a token that Slack refuses."""
        tries = 0
        while True:
            try:
                socket = await self._open()
            except _Trouble as error:
                _refuse_token(error)
                await self._pause(RECONNECT_S[min(tries, len(RECONNECT_S) - 1)], _said(error))
                tries += 1
                continue
            tries = 0 if await self._stay(socket) else tries + 1

    async def close(self) -> None:
        """Take no more envelopes; acknowledgements under way get a second to be sent."""
        self._closing = True
        if self._envelopes:
            await asyncio.wait(tuple(self._envelopes), timeout=1.0)
        tasks = (*self._readers, *self._envelopes)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # One websocket.

    async def _open(self) -> ClientWebSocketResponse:
        """Ask for a new address, as each is good for one connection only, and connect to it."""
        opened = await self._client.apps_connections_open(app_token=self._app_token)
        async with asyncio.timeout(HELLO_TIMEOUT_S):
            return await self._session.ws_connect(
                opened["url"], heartbeat=HEARTBEAT_S, max_msg_size=MESSAGE_MAX_BYTES
            )

    async def _stay(self, socket: ClientWebSocketResponse) -> bool:
        """Read `socket` until another one is needed. Returns whether this one worked."""
        began_s = self._clock.monotonic()
        asked_to_go = asyncio.Event()
        reader = asyncio.create_task(self._read(socket, asked_to_go), name="slack connection")
        self._readers.add(reader)
        reader.add_done_callback(self._readers.discard)
        leaving = asyncio.create_task(asked_to_go.wait())
        await asyncio.wait([reader, leaving], return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        gone = reader.result() if reader.done() else _Gone("asked to go", worked=True)
        lasted = self._clock.monotonic() - began_s >= STEADY_S
        self._short = 0 if lasted else self._short + 1
        if not gone.worked or gone.after_s or self._short > SHORT_MAX:
            await self._pause(gone.after_s or RECONNECT_S[0], gone.why)
        return gone.worked

    async def _read(self, socket: ClientWebSocketResponse, asked_to_go: asyncio.Event) -> "_Gone":
        """Take every message until the socket ends, and say how it ended."""
        worked = False
        try:
            async with asyncio.timeout(HELLO_TIMEOUT_S) as patience:
                async for message in socket:
                    said = _read_json(message)
                    if said.get("type") == "hello":
                        worked = True
                        patience.reschedule(None)
                        self._greet(socket)
                    elif said.get("type") == "disconnect":
                        reason = str(said.get("reason"))
                        if reason in _CROWDED:
                            return _Gone(reason, worked=worked, after_s=CROWDED_S)
                        asked_to_go.set()
                        patience.reschedule(asyncio.get_running_loop().time() + GOODBYE_S)
                    else:
                        self._take(said, socket)
        except _Trouble as error:
            return _Gone(type(error).__name__, worked=worked)
        finally:
            if self._current is socket:
                self._current = None
            with suppress(*_Trouble):
                await socket.close()
        return _Gone("closed", worked=worked)

    def _greet(self, socket: ClientWebSocketResponse) -> None:
        self._current = socket
        self._greeted.set()
        log.info("connected to Slack")

    # One envelope.

    def _take(self, envelope: Mapping[str, Any], socket: ClientWebSocketResponse) -> None:
        if "envelope_id" not in envelope or self._closing:
            return
        if len(self._envelopes) >= ENVELOPES_MAX:
            log.warning("too much comes from Slack at once; something was left unanswered")
            return
        task = asyncio.create_task(self._answer(envelope, socket))
        self._envelopes.add(task)
        task.add_done_callback(self._answered)

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._envelopes.discard(task)
        if not task.cancelled() and (trouble := task.exception()):
            log.error("an envelope of Slack broke something", exc_info=trouble)

    async def _answer(self, envelope: Mapping[str, Any], socket: ClientWebSocketResponse) -> None:
        request = AsyncBoltRequest(
            mode="socket_mode", body=envelope.get("payload") or {}, headers=_headers(envelope)
        )
        response = await self._app.async_dispatch(request)
        if response.status == _OK:
            ack = {"envelope_id": envelope["envelope_id"], **_payload(response)}
            try:
                await socket.send_str(json.dumps(ack))
            except (ClientError, OSError) as error:
                log.info("an acknowledgement did not arrive: %s", type(error).__name__)

    # Trouble.

    async def _pause(self, delay_s: float, why: str) -> None:
        log.warning("no connection to Slack (%s); again in %d s", why, delay_s)
        await self._clock.sleep(delay_s * self._rng.uniform(1.0, 1.2))


def _refuse_token(error: Exception) -> None:
    if code_of(error) in TOKEN_UNFIT:
        raise Misconfigured((SLACK_REFUSES_APP,)) from None


def _said(error: Exception) -> str:
    """`error` for the log, without its address: that holds a secret ticket."""
    return code_of(error) or type(error).__name__


def _read_json(message: WSMessage) -> dict[str, Any]:
    """The message as JSON; {} where it can't be read, so that the connection goes on."""
    try:
        said = json.loads(message.data) if message.type is WSMsgType.TEXT else {}
    except (ValueError, RecursionError) as error:  # its text would show the message
        log.warning("an envelope of Slack can't be read (%s)", type(error).__name__)
        return {}
    return said if isinstance(said, dict) else {}


_OK = 200


def _headers(envelope: Mapping[str, Any]) -> dict[str, str | Sequence[str]]:
    """The headers that the same request would have over HTTP."""
    retry = envelope.get("retry_attempt")
    if not retry:
        return {}
    reason = str(envelope.get("retry_reason") or "")
    return {"x-slack-retry-num": str(retry), "x-slack-retry-reason": reason}


def _payload(response: BoltResponse) -> dict[str, Any]:
    """The payload of an acknowledgement: a text, or JSON."""
    if not response.body:
        return {}
    kind = response.headers.get("content-type", [""])[0]
    if kind.startswith("application/json"):
        return {"payload": json.loads(response.body)}
    return {"payload": {"text": response.body}}
