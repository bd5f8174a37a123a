"""Asks Slack who people are in their workspace, and remembers the answers for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.platform.web_api import code_of
from bot.domain.community_settings import CommunitySettings
from bot.ports import Clock

# How long answers are kept: a change of somebody's role holds after this at the latest.
REMEMBERED_S = 30.0
PEOPLE_MAX = 5_000
GROUPS_MAX = 1_000
GROUPS_ASKED_MAX = 20
ASK_TIMEOUT_S = 5.0

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
        """`fresh` asks Slack whatever is remembered. Raises SlackApiError, TimeoutError."""
        known = None if fresh else self._people.get(f"{team}:{person}")
        if known is None:
            known = await _asked(client, team, person)
            self._people.keep(f"{team}:{person}", known)
        return known

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
        held = await asyncio.gather(
            *(self._members(client, team, group, fresh=fresh) for group in asked)
        )
        return frozenset(g for g, people in zip(asked, held, strict=True) if person in people)

    async def _members(
        self, client: AsyncWebClient, team: str, group: str, *, fresh: bool
    ) -> frozenset[str]:
        """The members of a group; empty where Slack doesn't know it, or doesn't show it."""
        known = None if fresh else self._groups.get(f"{team}:{group}")
        if known is None:
            try:
                async with asyncio.timeout(ASK_TIMEOUT_S):
                    answer = await client.usergroups_users_list(usergroup=group)
                known = frozenset(answer.get("users") or ())
            except SlackApiError:
                known = frozenset()
            self._groups.keep(f"{team}:{group}", known)
        return known


async def _asked(client: AsyncWebClient, team: str, person: str) -> Person:
    try:
        async with asyncio.timeout(ASK_TIMEOUT_S):
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
    """Keeps the newest `most` answers, each for REMEMBERED_S."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def get(self, name: str) -> T | None:
        until_s, value = self._kept.get(name, (0.0, None))
        return value if self._clock.monotonic() < until_s else None

    def keep(self, name: str, value: T) -> None:
        self._kept[name] = (self._clock.monotonic() + REMEMBERED_S, value)
        self._kept.move_to_end(name)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def is_moderator(
    settings: CommunitySettings, person: str, known: Person, roles: frozenset[str]
) -> bool:
    """By the list, the user group, or as an admin; never guests or people from outside."""
    if known.is_stranger:
        return False
    return known.is_admin or person in settings.moderators or settings.moderator_role in roles
