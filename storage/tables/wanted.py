"""The values of `Wanted` as the queries of both outboxes take them."""

from bot.store import Wanted
from storage.database.columns import to_json


def as_values(wanted: Wanted) -> tuple[str | int | None, ...]:
    """Surfaces or NULL, busy ids, full lanes and slow ones as JSON; how many of a lane, or NULL."""
    surfaces = None if wanted.surfaces is None else to_json(list(wanted.surfaces))
    lists = (wanted.busy, wanted.full, wanted.slow)
    return (surfaces, *(to_json(list(each)) for each in lists), wanted.per_lane)
