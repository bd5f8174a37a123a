"""Our PDQ against the reference's hashes, which its authors' C++ gave for these very pictures.

pdq_hashes.txt has one line a picture: its quality, its hash, and its hash in one of the seven other
positions, as pdqhash 0.2.8 computed them. The pictures are made of integers alone, so that every
machine makes the same.
"""

from hashlib import shake_256
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.images.pdq import HASH_BYTES, dihedral_hashes

REFERENCE = Path(__file__).with_name("pdq_hashes.txt").read_text("ascii").splitlines()
SIZES = ((512, 512), (512, 341), (288, 512), (256, 256), (130, 97), (64, 64), (40, 30), (301, 5))
DISTANCE_MAX = 4


def picture(seed: int) -> Image.Image:
    """Coarse to fine noise, as in landscapes, and some boxes over it, as in drawings."""
    width, height = SIZES[seed % len(SIZES)]
    total = sum(noise(f"{seed}/{cells}", width, height, cells) // cells for cells in (2, 4, 8, 16))
    numbers = iter(chance(f"{seed}/boxes", 5 * 8))
    for left, top, wide, high, shade in zip(*[numbers] * 5, strict=True):
        across = slice(left * width // 256, (left + wide // 2) * width // 256)
        down = slice(top * height // 256, (top + high // 2) * height // 256)
        total[down, across] = shade if seed % 3 else (total[down, across] + shade) // 2
    return Image.fromarray(total.clip(0, 255).astype(np.uint8))


def noise(name: str, width: int, height: int, cells: int) -> Any:
    """(height, width, 3), 0 to 255: random values at the corners of `cells`², and between them."""
    corners = np.frombuffer(chance(name, 3 * (cells + 1) ** 2), "u1").astype(np.int64)
    corners = corners.reshape(cells + 1, cells + 1, 3)
    return between(between(corners, height).swapaxes(0, 1), width).swapaxes(0, 1)


def between(corners: Any, length: int) -> Any:
    """`length` values along the first axis, evenly from the first corner to the last."""
    place = np.arange(length) * (len(corners) - 1) * 256 // length
    cell, share = place // 256, (place % 256)[:, None, None]
    return (corners[cell] * (256 - share) + corners[cell + 1] * share) // 256


def chance(name: str, size: int) -> bytes:
    return shake_256(name.encode()).digest(size)


def turn_of(seed: int) -> int:
    return 1 + seed % 7


def bits_apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


@pytest.mark.parametrize("seed", range(len(REFERENCE)))
def test_a_hash_is_the_references_but_for_what_floats_round(seed: int) -> None:
    quality, as_it_is, turned = REFERENCE[seed].split()
    hashes, own_quality = dihedral_hashes(picture(seed))
    assert len(hashes) == 8 * HASH_BYTES
    position = turn_of(seed) * HASH_BYTES
    assert bits_apart(hashes[:HASH_BYTES], bytes.fromhex(as_it_is)) <= DISTANCE_MAX
    assert (
        bits_apart(hashes[position : position + HASH_BYTES], bytes.fromhex(turned)) <= DISTANCE_MAX
    )
    assert abs(own_quality - int(quality)) <= 1


def test_two_hundred_different_pictures_are_held_against_it() -> None:
    assert len(REFERENCE) == 200
    originals = [bytes.fromhex(line.split()[1]) for line in REFERENCE]
    assert min(bits_apart(one, other) for one, other in combinations(originals, 2)) > 31


@pytest.mark.parametrize("size", [(1, 1), (1, 512), (512, 1), (3, 2)])
def test_the_smallest_pictures_have_a_hash_too(size: tuple[int, int]) -> None:
    hashes, quality = dihedral_hashes(Image.new("RGB", size, "red"))
    assert (len(hashes), quality) == (8 * HASH_BYTES, 0)
