"""What admins read of the settings of their community."""

from typing import Any

import pytest

from bot.domain.asker import DISCORD, SLACK
from bot.domain.community_settings import CommunitySettings, Hearing
from bot.domain.moderation_policy import Flagged
from bot.wording import plain
from bot.wording.settings.commands import COMMANDS
from bot.wording.settings.community import SHOWN, holding

USUAL = {
    DISCORD: [
        "Drawing everywhere that I can post",
        "Reports and warnings nowhere yet",
        "Moderators those who may time out members",
        "Indecent pictures reviewed first",
        "The server as the bot owner set it",
        "Each member as the bot owner set it",
    ],
    SLACK: [
        "Drawing everywhere that I can post, for members, no guests",
        "Reports and warnings nowhere yet",
        "Moderators the admins",
        "Indecent pictures not shown",
        "The workspace as the bot owner set it",
        "Each member as the bot owner set it",
    ],
}


def unusual(platform: str, **settings: Any) -> list[str]:
    said = plain(holding(CommunitySettings(**settings), platform, Hearing.HEARD)).split("\n")
    return [line for line in said if line not in USUAL[platform]]


@pytest.mark.parametrize("platform", [DISCORD, SLACK])
def test_what_is_as_usual_takes_six_lines(platform: str) -> None:
    assert (
        plain(holding(CommunitySettings(), platform, Hearing.HEARD)).split("\n") == USUAL[platform]
    )


@pytest.mark.parametrize(
    ("platform", "settings", "said"),
    [
        (
            DISCORD,
            {"unknown": Flagged.SPOILER},
            ["Pictures nobody could look at reviewed first; in age-restricted channels blurred"],
        ),
        (SLACK, {"unknown": Flagged.SPOILER}, []),
        (DISCORD, {"unknown": Flagged.REVIEW}, []),
        (SLACK, {"unknown": Flagged.BLOCK}, ["Pictures nobody could look at not shown"]),
        (SLACK, {"soft_words": Flagged.BLOCK}, ["Indecent words not shown"]),
        (DISCORD, {"flagged_channels": {"c": Flagged.ALLOW}}, ["In c shown"]),
        (SLACK, {"flagged_channels": {"c": Flagged.ALLOW}}, ["In c reviewed first"]),
        (DISCORD, {"trusted_roles": ("r",)}, ["Doubtful pictures blurred at once for r"]),
        (SLACK, {"trusted_roles": ("r",)}, ["Doubtful pictures covered at once for r"]),
    ],
)
def test_what_was_chosen_is_said_as_it_holds_there(
    platform: str, settings: dict[str, Any], said: list[str]
) -> None:
    assert unusual(platform, **settings) == said


def test_single_channels_are_cut_together() -> None:
    rules = {f"c{number}": list(Flagged)[number % 4] for number in range(SHOWN + 5)}
    said = unusual(DISCORD, flagged_channels=rules)
    assert [line.split()[-1] for line in said] == ["shown", "blurred", "first", "shown", "more"]
    assert said[-1] == "and 5 more"


def test_what_discord_lists_fits_into_its_100_characters() -> None:
    texts = [text for each in COMMANDS.values() for text in (each.help, *each.options.values())]
    assert max(map(len, texts)) <= 100
