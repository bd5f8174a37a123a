"""Options: their help, and notes on those that somebody gave."""

from collections.abc import Sequence

from bot.request.flag_parser import Note
from bot.request.image_request import SEED_MAX
from bot.request.options import Option
from bot.wording.corrections import fill, value_text
from bot.wording.parts import Code, Sentence, say


def option_help(option: Option) -> Sentence:
    """One line of help: flag, meaning, range and default."""
    spellings = [Code(f"--{spelling}") for spelling in (option.short, *option.also)]
    listed = say("{}" + ", {}" * (len(spellings) - 1), *spellings)
    known = option_facts(option)
    return say("{}: {}{}", listed, option.help, f" ({known})" if known else "")


def option_facts(option: Option) -> str:
    """Range and default, "" where there is neither."""
    return "; ".join(filter(None, (option_range(option), option_default(option))))


def option_range(option: Option) -> str:
    """What an option takes, in a few words; "" where anything goes."""
    if option.choices:
        return f"{option.choices[0]} to {option.choices[-1]}, as listed"
    if option.type is bool:
        return "on or off"
    if option.minimum is None:
        return "" if option.max_length is None else f"up to {option.max_length:,} characters"
    if option.maximum is None or option.maximum >= SEED_MAX:
        return f"{option.minimum:g} or more"
    return f"{option.minimum:g} to {option.maximum:g}"


def option_default(option: Option) -> str:
    """What an option is when nobody sets it, "" if that is nothing."""
    return "" if option.default in (None, "", False) else f"default {value_text(option.default)}"


def explain_note(note: Note) -> Sentence:
    """The sentence of a remark about text that was understood."""
    if note.code == "foreign_flags":
        flags = note.data["flags"]
        owned = "it belongs" if len(flags) == 1 else "they belong"
        return say("I ignored {}: {} to another bot.", _listed(flags), owned)
    words = "The nearest I can draw to {asked} is {width} by {height} pixels."
    return fill(words, note.data)


def _listed(flags: Sequence[str]) -> Sentence:
    if len(flags) == 1:
        return (Code(flags[0]),)
    *first, last = map(Code, flags[:_FLAGS_SHOWN])
    if len(flags) > _FLAGS_SHOWN:
        return say(", ".join(["{}"] * _FLAGS_SHOWN) + " and others", *first, last)
    return say(", ".join(["{}"] * len(first)) + " and {}", *first, last)


_FLAGS_SHOWN = 5
