"""What the administrators of a community, and the bot's owner, can do. Everything is audited."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.asker import DISCORD, SLACK, Asker
from bot.domain.budgets import Budgets, Gate, Spend, Window, gates, period
from bot.domain.case import actor_of
from bot.domain.community_settings import CommunitySettings
from bot.errors import BadRequest, NotAllowed, NotFound, Problem
from bot.ports import Clock
from bot.store import Store

SPENDERS_SHOWN = 10
_CHATS = (DISCORD, SLACK)
Changes = Mapping[str, Any]
ChangesOf = Callable[[CommunitySettings], Changes]
# One amount, or one for each role.
Budget = int | Mapping[str, int] | None


class Administration:
    """Every method checks the asker's rights anew and raises NotAllowed without them."""

    def __init__(
        self, store: Store, clock: Clock, ceiling: Callable[[str, str], Budgets], timezone: str
    ) -> None:
        """`ceiling` are the owner's limits for a community, by its platform and id."""
        self._store = store
        self._clock = clock
        self._ceiling = ceiling
        self._timezone = timezone

    async def settings(self, asker: Asker) -> CommunitySettings:
        _admins_only(asker)
        return await self._store.people.community(asker.platform, asker.community)

    async def places(self, asker: Asker) -> tuple[tuple[str, str], ...]:
        """Platform and id of every server and workspace that the owner answers for."""
        if not asker.is_owner:
            raise NotAllowed("admins_only")
        known = await self._store.people.communities()
        return tuple(place for place in known if place[0] in _CHATS)

    async def at(self, asker: Asker, platform: str, community: str) -> Asker:
        """The asker in one community: their own, or any that the owner answers for.

        Raises NotFound.
        """
        place = (platform, community)
        if place == (asker.platform, asker.community):
            return asker
        if not asker.is_owner or place not in await self.places(asker):
            raise NotFound("community", community)
        return replace(asker, platform=platform, community=community, channel="")

    async def change(self, asker: Asker, changes: Changes | ChangesOf) -> CommunitySettings:
        """The community's settings with `changes`. Raises BadRequest above the owner's limits.

        Where they follow from what holds, `changes` is a pure function of that: it is called in
        the transaction, so that of two admins at once none undoes what the other did.
        """
        _admins_only(asker)
        ceiling = self._ceiling(asker.platform, asker.community)

        def changed(known: CommunitySettings) -> CommunitySettings:
            given = changes(known) if callable(changes) else changes
            wanted = CommunitySettings.model_validate({**known.model_dump(), **given})
            _refuse_above(known, wanted, ceiling)
            return wanted

        return await self._store.people.change_community(
            asker.platform, asker.community, changed, actor_of(asker), self._clock.now()
        )

    async def grant(
        self, asker: Asker, person: str, window: Window, micros: int, event_id: str
    ) -> bool:
        """Add to one person's budget of the current window; the community's own is unchanged.

        The same `event_id` again changes nothing and returns False.
        """
        _admins_only(asker)
        if micros <= 0:
            raise BadRequest((Problem("amount", "out_of_range", {"minimum": 1, "got": micros}),))
        limits = await self._limits(asker)
        gate = Gate(
            level="person",
            platform=asker.platform,
            community=asker.community,
            person=person,
            window=window,
            limit_micros=limits.person_day if window == "day" else limits.person_month,
            timezone=self._timezone,
        )
        key = f"grant:{asker.platform}:{asker.community}:{event_id}"
        now = self._clock.now()
        return await self._store.people.grant(gate, micros, key, actor_of(asker), now)

    async def block(self, asker: Asker, person: str, *, reason: str, until: datetime | None) -> int:
        """Keep one person of the community from drawing. Returns the block's id."""
        _admins_only(asker)
        return await self._store.people.block(
            _member(asker, person),
            reason=reason,
            until=until,
            actor=actor_of(asker),
            now=self._clock.now(),
        )

    async def unblock(self, asker: Asker, person: str) -> int:
        """Lift every block of one person. Returns how many there were."""
        _admins_only(asker)
        return await self._store.people.lift(
            _member(asker, person), actor_of(asker), self._clock.now()
        )

    async def undo(self, asker: Asker) -> str:
        """Take back the last change of settings or the last block: "settings" or "block".

        Raises NotFound.
        """
        _admins_only(asker)
        return await self._store.chat.undo(
            asker.platform, asker.community, actor_of(asker), self._clock.now()
        )

    async def spend(self, asker: Asker) -> Spend:
        """What the community used in the current windows, and who used most this month."""
        _admins_only(asker)
        now = self._clock.now()
        every = gates(asker, await self._limits(asker), self._timezone)
        balances = await self._store.jobs.balances(
            [gate for gate in every if gate.level == "community"], now
        )
        month = period("month", now, self._timezone).name
        people = await self._store.chat.spenders(
            asker.platform, asker.community, month, SPENDERS_SHOWN
        )
        return Spend(windows=tuple(balances), people=tuple(people))

    async def pause(self, asker: Asker, *, paused: bool) -> None:
        """Stop or resume drawing: the owner everywhere, an administrator in the community."""
        if asker.is_owner:
            await self._store.people.pause(
                paused=paused, actor=actor_of(asker), now=self._clock.now()
            )
        else:
            await self.change(asker, {"paused": paused})

    async def paused(self) -> bool:
        """Whether the owner has stopped everything."""
        return bool(await self._store.owner.note("paused"))

    async def _limits(self, asker: Asker) -> Budgets:
        ceiling = self._ceiling(asker.platform, asker.community)
        return (await self.settings(asker)).budgets_for(asker, ceiling)


def _refuse_above(known: CommunitySettings, wanted: CommunitySettings, ceiling: Budgets) -> None:
    """Raises BadRequest for budgets that are set now; an older one may lie above a limit that the
    owner lowered since, and everything else has to stay changeable.
    """
    limits = {
        "day_micros": ceiling.community_day,
        "month_micros": ceiling.community_month,
        "person_day_micros": ceiling.person_day,
        "person_month_micros": ceiling.person_month,
        "role_day_micros": ceiling.person_day,
        "role_month_micros": ceiling.person_month,
    }
    problems = tuple(
        Problem(name, "above_the_owners_limit", {"limit_micros": limit})
        for name, limit in limits.items()
        if limit is not None and _highest_new(getattr(known, name), getattr(wanted, name)) > limit
    )
    if problems:
        raise BadRequest(problems)


def _highest_new(known: Budget, wanted: Budget) -> int:
    """The highest amount that `wanted` sets anew; 0 where there is none."""
    if isinstance(wanted, Mapping):
        before = known if isinstance(known, Mapping) else {}
        return max((n for role, n in wanted.items() if before.get(role) != n), default=0)
    return 0 if wanted is None or wanted == known else wanted


def _admins_only(asker: Asker) -> None:
    if not (asker.is_admin or asker.is_owner):
        raise NotAllowed("admins_only")


def _member(asker: Asker, person: str) -> Asker:
    """A member of the administrator's own community, as an Asker."""
    return Asker(platform=asker.platform, community=asker.community, channel="", person=person)
