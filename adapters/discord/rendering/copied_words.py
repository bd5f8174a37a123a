"""Words that somebody is to copy: what they had written, or a command."""

from io import BytesIO
from typing import Any

import discord
from discord import ui

from adapters.discord.rendering.markup import code_block, sentence
from bot.wording.answers import THEY_WROTE

# Leaves room for a few lines in the 4,000 characters of a message.
BLOCK_MAX_CHARS = 3_000
# Additions to a message: text, items below it, and files.
More = tuple[str, list[ui.Item[Any]], list[discord.File]]


def to_copy(words: str, file_name: str) -> More:
    """Words to be copied: a code block, or a file if they are long."""
    if len(block := code_block(words)) <= BLOCK_MAX_CHARS:
        return f"\n{block}", [], []
    file = discord.File(BytesIO(words.encode()), file_name)
    return "", [ui.File(f"attachment://{file.filename}")], [file]


def given_back(written: str) -> More:
    """What somebody had written, to be added to an answer; nothing if that is ""."""
    if not written:
        return "", [], []
    text, more, files = to_copy(written, "written.txt")
    return f"\n{sentence(THEY_WROTE)}{text}", more, files
