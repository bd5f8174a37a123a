"""docs/threats.md names what holds each threat: the tests and files that it names exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/threats.md").read_text("utf-8")
THREATS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.partition("## What could go wrong")[2].splitlines()
    if line.startswith("| ")
][1:]


def functions_in(path: Path) -> set[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(path.read_text("utf-8"))
    return {each.name for each in tree.body if isinstance(each, functions)}


@pytest.mark.parametrize("threat", THREATS, ids=lambda row: row[0])
def test_each_threat_is_held_by_tests_that_exist(threat: list[str]) -> None:
    _, _, held_by = threat
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", held_by)
    assert named, "names no test"
    assert [each for each in named if each[1] not in functions_in(ROOT / each[0])] == []


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:bot|adapters|storage|tests)/[\w/]+\.py)[`:]", PAGE)
    assert len(THREATS) > 20
    assert [each for each in named if not (ROOT / each).exists()] == []
