"""What is registered with Discord, whole."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.discord.app import DiscordBot, DiscordSettings, application_id_of, invite_url
from adapters.discord.platform.translation import LOCALES, words
from tests.adapters.discord.harness import DiscordHarness, discord_harness

EXPECTED = Path(__file__).with_name("registration.json")
# "CHAT_INPUT command names … must match the following regex", without scripts nobody here uses.
NAME = re.compile(r"[-_'\w]{1,32}")


def commands_and_options(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in items:
        yield each
        yield from commands_and_options(each.get("options", []))


def registered(here: DiscordHarness) -> list[Any]:
    """The bodies of registrations that Discord got."""
    return [r.json for r in here.env.http_requests if r.method == "PUT"]


async def test_the_whole_registration_is_as_written_down(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        assert await here.bot.payload() == json.loads(EXPECTED.read_text("utf-8"))
        assert len(registered(here)) == 1


async def test_nothing_is_registered_twice(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        settings = DiscordSettings(token="token")
        await here.env.restart_bot(DiscordBot(here.bot.here.services, settings, shard_count=1))
        assert len(registered(here)) == 1


async def test_another_payload_is_registered_anew(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        settings = DiscordSettings(token="token", user_installs=True)
        await here.env.restart_bot(DiscordBot(here.bot.here.services, settings, shard_count=1))
        (_, second) = registered(here)
        (imagine,) = [each for each in second if each["name"] == "imagine"]
        assert imagine["integration_types"] == [0, 1]
        assert imagine["contexts"] == [0, 1, 2]


async def test_every_name_and_description_speaks_five_languages(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        for each in commands_and_options(await here.bot.payload()):
            assert set(each["name_localizations"]) == set(LOCALES), each["name"]
            if each.get("description"):
                assert set(each["description_localizations"]) == set(LOCALES), each["name"]
            for choice in each.get("choices", []):
                if choice["name"].isdigit():
                    continue
                assert set(choice["name_localizations"]) == set(LOCALES), choice["name"]


async def test_no_two_options_of_a_command_share_a_name_in_any_language(tmp_path: Path) -> None:
    async with discord_harness(tmp_path) as here:
        for each in commands_and_options(await here.bot.payload()):
            for locale in LOCALES:
                names = [o["name_localizations"][locale] for o in each.get("options", [])]
                assert len(set(names)) == len(names), (each["name"], locale)
                for name in names:
                    assert NAME.fullmatch(name), name
                    assert name == name.lower()


def test_no_translation_is_left_over_or_too_long() -> None:
    text = EXPECTED.read_text("utf-8")
    for english, translated in words().items():
        assert json.dumps(english, ensure_ascii=False) in text, english
        assert all(0 < len(each) <= 100 for each in translated.values())


def test_the_invitation_asks_for_no_more_than_the_bot_needs() -> None:
    assert application_id_of("MTIzNDU2Nzg5MDEyMzQ1Njc4.token.secret") == 123456789012345678
    assert application_id_of("swordfish") is None
    assert invite_url(1) == (
        "https://discord.com/oauth2/authorize?client_id=1&scope=bot+applications.commands"
        "&permissions=274878024704"
    )
