"""Calls of the Web API in the pace that Slack publishes: by method, workspace and channel.

A call takes its turn in line before it is made. Where Slack says "wait" all the same, everybody in
that line waits as long as it says, and goes on one by one.

Source: https://docs.slack.dev/apis/web-api/rate-limits, and the page of each method.
"""

import copy
import math
import random
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Self

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.ports import Clock

_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100
# Calls a minute of one workspace. auth.test, "hundreds per minute", needs no line; nor has
# apps.connections.open one, which socket_mode.py repeats after pauses of its own.
PER_MINUTE: Mapping[str, int] = {
    "chat.delete": _TIER_3,
    "chat.getPermalink": _TIER_4,  # "special", and more than any other
    "chat.postEphemeral": _TIER_4,
    # "Several hundred messages per minute" of a workspace.
    "chat.postMessage": 240,
    "chat.update": _TIER_3,
    # 1 a minute for apps that are sold outside of the Marketplace; these Slack tells to wait.
    "conversations.history": _TIER_3,
    "conversations.join": _TIER_3,
    "conversations.open": _TIER_3,
    "conversations.replies": _TIER_3,  # as the history
    "files.completeUploadExternal": _TIER_4,
    "files.delete": _TIER_3,
    "files.getUploadURLExternal": _TIER_4,
    "files.info": _TIER_4,
    "users.info": _TIER_4,
    "usergroups.list": _TIER_2,
    "usergroups.users.list": _TIER_2,
    "views.open": _TIER_4,
    "views.publish": _TIER_4,
    "views.update": _TIER_4,
}
NO_LINE = frozenset({"auth.test", "apps.connections.open", "oauth.v2.access"})
OTHER_PER_MINUTE = _TIER_2
# A minute, and a second for what is faster on its way than the one before.
MINUTE_S = 61.0
# "No more than one message per second per channel", and "short bursts" are let through.
POST = "chat.postMessage"
BURST = 4
BURST_S = 4.4
# How long a call may wait for its turn and for Slack in all, unless its caller gives up before.
PATIENCE_S = 600.0
# Where Slack doesn't say how long to wait; and the least, where it says 0.
RETRY_AFTER_S = 1.0
# More than are ever used within a minute; the one that was used longest ago is forgotten.
LINES_MAX = 5_000
_TOO_MANY_REQUESTS = 429
# Is told how each call ended; None is well.
Heard = Callable[[Exception | None], None]


class NoRoom(Exception):
    """A call that may not wait, or not for so long, was not made."""


class Line:
    """Gives at most `most` turns in any `window_s`, in the order in which they are asked for."""

    def __init__(self, most: int, window_s: float, clock: Clock) -> None:
        self._most = most
        self._window_s = window_s
        self._clock = clock
        self._turns: list[float] = []  # when each is or was, ascending
        self._refusals = 0
        self._refused_until_s = 0.0

    @property
    def room(self) -> int:
        """How many turns could be taken now without waiting."""
        since_s = self._clock.monotonic() - self._window_s
        return max(0, self._most - sum(turn > since_s for turn in self._turns))

    @property
    def ahead(self) -> int:
        """How many wait for their turn."""
        now_s = self._clock.monotonic()
        return sum(turn > now_s for turn in self._turns)

    @property
    def wait_s(self) -> float:
        """How long whoever asked now would wait."""
        now_s = self._clock.monotonic()
        return self._next(now_s) - now_s

    async def turn(self, until_s: float = math.inf) -> None:
        """Wait for a turn. Raises NoRoom where there is none until then."""
        while True:
            now_s, refusals = self._clock.monotonic(), self._refusals
            at_s = self._next(now_s)
            if at_s > until_s:
                raise NoRoom
            self._take(at_s, now_s)
            if at_s <= now_s:
                return
            try:
                await self._clock.sleep(at_s - now_s)
            except BaseException:
                if refusals == self._refusals:
                    self._turns.remove(at_s)
                raise
            if refusals == self._refusals:
                return

    def refused(self, until_s: float) -> None:
        """Slack takes nothing until then; how much it takes afterwards isn't known, so that turns
        are given one by one. Whoever waited for a turn takes another.
        """
        self._refusals += 1
        # Of calls that were on their way at once, another may have been told to wait longer.
        self._refused_until_s = until_s = max(until_s, self._refused_until_s)
        step_s = self._window_s / self._most
        first_s = until_s - self._window_s
        self._turns = [first_s + step_s * number for number in range(self._most)]

    def _next(self, now_s: float) -> float:
        if len(self._turns) < self._most:
            return now_s
        return max(now_s, self._turns[-self._most] + self._window_s)

    def _take(self, at_s: float, now_s: float) -> None:
        past = sum(turn <= now_s - self._window_s for turn in self._turns)
        del self._turns[:past]
        insort(self._turns, at_s)


class Pace:
    """The lines of all workspaces."""

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self.clock = clock
        self._rng = rng
        self._lines: OrderedDict[tuple[str, str, str], Line] = OrderedDict()

    def lines(self, method: str, workspace: str, channel: str = "") -> list[Line]:
        """Those that a call waits in, the narrowest first."""
        if method in NO_LINE:
            return []
        wide = self._line(
            (method, workspace, ""), PER_MINUTE.get(method, OTHER_PER_MINUTE), MINUTE_S
        )
        if method != POST:
            return [wide]
        return [self._line((method, workspace, channel), BURST, BURST_S), wide]

    def refused(self, lines: list[Line], after_s: float) -> float:
        """Keep everybody in the narrowest line for `after_s`, and a little longer, so that bots on
        other machines don't all come back at once. Returns how long that is.
        """
        wait_s = after_s * self._rng.uniform(1.0, 1.2)
        if lines:
            lines[0].refused(self.clock.monotonic() + wait_s)
        return wait_s

    def _line(self, key: tuple[str, str, str], most: int, window_s: float) -> Line:
        found = self._lines.get(key)
        if found is None:
            found = self._lines[key] = Line(most, window_s, self.clock)
            if len(self._lines) > LINES_MAX:
                self._lines.popitem(last=False)
        self._lines.move_to_end(key)
        return found


class PacedClient(AsyncWebClient):
    """The Web API of one workspace, whose calls take turns. `heard` is told how each ended."""

    def __init__(self, pace: Pace, workspace: str, heard: Heard, **usual: Any) -> None:
        super().__init__(**usual)
        self._heard = heard
        self._pace = pace
        self._workspace = workspace
        self._room_left: int | None = None

    def line(self, method: str, channel: str = "") -> Line:
        """The narrowest line that a call would wait in."""
        return self._pace.lines(method, self._workspace, channel)[0]

    def hasty(self, room_left: int) -> Self:
        """The same, for what nobody misses: a call that would have to wait, or leave no room for
        `room_left` others, raises NoRoom instead.
        """
        made = copy.copy(self)
        made._room_left = room_left  # noqa: SLF001  (of the same class)
        return made

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        """Raises SlackApiError, also where Slack has said "wait" for PATIENCE_S; NoRoom."""
        lines = self._pace.lines(api_method, self._workspace, _channel(how))
        if self._room_left is not None and any(each.room <= self._room_left for each in lines):
            raise NoRoom
        until_s = self._pace.clock.monotonic() + PATIENCE_S
        while True:
            await self._turns(lines, until_s)
            try:
                answer = await self._call(api_method, how)
            except SlackApiError as error:
                self._heard(error)
                if _status(error) != _TOO_MANY_REQUESTS:
                    raise
                wait_s = self._pace.refused(lines, retry_after_s(error.response.headers))
                if self._room_left is not None:
                    raise NoRoom from error
                if self._pace.clock.monotonic() + wait_s > until_s:
                    raise
                if not lines:
                    await self._pace.clock.sleep(wait_s)
            else:
                self._heard(None)
                return answer

    async def _turns(self, lines: list[Line], until_s: float) -> None:
        try:
            for line in lines:
                await line.turn(until_s)
        except NoRoom:
            said = {"ok": False, "error": "ratelimited"}
            raise SlackApiError("no turn in time", said) from None  # type: ignore[no-untyped-call]

    async def _call(self, method: str, how: Mapping[str, Any]) -> AsyncSlackResponse:
        try:
            return await super().api_call(method, **how)
        except AttributeError as error:  # the SDK's, over a text with status 200
            raise SlackApiError(f"no answer of Slack's: {error}", {}) from None  # type: ignore[no-untyped-call]


def _channel(how: Mapping[str, Any]) -> str:
    """The channel among the arguments, however the SDK sends them."""
    sent = how.get("json") or how.get("data") or how.get("params")
    return str(sent.get("channel") or "") if isinstance(sent, dict) else ""


def _status(error: SlackApiError) -> int:
    """The SDK hands on aiohttp's response where the JSON is broken."""
    answer: Any = error.response
    return int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))


def retry_after_s(headers: Mapping[str, str]) -> float:
    said = headers.get("Retry-After", "")
    return max(float(said), RETRY_AFTER_S) if said.isdecimal() else RETRY_AFTER_S
