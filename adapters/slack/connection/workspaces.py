"""The workspaces that the bot is in, with their tokens: the owner's one, or all that installed it.

Both kinds have `find`, by which the rest of the adapter gets a workspace by its team id.
"""

import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection.token_encryption import TokenCipher, UndecryptableToken
from bot.domain.asker import SLACK
from bot.domain.installation import Installation
from bot.ports import Clock
from bot.store import InstallationStore

# How long somebody may take on Slack's page for consent.
STATE_LIFE = timedelta(minutes=10)
REMEMBERED_MAX = 1_000
# Our clock and Slack's may differ by this much.
CLOCKS_DIFFER = timedelta(seconds=30)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """`token` is a secret; `bot_user` and `bot` are "" until Slack has said them."""

    team: str
    token: str
    bot_user: str = ""
    bot: str = ""

    def __repr__(self) -> str:
        return f"Workspace({self.team})"


class Workspaces(Protocol):
    async def find(self, team: str) -> Workspace | None:
        """None where the bot isn't installed, or not any more."""

    async def forget(self, team: str, at: datetime) -> None:
        """Drop a workspace whose token is invalid since `at`, by Slack's clock."""


class OneWorkspace:
    """The owner's workspace, by SLACK_BOT_TOKEN. Its id is known once Slack has said it."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._known: Workspace | None = None
        self.revoked = False

    async def learn(self, client: AsyncWebClient) -> tuple[Workspace, set[str]]:
        """Ask Slack whose token it is, and for its scopes.

        Raises SlackApiError and whatever a lost connection raises.
        """
        told = await client.auth_test(token=self._token)
        self.revoked = False
        self._known = Workspace(
            team=told["team_id"],
            token=self._token,
            bot_user=told["user_id"],
            bot=told["bot_id"],
        )
        scopes = told.headers.get("x-oauth-scopes", "").split(",")
        return self._known, {scope.strip() for scope in scopes}

    async def find(self, team: str) -> Workspace | None:
        """The one workspace, whatever `team` is: the app is installed in no other."""
        if self.revoked:
            return None
        return self._known or Workspace(team=team, token=self._token)

    async def forget(self, team: str, at: datetime) -> None:  # noqa: ARG002  (there is but one)
        self.revoked = True
        log.critical("Slack says that SLACK_BOT_TOKEN is revoked; install the app again")


class ManyWorkspaces:
    """All workspaces that installed the bot. Their tokens are stored encrypted."""

    def __init__(self, store: InstallationStore, cipher: TokenCipher, clock: Clock) -> None:
        self._store = store
        self._cipher = cipher
        self._clock = clock
        self._remembered: OrderedDict[str, Workspace] = OrderedDict()
        self._forgotten = 0  # counts calls of `forget`

    async def find(self, team: str) -> Workspace | None:
        known, forgotten = self._remembered.get(team), self._forgotten
        if known is not None:
            self._remembered.move_to_end(team)
            return known
        kept = await self._store.installation(SLACK, team)
        if kept is None:
            return None
        try:
            token = self._cipher.decrypt(kept.sealed_token)
        except UndecryptableToken:
            log.error("no key in SLACK_TOKEN_KEYS opens the token of %s; install it again", team)  # noqa: TRY400  (there is nothing to trace)
            return None
        found = Workspace(team=team, token=token, bot_user=kept.bot_user, bot=kept.bot)
        if forgotten == self._forgotten:  # else it may have been removed since it was read
            self._remember(found)
        return found

    async def save(self, workspace: Workspace, name: str, scopes: Sequence[str]) -> None:
        await self._store.save(
            Installation(
                platform=SLACK,
                community=workspace.team,
                name=name,
                sealed_token=self._cipher.encrypt(workspace.token),
                bot_user=workspace.bot_user,
                bot=workspace.bot,
                scopes=tuple(scopes),
                at=self._clock.now(),
            )
        )
        self._remember(workspace)
        log.info("workspace %s installed the bot", workspace.team)

    async def forget(self, team: str, at: datetime) -> None:
        """Keeps a workspace that was installed after `at`: the event may be a repeated, old one."""
        kept = await self._store.installation(SLACK, team)
        if kept is not None and kept.at > at + CLOCKS_DIFFER:
            return
        was_there = await self._store.forget(SLACK, team, self._clock.now())
        self._forgotten += 1
        self._remembered.pop(team, None)
        if was_there:
            log.info("workspace %s took the bot off", team)

    def _remember(self, workspace: Workspace) -> None:
        self._remembered[workspace.team] = workspace
        self._remembered.move_to_end(workspace.team)
        while len(self._remembered) > REMEMBERED_MAX:
            self._remembered.popitem(last=False)

    # OAuth's `state`, which the browser carries to Slack's page and back.

    async def new_state(self) -> str:
        state = secrets.token_urlsafe(32)
        now = self._clock.now()
        await self._store.issue_ticket(_digest(state), now + STATE_LIFE, now)
        return state

    async def use_state(self, state: str) -> bool:
        """Whether `state` is ours, not too old, and used for the first time."""
        return await self._store.use_ticket(_digest(state), self._clock.now())


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
