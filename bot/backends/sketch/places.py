"""Where a scene may play."""

from collections.abc import Callable

from bot.backends.sketch import elsewhere, land, waters
from bot.backends.sketch.stage import Ground, Stage

PLACES: dict[str, Callable[[Stage], Ground]] = {
    "meadow": land.meadow,
    "mountains": land.mountains,
    "forest": land.forest,
    "desert": land.desert,
    "sea": waters.sea,
    "lake": waters.lake,
    "deep": waters.deep,
    "city": elsewhere.city,
    "space": elsewhere.space,
    "studio": elsewhere.studio,
    "sky": elsewhere.above_clouds,
}
