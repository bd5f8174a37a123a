"""What only the bot's owner may do, at the terminal."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.accounts.administration import Administration
from bot.accounts.community_claims import CommunityClaims
from bot.accounts.privacy import Privacy
from bot.domain.asker import DISCORD, SLACK, Asker
from bot.domain.person import Erased
from bot.errors import BadRequest, NotFound, Problem

# Commands at the terminal come from whoever may read DATA_DIR: the owner.
OWNER = Asker(
    platform="terminal",
    community="local",
    channel="terminal",
    person="owner",
    name="Owner",
    is_owner=True,
    is_admin=True,
    is_moderator=True,
)

# Ids of servers and of workspaces.
_COMMUNITY_IDS = {DISCORD: re.compile(r"[0-9]{15,20}"), SLACK: re.compile(r"T[A-Z0-9]{7,14}")}


async def _nowhere(_: str, __: str) -> None:
    """Leaves no community: the bot isn't running."""


class Owner:
    """`sign_in` makes an address of the page that signs its reader in; None without a page.

    `leave` takes the bot out of a community that it may not be in, where it runs.
    """

    def __init__(
        self,
        administration: Administration,
        privacy: Privacy,
        claims: CommunityClaims,
        *,
        leave: Callable[[str, str], Awaitable[None]] = _nowhere,
        sign_in: Callable[[], str] | None = None,
        sign_all_out: Callable[[], int] = lambda: 0,
        wake_cards: Callable[[], None] = lambda: None,
    ) -> None:
        self._administration = administration
        self._privacy = privacy
        self._claims = claims
        self._leave = leave
        self._sign_in = sign_in
        self._sign_all_out = sign_all_out
        self._wake_cards = wake_cards

    async def pause(self, *, paused: bool) -> None:
        """Stop new requests everywhere, or take them again. What runs goes on."""
        await self._administration.pause(OWNER, paused=paused)

    async def let_in(self, platform: str, community: str) -> None:
        """Let a server or workspace use the bot from now on. Raises BadRequest."""
        _check_id(platform, community)
        await self._claims.let_in(platform, community)

    async def shut_out(self, platform: str, community: str) -> None:
        """Leave a server or workspace, which may not use the bot any more. Raises BadRequest."""
        _check_id(platform, community)
        await self._claims.shut_out(platform, community)
        await self._leave(platform, community)

    async def communities(self) -> dict[str, str]:
        """How every server and workspace that is known may use the bot, by platform and id."""
        return self._claims.overview(await self._administration.places(OWNER))

    async def export(self, platform: str, person: str, target: Path, community: str = "") -> int:
        """Write everything about a person below `target`; returns how many jobs there were.

        From one server or workspace, or from all.
        """
        return await self._privacy.export(platform, person, target, community)

    async def erase(self, platform: str, person: str, community: str = "") -> Erased:
        """Forget a person: name, prompts, pictures and messages. Sums and blocks stay."""
        erased = await self._privacy.erase(platform, person, community)
        self._wake_cards()
        return erased

    async def close_case(self, case: str, *, unlock: bool, drop: bool) -> None:
        """Close a frozen case, as only the owner can. Raises NotFound."""
        await self._privacy.close_case(case, unlock=unlock, drop=drop)

    def revoke_sessions(self) -> int:
        """End every sign-in to the page, and every link that waits. Returns how many sessions."""
        return self._sign_all_out()

    def sign_in_url(self) -> str:
        """A new address that signs its reader in. Raises NotFound where there is no page."""
        if self._sign_in is None:
            raise NotFound("page")
        return self._sign_in()


def _check_id(platform: str, community: str) -> None:
    known = _COMMUNITY_IDS.get(platform)
    if known is None or not known.fullmatch(community):
        got = f"{platform} {community}"[:40]
        raise BadRequest((Problem("community", "not_an_id", {"got": got}),))
