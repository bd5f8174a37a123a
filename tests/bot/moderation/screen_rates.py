"""How the prompt screen does on a list of labelled prompts: counts, never a prompt."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.moderation_policy import Tier
from bot.moderation.screen.prompt_screen import screen

HERE = Path(__file__).parent
LANGUAGES = ("en", "de", "es", "fr", "ja")


@dataclass(frozen=True, slots=True)
class Labelled:
    prompt: str
    language: str
    tier: Tier  # what a careful person means it to be
    kind: str


def load(name: str) -> list[Labelled]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Labelled(r["prompt"], r["language"], Tier(r["tier"]), r["kind"]) for r in rows]


@dataclass(frozen=True, slots=True)
class Rates:
    """`found[meant][said]` are numbers of prompts."""

    found: Mapping[Tier, Counter[Tier]]

    def share(self, meant: Tier, *said: Tier) -> float:
        counts = self.found[meant]
        return sum(counts[tier] for tier in said) / max(counts.total(), 1)

    def line(self, name: str) -> str:
        cells = [name.ljust(14)]
        for meant in (Tier.HARD, Tier.SOFT, Tier.NONE):
            counts = self.found[meant]
            numbers = " ".join(f"{counts[said]:4}" for said in Tier)
            cells.append(f"{numbers} of {counts.total():<4}")
        return " | ".join(cells)


def rates(prompts: Iterable[Labelled]) -> Rates:
    found: dict[Tier, Counter[Tier]] = {tier: Counter() for tier in Tier}
    for each in prompts:
        found[each.tier][screen(each.prompt)] += 1
    return Rates(found)


def table(prompts: Sequence[Labelled], by: str = "language") -> str:
    """A line for the whole list, and one for each of its languages (or kinds)."""
    said = "/".join(Tier)
    head = f"{'':14} | meant hard: {said} | meant soft | meant none"
    groups = sorted({getattr(each, by) for each in prompts})
    lines = [rates(prompts).line("all")]
    lines += [rates(p for p in prompts if getattr(p, by) == group).line(group) for group in groups]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    import sys

    for list_ in sys.argv[1:]:
        print(f"{list_}\n{table(load(list_))}")  # noqa: T201
        print(table(load(list_), "kind"))  # noqa: T201
