from collections.abc import Collection

import pytest

from bot.request.commands import BY_NAME, IMAGINE
from bot.spelling import mistakes, nearest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sied", "seed"),
        ("sede", "seed"),
        ("sedd", "seed"),
        ("sise", "size"),
        ("stpes", "steps"),
        ("setps", "steps"),
        ("step", "steps"),
        ("widht", "width"),
        ("wdith", "width"),
        ("hieght", "height"),
        ("heigth", "height"),
        ("hight", "height"),
        ("negatve", "negative"),
        ("nagative", "negative"),
        ("propmt", "prompt"),
        ("promt", "prompt"),
        ("imgae", "image"),
        ("modle", "model"),
        ("gudiance", "guidance"),
        ("guidence", "guidance"),
        ("stenght", "strength"),
        ("aspcet", "aspect"),
        ("privat", "private"),
        ("cgf", "cfg"),
        ("SIED", "seed"),
    ],
)
def test_a_mistyped_option_is_recognised(typed: str, meant: str) -> None:
    assert nearest(typed, IMAGINE.spellings) == meant


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("", IMAGINE.spellings),
        ("zzz", IMAGINE.spellings),
        ("colour", IMAGINE.spellings),
        ("night", IMAGINE.spellings),  # two mistakes away from height
        ("not", IMAGINE.spellings),  # a third of it is not "no"
        ("now", IMAGINE.spellings),
        ("s" * 1_000_000, IMAGINE.spellings),
        ("paint", BY_NAME),
        ("seed", ()),
    ],
)
def test_what_is_far_from_everything_is_not_taken_for_anything(
    typed: str, known: Collection[str]
) -> None:
    assert nearest(typed, known) is None


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [
        ("seed", "seed", 0),
        ("sede", "seed", 1),  # changed places
        ("sied", "seed", 1),  # wrong
        ("sed", "seed", 1),  # missing
        ("seeed", "seed", 1),  # added
        ("sied", "size", 2),
        ("", "seed", 4),
        ("seed", "", 4),
        ("ca", "abc", 3),  # what has changed places is not changed again
        ("abcdef", "badcfe", 3),
    ],
)
def test_mistakes_are_counted_by_letter(typed: str, meant: str, count: int) -> None:
    assert mistakes(typed, meant, limit=9) == count
    assert mistakes(meant, typed, limit=9) == count


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_nothing_is_counted_beyond_the_limit(limit: int) -> None:
    assert mistakes("guidance", "strength", limit) == limit + 1
    assert mistakes("s", "strength", limit) == limit + 1


def test_of_two_that_are_equally_near_the_first_is_named() -> None:
    assert nearest("cat", ["bat", "rat"]) == "bat"
    assert nearest("rat", ["bat", "rat"]) == "rat"
