"""What the image service did, and whether anything was charged."""

from collections.abc import Callable, Mapping

from bot import errors
from bot.errors import BackendFailed, BotError
from bot.text import shortened
from bot.wording.parts import Code, Explained, Sentence, say


def _service(words: str) -> Callable[[BotError, str], Sentence]:
    """Makes a sentence of `words`, with what was charged in the place of {}."""

    def sentence(error: BotError, _: str) -> Sentence:
        unsure = isinstance(error, BackendFailed) and (error.outcome_unknown or error.billed_micros)
        return say(words, "You weren't charged." if unsure else "Nothing was charged.")

    return sentence


def _rejected(error: errors.BackendRejected, _: str) -> Sentence:
    reason = shortened(error.detail.partition(": ")[2] or error.detail, _SERVICE_WORDS_MAX_CHARS)
    told = say(" and said: {}", Code(reason)) if reason else ""
    charged = "You weren't charged." if error.billed_micros else "Nothing was charged."
    return say(
        "The image service didn't accept this request{}. {} Please change it and try again.",
        told,
        charged,
    )


_SERVICE_WORDS_MAX_CHARS = 200


# What everybody may read of an empty account, a key that is refused or a full disk.
OWNERS_TROUBLE = _service(
    "I can't draw just now, and only the bot owner can mend that. {} Please try again later."
)

SERVICE: Mapping[type[BotError], Explained] = {
    errors.BackendFailed: _service("The image service failed. {} Please try again."),
    errors.BackendBusy: _service(
        "The image service is too busy and started nothing. {} Please try again in a minute."
    ),
    errors.BackendUnreachable: _service(
        "I couldn't reach the image service. {} Please try again in a few minutes."
    ),
    # No advice: it is shown while the bot tries again by itself.
    errors.BackendResting: "The image service isn't answering. Nothing was charged.",
    errors.BackendTimedOut: _service(
        "The image service took too long, so I stopped waiting. {} "
        "Please try again, perhaps with fewer steps."
    ),
    errors.BackendCutOff: _service(
        "The connection to the image service broke in the middle. {} Please try again."
    ),
    errors.BackendKeyRefused: _service(
        "The image service refused the bot's key. {} The bot owner has to put in a valid one."
    ),
    errors.BackendNeedsMoney: _service(
        "The bot's account at the image service is empty. {} The bot owner has to top it up."
    ),
    errors.BackendModelMissing: _service(
        "The image service doesn't have this model any more. {} Please choose another model."
    ),
    errors.BackendLocked: _service(
        "The image service has locked this model. {} Please choose another one, or try again later."
    ),
    errors.BackendRejected: _rejected,
    errors.BackendModerated: _service(
        "The image service declined to draw this. {} Please describe it differently."
    ),
    errors.BackendBroken: _service(
        "The image service had a fault of its own. {} Please try again in a minute."
    ),
    errors.BackendGarbled: _service(
        "The image service sent something I can't read. {} Please try again."
    ),
    errors.BackendUnkept: _service(
        "This was drawn, but I couldn't store the pictures. {} "
        "The bot owner has to look at the disk."
    ),
    errors.BackendEmpty: _service(
        "The image service answered without a picture. {} Please try again."
    ),
    errors.BackendBlank: _service(
        "The image service sent a picture of one colour only. {} Please try again."
    ),
}
