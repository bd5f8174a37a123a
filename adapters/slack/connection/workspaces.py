"""The workspaces that the bot is in, with their tokens: the owner's one, or all that installed it.

Both kinds have `find`, by which the rest of the adapter gets a workspace by its team id.
"""

import asyncio
import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection.token_encryption import TokenCipher, UndecryptableToken
from adapters.slack.connection.tokens import Tokens, refuses
from adapters.slack.platform import limits
from adapters.slack.platform.web_api import TROUBLE, code_of
from bot.domain.asker import SLACK
from bot.domain.installation import Installation
from bot.errors import Misconfigured
from bot.ports import Clock
from bot.store import InstallationStore
from bot.wording.installation import SLACK_ORGANIZATION

# How long somebody may take on Slack's page for consent.
STATE_LIFE = timedelta(minutes=10)
REMEMBERED_MAX = 1_000
# A token of twelve hours is replaced when it is used in its last two; in the last minute, whoever
# wants to use it waits for the new one. A refresh that failed is tried again after a minute.
REFRESH_IN_LAST = timedelta(hours=2)
LAST_MOMENT = timedelta(minutes=1)
REFRESH_AGAIN = timedelta(minutes=1)
# Whoever waits for a new token, and a bot that stops, waits no longer.
EXCHANGE_S = 10.0
REFRESH_USED_UP = frozenset({"invalid_refresh_token"})
# An hour of tries to store one.
KEEP_TRIES = 65
KEEP_PAUSE_MAX_S = 60.0
# Waits before asking again whether the token of a workspace that took the bot off is dead.
ASK_AGAIN_S = (0.0, 10.0, 60.0)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """`token` and `refresh` are secrets; `bot_user` and `bot` are "" until Slack has said them.

    `refresh` is what the next token is to be had for; "" where this one doesn't expire, or where
    Slack gives no other for it.
    """

    team: str
    token: str
    bot_user: str = ""
    bot: str = ""
    refresh: str = ""
    expires_at: datetime | None = None
    enterprise: str = ""

    def __repr__(self) -> str:
        return f"Workspace({self.team})"


class Workspaces(Protocol):
    async def find(self, team: str) -> Workspace | None:
        """None where the bot isn't installed, or not any more."""

    async def home(self, named: Sequence[str], enterprise: str) -> str:
        """Ours of the workspaces that an interaction names, or of its organization; "" for none."""

    async def taken_off(self, team: str) -> None:
        """Slack says, perhaps late, that a workspace took the bot off."""

    def heard(self, workspace: Workspace, error: Exception | None) -> None:
        """How a call with the workspace's token ended; None is well."""


class OneWorkspace:
    """The owner's workspace, by SLACK_BOT_TOKEN. Its id is known once Slack has said it."""

    def __init__(self, token: str, tokens: Tokens) -> None:
        self._token = token
        self._tokens = tokens
        self._known: Workspace | None = None
        self.refused = ""  # why Slack refuses the token

    async def learn(self, client: AsyncWebClient) -> tuple[Workspace, set[str]]:
        """Ask Slack whose token it is, and for its scopes.

        Raises Misconfigured, SlackApiError and whatever a lost connection raises.
        """
        told = await client.auth_test(token=self._token)
        if told.get("is_enterprise_install"):
            raise Misconfigured((SLACK_ORGANIZATION,))
        self.refused = ""
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
        return self._known or Workspace(team=team, token=self._token)

    async def home(self, named: Sequence[str], enterprise: str) -> str:  # noqa: ARG002  (see find)
        return self._known.team if self._known else next(iter(named), "")

    async def taken_off(self, team: str) -> None:  # noqa: ARG002  (there is but one)
        await self.look()

    async def look(self) -> None:
        """Ask Slack whether the token is still good."""
        dead = await self._tokens.is_dead(self._token)
        if dead is not None:
            self._note("token_revoked" if dead else "")

    def heard(self, workspace: Workspace, error: Exception | None) -> None:  # noqa: ARG002  (see above)
        if error is None or code_of(error) in limits.TOKEN_REFUSED:
            self._note("" if error is None else code_of(error))

    def _note(self, refused: str) -> None:
        if refused and not self.refused:
            log.critical("Slack refuses SLACK_BOT_TOKEN (%s); install the app again", refused)
        elif self.refused and not refused:
            log.warning("Slack takes SLACK_BOT_TOKEN again")
        self.refused = refused


class ManyWorkspaces:
    """All workspaces that installed the bot. Their tokens are stored encrypted."""

    def __init__(
        self, store: InstallationStore, cipher: TokenCipher, tokens: Tokens, clock: Clock
    ) -> None:
        self._store = store
        self._cipher = cipher
        self._tokens = tokens
        self._clock = clock
        self._remembered: OrderedDict[str, Workspace] = OrderedDict()
        self._changes = 0  # of what is stored, so that an older answer of the store is not kept
        self._refreshing: dict[str, asyncio.Task[None]] = {}
        self._not_before: dict[str, datetime] = {}  # the next refresh of those that failed
        self.refused: dict[str, str] = {}  # team → why Slack refuses its token

    async def find(self, team: str) -> Workspace | None:
        known = await self._known(team)
        if known is None or not known.refresh:
            return known
        if self._is_time(known):
            refresh = self._refresh(team)
            if self._is_time(known, LAST_MOMENT):
                await asyncio.wait([refresh], timeout=EXCHANGE_S)
                return await self._known(team)
        return known

    def _is_time(self, known: Workspace, left: timedelta = REFRESH_IN_LAST) -> bool:
        """Whether its token expires within so long."""
        return known.expires_at is not None and known.expires_at <= self._clock.now() + left

    async def home(self, named: Sequence[str], enterprise: str) -> str:
        for team in named:
            if await self._known(team) is not None:
                return team
        if not enterprise:
            return ""
        every = await self._store.installed(SLACK)
        ours = [each.community for each in every if each.enterprise == enterprise]
        return ours[0] if len(ours) == 1 else ""

    async def _known(self, team: str) -> Workspace | None:
        known, changes = self._remembered.get(team), self._changes
        if known is not None:
            self._remembered.move_to_end(team)
            return known
        kept = await self._store.installation(SLACK, team)
        found = None if kept is None else self._opened(kept)
        if found is not None and changes == self._changes:
            self._remember(found)
        return found

    def _opened(self, kept: Installation) -> Workspace | None:
        """None where no key decrypts the token."""
        try:
            token = self._cipher.decrypt(kept.sealed_token)
            refresh = self._cipher.decrypt(kept.sealed_refresh) if kept.sealed_refresh else ""
        except UndecryptableToken:
            team = kept.community
            log.error("no key in SLACK_TOKEN_KEYS opens the token of %s; install it again", team)  # noqa: TRY400  (there is nothing to trace)
            return None
        return Workspace(
            team=kept.community,
            token=token,
            bot_user=kept.bot_user,
            bot=kept.bot,
            refresh=refresh,
            expires_at=kept.expires_at,
            enterprise=kept.enterprise,
        )

    async def save(self, workspace: Workspace, name: str, scopes: Sequence[str]) -> None:
        team = workspace.team
        made = Installation(
            platform=SLACK,
            community=team,
            name=name,
            sealed_token=b"",
            bot_user=workspace.bot_user,
            bot=workspace.bot,
            scopes=tuple(scopes),
            at=self._clock.now(),
            enterprise=workspace.enterprise,
        )
        await self._store.save(self._sealed(workspace, made))
        self._changed(team, workspace)
        log.info("workspace %s installed the bot", team)

    def _sealed(self, workspace: Workspace, kept: Installation) -> Installation:
        """`kept`, with the workspace's token."""
        refresh = workspace.refresh
        return replace(
            kept,
            sealed_token=self._cipher.encrypt(workspace.token),
            sealed_refresh=self._cipher.encrypt(refresh) if refresh else None,
            expires_at=workspace.expires_at,
        )

    def _changed(self, team: str, workspace: Workspace | None) -> None:
        """What is stored has changed; None is read anew."""
        self._changes += 1
        self.refused.pop(team, None)
        self._not_before.pop(team, None)
        self._remembered.pop(team, None)
        if workspace is not None:
            self._remember(workspace)

    # Tokens that expire.

    def _refresh(self, team: str) -> "asyncio.Future[None]":
        """The one exchange of a workspace's token that is under way, if it is time for one."""
        if team not in self._refreshing:
            not_before = self._not_before.get(team)
            if not_before is not None and self._clock.now() < not_before:
                done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                done.set_result(None)
                return done
            task = asyncio.create_task(self._exchange(team), name=f"token of {team}")
            self._refreshing[team] = task
            task.add_done_callback(partial(self._refreshed, team))
        return self._refreshing[team]

    def _refreshed(self, team: str, task: asyncio.Task[None]) -> None:
        self._refreshing.pop(team, None)
        if not task.cancelled() and (trouble := task.exception()):
            log.error("the token of workspace %s was not replaced", team, exc_info=trouble)

    async def _exchange(self, team: str) -> None:
        """Store a new token. Where Slack can't be asked, the old one stays for now."""
        changes, kept = self._changes, await self._store.installation(SLACK, team)
        if kept is None or (known := self._opened(kept)) is None:
            return
        if not known.refresh or not self._is_time(known):  # another process did it
            self._remember(known)
            return
        try:
            got = await self._tokens.exchanged(known.refresh)
        except TROUBLE as error:
            await self._not_exchanged(kept, known, error)
            return
        newer = replace(known, token=got.token, refresh=got.refresh, expires_at=got.expires_at)
        if changes == self._changes:
            self._remember(newer)
        await self._keep(kept, newer)

    async def _not_exchanged(self, kept: Installation, known: Workspace, error: Exception) -> None:
        team, why = known.team, code_of(error) or type(error).__name__
        log.error("Slack gave no new token for workspace %s: %s", team, why)
        self._not_before[team] = self._clock.now() + REFRESH_AGAIN
        if why in REFRESH_USED_UP:  # also where Slack's answer to an earlier exchange was lost
            await self._keep(kept, replace(known, refresh=""))
        if refuses(error):
            self.refused[team] = why

    async def _keep(self, kept: Installation, newer: Workspace) -> None:
        """Store what Slack gives only once, however long the store takes."""
        for tries in range(KEEP_TRIES):
            try:
                is_ours = await self._store.replace_token(kept, self._sealed(newer, kept))
            except Exception:
                log.exception("the token of workspace %s is not stored yet", newer.team)
                await self._clock.sleep(min(2.0**tries, KEEP_PAUSE_MAX_S))
            else:
                # Else it was taken off, or installed anew meanwhile.
                self._changed(newer.team, newer if is_ours else None)
                return

    async def close(self) -> None:
        """Wait for exchanges under way: Slack takes a refresh token only once."""
        tasks = [*self._refreshing.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=EXCHANGE_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # Tokens that are dead.

    async def taken_off(self, team: str) -> None:
        """Delete the token if Slack refuses it: the event may be older than the token."""
        for pause_s in ASK_AGAIN_S:
            await self._clock.sleep(pause_s)
            await self.find(team)  # which may replace it
            kept = await self._store.installation(SLACK, team)
            if kept is None:
                return
            known = self._opened(kept)
            dead = None if known is None else await self._is_dead(known)
            if dead and await self._store.forget(SLACK, team, kept.sealed_token, self._clock.now()):
                self._changed(team, None)
                log.info("workspace %s took the bot off", team)
            if dead is not None:
                return
        log.warning("whether workspace %s took the bot off could not be asked of Slack", team)

    async def _is_dead(self, known: Workspace) -> bool | None:
        """None where that can't be said now."""
        if not self._is_time(known, timedelta()):
            return await self._tokens.is_dead(known.token)
        why = self.refused.get(known.team)
        return True if not known.refresh or why in limits.TOKEN_DEAD else None

    def heard(self, workspace: Workspace, error: Exception | None) -> None:
        """Note a token that Slack refuses; it stays, as Slack may take it again."""
        team, code = workspace.team, code_of(error) if error else ""
        if (now := self._remembered.get(team)) and now.token != workspace.token:
            return  # of a call that was on its way when the token was replaced
        if code in limits.TOKEN_REFUSED:
            if team not in self.refused:
                log.error("Slack refuses the token of workspace %s (%s)", team, code)
            self.refused[team] = code
        elif error is None:
            self.refused.pop(team, None)

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
