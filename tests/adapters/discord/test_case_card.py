"""Cards of cases and lists of them fit into a message, whatever people wrote."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from discord.ui import LayoutView

from adapters.discord.platform.limits import TEXT_DISPLAY_TOTAL_MAX_CHARS
from adapters.discord.rendering import case_card, queue_card
from adapters.discord.rendering.markup import sentence
from bot.domain.asker import Asker
from bot.domain.case import (
    REASON_MAX_CHARS,
    Case,
    CaseKind,
    CaseState,
    Category,
    Decision,
    Figures,
    Past,
    Report,
    SeenPicture,
    Strike,
)
from bot.wording.moderation import lists
from bot.wording.moderation.notices import notice
from tests.adapters.discord.test_job_card import components_of, texts

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SOMEBODY = "123456789012345678"
WORST = "_@everyone\n" * (REASON_MAX_CHARS // 11)
SEEN = SeenPicture(
    number=1,
    width_px=768,
    height_px=768,
    hidden=False,
    there=True,
    source="classifier",
    flagged=None,
    score=0.42,
    model="opennsfw",
    version="0.1.0",
    threshold=0.8,
)
CASE = Case(
    id="abcd1234",
    kind=CaseKind.REPORT,
    state=CaseState.DECIDED,
    platform="discord",
    community="1",
    subject=SOMEBODY,
    subject_name="Ann",
    channel=SOMEBODY,
    private=False,
    job="k" * 16,
    job_id="wxyz5678",
    round=2,
    opened_at=NOW,
    claimed_by=None,
    claimed_until=None,
    decision=Decision.STRIKE,
    decided_by=f"discord:{SOMEBODY}:{SOMEBODY}",
    decided_at=NOW,
    reason=WORST,
    effect_at=NOW + timedelta(seconds=5),
    first_decision=None,
    first_decided_by=None,
    account_created_at=NOW,
    joined_at=NOW,
    pictures=tuple(replace(SEEN, number=number) for number in range(1, 5)),
    reports=tuple(
        Report(category=each, reason=WORST, at=NOW, counts=False) for each in (*Category, *Category)
    ),
    strikes=12,
)
MIA = Asker(platform="discord", community="1", channel="2", person="3", is_moderator=True)
FIGURES = Figures(open=200, median_age_s=90_000.0, decided=3, second_looks=2, overturned=1)
PAST = Past(
    results=10_000,
    refused_prompts=10_000,
    strikes=tuple(
        Strike(id=n, case="abcd1234", reason=WORST, at=NOW, expires_at=NOW, lifted=False)
        for n in range(1_000, 1_020)
    ),
    blocked_until=NOW,
    blocked=True,
    locked=False,
    cases=(CASE,) * 20,
)
LAYOUTS: dict[str, Any] = {
    "card": lambda: case_card.card(CASE, NOW),
    "queue": lambda: queue_card.card(
        lists.queue([CASE] * 200, FIGURES, MIA, NOW), [CASE] * 200, MIA, NOW
    ),
    "decided": lambda: queue_card.card(lists.decided([CASE] * 200), [CASE] * 200, MIA, NOW),
}


def shown(layout: LayoutView) -> str:
    return "\n".join(texts(components_of(layout)))


@pytest.mark.parametrize("name", LAYOUTS)
def test_nothing_outgrows_a_message(name: str) -> None:
    assert len(shown(LAYOUTS[name]())) <= TEXT_DISPLAY_TOTAL_MAX_CHARS


def test_a_long_history_fits_into_a_message() -> None:
    assert len(sentence(lists.history(SOMEBODY, PAST, NOW))) <= TEXT_DISPLAY_TOTAL_MAX_CHARS


def test_what_people_wrote_mentions_nobody_and_marks_nothing_up() -> None:
    words = shown(case_card.card(CASE, NOW)) + sentence(lists.history(SOMEBODY, PAST, NOW))
    assert "@everyone" not in words
    assert " _" not in words


def test_a_notice_marks_nothing_up_that_a_moderator_wrote() -> None:
    said = notice("remove", {"job": "wxyz5678", "reason": "*not* here, @everyone"})
    assert "They say: \\*not\\* here, @\u200beveryone You may ask once" in sentence(said)


def test_without_words_a_card_repeats_none_of_them() -> None:
    assert "everyone" not in shown(case_card.card(CASE, NOW, with_words=False))


def test_a_card_leads_to_the_message_that_it_is_about_unless_that_is_private() -> None:
    hangs = {"guild": 1, "channel": 2, "message": 3}
    open_ = replace(CASE, card=hangs, private=False)
    assert "[its message](<https://discord.com/channels/1/2/3>)" in shown(
        case_card.card(open_, NOW)
    )
    for hidden in (
        replace(open_, private=True),
        replace(open_, card={**hangs, "dm": 4}),
        replace(open_, card={**hangs, "guild": 0}),
        replace(open_, card={}),
    ):
        assert "its message" not in shown(case_card.card(hidden, NOW))


def test_buttons_are_for_what_can_still_be_done() -> None:
    undecided = replace(CASE, state=CaseState.OPEN, decision=None)
    assert "case:approve:abcd1234" in str(components_of(case_card.card(undecided, NOW)))
    assert "case:undo:abcd1234" in str(components_of(case_card.card(CASE, NOW)))
    later = NOW + timedelta(seconds=5)
    over = [case_card.card(replace(CASE, state=s), later) for s in CaseState if s != "open"]
    assert not any("custom_id" in str(components_of(layout)) for layout in over)
