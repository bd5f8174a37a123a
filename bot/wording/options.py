"""Options: their help, and notes on those that somebody gave."""

from collections.abc import Sequence

from bot.request.image_request import SEED_MAX
from bot.request.notes import Note
from bot.request.options import BY_NAME, Option
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
        flags, tool = note.data["flags"], note.data["tool"] or "other tools"
        owned = "it belongs" if len(flags) == 1 else "they belong"
        return say("I ignored {}: {} to {}.", _listed(flags), owned, tool)
    if note.code == "pasted":
        return _of_pasted(note)
    if note.code in _OF_LISTS:
        words, name = _OF_LISTS[note.code]
        return say(words, _listed(note.data[name]))
    return fill(_NOTES[note.code], note.data)


_OF_LISTS = {
    "kept_as_words": (
        "I took {} as words of the prompt. Options begin with two hyphens after a blank.",
        "words",
    ),
    "weights": ("I drew all parts alike, without {}.", "got"),
    "word_weights": (
        "I drew {} like all other words. With the option compel on, weights count.",
        "got",
    ),
    "wildcards": ("I have no lists of words, so I took {} as it stands.", "got"),
    "left_out": ("I can't draw {}, so I left it out.", "got"),
    "one_lora": ("I can use one LoRA at once, so I left out {}.", "left"),
}
_NOTES = {
    "nearest_shape": "The nearest I can draw to {asked} is {width} by {height} pixels.",
    "weird": "I took {got} for Midjourney's and ignored it. For the width write --width.",
    "lora_weight": "The LoRA counts whole: its weight of {got} can't be chosen yet.",
    "choices": "I drew {got} as it stands: one wish is one job. Ask once for each.",
}


def _of_pasted(note: Note) -> Sentence:
    sides = {"width": "size", "height": "size"}
    names = (sides.get(name, BY_NAME[name].short) for name in note.data["taken"])
    taken = list(dict.fromkeys(names))
    words = say("I took the settings that you pasted: {}.", _listed(taken)) if taken else ()
    left = note.data["left"]
    return words + (say(" I can't use {}.", _listed(left)) if left else ())


def _listed(flags: Sequence[str]) -> Sentence:
    if len(flags) == 1:
        return (Code(flags[0]),)
    *first, last = map(Code, flags[:_FLAGS_SHOWN])
    if len(flags) > _FLAGS_SHOWN:
        return say(", ".join(["{}"] * _FLAGS_SHOWN) + " and others", *first, last)
    return say(", ".join(["{}"] * len(first)) + " and {}", *first, last)


_FLAGS_SHOWN = 5
