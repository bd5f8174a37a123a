"""What the commands of admins and of moderators have alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.wording.parts import Code, Heading, Person, Sentence, Strong, counted, joined, lines, say


@dataclass(frozen=True, slots=True)
class Command:
    """`usage` is how it is typed on Slack. Discord asks for each option by itself."""

    help: str
    usage: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


def overview(title: str, called: str, commands: Mapping[str, Command]) -> Sentence:
    """What can be typed into Slack, behind what the group is called."""
    shown = [
        joined(" ", ((Strong(f"{called} {name}"),), each.usage, each.help))
        for name, each in commands.items()
    ]
    return lines((Heading(title),), *shown)


def blocked(person: str, days: int | None, undo: str) -> Sentence:
    """`undo` is how it is taken back."""
    span = f" for {counted(days, 'day')}" if days else ""
    return say("{} can't draw here{}. {} takes it back.", Person(person), span, Code(undo))
