"""What people read about moderation, word for word."""

from datetime import UTC, datetime

import pytest

from bot.domain.case import Figures, Purge, SeenPicture
from bot.wording import plain
from bot.wording.moderation.cases import seen_by
from bot.wording.moderation.commands import purge_question, purged
from bot.wording.moderation.lists import figures_line

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "flagged", "score", "words"),
    [
        ("api", True, None, "flagged by the service"),
        ("api", False, None, "cleared by the service"),
        ("local", True, None, "flagged by the service"),
        ("sketch", False, None, "a sketch"),
        ("classifier", None, 0.416, "score 0.42"),
        ("classifier", None, None, "nobody looked"),
        ("", None, None, "nobody looked"),
    ],
)
def test_a_case_says_who_looked_and_what_they_saw(
    source: str, words: str, *, flagged: bool | None, score: float | None
) -> None:
    picture = SeenPicture(
        number=1,
        width_px=512,
        height_px=512,
        hidden=True,
        there=True,
        source=source,
        flagged=flagged,
        score=score,
        model="",
        version="",
        threshold=None,
    )
    assert seen_by(picture) == words


@pytest.mark.parametrize(
    ("open_", "median_age_s", "second_looks", "overturned", "words"),
    [
        (0, None, 0, 0, "0 open"),
        (1, 0.0, 0, 0, "1 open · median age 1 s"),
        (12, 7_500.0, 0, 0, "12 open · median age 2 h 5 min"),
        (0, None, 8, 2, "0 open · 25% of second looks changed the outcome"),
    ],
)
def test_the_figures_are_one_line(
    open_: int, median_age_s: float | None, second_looks: int, overturned: int, words: str
) -> None:
    figures = Figures(
        open=open_,
        median_age_s=median_age_s,
        decided=9,
        second_looks=second_looks,
        overturned=overturned,
    )
    assert plain(figures_line(figures)) == words


AT = "28 Nov 2026, 12:00 UTC"
AFTERWARDS = "Nobody can see them afterwards. For each result ann may ask once for a second look."


@pytest.mark.parametrize(
    ("results", "pictures", "before", "after"),
    [
        (
            0,
            0,
            f"ann drew nothing since {AT} that can be seen here.",
            f"There was nothing left to take down of ann since {AT}.",
        ),
        (
            1,
            1,
            f"Take down 1 picture of 1 result that ann drew since {AT}? {AFTERWARDS}",
            f"1 picture of 1 result that ann drew since {AT} is taken down.",
        ),
        (
            400,
            1_600,
            f"Take down 1,600 pictures of 400 results that ann drew since {AT}? {AFTERWARDS}",
            f"1,600 pictures of 400 results that ann drew since {AT} are taken down.",
        ),
    ],
)
def test_a_purge_says_how_much_it_is_before_and_after(
    results: int, pictures: int, before: str, after: str
) -> None:
    purge = Purge(results=results, pictures=pictures, since=NOON)
    assert plain(purge_question("ann", purge)) == before
    assert plain(purged("ann", purge)) == after
