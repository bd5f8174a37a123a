"""The policy as a table: from rating, place and choice to a verdict."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.community_settings import CommunitySettings
from bot.domain.job import Verdict
from bot.domain.moderation_policy import Flagged, Look, Policy, Rating, Tier, judge, policy_for
from tests.support.bot_harness import ANN, OWNER

ALLOW, SPOILER, REVIEW, BLOCK = Flagged
ADULT = replace(ANN, age_restricted=True)
SLACK = replace(ANN, platform="slack")
TERMINAL = replace(OWNER, platform="terminal")


def chosen(**choices: Any) -> CommunitySettings:
    return CommunitySettings(**choices)


# What each policy makes of each rating: safe, unsure, flagged.
TABLE = {
    ALLOW: (Verdict.SHOW, Verdict.SHOW, Verdict.SHOW),
    SPOILER: (Verdict.SHOW, Verdict.SPOILER, Verdict.SPOILER),
    REVIEW: (Verdict.SHOW, Verdict.REVIEW, Verdict.REVIEW),
    BLOCK: (Verdict.SHOW, Verdict.REVIEW, Verdict.BLOCK),
}


@pytest.mark.parametrize("flagged", list(Flagged))
def test_a_rating_and_a_policy_make_a_verdict(flagged: Flagged) -> None:
    policy = Policy(flagged=flagged, unknown=REVIEW, soft_words=flagged)
    ratings = (Rating.SAFE, Rating.UNSURE, Rating.FLAGGED)
    assert tuple(judge(rating, policy) for rating in ratings) == TABLE[flagged]
    assert judge(Rating.REPEAT, policy) is Verdict.BLOCK


@pytest.mark.parametrize(
    ("unknown", "verdict"),
    [(SPOILER, Verdict.SPOILER), (REVIEW, Verdict.REVIEW), (BLOCK, Verdict.BLOCK)],
)
@pytest.mark.parametrize("flagged", list(Flagged))
def test_what_nobody_looked_at_follows_a_policy_of_its_own(
    flagged: Flagged, unknown: Flagged, verdict: Verdict
) -> None:
    policy = Policy(flagged=flagged, unknown=unknown, soft_words=flagged)
    assert judge(Rating.UNKNOWN, policy) is verdict


@pytest.mark.parametrize("asker", [ANN, ADULT, SLACK, OWNER, TERMINAL])
@pytest.mark.parametrize("unknown", [None, *Flagged])
@pytest.mark.parametrize("flagged", [None, *Flagged])
def test_what_nobody_looked_at_is_never_simply_shown(
    asker: Any, flagged: Flagged | None, unknown: Flagged | None
) -> None:
    settings = chosen(flagged=flagged, flagged_age_restricted=flagged, unknown=unknown)
    assert judge(Rating.UNKNOWN, policy_for(asker, settings)) is not Verdict.SHOW


@pytest.mark.parametrize(
    ("asker", "policy"),
    [
        (ANN, Policy(flagged=REVIEW, unknown=REVIEW, soft_words=REVIEW)),
        (ADULT, Policy(flagged=REVIEW, unknown=REVIEW, soft_words=REVIEW)),
        (SLACK, Policy(flagged=BLOCK, unknown=REVIEW, soft_words=BLOCK)),
        (OWNER, Policy(flagged=SPOILER, unknown=SPOILER, soft_words=ALLOW, own_screen=True)),
        (TERMINAL, Policy(flagged=ALLOW, unknown=SPOILER, soft_words=ALLOW, own_screen=True)),
    ],
)
def test_every_platform_has_its_defaults(asker: Any, policy: Policy) -> None:
    assert policy_for(asker, chosen()) == policy


@pytest.mark.parametrize("choice", [ALLOW, SPOILER])
def test_outside_age_restricted_channels_nothing_flagged_is_shown(choice: Flagged) -> None:
    everything = chosen(
        flagged=choice,
        flagged_age_restricted=choice,
        flagged_channels={"art": choice},
        unknown=choice,
        soft_words=choice,
    )
    strict = Policy(flagged=REVIEW, unknown=REVIEW, soft_words=REVIEW)
    assert policy_for(ANN, everything) == strict
    assert policy_for(replace(ADULT, direct=True), everything) == strict
    assert policy_for(ADULT, everything).flagged is choice


def test_the_most_exact_choice_holds() -> None:
    settings = chosen(
        flagged=BLOCK, flagged_age_restricted=SPOILER, flagged_channels={"life": ALLOW}
    )
    assert policy_for(ANN, settings).flagged is BLOCK
    assert policy_for(ADULT, settings).flagged is SPOILER
    assert policy_for(replace(ADULT, channel="life"), settings).flagged is ALLOW
    assert policy_for(replace(ANN, channel="life"), settings).flagged is REVIEW


def test_trusted_members_wait_for_nobody_where_a_picture_is_only_unsure() -> None:
    settings = chosen(trusted_roles=("regulars",))
    policy = policy_for(replace(ANN, roles=frozenset({"regulars", "painters"})), settings)
    assert policy.trusted
    assert judge(Rating.UNSURE, policy) is Verdict.SPOILER
    assert judge(Rating.FLAGGED, policy) is Verdict.REVIEW
    assert judge(Rating.UNKNOWN, policy) is Verdict.REVIEW
    assert not policy_for(ANN, settings).trusted
    everything = chosen(trusted_roles=("regulars",), flagged_age_restricted=ALLOW)
    policy = policy_for(replace(ADULT, roles=frozenset({"regulars"})), everything)
    assert judge(Rating.UNSURE, policy) is Verdict.SHOW


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (ALLOW, Verdict.SHOW),
        (SPOILER, Verdict.SPOILER),
        (REVIEW, Verdict.REVIEW),
        (BLOCK, Verdict.BLOCK),
    ],
)
def test_words_of_the_soft_tier_make_a_safe_picture_as_hard_as_they_are(
    words: Flagged, verdict: Verdict
) -> None:
    policy = Policy(flagged=SPOILER, unknown=SPOILER, soft_words=words)
    assert judge(Rating.SAFE, policy, words=Tier.SOFT) is verdict


@pytest.mark.parametrize("words", [Tier.UNSURE, Tier.HARD])
@pytest.mark.parametrize(
    ("asker", "soft_words", "verdict"),
    [
        (ADULT, ALLOW, Verdict.REVIEW),
        (ADULT, BLOCK, Verdict.BLOCK),
        (ANN, ALLOW, Verdict.REVIEW),
        (SLACK, REVIEW, Verdict.REVIEW),
        (OWNER, ALLOW, Verdict.SPOILER),
    ],
)
def test_doubtful_words_wait_for_a_moderator_whatever_the_place_allows(
    words: Tier, asker: Any, soft_words: Flagged, verdict: Verdict
) -> None:
    policy = policy_for(asker, chosen(flagged_age_restricted=ALLOW, soft_words=soft_words))
    assert judge(Rating.SAFE, policy, words=words) is verdict


def test_words_never_make_a_verdict_milder() -> None:
    policy = Policy(flagged=BLOCK, unknown=REVIEW, soft_words=ALLOW)
    assert judge(Rating.FLAGGED, policy, words=Tier.SOFT) is Verdict.BLOCK
    assert judge(Rating.UNKNOWN, policy, words=Tier.SOFT) is Verdict.REVIEW


@pytest.mark.parametrize(
    ("look", "rating"),
    [
        (Look(), Rating.UNKNOWN),
        (Look(source="api", flagged=False), Rating.SAFE),
        (Look(source="api", flagged=True), Rating.FLAGGED),
        (Look(source="classifier", score=0.0), Rating.SAFE),
        (Look(source="classifier", score=0.166), Rating.SAFE),
        (Look(source="classifier", score=0.2999), Rating.SAFE),
        (Look(source="classifier", score=0.3), Rating.UNSURE),
        (Look(source="classifier", score=0.7999), Rating.UNSURE),
        (Look(source="classifier", score=0.8), Rating.FLAGGED),
        (Look(source="classifier", score=1.0), Rating.FLAGGED),
        (Look(source="classifier", score=float("nan")), Rating.UNKNOWN),
        (Look(source="classifier", score=1.01), Rating.UNKNOWN),
        (Look(source="classifier", score=-0.1), Rating.UNKNOWN),
        (Look(source="api", flagged=False, repeat=True), Rating.REPEAT),
    ],
)
def test_what_was_seen_makes_a_rating(look: Look, rating: Rating) -> None:
    assert look.rating is rating
