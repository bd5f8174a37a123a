"""What went wrong on the device, in the bot's own words."""

import traceback
from pathlib import Path

import torch

from bot.errors import BackendBroken, BackendBusy, BackendFailed, BotError

DETAIL_MAX_CHARS = 300


def translated(error: BaseException) -> BotError:
    """`error` as the bot's own: out of memory is BackendBusy, the rest BackendBroken."""
    if isinstance(error, BotError):
        return error
    if isinstance(error, torch.OutOfMemoryError):
        return BackendBusy(detail="the device has not enough memory for this picture")
    return BackendBroken(detail=in_words(error))


def in_words(error: BaseException) -> str:
    """`error` in one short line; peft's messages can have 9 KB."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:DETAIL_MAX_CHARS]


def chain_of(error: BaseException) -> list[BaseException]:
    """`error` and those it was raised in the handling of; the first one stands last."""
    chain = [error]
    while (before := chain[-1].__context__) is not None:
        chain.append(before)
    return chain


def let_go(error: BaseException) -> None:
    """Forget the variables of the frames behind `error`: they hold tensors as long as it lives."""
    for each in chain_of(error):
        traceback.clear_frames(each.__traceback__)


def place_of(error: BaseException) -> str:
    """Type and place of `error` for the log: its message may quote a prompt, which no log holds."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "".join(f" in {Path(frame.filename).name}:{frame.lineno}" for frame in frames[-1:])
    return f"{type(error).__name__}{where}"


def not_a_number() -> BackendFailed:
    """For a picture that is not finite; mostly float16 has overflowed."""
    return BackendBroken(detail="the picture came out as not-a-number")


def is_fatal(error: BaseException) -> bool:
    """Whether the device itself is lost, so that nothing more can be drawn in this process."""
    return isinstance(error, torch.AcceleratorError) and not isinstance(
        error, torch.OutOfMemoryError
    )
