"""Where a scene may play."""

from collections.abc import Callable

from bot.backends.sketch.scenery import land, space_and_deep, waters
from bot.backends.sketch.scenery.stage import Ground, Stage

PLACES: dict[str, Callable[[Stage], Ground]] = {
    "meadow": land.meadow,
    "mountains": land.mountains,
    "forest": land.forest,
    "desert": land.desert,
    "sea": waters.sea,
    "lake": waters.lake,
    "deep": waters.deep,
    "city": space_and_deep.city,
    "space": space_and_deep.space,
    "studio": space_and_deep.studio,
    "sky": space_and_deep.above_clouds,
}
