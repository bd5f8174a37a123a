"""What to mend in a request: one sentence for each code of a Problem."""

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

from bot.errors import Problem
from bot.request.options import BY_NAME
from bot.wording.parts import Code, Money, Part, Sentence, Text, parts_of


def explain_problem(problem: Problem) -> Sentence:
    """The sentence about one mistake, to be shown beside its option."""
    words = PROBLEMS.get(problem.code, "I can't use {option} like this.")
    data = {"option": _label(problem.option), **problem.data}
    data["as_words"] = f"\\{data.get('got', '')}"
    return fill(words if isinstance(words, str) else words(data), data)


def _label(option: str) -> str:
    return BY_NAME[option].short if option in BY_NAME else option or "this"


def fill(words: str, data: Mapping[str, Any]) -> Sentence:
    """`words` with {names} replaced by values of `data`."""
    said: list[Part] = []
    for text, name, _, _ in Formatter().parse(words):
        said += parts_of(text)
        if name:
            said.append(_shown_part(name, data.get(name)))
    return tuple(said)


def _shown_part(name: str, value: Any) -> Part:
    if name.endswith("micros"):
        return Money(int(value or 0))
    if isinstance(value, list | tuple):
        return Text(", ".join(map(value_text, value)))
    return Code(value_text(value))


def value_text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def _missing(data: Mapping[str, Any]) -> str:
    if data["option"] == BY_NAME["prompt"].short:
        return "What should I draw? Please describe it."
    return "Please fill in {option}."


def _too_long(data: Mapping[str, Any]) -> str:
    limit, got = data.get("limit", 0), data.get("got", 0)
    return f"For {{option}} I can take {limit:,} characters; this has {got:,}. Please shorten it."


def _out_of_range(data: Mapping[str, Any]) -> str:
    return "For {option} choose " + _span(data) + "; you asked for {got}."


def _not_a_number(data: Mapping[str, Any]) -> str:
    kind = "a whole number" if data.get("whole") else "a number"
    span = " from " + _span(data) if data.get("minimum") is not None else ""
    return "For {option} I need " + kind + span + "; {got} is none."


def _span(data: Mapping[str, Any]) -> str:
    """The bounds of an option, as {names} that `fill` replaces."""
    if data.get("maximum") is None:
        return "{minimum} or more"
    return "{maximum} or less" if data.get("minimum") is None else "{minimum} to {maximum}"


def _not_listed(data: Mapping[str, Any]) -> str:
    nearest = data.get("nearest")
    if data["option"] == BY_NAME["model"].short:
        hint = "Did you mean {nearest}?" if nearest else "The models command lists those I know."
        return "I know no model called {got}. " + hint
    hint = "; the nearest to {got} is {nearest}." if nearest is not None else "."
    return "For {option} choose one of {choices}" + hint


def _no_value(data: Mapping[str, Any]) -> str:
    flag = str(data.get("flag", ""))
    example = _EXAMPLES.get(flag.removeprefix("--"), "")
    return "After {flag} I need a value" + (", like {flag} " + example + "." if example else ".")


_EXAMPLES = {
    spelling: example
    for name, example in {
        "negative_prompt": "blurry, text",
        "num_images": "2",
        "num_inference_steps": "30",
        "guidance_scale": "7.5",
        "strength": "0.6",
        "width": "768",
        "height": "512",
        "seed": "42",
    }.items()
    for spelling in BY_NAME[name].spellings
} | {"size": "768x512", "ar": "3:2", "aspect": "3:2"}


def _unknown_option(data: Mapping[str, Any]) -> str:
    if data.get("nearest"):
        return "I know no option {got}. Did you mean {nearest}?"
    return (
        "I know no option {got}. The help command lists them; "
        "if it is part of the prompt, write {as_words}."
    )


def _unknown_command(data: Mapping[str, Any]) -> str:
    hint = "Did you mean /{nearest}?" if data.get("nearest") else "/help lists the commands."
    return "I know no command /{got}. " + hint


def _unknown_word(data: Mapping[str, Any]) -> str:
    hint = "Did you mean {nearest}?" if data.get("nearest") else "It could be {choices}."
    return "I don't know what {got} means here. " + hint


def _above_the_owners_limit(data: Mapping[str, Any]) -> str:
    whose = _BUDGETS.get(data["option"], "this")
    return "The bot owner allows {limit_micros} at most for " + whose + "."


_BUDGETS = {
    "day_micros": "everybody together in a day",
    "month_micros": "everybody together in a month",
    "person_day_micros": "each member in a day",
    "person_month_micros": "each member in a month",
    "role_day_micros": "each member in a day",
    "role_month_micros": "each member in a month",
}

_TOO_LARGE_FILE = "The starting image is larger than 10 MiB. Please send a smaller file."
_TOO_LARGE_SIDES = "The starting image has more than 4096 pixels a side. Please shrink it first."
_NO_PICTURE = "The starting image is no PNG, JPEG or WebP picture. Please send one of those."

PROBLEMS: Mapping[str, str | Callable[[Mapping[str, Any]], str]] = {
    "missing": _missing,
    "too_long": _too_long,
    "out_of_range": _out_of_range,
    "not_listed": _not_listed,
    "not_a_number": _not_a_number,
    "not_yes_or_no": "For {option} choose on or off; {got} is neither.",
    "not_text": "For {option} I need words; this is something else.",
    "not_a_size": "A size is written like 768x512; I can't read {got}.",
    "not_a_ratio": "A shape is written like 3:2; I can't read {got}.",
    "no_value": _no_value,
    "too_many_presets": "You have {limit} styles of your own, and that is the most. "
    "Please drop one first: save it with no options.",
    "too_many_words": "There are {limit} words in this list, and that is the most. "
    "Please take one out first: name it once more.",
    "several_people": "{got} is another person in each of these: {choices}. Please name one with "
    "--workspace.",
    "too_many_options": "More than {limit} words begin with dashes. Please leave some out.",
    "unknown_option": _unknown_option,
    "unknown_command": _unknown_command,
    "unknown_word": _unknown_word,
    "extra_words": "I don't know what to do with {got}. The command is written {usage}.",
    "argument_missing": "The {missing} is missing. The command is written {usage}.",
    "no_such_number": "The pictures of a result are numbered from 1 to {maximum}; {got} is none.",
    "option_not_here": "The option {option} doesn't go with {command}. Please leave it out.",
    "not_in_chat": "The option {option} works in the terminal and the HTTP API, but not in chat.",
    "image_in_text": "A starting image can't be typed. Please attach the file instead.",
    "image_empty": "The starting image is empty: its file has 0 bytes. Please send it once more.",
    "image_type": _NO_PICTURE,
    "not_a_picture": _NO_PICTURE,
    "image_too_large": _TOO_LARGE_FILE,
    "too_heavy": _TOO_LARGE_FILE,
    "image_side": _TOO_LARGE_SIDES,
    "too_large": _TOO_LARGE_SIDES,
    "no_image_there": "There is no PNG, JPEG or WebP picture in this message. "
    "Please choose one that has a picture.",
    "not_your_image": "I start only from pictures of your own and from those that I drew. "
    "Please send the picture yourself, if it is yours.",
    "image_refused": "I can't start from this picture: it is against the rules here. "
    "Please start from another one.",
    "start_forgotten": "I was restarted meanwhile and don't have the picture any more that you "
    "started from. Please open the menu of its message once more.",
    "image_gone": "I couldn't fetch the starting image. Please send it once more.",
    "damaged": "The starting image is damaged. Please save it anew, or send another one.",
    "no_person": "I need to know who. Please type @ and pick the person from the list.",
    "not_a_url": "For {option} I need an address that begins with https:// or http://.",
    "url_with_password": "For {option} I need an address without a name and password in it.",
    "url_port": "For {option} I need an address on port 80, 443, or 1024 and above.",
    "private_address": "For {option} I need an address on the public internet; {host} isn't one.",
    "no_such_host": "I can't find {host} on the internet. Please check the address.",
    "not_an_option": "The model {model} doesn't know {option}. "
    "Please leave it out, or choose another.",
    "no_default": "The option {option} belongs to one picture, so it can't be kept as a setting.",
    "picture_too_dear": "One such picture costs up to {micros}, and the limit here is "
    "{limit_micros}. Fewer steps or a smaller size cost less.",
    "no_age_gate": "Outside age-restricted channels indecent pictures can't be shown, not even "
    "blurred. For {option} please choose review or block.",
    "never_shown": "What nobody could look at is never simply shown. For {option} please choose "
    "blur, review or block.",
    "not_an_id": "For {option} I need ids, and {got} is none. Your chat app copies them.",
    "two_rules": "One of these channels has the other rule as well. Please decide for one.",
    "too_many_ids": "For {option} there is room for {limit}. Please leave some out.",
    "above_the_owners_limit": _above_the_owners_limit,
}
