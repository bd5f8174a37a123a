"""The policy as a table: from flag, place and choice to a verdict."""

from dataclasses import replace

import pytest

from bot.job import Verdict
from bot.moderation import Flagged, judge, policy_for
from tests.house import ANN, OWNER

ADULT = replace(ANN, age_restricted=True)
SLACK = replace(ANN, platform="slack")


@pytest.mark.parametrize(
    ("policy", "flagged", "verdict"),
    [
        (Flagged.ALLOW, False, Verdict.SHOW),
        (Flagged.BLOCK, False, Verdict.SHOW),
        (Flagged.ALLOW, True, Verdict.SHOW),
        (Flagged.SPOILER, True, Verdict.SPOILER),
        (Flagged.REVIEW, True, Verdict.REVIEW),
        (Flagged.BLOCK, True, Verdict.BLOCK),
        (Flagged.SPOILER, None, Verdict.SPOILER),
        (Flagged.REVIEW, None, Verdict.REVIEW),
        (Flagged.BLOCK, None, Verdict.REVIEW),
    ],
)
def test_a_flag_and_a_policy_make_a_verdict(
    policy: Flagged,
    flagged: bool | None,
    verdict: Verdict,
) -> None:
    assert judge(flagged=flagged, policy=policy) is verdict


def test_every_platform_has_its_default() -> None:
    assert policy_for(ANN, None, None) is Flagged.REVIEW
    assert policy_for(SLACK, None, None) is Flagged.BLOCK
    assert policy_for(OWNER, None, None) is Flagged.SPOILER


@pytest.mark.parametrize("chosen", [Flagged.ALLOW, Flagged.SPOILER])
def test_outside_age_restricted_channels_nothing_flagged_is_shown(chosen: Flagged) -> None:
    assert policy_for(ANN, chosen, chosen) is Flagged.REVIEW
    assert policy_for(ADULT, chosen, None) is chosen
    assert policy_for(ADULT, Flagged.BLOCK, chosen) is chosen
    assert policy_for(replace(ADULT, direct=True), chosen, chosen) is Flagged.REVIEW
