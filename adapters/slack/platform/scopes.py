"""Asks Slack what the app was granted in a workspace, and remembers it."""

from collections import OrderedDict

from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Clock

# An hour, as it changes only when somebody installs the app anew.
REMEMBERED_S = 3_600.0
REMEMBERED_MAX = 1_000


class Scopes:
    """By the token, which another installation changes as a rule."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._remembered: OrderedDict[str, tuple[frozenset[str], float]] = OrderedDict()

    async def granted(self, client: AsyncWebClient, *, fresh: bool = False) -> frozenset[str]:
        """`fresh` asks whatever is remembered. Raises SlackApiError and errors of the network."""
        now_s, token = self._clock.monotonic(), client.token or ""
        scopes, until_s = self._remembered.get(token, (frozenset(), 0.0))
        if fresh or now_s >= until_s:
            scopes = scopes_in((await client.auth_test()).headers.get("x-oauth-scopes", ""))
            self._remembered[token] = (scopes, now_s + REMEMBERED_S)
            self._remembered.move_to_end(token)
            while len(self._remembered) > REMEMBERED_MAX:
                self._remembered.popitem(last=False)
        return scopes


def scopes_in(header: str) -> frozenset[str]:
    """The scopes in the header x-oauth-scopes."""
    return frozenset(filter(None, (scope.strip() for scope in header.split(","))))
