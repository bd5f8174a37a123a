"""The table in docs/architecture.md is held against the code."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "adapters", "storage")
COMPOSITION_ROOT = ("bot/app/", "bot/cli/", "bot/__main__.py")
FILES = sorted(
    str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py")
)


@dataclass(frozen=True)
class Room:
    code: str
    project: tuple[str, ...]
    libraries: frozenset[str]

    def owns(self, file: str) -> bool:
        return lies_in(self.code, file)

    def may_import(self, file: str) -> bool:
        return self.project == ("everything",) or any(lies_in(code, file) for code in self.project)


def lies_in(code: str, file: str) -> bool:
    """`bot/*.py` is one folder's files, `bot/backends/` everything below, `bot/app.py` itself."""
    if code.endswith("/"):
        return file.startswith(code)
    return file == code or (code.endswith("*.py") and str(Path(file).parent) == code[:-5])


@cache
def rooms() -> tuple[Room, ...]:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    return tuple(
        Room(
            code,
            tuple(part.strip(" `") for part in project.split(",")),
            frozenset(part.strip() for part in libraries.split(",")),
        )
        for code, project, libraries in rows
    )


def room_of(file: str) -> Room:
    """The most exact row."""
    return max((room for room in rooms() if room.owns(file)), key=lambda room: len(room.code))


def imported(file: str) -> Iterator[str]:
    """The dotted names that `file` imports anywhere; `from a import b` may be a module a.b."""
    for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            assert node.module is not None
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from {name if file_of(name) else node.module for name in names}


def file_of(name: str) -> str | None:
    path = name.replace(".", "/")
    found = (f for f in (f"{path}.py", f"{path}/__init__.py") if (ROOT / f).exists())
    return next(found, None)


def test_the_table_covers_every_file() -> None:
    assert [file for file in FILES if not any(room.owns(file) for room in rooms())] == []
    assert [room.code for room in rooms() if not any(map(room.owns, FILES))] == []


@pytest.mark.parametrize("file", FILES)
def test_a_file_imports_only_what_its_row_allows(file: str) -> None:
    room = room_of(file)
    for name in imported(file):
        top = name.partition(".")[0]
        if top in PACKAGES:
            target = file_of(name)
            assert target is not None, f"{file} imports {name}, which is not there"
            assert target == f"{top}/__init__.py" or room.may_import(target), f"{file} → {target}"
        elif top not in sys.stdlib_module_names:
            assert top in room.libraries, f"{file} imports {top}"


@pytest.mark.parametrize("file", FILES)
def test_the_composition_root_is_imported_by_itself_alone(file: str) -> None:
    if any(lies_in(code, file) for code in COMPOSITION_ROOT):
        return
    found = [target for name in imported(file) if (target := file_of(name))]
    assert [t for t in found if any(lies_in(code, t) for code in COMPOSITION_ROOT)] == []


def test_a_forbidden_import_would_be_noticed() -> None:
    page, home = room_of("adapters/web/app.py"), room_of("bot/jobs/runner.py")
    assert not page.may_import("storage/sqlite_store.py")
    assert not page.may_import("adapters/terminal/order.py")
    assert not home.may_import("storage/sqlite_store.py")
    assert "fastapi" not in home.libraries


def test_help_loads_nothing_heavy() -> None:
    """Only Typer and what comes with it."""
    code = (
        "import sys; sys.argv = ['limner', '--help']\n"
        "from bot.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(  # noqa: S603  (our own code)
        command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stderr.split())
    heavy = {
        "pydantic",
        "httpx",
        "fastapi",
        "starlette",
        "uvicorn",
        "PIL",
        "aiosqlite",
        "jinja2",
        "discord",
        "torch",
        "diffusers",
        "slack_bolt",
        "slack_sdk",
        "aiohttp",
        "cryptography",
    }
    assert loaded & {*heavy, "rich", "dotenv", "asyncio", "storage", "adapters"} == set()
    assert "typer" in loaded
