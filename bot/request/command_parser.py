"""Parses what people type, `/command WORDS --option value`, and writes it.

Text without a leading slash is a prompt. How options are found in it: see `flag_parser.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.errors import BadRequest, Problem
from bot.request import foreign_syntax
from bot.request.commands import BY_NAME, IMAGINE, Argument, Command
from bot.request.flag_parser import FlagReader, escaped, written
from bot.request.image_request import PICTURES_MAX, ImageRequest
from bot.request.notes import Note
from bot.request.options import OPTIONS, shown
from bot.spelling import nearest

__all__ = ["Note", "Parsed", "format", "parse"]

# Enough for the longest prompts and all options with every character escaped.
TEXT_MAX_CHARS = 16_000
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
    check_length(text)
    command, rest = _command(text.strip())
    reader = FlagReader(command, rest)
    reader.read()
    if reader.problems:
        raise BadRequest(tuple(reader.problems))
    fields = reader.fields
    private = fields.pop("private", False)
    words = " ".join(filter(None, (*reader.words, fields.pop("prompt", ""))))
    arguments: tuple[str, ...] = ()
    if command is not IMAGINE:
        arguments = _arguments(command, words.split())
    elif words:
        read = foreign_syntax.read(words, weighted=fields.get("use_compel") is True)
        fields = {"prompt": read.prompt, **read.fields, **fields}
        reader.notes += read.notes
    return Parsed(command.name, fields, private, arguments, tuple(reader.notes))


def check_length(text: str) -> None:
    """Raises BadRequest for what is too long to be read."""
    if len(text) > TEXT_MAX_CHARS:
        data = {"limit": TEXT_MAX_CHARS, "got": len(text)}
        raise BadRequest((Problem("prompt", "too_long", data),))


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
        raise _mistake("unknown_command", got=shown(name), nearest=nearest(name, BY_NAME))
    if command is IMAGINE and (prefix := _PROMPT_PREFIX.match(rest)):
        # Discord shows its commands as "/imagine prompt: a cat", which people copy.
        rest = rest[prefix.end() :]
    return command, rest


def _arguments(command: Command, words: Sequence[str]) -> tuple[str, ...]:
    """The words after a command as its arguments. Raises BadRequest."""
    wanted = command.arguments
    required = sum(argument.required for argument in wanted)
    if len(words) > len(wanted):
        got = shown(" ".join(words[len(wanted) :]))
        raise _mistake("extra_words", got=got, usage=command.usage)
    if len(words) < required:
        raise _mistake("argument_missing", missing=wanted[len(words)].name, usage=command.usage)
    return tuple(_argument(*pair) for pair in zip(wanted, words, strict=False))


def _argument(argument: Argument, word: str) -> str:
    if argument.type is int:
        if word not in _PICTURE_NUMBERS:
            raise _mistake("no_such_number", got=shown(word), maximum=len(_PICTURE_NUMBERS))
    elif argument.choices:
        plain = word.lstrip("/").lower()
        if plain not in argument.choices:
            choices, near = list(argument.choices), nearest(plain, argument.choices)
            raise _mistake("unknown_word", got=shown(word), choices=choices, nearest=near)
        return plain
    return word


_PICTURE_NUMBERS = [str(number) for number in range(1, PICTURES_MAX + 1)]


def _mistake(code: str, **data: Any) -> BadRequest:
    return BadRequest((Problem("", code, data),))
