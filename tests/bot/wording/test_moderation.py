"""What people read about moderation, word for word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.platform.limits import TEXT_MAX_CHARS as SECTION_MAX_CHARS
from adapters.slack.rendering.markup import sentence as on_slack
from bot.domain.case import Case, CaseKind, CaseState, Decision, Figures, Purge, SeenPicture
from bot.wording import plain
from bot.wording.moderation.cases import facts, outcome, seen_by, state
from bot.wording.moderation.commands import blocked, purge_question, purged, word_lists
from bot.wording.moderation.lists import figures_line

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
AT = "28 Nov 2026, 12:00 UTC"
CASE = Case(
    id="abcd1234",
    kind=CaseKind.PICTURES,
    state=CaseState.OPEN,
    platform="slack",
    community="T1",
    subject="U1",
    subject_name="ann",
    channel="C1",
    private=False,
    job="k" * 16,
    job_id="wxyz5678",
    round=1,
    opened_at=NOON,
    claimed_by=None,
    claimed_until=None,
    decision=None,
    decided_by=None,
    decided_at=None,
    reason="",
    effect_at=None,
    first_decision=None,
    first_decided_by=None,
    account_created_at=None,
    joined_at=None,
)
DECIDED = replace(
    CASE,
    state=CaseState.DECIDED,
    decision=Decision.APPROVE,
    decided_by="slack:T1:mia",
    decided_at=NOON,
)
CLAIMED = replace(CASE, claimed_by="slack:T1:mia", claimed_until=NOON)
FROZEN = replace(DECIDED, state=CaseState.FROZEN, decision=Decision.ESCALATE)
JUST_BEFORE = NOON - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (CASE, "Nobody looks at it yet."),
        (CLAIMED, f"mia looks at it, until {AT}."),
        (DECIDED, f"Shown by mia, {AT}."),
        (
            replace(DECIDED, effect_at=NOON),
            f"Shown by mia, {AT}.\nIt takes effect after 5 seconds, unless they take it back.",
        ),
        (replace(DECIDED, decided_by=None, decided_at=None), "Shown by Limner."),
        (FROZEN, "Frozen by mia. Only the bot owner can open it."),
        (
            replace(CASE, state=CaseState.EXPIRED),
            "Nobody decided within 48 hours, so it stays hidden.",
        ),
        (replace(CASE, state=CaseState.CLOSED), "Closed."),
    ],
)
def test_a_case_says_how_it_stands(case: Case, words: str) -> None:
    assert plain(state(case, JUST_BEFORE)) == words


def test_a_claim_that_is_over_is_none() -> None:
    assert plain(state(CLAIMED, NOON)) == "Nobody looks at it yet."


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (CASE, "open"),
        (DECIDED, "shown"),
        (replace(DECIDED, kind=CaseKind.WORDS), "suspension lifted"),
        (replace(DECIDED, state=CaseState.EXPIRED, decision=None), "nobody decided in time"),
        (FROZEN, "frozen"),
        (replace(DECIDED, state=CaseState.CLOSED), "shown"),
        (replace(DECIDED, state=CaseState.CLOSED, decision=None), "closed"),
    ],
)
def test_what_became_of_a_case_is_a_few_words(case: Case, words: str) -> None:
    assert outcome(case) == words


@pytest.mark.parametrize(
    ("channel", "private", "where"),
    [
        ("C1", False, " · C1"),
        ("123", False, " · 123"),
        ("D1", False, ""),
        ("C1", True, " · private"),
    ],
)
def test_the_channel_is_named_where_everybody_could_see_it(
    channel: str, where: str, *, private: bool
) -> None:
    said = plain(facts(replace(CASE, channel=channel, private=private)))
    assert said == f"ann · no strikes\nopened {AT}{where}"


def test_somebody_who_was_erased_has_no_name() -> None:
    said = plain(facts(replace(CASE, subject="", strikes=2, joined_at=NOON)))
    assert said.startswith(f"somebody who was erased · 2 strikes · joined {AT}\n")


@pytest.mark.parametrize(("days", "span"), [(None, ""), (1, " for 1 day"), (3, " for 3 days")])
def test_a_block_says_how_long_it_lasts(days: int | None, span: str) -> None:
    undo = "/limner mod unblock takes it back."
    assert plain(blocked("ann", days, "slack")) == f"ann can't draw here{span}. {undo}"


def test_a_long_list_of_words_says_how_many_more_there_are() -> None:
    words = tuple(f"{number:046}" for number in range(40))
    said = plain(word_lists(words, (), "discord")).split("\n")
    assert said[0] == "Words of this server"
    assert said[1].startswith(f"Indecent here: {words[0]}, {words[1]}, ")
    assert said[1].endswith(f"{words[29]} and 10 more")
    assert said[2] == "Let pass: none"


def test_a_list_of_words_counts_what_their_markup_may_take() -> None:
    listed = word_lists(tuple("&<>" * n for n in range(1, 27)), (), "slack")
    assert max(map(len, on_slack(listed).split("\n"))) <= SECTION_MAX_CHARS


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
