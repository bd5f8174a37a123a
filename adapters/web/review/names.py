"""Names in the place of ids, if the platform tells them in time."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence

from bot.platforms import Platforms

# A page waits this long for names; then it shows ids.
TIMEOUT_S = 1.0
# Names are asked for this many places, as the owner's list of servers may be long.
PLACES_MAX = 50

log = logging.getLogger(__name__)
Place = tuple[str, str]


async def names_in(platforms: Platforms, place: Place, ids: Sequence[str]) -> Mapping[str, str]:
    """Names by id, of a community and of `ids` in it, as far as known."""
    platform, community = place
    source = platforms.names(platform)
    if source is None:
        return {}
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await source.called(community, ids)
    except Exception:  # noqa: BLE001  (whatever a platform throws: ids do as well)
        log.info("%s could not say what %s is called", platform, community)
        return {}


async def names_of(platforms: Platforms, places: Iterable[Place]) -> dict[Place, str]:
    """The names of communities, as far as known."""
    asked = list(places)[:PLACES_MAX]
    found = await asyncio.gather(*(names_in(platforms, place, ()) for place in asked))
    return {
        place: names[place[1]]
        for place, names in zip(asked, found, strict=True)
        if names.get(place[1])
    }
