"""Syntax of other tools inside a prompt: read as what it means here, or named, never drawn.

<lora:ink:0.8> a fox            the LoRA `ink`, and the prompt "a fox"
a fox <:sparkle:1234567890>     a custom emoji of Discord: "a fox sparkle"
<@U12|ann> and <@1234567890>    who is mentioned by name is that name; the other is named
dog::2 cat::1                   "dog, cat"; its weights are named
(dog:1.3) [cat] {fox} fish++    "dog cat fox fish", likewise; where weighted words are asked for, as
                                compel writes them
a {red, blue} bird              stays, and is named: one wish is one job
a fox ⏎ Negative prompt: fog ⏎ Steps: 20, Seed: 5, …      the block that A1111 and Civitai copy
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.request.notes import Note

_LORA = re.compile(
    r"<lora:([^<>:\s][^<>:]{0,199})(?::(-?[0-9.]{1,8}))?(?::[^<>]{0,40})?>", re.IGNORECASE
)
_EMOJI = re.compile(r"<a?:(\w{2,32}):[0-9]{15,21}>")
# Of Discord and of Slack, where they come with a name; times and commands of Discord.
_NAMED = re.compile(
    r"<(?:[@#]|!subteam\^)[A-Z0-9]{2,21}\|([^<>|]{1,100})>|<!(channel|here|everyone)>"
)
_MENTION = re.compile(
    r"<(?:[@#][!&]?|!subteam\^)[A-Z0-9]{8,21}>|<t:-?[0-9]{1,13}(?::[a-zA-Z])?>|<id:[a-z]{1,20}>"
    r"|</[\w -]{1,70}:[0-9]{15,21}>"
)
_OTHER_NETWORKS = re.compile(
    r"<(?:lyco|hypernet|embedding|ti|wildcard):[^<>\s]{1,200}>|\bembedding:[\w.-]{1,100}",
    re.IGNORECASE,
)
_WILDCARD = re.compile(r"(?<!\w)__([A-Za-z][\w/-]{0,60}?)__(?!\w)")
_DECIMAL = r"-?[0-9]{0,3}(?:\.[0-9]{1,3})?"
# NovelAI's parts begin with their weight, Midjourney's end with it.
_PART_FIRST = re.compile(rf"(?<!\S)({_DECIMAL})::(?=\S)([^:]{{1,500}}?)\s*::(?!\S)")
_PART_WEIGHT = re.compile(rf"\s*(?<!:):{{2,}}+({_DECIMAL})(?=[\s,]|$),?")
# Words in brackets, each of which stands alone or around others: once round brackets are ordinary.
_WEIGHTED = re.compile(
    r"(?<!\()\(++([^()\[\]{}:]{1,500}):\s*(-?[0-9.]{1,6})\s*\)++"
    r"|(?<!\()\(\(++([^()]{1,500})\)\)++"
    r"|(?<!\()\(([^()]{1,500})\)(?:([0-9]\.[0-9]{1,3}|[+]+)(?!\w))"
    r"|(?<!\[)\[++([^\[\]|:]{1,500})\]++(?!\()"
    r"|(?<!\{)\{++(?=\w)([^{}|,]{1,500})(?<=\w)\}++"
    r"|\b(\w{3,60})\+{2,5}(?!\w)"
)
_CHOICES = re.compile(r"\{[^{}|]{1,200}[,|][^{}]{1,200}\}|\[[^\[\]|:]{0,200}[|:][^\[\]]{1,200}\]")
# Chat apps make blanks of line breaks.
_NEGATIVE = re.compile(r"(?:^|\s)negative prompt:\s*", re.IGNORECASE)
_FACTS_BEGIN = re.compile(
    r"(?:^|\s)(?=(?:steps|sampler|seed|cfg scale|size):[^,:\n]{1,60},\s*[A-Za-z][\w ]{0,30}:)",
    re.IGNORECASE,
)
_PAIR = re.compile(r'\s*([A-Za-z][\w ]{0,30}):\s*("[^"]{0,500}"|[^,\n]*)(?:,|\n|$)')


@dataclass(slots=True)
class Reading:
    """A prompt as it is drawn, what else it said, and remarks about both."""

    prompt: str
    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def read(prompt: str, *, weighted: bool = False) -> Reading:
    """What `prompt` says; `weighted` where the weights of words are wanted."""
    found = Reading(prompt)
    for _ in range(_PASSES_MAX):  # what is left out may have kept the rest apart
        before = found.prompt
        _take_block(found)
        _take_loras(found)
        _take_names(found)
        _take_weights(found, weighted=weighted)
        if found.prompt == before:
            break
    if choices := _CHOICES.search(found.prompt):
        found.notes.append(Note("choices", {"got": choices.group()[:60]}))
    return found


def _take_block(found: Reading) -> None:
    """The parameters that A1111 writes below a prompt; a last line without two facts is none."""
    if (last := _FACTS_BEGIN.search(found.prompt)) is None:
        return
    words, facts = found.prompt[: last.start()], found.prompt[last.end() :]
    prompt, *rest = _NEGATIVE.split(words, maxsplit=1)
    values = {name.strip().lower(): value.strip(' "') for name, value in _PAIR.findall(facts)}
    taken = {"negative_prompt": rest[0].strip()} if rest else {}
    known = set()
    for name, (option, pattern) in _FACTS.items():
        value = pattern.fullmatch(values.get(name, ""))
        if value is not None:
            taken |= option(value)
            known.add(name)
    left = [name for name in values if name not in known][:8]
    found.prompt, found.fields = prompt.strip(), found.fields | taken
    found.notes.append(Note("pasted", {"taken": list(taken), "left": left}))


def _as(name: str) -> Callable[[re.Match[str]], dict[str, Any]]:
    return lambda value: {name: value.group()}


_WHOLE = re.compile(r"[0-9]{1,9}")
# What is larger than the largest that we take is left, and named.
_SEED = re.compile(r"[0-9]{1,15}")
_FACTS: Mapping[str, tuple[Callable[[re.Match[str]], dict[str, Any]], re.Pattern[str]]] = {
    "steps": (_as("num_inference_steps"), _WHOLE),
    "cfg scale": (_as("guidance_scale"), re.compile(r"[0-9.]{1,8}")),
    "seed": (_as("seed"), _SEED),
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
    found.notes += notes_on_loras(loras[0][0].strip(), loras[0][1], left)


def lora_and_weight(text: str) -> tuple[str, str]:
    """ink:0.8 as ink and 0.8, the weight "" where there is none."""
    found = _LORA_WEIGHT.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


_LORA_WEIGHT = re.compile(r"(.+):(-?[0-9.]{1,8})")


def notes_on_loras(taken: str, weight: str, left: Sequence[str]) -> Iterator[Note]:
    if left:
        yield Note("one_lora", {"taken": taken, "left": list(left)[:8]})
    with suppress(ValueError):
        if weight and float(weight) != 1:
            yield Note("lora_weight", {"got": weight})


def _take_names(found: Reading) -> None:
    """Names in the place of emoji and mentions; what has none is left out, and named."""
    prompt = _EMOJI.sub(lambda emoji: emoji[1].replace("_", " "), found.prompt)
    prompt = _NAMED.sub(lambda mention: (mention[1] or mention[2]).lstrip("@#"), prompt)
    left = [*_MENTION.findall(prompt), *_OTHER_NETWORKS.findall(prompt)]
    if left:
        prompt = _OTHER_NETWORKS.sub("", _MENTION.sub("", prompt))
        prompt = re.sub(r" {2,}", " ", prompt).strip()
        found.notes.append(Note("left_out", {"got": left[:8]}))
    wild = [card.group() for card in _WILDCARD.finditer(prompt)]
    if wild:
        prompt = _WILDCARD.sub(lambda card: card[1], prompt)
        found.notes.append(Note("wildcards", {"got": wild[:8]}))
    found.prompt = prompt


def _take_weights(found: Reading, *, weighted: bool) -> None:
    """Commas in the place of Midjourney's colons; words without their brackets, or in compel's."""
    parts: list[str] = []

    def part(weight: re.Match[str]) -> str:
        parts.extend(filter(None, [weight[1]]))
        return f"{weight[2] if weight.re is _PART_FIRST else ''},"

    prompt = found.prompt
    if "::" in prompt:
        prompt = _PART_WEIGHT.sub(part, _PART_FIRST.sub(part, prompt))
    if prompt != found.prompt:
        prompt = prompt.strip(", ")
    if parts:
        found.notes.append(Note("weights", {"got": [f"::{weight}" for weight in parts[:8]]}))
    if weighted:
        found.prompt = _WEIGHTED.sub(_in_compel, prompt)
        return
    taken: list[str] = []

    def bare(word: re.Match[str]) -> str:
        taken.append(word.group())
        return next(filter(None, (word[1], word[3], word[4], word[6], word[7], word[8])), "")

    for _ in range(_NESTED_MAX):
        before, prompt = prompt, _WEIGHTED.sub(bare, prompt)
        if prompt == before:
            break
    else:
        prompt = re.sub(r"[()\[\]{}+]", "", prompt)
    if taken:
        found.notes.append(Note("word_weights", {"got": [word[:40] for word in taken[:8]]}))
    found.prompt = prompt


# Brackets in brackets of another kind.
_NESTED_MAX = 4
_PASSES_MAX = 3


def _in_compel(word: re.Match[str]) -> str:
    """A weighted word as compel writes it; ten percent a bracket, as others reckon it."""
    if word[1]:
        return f"({word[1]}){word[2]}"
    if word[3]:
        return f"({word[3]})" + "+" * (word.group().count("("))
    if word[6]:
        return f"({word[6]})" + "-" * word.group().count("[")
    return word.group()
