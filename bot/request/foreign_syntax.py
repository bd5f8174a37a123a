"""Syntax of other tools inside a prompt: read as what it means here, or named, never drawn.

<lora:ink:0.8> a fox            the LoRA `ink`, and the prompt "a fox"
a fox <:sparkle:1234567890>     a custom emoji of Discord: "a fox sparkle"
dog::2 cat::1                   "dog, cat"; its weights are named
a {red, blue} bird              stays, and is named: one wish is one job
a fox ⏎ Negative prompt: fog ⏎ Steps: 20, Seed: 5, …      the block that A1111 and Civitai copy
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.request.notes import Note

_LORA = re.compile(
    r"<lora:([^<>:\s][^<>:]{0,199})(?::(-?[0-9.]{1,8}))?(?::[^<>]{0,40})?>", re.IGNORECASE
)
_EMOJI = re.compile(r"<a?:(\w{2,32}):[0-9]{15,21}>")
_PART_WEIGHT = re.compile(r"(?<=\S)::(-?[0-9]{1,3}(?:\.[0-9]{1,3})?)?(?=\s|$)")
_CHOICES = re.compile(r"\{[^{}|]{1,200}[,|][^{}]{1,200}\}")
# Chat apps make blanks of line breaks.
_NEGATIVE = re.compile(r"(?:^|\s)negative prompt:\s*", re.IGNORECASE)
_STEPS = re.compile(r"\s(?=steps:\s*[0-9]+\s*,\s*[A-Za-z][\w ]{0,30}:)", re.IGNORECASE)
_PAIR = re.compile(r'\s*([A-Za-z][\w ]{0,30}):\s*("[^"]{0,500}"|[^,\n]*)(?:,|\n|$)')


@dataclass(slots=True)
class Reading:
    """A prompt as it is drawn, what else it said, and remarks about both."""

    prompt: str
    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def read(prompt: str) -> Reading:
    found = Reading(prompt)
    _take_block(found)
    _take_loras(found)
    found.prompt = _EMOJI.sub(lambda emoji: emoji[1].replace("_", " "), found.prompt)
    _take_weights(found)
    if choices := _CHOICES.search(found.prompt):
        found.notes.append(Note("choices", {"got": choices.group()[:60]}))
    return found


def _take_block(found: Reading) -> None:
    """The parameters that A1111 writes below a prompt; a last line without "Steps:" is none."""
    if (last := _STEPS.search(found.prompt)) is None:
        return
    words, facts = found.prompt[: last.start()], found.prompt[last.end() :]
    prompt, *rest = _NEGATIVE.split(words, maxsplit=1)
    values = {name.strip().lower(): value.strip(' "') for name, value in _PAIR.findall(facts)}
    taken = {"negative_prompt": rest[0].strip()} if rest else {}
    for name, (option, pattern) in _FACTS.items():
        value = pattern.fullmatch(values.get(name, ""))
        if value is not None:
            taken |= option(value)
    left = [name for name in values if name not in _FACTS][:8]
    found.prompt, found.fields = prompt.strip(), found.fields | taken
    found.notes.append(Note("pasted", {"taken": list(taken), "left": left}))


def _as(name: str) -> Callable[[re.Match[str]], dict[str, Any]]:
    return lambda value: {name: value.group()}


_WHOLE = re.compile(r"[0-9]{1,19}")
_FACTS: Mapping[str, tuple[Callable[[re.Match[str]], dict[str, Any]], re.Pattern[str]]] = {
    "steps": (_as("num_inference_steps"), _WHOLE),
    "cfg scale": (_as("guidance_scale"), re.compile(r"[0-9.]{1,8}")),
    "seed": (_as("seed"), _WHOLE),
    "size": (
        lambda value: {"width": int(value[1]), "height": int(value[2])},
        re.compile(r"([0-9]{1,5})x([0-9]{1,5})"),
    ),
    "denoising strength": (_as("strength"), re.compile(r"[0-9.]{1,8}")),
}


def _take_loras(found: Reading) -> None:
    """The first one: a request takes one, and no weight."""
    loras = _LORA.findall(found.prompt)
    if not loras:
        return
    found.prompt = " ".join(_LORA.sub(" ", found.prompt).split(" ")).strip()
    found.prompt = re.sub(r" {2,}", " ", found.prompt)
    found.fields.setdefault("lora", loras[0][0].strip())
    left = [name.strip() for name, _ in loras[1:]]
    if left:
        found.notes.append(Note("one_lora", {"taken": loras[0][0].strip(), "left": left[:8]}))
    if any(weight and float_of(weight) != 1 for _, weight in loras[:1]):
        found.notes.append(Note("lora_weight", {"got": loras[0][1]}))


def float_of(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0


def _take_weights(found: Reading) -> None:
    """Midjourney's parts: a comma instead of the colons."""
    weights = [weight for weight in _PART_WEIGHT.findall(found.prompt) if weight]
    if weights:
        found.prompt = _PART_WEIGHT.sub(",", found.prompt).rstrip(",")
        found.notes.append(Note("weights", {"got": [f"::{weight}" for weight in weights[:8]]}))
