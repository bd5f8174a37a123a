"""Asks Slack who people are in their workspace, and remembers the answers for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.platform.web_api import code_of
from bot.domain.community_settings import CommunitySettings
from bot.ports import Clock

# How long answers are kept: a change of somebody's role holds after this at the latest.
REMEMBERED_S = 30.0
# Slack takes twenty such questions a minute in a workspace: where it names many groups, their
# members are remembered for longer, so that half of the questions are left for moderators.
PER_GROUP_S = 6.0
PEOPLE_MAX = 5_000
GROUPS_MAX = 1_000
GROUPS_ASKED_MAX = 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`is_stranger`: a guest, an app, or somebody from another organisation."""

    name: str
    is_admin: bool
    is_stranger: bool
    locale: str


class Members:
    """Remembers a bounded number; where Slack doesn't answer, nobody gets a right."""

    def __init__(self, clock: Clock) -> None:
        self._people: _Memory[Person] = _Memory(clock, PEOPLE_MAX)
        self._groups: _Memory[frozenset[str]] = _Memory(clock, GROUPS_MAX)

    async def person(
        self, client: AsyncWebClient, team: str, person: str, *, fresh: bool = False
    ) -> Person:
        """`fresh` asks Slack whatever is remembered. Raises SlackApiError and network errors."""
        ask = partial(_asked, client, team, person)
        return await self._people.answer(f"{team}:{person}", ask, REMEMBERED_S, fresh=fresh)

    async def groups(
        self,
        client: AsyncWebClient,
        team: str,
        person: str,
        wanted: Iterable[str],
        *,
        fresh: bool = False,
    ) -> frozenset[str]:
        """Which of the user groups `wanted` hold `person`; `fresh` asks Slack anew."""
        asked = list(dict.fromkeys(filter(None, wanted)))[:GROUPS_ASKED_MAX]
        kept_s = max(REMEMBERED_S, PER_GROUP_S * len(asked))
        held = await asyncio.gather(
            *(
                self._groups.answer(
                    f"{team}:{group}", partial(_members, client, group), kept_s, fresh=fresh
                )
                for group in asked
            )
        )
        return frozenset(g for g, people in zip(asked, held, strict=True) if person in people)


async def _members(client: AsyncWebClient, group: str) -> frozenset[str]:
    """The members of a group; empty where Slack doesn't know it, or doesn't show it."""
    try:
        answer = await client.usergroups_users_list(usergroup=group)
    except SlackApiError:
        return frozenset()
    return frozenset(answer.get("users") or ())


async def _asked(client: AsyncWebClient, team: str, person: str) -> Person:
    try:
        answer = await client.users_info(user=person, include_locale=True)
    except SlackApiError as error:
        if code_of(error) not in _UNKNOWN:
            raise
        return Person(name="", is_admin=False, is_stranger=True, locale="en")
    return _person(team, answer["user"])


# Errors for somebody of another organisation, whom this workspace may not look up.
_UNKNOWN = {"user_not_found", "user_not_visible"}


def _person(team: str, user: Mapping[str, Any]) -> Person:
    profile = user.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("name", "")
    is_stranger = _is_stranger(team, user)
    admin = any(user.get(mark) for mark in ("is_admin", "is_owner", "is_primary_owner"))
    return Person(
        name=name,
        is_admin=admin and not is_stranger,
        is_stranger=is_stranger,
        locale=user.get("locale") or "en",
    )


def _is_stranger(team: str, user: Mapping[str, Any]) -> bool:
    """Whether `user` is a guest, an app, deleted, or of another organisation."""
    marks = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
    if any(user.get(mark) for mark in marks):
        return True
    organisation = user.get("enterprise_user") or {}
    return team not in {user.get("team_id"), *organisation.get("teams", ())}


class _Memory(Generic[T]):
    """Keeps the newest `most` answers. Who asks while Slack is being asked waits for that."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[T]] = {}

    async def answer(
        self, name: str, ask: Callable[[], Awaitable[T]], kept_s: float, *, fresh: bool
    ) -> T:
        """What is remembered, or else what `ask` says, which is remembered for `kept_s`."""
        if fresh:
            return await self._ask(name, ask, kept_s)
        until_s, value = self._kept.get(name, (0.0, None))
        if value is not None and self._clock.monotonic() < until_s:
            return value
        if name not in self._asking:
            self._asking[name] = asyncio.create_task(self._ask(name, ask, kept_s))
            self._asking[name].add_done_callback(partial(self._asked, name))
        return await asyncio.shield(self._asking[name])

    async def _ask(self, name: str, ask: Callable[[], Awaitable[T]], kept_s: float) -> T:
        value = await ask()
        self._kept[name] = (self._clock.monotonic() + kept_s, value)
        self._kept.move_to_end(name)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return value

    def _asked(self, name: str, task: asyncio.Task[T]) -> None:
        del self._asking[name]
        if not task.cancelled():
            task.exception()  # who waited has it; if nobody did, it is nobody's trouble


def is_moderator(
    settings: CommunitySettings, person: str, known: Person, roles: frozenset[str]
) -> bool:
    """By the list, the user group, or as an admin; never guests or people from outside."""
    if known.is_stranger:
        return False
    return known.is_admin or person in settings.moderators or settings.moderator_role in roles
