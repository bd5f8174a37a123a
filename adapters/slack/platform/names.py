"""Asks Slack for the names of workspaces, and remembers them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from adapters.slack.platform.web_api import Clients
from bot.ports import Clock

# An hour, as workspaces are hardly ever renamed.
REMEMBERED_S = 3_600.0
REMEMBERED_MAX = 1_000


class SlackNames:
    """Implements ports.Names, without channels: nothing else needs the scope for their names."""

    def __init__(self, clients: Clients, clock: Clock) -> None:
        self._clients = clients
        self._clock = clock
        self._remembered: OrderedDict[str, tuple[str, float]] = OrderedDict()

    async def called(
        self,
        community: str,
        ids: Sequence[str],  # noqa: ARG002  (see above)
    ) -> Mapping[str, str]:
        now_s = self._clock.monotonic()
        name, until_s = self._remembered.get(community, ("", 0.0))
        if now_s >= until_s:
            client = await self._clients.client_for(community)
            name = str((await client.auth_test()).get("team") or "")
            self._remembered[community] = (name, now_s + REMEMBERED_S)
            self._remembered.move_to_end(community)
            while len(self._remembered) > REMEMBERED_MAX:
                self._remembered.popitem(last=False)
        return {community: name} if name else {}
