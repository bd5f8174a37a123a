"""The licences of what Limner stands on, as the installed packages state them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from bot.cli.output import answer

# Source: PEP 508: a requirement begins with its name, PEP 503: how names are compared.
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SEPARATORS = re.compile(r"[-_.]+")
_CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Licence:
    """`name` is "" where a package states none."""

    package: str
    version: str
    name: str


def print_licences() -> None:
    for each in licences():
        answer(f"{each.package} {each.version}  {each.name or 'unknown'}")


def licences() -> list[Licence]:
    """Of every installed package that Limner or one of its extras needs, directly or not."""
    found = sorted(_needed("limner"), key=lambda one: one.metadata["Name"].lower())
    return [Licence(one.metadata["Name"], one.version, _stated(one)) for one in found]


def _needed(root: str) -> Iterator[Distribution]:
    seen, todo = {root}, [root]
    while todo:
        try:
            package = distribution(todo.pop())
        except PackageNotFoundError:  # of an extra that isn't installed, or of another system
            continue
        if package.metadata["Name"] != root:
            yield package
        for line in package.requires or ():
            name = _SEPARATORS.sub("-", _NAME.match(line)[0]).lower()  # type: ignore[index]
            if name not in seen:
                seen.add(name)
                todo.append(name)


def _stated(package: Distribution) -> str:
    """In SPDX's words where there are such; a classifier, as some give the licence's whole text."""
    if expression := _values(package, "License-Expression"):
        return expression[0]
    classified = [each for each in _values(package, "Classifier") if each.startswith(_CLASSIFIER)]
    if classified:
        return ", ".join(each.removeprefix(_CLASSIFIER) for each in classified)
    return "".join(_values(package, "License")).partition("\n")[0]


def _values(package: Distribution, field: str) -> list[str]:
    return [str(value) for value in package.metadata.get_all(field) or ()]
