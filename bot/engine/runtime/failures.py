"""What went wrong on the device, in the bot's own words."""

import traceback
from pathlib import Path

import torch

from bot.errors import BackendBroken, BackendBusy, BackendFailed, BotError

DETAIL_MAX_CHARS = 300


def translated(error: BaseException) -> BotError:
    """Running out of memory is worth a retry; everything else is broken."""
    if isinstance(error, BotError):
        return error
    if isinstance(error, torch.OutOfMemoryError):
        return BackendBusy(detail="the device has not enough memory for this picture")
    return BackendBroken(detail=in_words(error))


def in_words(error: BaseException) -> str:
    """One short line: theirs can have 9 KB."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:DETAIL_MAX_CHARS]


def chain_of(error: BaseException) -> list[BaseException]:
    """`error` and what it came of; what went wrong first stands last."""
    chain = [error]
    while (before := chain[-1].__context__) is not None:
        chain.append(before)
    return chain


def let_go(error: BaseException) -> None:
    """Forget the variables of the frames behind `error`: they hold tensors as long as it lives."""
    for each in chain_of(error):
        traceback.clear_frames(each.__traceback__)


def place_of(error: BaseException) -> str:
    """What went wrong where, for the log: a message may quote a prompt, which no log holds."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "".join(f" in {Path(frame.filename).name}:{frame.lineno}" for frame in frames[-1:])
    return f"{type(error).__name__}{where}"


def not_a_number() -> BackendFailed:
    """Mostly float16 that overflowed."""
    return BackendBroken(detail="the picture came out as not-a-number")


def is_fatal(error: BaseException) -> bool:
    """Whether the device itself is lost, so that nothing more can be drawn in this process."""
    return isinstance(error, torch.AcceleratorError) and not isinstance(
        error, torch.OutOfMemoryError
    )
