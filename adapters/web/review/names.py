"""Names instead of ids, where the platform knows them in time."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence

from bot.platforms import Platforms

# A page waits for so long; then it shows ids.
TIMEOUT_S = 1.0
# The owner's list of servers may be long.
PLACES_MAX = 50

log = logging.getLogger(__name__)
Place = tuple[str, str]


async def names_in(platforms: Platforms, place: Place, ids: Sequence[str]) -> Mapping[str, str]:
    """Those that are known of a community and of what is in it, by id."""
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
    """What communities are called, as far as it is known."""
    asked = list(places)[:PLACES_MAX]
    found = await asyncio.gather(*(names_in(platforms, place, ()) for place in asked))
    return {
        place: names[place[1]]
        for place, names in zip(asked, found, strict=True)
        if names.get(place[1])
    }
