"""What people read stands in bot/wording, once for all platforms, and not in an adapter."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ADAPTERS = ("chat", "discord", "slack", "terminal", "web")
# Words in a row, as only a language has them.
SENTENCE = re.compile(
    r"^(?!<).*([A-Za-z']{2,}[,;:]? [a-z][a-z']+(?![='\w])|[A-Z][a-z]+ …)", re.DOTALL
)
# Whom these are for: the log, and whoever reads a traceback.
FOR_DEVELOPERS = re.compile(
    r"^(log|_log)\.|^(Unreachable|Deleted|NotInstalled|SlackApiError|Uncertain|UploadFailed|Lost|_Gone|ValueError|RuntimeError)$"
)
# What stands there for another reason.
ELSEWHERE = {
    "adapters/discord/platform/limits.py": "Discord's own names of its permissions",
    "adapters/slack/connection/manifest.py": "why each scope is needed, as in docs/slack.md",
    "adapters/slack/connection/http_endpoint.py": "answers to programs",
    "adapters/web/http/guard.py": "headers",
    "adapters/web/playground/events.py": "a comment on the line",
    "adapters/web/rendering/cards.py": "labels of the page, as in its templates",
    "adapters/web/rendering/review_text.py": "labels of the page, as in its templates",
    "adapters/web/rendering/tables.py": "labels of the page, as in its templates",
}


def sources() -> list[Path]:
    return [path for each in ADAPTERS for path in sorted((ROOT / "adapters" / each).rglob("*.py"))]


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Strings that a person might read, with their lines."""
    aside = {id(each) for each in _aside(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.lineno, node.value


def _aside(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, names of tasks, and what developers read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        if isinstance(node, ast.Assert) and node.msg is not None:
            yield from ast.walk(node.msg)
        if isinstance(node, ast.Call):
            if FOR_DEVELOPERS.search(ast.unparse(node.func)):
                yield from ast.walk(node)
            named = [each for each in node.keywords if each.arg == "name"]
            yield from (inner for each in named for inner in ast.walk(each))


def sentences(source: str) -> list[tuple[int, str]]:
    return [(line, text) for line, text in texts(ast.parse(source)) if SENTENCE.search(text)]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_an_adapter_holds_no_sentence(path: Path) -> None:
    if str(path.relative_to(ROOT)) not in ELSEWHERE:
        assert sentences(path.read_text("utf-8")) == []


def test_what_is_excused_is_there() -> None:
    for name in ELSEWHERE:
        assert sentences((ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        'await answer(here, "Members can draw again.")',
        'label = "What to draw"',
        'f"at most {cost}"',
        'blocks.button("More …", custom_id)',
        'raise NotAllowed("this is not yours")',
    ],
)
def test_a_sentence_is_found(source: str) -> None:
    assert sentences(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring with words."""',
        'log.info("a person could not be told: %s", code)',
        'raise Unreachable("the message was deleted")',
        'create_task(run(), name="cards on Slack")',
        'style = "primary"',
        'event = "limner_job"',
    ],
)
def test_what_no_member_reads_is_no_sentence(source: str) -> None:
    assert not sentences(source)
