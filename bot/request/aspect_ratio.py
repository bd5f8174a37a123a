"""Finds the listed size that is nearest to a ratio."""

from itertools import product
from math import log

from bot.request.image_request import SIDES_PX

_USUAL_PX = 768 * 768
# Being 2 % too wide isn't seen, so that no note is made of it.
_TOLERANCE = 0.02


def nearest_size(ratio: float) -> tuple[int, int]:
    """Width and height, both listed, that come nearest to width / height = `ratio`.

    Among those equally near the one whose area is nearest to 768 x 768, so that 3:2 is 960 x 640
    and not 384 x 256; the smaller one where even that leaves two.
    """

    def misfit(size: tuple[int, int]) -> tuple[float, float, int]:
        width_px, height_px = size
        off_shape = abs(log(width_px / height_px / ratio))
        off_area = abs(log(width_px * height_px / _USUAL_PX))
        return round(off_shape, 9), round(off_area, 9), width_px * height_px

    return min(product(SIDES_PX, SIDES_PX), key=misfit)


def is_near(ratio: float, asked: float) -> bool:
    return abs(log(ratio / asked)) <= _TOLERANCE
