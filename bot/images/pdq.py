"""PDQ, a perceptual hash of pictures: 256 bits that re-encoding and resizing leave nearly alone.

Blur the luminance, shrink it to 64 x 64, keep its 16 x 16 lowest frequencies but for the constant
one, and give a bit to each that lies above their median. All of it but the bits is linear in the
picture, so that two small matrices do it. numpy is needed to import this.
Source: https://github.com/facebook/ThreatExchange/blob/main/hashing/hashing.pdf
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Matrix = NDArray[np.float64]

SHRUNK_PX = 64
FREQUENCIES = 16
HASH_BYTES = FREQUENCIES * FREQUENCIES // 8
BLURS = 2  # two box filters, one after the other, are nearly a tent
# ITU-R BT.601
RED, GREEN, BLUE = 0.299, 0.587, 0.114
QUALITY_STEPS = 90  # this many steps from black to white, over the shrunk picture, are quality 1
QUALITY_MAX = 100
# The eight ways to turn and mirror a picture, applied to the shrunk one.
POSITIONS: tuple[Any, ...] = (
    lambda shrunk: shrunk,
    np.rot90,
    lambda shrunk: np.rot90(shrunk, 2),
    lambda shrunk: np.rot90(shrunk, 3),
    np.flipud,
    np.fliplr,
    np.transpose,
    lambda shrunk: np.rot90(shrunk, 2).T,
)


def dihedral_hashes(image: Image.Image) -> tuple[bytes, int]:
    """Eight hashes of HASH_BYTES, `image` as it is first, then turned and mirrored; its quality.

    `image` is RGB. Quality is 0 to 100; below 50 it is too flat for its hash to mean anything.
    """
    shrunk = _shrunk(image)
    return b"".join(_hash(position(shrunk)) for position in POSITIONS), _quality(shrunk)


def _shrunk(image: Image.Image) -> Matrix:
    """The luminance, (64, 64), 0 to 255."""
    luminance = np.asarray(image, dtype=np.float64) @ (RED, GREEN, BLUE)
    height, width = luminance.shape
    result: Matrix = _shrinking(height) @ luminance @ _shrinking(width).T
    return result


@lru_cache(maxsize=16)
def _shrinking(length: int) -> Matrix:
    """(64, length): blurs `length` samples and takes 64 of them, evenly spread."""
    blurred = np.linalg.matrix_power(_box_filter(length), BLURS)
    centres = ((np.arange(SHRUNK_PX) + 0.5) * length / SHRUNK_PX).astype(int)
    result: Matrix = blurred[centres]
    return result


def _box_filter(length: int) -> Matrix:
    """(length, length): the mean of the samples around each, of fewer at the ends."""
    window = -(-length // (2 * SHRUNK_PX))
    after = window // 2
    offset = np.arange(length) - np.arange(length)[:, None]  # of a column from its row
    within = (offset > after - window) & (offset <= after)
    result: Matrix = within / within.sum(axis=1, keepdims=True)
    return result


def _hash(shrunk: Matrix) -> bytes:
    frequencies = (DCT @ shrunk @ DCT.T).ravel()
    below = frequencies.size // 2 - 1  # the lower median: half of the bits are set
    median = np.partition(frequencies, below)[below]
    return np.packbits(frequencies[::-1] > median).tobytes()  # the highest frequency comes first


def _quality(shrunk: Matrix) -> int:
    steps = sum(
        int(np.abs(np.trunc(np.diff(shrunk, axis=axis) * 100 / 255)).sum()) for axis in (0, 1)
    )
    return min(steps // QUALITY_STEPS, QUALITY_MAX)


def _dct() -> Matrix:
    """(16, 64): the rows of the discrete cosine transform (DCT-II) for frequencies 1 to 16."""
    frequency = np.arange(1, FREQUENCIES + 1)[:, None]
    sample = np.arange(SHRUNK_PX) + 0.5
    result: Matrix = np.sqrt(2 / SHRUNK_PX) * np.cos(np.pi / SHRUNK_PX * frequency * sample)
    return result


DCT = _dct()
