"""docs/architecture.md and docs/tour.md are held against the code."""

import ast
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "adapters", "storage")
COMPOSITION_ROOT = ("bot/app/", "bot/cli/", "bot/__main__.py")
FILES_AT_MOST = 16
FILES_AT_THE_TOP_AT_MOST = 14
STOPS = 12


def sources() -> Iterator[str]:
    """Every file with code in it; an `__init__.py` that says what lives there has none."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if path.name != "__init__.py" or len(ast.parse(path.read_text("utf-8")).body) > 1:
                yield str(path.relative_to(ROOT))


FILES = sorted(sources())


@dataclass(frozen=True)
class Room:
    code: str
    project: tuple[str, ...]
    libraries: frozenset[str]

    def owns(self, file: str) -> bool:
        return lies_in(self.code, file)

    def may_import(self, file: str) -> bool:
        listed = any(lies_in(code, file) for code in self.project)
        return listed or self.project == ("everything",) or room_of(file) == self


def lies_in(code: str, file: str) -> bool:
    """`bot/*.py` is one folder's files, `bot/backends/` everything below, `bot/store.py` itself."""
    if code.endswith("/"):
        return file.startswith(code)
    return file == code or (code.endswith("*.py") and str(Path(file).parent) == code[:-5])


@cache
def rooms() -> tuple[Room, ...]:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| [`*]([^|]+)[`*] \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    parts = {code: [part.strip(" `*") for part in project.split(",")] for code, project, _ in rows}
    return tuple(
        Room(
            code,
            tuple(
                each for part in parts[code] for each in (parts[part] if " " in part else [part])
            ),
            frozenset(part.strip() for part in libraries.split(",")),
        )
        for code, _, libraries in rows
        if " " not in code
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


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """Which files of the project each file imports."""
    return {
        file: frozenset(found for name in imported(file) if (found := file_of(name)) in FILES)
        for file in FILES
    }


def circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_the_table_covers_every_file() -> None:
    assert [file for file in FILES if not any(room.owns(file) for room in rooms())] == []
    used = {room_of(file).code for file in FILES}
    assert [room.code for room in rooms() if room.code not in used] == []


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


def test_no_file_is_imported_by_what_it_imports() -> None:
    assert circle(imports()) == []


def test_no_room_is_imported_by_what_it_imports() -> None:
    between: dict[str, set[str]] = {}
    for file, targets in imports().items():
        room = room_of(file).code
        between.setdefault(room, set()).update(room_of(target).code for target in targets)
        between[room].discard(room)
    assert circle(between) == []


def test_a_circle_would_be_noticed() -> None:
    assert set(circle({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]})) == {"a", "b", "c"}


def test_a_folder_holds_as_many_files_as_one_keeps_in_mind() -> None:
    folders = Counter(str(Path(file).parent) for file in FILES)
    assert {folder: n for folder, n in folders.items() if n > FILES_AT_MOST} == {}
    assert folders["bot"] <= FILES_AT_THE_TOP_AT_MOST


def test_every_folder_says_what_lives_there() -> None:
    folders = {(ROOT / file).parent for file in FILES}
    texts = {f: ast.parse((f / "__init__.py").read_text("utf-8")) for f in folders}
    assert [
        str(f.relative_to(ROOT)) for f, tree in texts.items() if not ast.get_docstring(tree)
    ] == []


def test_a_forbidden_import_would_be_noticed() -> None:
    page, runner = room_of("adapters/web/app.py"), room_of("bot/jobs/runner.py")
    assert not page.may_import("storage/sqlite_store.py")
    assert not page.may_import("bot/backends/api.py")
    assert not page.may_import("adapters/terminal/protocol.py")
    assert not runner.may_import("storage/sqlite_store.py")
    assert "fastapi" not in runner.libraries


def named_in(text: str) -> set[str]:
    """What looks like a file of ours: `bot/store.py`, `store.py`, `bot/wording/`."""
    found = re.findall(
        r"(?<![\w./*{-])((?:\w+/)*\w+\.(?:py|sql)|(?:bot|adapters|storage|tests)/(?:\w+/)*[\w.]*\w)",
        text,
    )
    return set(found) - {"discord.py"}


@cache
def endings() -> frozenset[str]:
    """What a file or folder of ours may be named by: `bot/jobs/runner.py`, `runner.py`."""
    folders = (ROOT / folder for folder in (*PACKAGES, "tests", "benchmarks"))
    parts = [path.relative_to(ROOT).parts for folder in folders for path in folder.rglob("*")]
    return frozenset("/".join(each[begin:]) for each in parts for begin in range(len(each)))


def missing(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name not in endings())


def test_a_name_of_nothing_would_be_noticed() -> None:
    text = "`bot/store.py`, `store.py`, `rendering/job_card.py`, `bot/wording/`, discord.py, "
    assert missing(named_in(text)) == []
    text += "`bot/books.py`, `books.py`, `rendering/render.py`, `bot/house/`, `bot/store.json`"
    gone = ["books.py", "bot/books.py", "bot/house", "bot/store.json", "rendering/render.py"]
    assert missing(named_in(text)) == gone


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    assert missing(named_in((ROOT / "docs" / page).read_text("utf-8"))) == []


def test_every_file_that_a_comment_names_is_there() -> None:
    found: dict[str, list[str]] = {}
    for file in FILES:
        with (ROOT / file).open("rb") as lines:
            tokens = list(tokenize.tokenize(lines.readline))
        texts = [t.string for t in tokens if t.type == tokenize.COMMENT or '"""' in t.string]
        if gone := missing(named_in("\n".join(texts))):
            found[file] = gone
    assert found == {}


def stops() -> list[tuple[str, str]]:
    """Files and what is called in them, as docs/tour.md names them."""
    text = (ROOT / "docs/tour.md").read_text("utf-8")
    return re.findall(r"`([\w/]+\.py):([\w.]+)`", text)


def defined(file: str) -> set[str]:
    """Functions and classes of `file`, and methods as Class.method."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    tops = [node for node in tree.body if isinstance(node, kinds)]
    inner = [
        f"{node.name}.{each.name}"
        for node in tops
        if isinstance(node, ast.ClassDef)
        for each in node.body
        if isinstance(each, kinds)
    ]
    return {*(node.name for node in tops), *inner}


def test_every_stop_of_the_tour_is_there() -> None:
    text = (ROOT / "docs/tour.md").read_text("utf-8")
    assert re.findall(r"^(\d+)\. ", text, re.MULTILINE) == [str(n) for n in range(1, STOPS + 1)]
    assert len(stops()) >= STOPS
    assert [(file, name) for file, name in stops() if name not in defined(file)] == []


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
