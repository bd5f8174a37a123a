"""The commands, as people read them."""

import pytest

from bot.request.commands import BY_NAME, COMMANDS, IMAGINE, SETTINGS, SHORTHANDS, Command
from bot.request.options import OPTIONS


def test_the_commands_and_how_they_are_written() -> None:
    assert [command.usage for command in COMMANDS] == [
        "/imagine PROMPT [--OPTION VALUE …]",
        "/again ID",
        "/vary ID NUMBER",
        "/show ID",
        "/cancel [ID]",
        "/delete ID [NUMBER]",
        "/quota",
        "/models",
        "/settings [RESET] [--OPTION VALUE …]",
        "/help [COMMAND]",
    ]


def test_imagine_takes_every_option_and_private() -> None:
    assert [o.name for o in IMAGINE.options] == [*(o.name for o in OPTIONS), "private"]


def test_a_setting_is_anything_that_makes_sense_every_time() -> None:
    assert [o.name for o in SETTINGS.options] == [
        "negative_prompt",
        "num_images",
        "num_inference_steps",
        "guidance_scale",
        "strength",
        "width",
        "height",
        "use_compel",
        "lora",
        "model",
    ]


def test_help_knows_every_command() -> None:
    (argument,) = BY_NAME["help"].arguments
    assert argument.choices == tuple(BY_NAME)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_fits_where_discord_shows_it(command: Command) -> None:
    # Source: Discord's limits for application commands.
    assert len(command.name) <= 32
    assert command.name.isalpha()
    assert command.name.islower()
    assert len(command.help) <= 100
    assert len(command.options) <= 25


@pytest.mark.parametrize("command", [IMAGINE, SETTINGS], ids=lambda command: command.name)
def test_no_spelling_means_two_options_of_a_command(command: Command) -> None:
    options = (*command.options, *SHORTHANDS)
    assert len(command.spellings) == sum(len(option.spellings) for option in options)


def test_commands_without_options_know_no_flags() -> None:
    assert BY_NAME["quota"].spellings == {}
