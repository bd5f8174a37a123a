import re
import tomllib
from pathlib import Path

from typer.testing import CliRunner

from bot.__main__ import cli
from bot.cli.licences import licences

ROOT = Path(__file__).parents[3]
# All may be used beside Apache-2.0. MPL-2.0 binds changes to its own files alone.
PERMITTED = re.compile(
    r"\b(0BSD|Apache|BSD|BSL-1\.0|CC0|CNRI|HPND|ISC|MIT|MPL|Mozilla|PSF|Python Software|Zlib)"
)
BINDING = re.compile(r"\b(AGPL|GPL|LGPL|SSPL|Affero|GNU|CC-BY-NC|Commons Clause)", re.IGNORECASE)
# pip fetches them from their maker, beside torch and for a GPU of theirs; nobody passes them on.
DRIVERS = ("nvidia-", "cuda-")


def test_every_licence_is_known_and_goes_with_ours() -> None:
    found = [each for each in licences() if not each.package.lower().startswith(DRIVERS)]
    unknown = [each for each in found if not PERMITTED.search(each.name)]
    binding = [each for each in found if BINDING.search(each.name)]
    assert (unknown, binding) == ([], [])


def test_what_is_named_by_pyproject_is_among_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    direct = [*project["dependencies"], *project["optional-dependencies"]["moderation"]]
    names = {re.split(r"[=>\[]", each)[0].lower() for each in direct}
    assert len(names) > 15
    assert names <= {each.package.lower().replace("_", "-") for each in licences()}


def test_what_others_need_is_among_them() -> None:
    assert {"h11", "starlette"} <= {each.package for each in licences()}


def test_they_are_printed() -> None:
    printed = CliRunner().invoke(cli, ["licences"])
    assert printed.exit_code == 0
    assert re.search(r"^httpx \d\S*  BSD", printed.output, re.MULTILINE)
