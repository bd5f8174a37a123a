"""What people type, as data, and back: `/command WORDS --option value`.

Text without a leading slash is a prompt. How options are found in it: see `flags.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from bot.commands import BY_NAME, IMAGINE, Argument, Command
from bot.errors import BadRequest, Problem
from bot.flags import FlagReader, Note, escaped, written
from bot.options import BY_NAME as OPTION
from bot.options import OPTIONS, shown
from bot.request import ImageRequest

__all__ = ["Note", "Parsed", "format", "parse"]

# Prompt, negative prompt and all options of the longest request, each character escaped.
TEXT_MAX_CHARS = 16_000
_NAME_MAX_CHARS = 30
_PROMPT_PREFIX = re.compile(r"prompt:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parsed:
    """`fields` are as typed; `options.validate` makes a request of them."""

    command: str
    fields: dict[str, Any] = field(default_factory=dict)
    private: bool = False
    arguments: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def parse(text: str) -> Parsed:
    """What `text` asks for. Raises BadRequest."""
    if len(text) > TEXT_MAX_CHARS:
        data = {"limit": TEXT_MAX_CHARS, "got": len(text)}
        raise BadRequest((Problem("prompt", "too_long", data),))
    command, rest = _command(text.strip())
    reader = FlagReader(command, rest)
    reader.read()
    fields, problems = reader.fields, reader.problems
    words = " ".join(filter(None, (*reader.words, fields.pop("prompt", ""))))
    arguments: tuple[str, ...] = ()
    if command is not IMAGINE:
        arguments, wrong = _arguments(command, words.split())
        problems += wrong
    elif words:
        fields["prompt"] = words
    if problems:
        raise BadRequest(tuple(problems))
    private = fields.pop("private", False)
    return Parsed(command.name, fields, private, arguments, tuple(reader.notes))


def format(request: ImageRequest, *, private: bool = False) -> str:  # noqa: A001  (as in str.format)
    """The command that asks for `request`, apart from its starting image and webhook."""
    prompt = escaped(request.prompt)
    parts = ["/imagine", f"prompt: {prompt}" if _PROMPT_PREFIX.match(prompt) else prompt]
    left = {option.name for option in OPTIONS if request.given(option.name)}
    left -= {"prompt", "image", "webhook"}
    if {"width", "height"} <= left:
        parts.append(f"--size {request.width}x{request.height}")
        left -= {"width", "height"}
    parts += [written(o, getattr(request, o.name)) for o in OPTIONS if o.name in left]
    parts += ["--private"] if private else []
    return " ".join(filter(None, parts))


def _command(text: str) -> tuple[Command, str]:
    if not text.startswith("/"):
        return IMAGINE, text
    name, rest = ([*text[1:].split(maxsplit=1), "", ""])[:2]
    command = BY_NAME.get(name.lower())
    if command is None:
        near = get_close_matches(name[:_NAME_MAX_CHARS].lower(), BY_NAME, n=1)
        data = {"got": shown(name), "nearest": near[0] if near else None}
        raise BadRequest((Problem("", "unknown_command", data),))
    if command is IMAGINE and (prefix := _PROMPT_PREFIX.match(rest)):
        # Discord shows its commands as "/imagine prompt: a cat", and people copy that.
        rest = rest[prefix.end() :]
    return command, rest


def _arguments(command: Command, words: Sequence[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """The words after a command as its arguments, and what is wrong with them."""
    wanted = command.arguments
    required = sum(argument.required for argument in wanted)
    if len(words) > len(wanted):
        got = shown(" ".join(words[len(wanted) :]))
        return (), [Problem("", "extra_words", {"got": got, "usage": command.usage})]
    if len(words) < required:
        data = {"missing": wanted[len(words)].name, "usage": command.usage}
        return (), [Problem("", "argument_missing", data)]
    found = [_argument(*pair) for pair in zip(wanted, words, strict=False)]
    problems = [value for value in found if isinstance(value, Problem)]
    return tuple(value for value in found if isinstance(value, str)), problems


def _argument(argument: Argument, word: str) -> str | Problem:
    if argument.type is int:
        most = OPTION["num_images"].maximum
        if not (word.isascii() and word.isdecimal() and most and 1 <= int(word[:9]) <= most):
            return Problem("", "no_such_number", {"got": shown(word), "maximum": most})
    elif argument.choices:
        plain = word.lstrip("/").lower()
        if plain in argument.choices:
            return plain
        near = get_close_matches(plain[:_NAME_MAX_CHARS], argument.choices, n=1)
        data = {"got": shown(word), "choices": argument.choices, "nearest": [*near, None][0]}
        return Problem("", "unknown_word", data)
    return word
