"""The tables of README.md are readings of the code. When one fails, put what it prints there."""

import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import typer.main
from pydantic.fields import FieldInfo

from bot.__main__ import cli
from bot.cli.imagine import EXIT_CODES
from bot.config.engine_settings import EngineSettings
from bot.config.env_values import is_secret
from bot.config.settings import Settings
from bot.domain.pricing import MICROS_PER_DOLLAR
from bot.request.commands import COMMANDS, SHORTHANDS
from bot.request.options import OPTIONS, Option
from bot.wording import option_range

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def table(*rows: Iterable[str]) -> str:
    header, *body = rows
    titles = tuple(header)
    lines = [titles, ["---"] * len(titles), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def assert_shown(expected: str) -> None:
    assert expected in README, f"README.md should contain this:\n\n{expected}\n"


def code(text: str) -> str:
    return f"`{text}`" if text else ""


def default_of(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and "none" in str(field.annotation):  # a limit in dollars
        return str(value / MICROS_PER_DOLLAR)
    return "" if value in (None, ()) else str(value)


def setting_rows(fields: Mapping[str, FieldInfo]) -> Iterator[tuple[str, ...]]:
    for name, field in fields.items():
        variable = code(name.upper()) + (" (secret)" if is_secret(field) else "")
        yield (variable, code(default_of(field)), field.description or "")


def test_every_setting_is_explained() -> None:
    rows = setting_rows(Settings.model_fields)
    assert_shown(table(("variable", "default", "meaning"), *rows))


def test_every_setting_of_the_engine_is_explained() -> None:
    rows = setting_rows(EngineSettings.model_fields)
    assert_shown(table(("variable of the engine", "default", "meaning"), *rows))


def test_every_command_is_explained() -> None:
    rows = [(code(command.usage), command.help) for command in COMMANDS]
    assert_shown(table(("command", "what it does"), *rows))


def option_rows(options: Iterable[Option]) -> Iterator[tuple[str, ...]]:
    for option in options:
        flags = ", ".join(code(f"--{each}") for each in (option.short, *option.also))
        given = option.default not in (None, "", False)
        default = code(str(option.default)) if given else ""
        yield (
            "the text itself" if option.required else flags,
            option_range(option),
            default,
            option.help,
        )


def test_every_option_is_explained() -> None:
    rows = option_rows((*OPTIONS, *SHORTHANDS))
    assert_shown(table(("option", "takes", "default", "meaning"), *rows))


def test_every_command_of_the_terminal_is_explained() -> None:
    root = typer.main.get_command(cli)
    rows = [
        (code(f"limner {words}"), command.get_short_help_str(100).removesuffix("."))
        for words, command in leaves(root, "")
    ]
    assert_shown(table(("in the terminal", "what it does"), *rows))


def leaves(group: object, before: str) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            yield from leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_exit_code_is_explained() -> None:
    rows = [(str(int(number)), meaning) for number, meaning in EXIT_CODES.items()]
    assert_shown(table(("exit code of `limner imagine`", "meaning"), *rows))


def test_every_library_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = itertools.chain.from_iterable(project["optional-dependencies"].values())
    names = {re.split(r"[<>=\[; ]", line)[0] for line in (*project["dependencies"], *extras)}
    reasons = (ROOT / "docs/decisions.md").read_text("utf-8")
    assert sorted(name for name in names if name not in reasons) == []


def test_every_file_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_every_make_target_that_is_named_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"`make ([a-z]+)`", README))
    assert named
    assert named <= set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
