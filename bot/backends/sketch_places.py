"""Where a scene may play."""

from collections.abc import Callable

from bot.backends import sketch_elsewhere, sketch_land, sketch_waters
from bot.backends.sketch_stage import Ground, Stage

PLACES: dict[str, Callable[[Stage], Ground]] = {
    "meadow": sketch_land.meadow,
    "mountains": sketch_land.mountains,
    "forest": sketch_land.forest,
    "desert": sketch_land.desert,
    "sea": sketch_waters.sea,
    "lake": sketch_waters.lake,
    "deep": sketch_waters.deep,
    "city": sketch_elsewhere.city,
    "space": sketch_elsewhere.space,
    "studio": sketch_elsewhere.studio,
    "sky": sketch_elsewhere.above_clouds,
}
