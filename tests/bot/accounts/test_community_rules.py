"""The rules of a community as a form: what may be chosen, and what a choice changes."""

from typing import Any

import pytest

from bot.accounts.community_rules import changes, choices, rules_of
from bot.domain.community_settings import CommunitySettings, Withheld
from bot.domain.moderation_policy import Flagged
from bot.errors import BadRequest
from bot.wording.corrections import explain_problem
from bot.wording.parts import plain

ALLOW, SPOILER, REVIEW, BLOCK = Flagged


def settings(**chosen: Any) -> CommunitySettings:
    return CommunitySettings(**chosen)


def refused(platform: str, **form: str) -> list[str]:
    with pytest.raises(BadRequest) as caught:
        changes(platform, settings(), form)
    return [plain(explain_problem(problem)) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("platform", "rule", "expected"),
    [
        ("discord", "flagged", (REVIEW, BLOCK)),
        ("discord", "flagged_age_restricted", (ALLOW, SPOILER, REVIEW, BLOCK)),
        ("discord", "unknown", (SPOILER, REVIEW, BLOCK)),
        ("discord", "soft_words", (ALLOW, SPOILER, REVIEW, BLOCK)),
        ("slack", "flagged", (REVIEW, BLOCK)),
        ("slack", "unknown", (REVIEW, BLOCK)),
        ("slack", "soft_words", (REVIEW, BLOCK)),
    ],
)
def test_what_may_be_chosen(platform: str, rule: str, expected: tuple[Flagged, ...]) -> None:
    assert choices(platform, rule) == expected


@pytest.mark.parametrize(
    ("platform", "chosen", "flagged", "adult", "unknown", "words"),
    [
        ("discord", {}, "review", "review", "review", ""),
        ("slack", {}, "block", "block", "review", ""),
        # A choice of earlier that can't hold is shown as what it comes to.
        ("discord", {"flagged": ALLOW}, "review", "allow", "review", ""),
        ("slack", {"flagged": SPOILER, "soft_words": ALLOW}, *("review",) * 4),
        ("discord", {"flagged": BLOCK, "soft_words": REVIEW}, "block", "block", "review", "review"),
        ("discord", {"unknown": ALLOW}, "review", "review", "spoiler", ""),
    ],
)
def test_a_form_shows_what_holds(
    platform: str, chosen: dict[str, Any], flagged: str, adult: str, unknown: str, words: str
) -> None:
    rules = rules_of(platform, settings(**chosen))
    assert rules.flagged == flagged
    assert rules.flagged_age_restricted == adult
    assert rules.unknown == unknown
    assert rules.soft_words == words


def test_nothing_is_written_where_nothing_differs() -> None:
    form = {
        "flagged": "review",
        "flagged_age_restricted": "allow",
        "unknown": "review",
        "soft_words": "",
        "trusted_roles": "",
        "withheld_cost": "unless_confirmed",
        "strike_days": "90",
        "new_channel": "",
        "new_rule": "review",
    }
    assert changes("discord", settings(flagged=ALLOW), form) == {}


def test_what_was_left_alone_stays_as_it_was_shown() -> None:
    """Age-restricted channels follow the rule for all others until it changes."""
    form = {"flagged": "block", "flagged_age_restricted": "review", "soft_words": ""}
    assert changes("discord", settings(), form) == {
        "flagged": BLOCK,
        "flagged_age_restricted": REVIEW,
    }


def test_every_field_reaches_its_setting() -> None:
    channel, other, role = "123456789012345678", "223456789012345678", "323456789012345678"
    known = settings(flagged_channels={channel: ALLOW, other: BLOCK})
    form = {
        "flagged_age_restricted": "spoiler",
        "unknown": "block",
        "soft_words": "block",
        f"channel.{channel}": "",
        f"channel.{other}": "review",
        "new_channel": f" #{role} ",
        "new_rule": "spoiler",
        "trusted_roles": f"{role}, {other}  {role}",
        "withheld_cost": "always",
        "strike_days": " 30 ",
    }
    assert changes("discord", known, form) == {
        "flagged_age_restricted": SPOILER,
        "unknown": BLOCK,
        "soft_words": BLOCK,
        "flagged_channels": {other: REVIEW, role: SPOILER},
        "trusted_roles": (role, other),
        "withheld_cost": Withheld.ALWAYS,
        "strike_days": 30,
    }


@pytest.mark.parametrize("word", ["allow", "spoiler"])
def test_nothing_indecent_is_shown_without_an_age_gate(word: str) -> None:
    words = (
        "Outside age-restricted channels indecent pictures can't be shown, not even blurred. "
        "For {} please choose review or block."
    )
    assert refused("discord", flagged=word) == [words.format("indecent pictures")]
    assert refused("slack", soft_words=word) == [words.format("indecent words")]
    place = {"new_channel": "C0123456789", "new_rule": word}
    assert refused("slack", **place) == [words.format("single channels")]


def test_every_mistake_is_said_at_once() -> None:
    assert refused(
        "discord",
        unknown="allow",
        flagged="everything",
        new_channel="general",
        trusted_roles="@everyone",
        withheld_cost="sometimes",
        strike_days="0",
    ) == [
        "For indecent pictures choose one of review, block.",
        (
            "What nobody could look at is never simply shown. "
            "For pictures nobody could look at please choose blur, review or block."
        ),
        "For channels I need ids, and general is none. Your chat app copies them.",
        "For trusted roles I need ids, and @everyone is none. Your chat app copies them.",
        "For withheld pictures choose one of always, unless_confirmed, never.",
        "For strikes choose 1 to 365; you asked for 0.",
    ]


def test_there_is_room_for_so_many() -> None:
    many = " ".join(str(10**17 + number) for number in range(21))
    (words,) = refused("discord", trusted_roles=many)
    assert words == "For trusted roles there is room for 20. Please leave some out."
    (words,) = refused("slack", trusted_roles=" ".join(f"S012345678{n}" for n in range(6)))
    assert words == "For trusted user groups there is room for 5. Please leave some out."
    full = settings(flagged_channels={str(10**17 + n): BLOCK for n in range(50)})
    with pytest.raises(BadRequest):
        changes("discord", full, {"new_channel": "923456789012345678", "new_rule": "block"})
