"""Flags of other bots and tools, which people type here: read together with their value, ignored.

What means the same as an option of ours is a spelling of that: `--neg`, `--denoise`.
Source: Midjourney's parameter list; the web interface of A1111 and its forks; ComfyUI's samplers;
aiyabot's commands; OpenAI's image parameters.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Patterns of values. What doesn't match is left in the prompt.
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_SWITCH = ""
_WORD = r"(?!-)\S+"
# Codes of styles and profiles, each perhaps with its weight; words have no digits.
_CODE = r"[a-z0-9]*[0-9][a-z0-9]*(?:::[0-9.]+)?"
_CODES = rf"{_CODE}(?:\s+{_CODE})*"
_URL = r"(?:<[^>\s]{1,500}(?:\|[^>]{0,500})?>|https?://\S+)(?:::[0-9.]+)?"
_SOURCE = rf"(?:{_URL}|{_CODE}|random)"
_SOURCES = rf"{_SOURCE}(?:\s+{_SOURCE})*"
_LEVEL = rf"(?:{_NUMBER}|low|medium|high|auto|standard|hd|best|ultra)"
_SCHEDULERS = r"(?:karras|exponential|polyexponential|sgm|ddim|uniform|trailing|simple|normal|beta)"
# "DPM++ 2M SDE Karras", "Euler a", "Heun", "DDIM CFG++": a family, then what it is made of.
_SAMPLER = (
    r"(?:(?:dpm\+\+|dpm2?|euler|heun|lms|ddim|ddpm|plms|unipc|lcm|restart|deis|ipndm|res)"
    rf"(?:\s+(?:a|ancestral|[23][ms]|sde|heun|fast|adaptive|cfg\+\+|gpu|{_SCHEDULERS}))*|{_WORD})"
)
_SCHEDULE = rf"(?:{_SCHEDULERS}(?:\s+{_SCHEDULERS})*|{_WORD})"


@dataclass(frozen=True, slots=True)
class Group:
    """Flags of one tool that take the same kind of value."""

    tool: str
    value: str
    flags: str


_GROUPS = (
    Group("Midjourney", _NUMBER, "v version niji stylize s chaos c weird iw cw sw sv ow exp"),
    Group("Midjourney", _NUMBER, "repeat r stop seeds same_seed bs zoom"),
    Group("Midjourney", _LEVEL, "quality q"),
    Group("Midjourney", _WORD, "style motion mode"),
    Group("Midjourney", _SOURCES, "sref cref oref end"),
    Group("Midjourney", _CODES, "profile personalize p"),
    Group("Midjourney", _SWITCH, "tile raw video fast relax turbo draft hd sd test testp"),
    Group("Midjourney", _SWITCH, "creative upbeta uplight upanime stealth public loop remix"),
    Group("A1111", _NUMBER, "batch n_iter clip_skip eta hypernet subseed subseed_strength"),
    Group("A1111", _SAMPLER, "sampler sampler_name"),
    Group("A1111", _SCHEDULE, "scheduler schedule_type"),
    Group("A1111", _WORD, "checkpoint ckpt vae refiner hr_upscaler styles upscaler"),
    Group("A1111", _SWITCH, "tiling restore_faces enable_hr hires_fix"),
    Group("A1111", _NUMBER, "hr_scale hr_steps"),
    Group("another bot", _NUMBER, "upscale"),
    Group("another bot", _WORD, "facefix highres_fix extra_net data_model"),
    Group("another bot", _SOURCES, "init_image edit"),
    Group("another bot", _SWITCH, "spoiler"),
    Group("OpenAI", _WORD, "background output_format output_compression moderation"),
    Group("OpenAI", _WORD, "response_format input_fidelity"),
)


def _known() -> Iterator[tuple[str, tuple[str, re.Pattern[str]]]]:
    for group in _GROUPS:
        value = rf"\s+{group.value}(?=[,;.]*(?!\S))[,;.]*" if group.value else ""
        pattern = re.compile(value, re.IGNORECASE)
        for flag in group.flags.split():
            yield flag, (group.tool, pattern)


_KNOWN: Mapping[str, tuple[str, re.Pattern[str]]] = dict(_known())


def is_foreign(flag: str) -> bool:
    return flag in _KNOWN


def tool_of(flag: str) -> str:
    """Whose flag it is, as people know it."""
    return _KNOWN[flag][0]


def value_end(flag: str, text: str, at: int) -> int:
    """Where the value of `flag` ends, which is written in `text` up to `at`."""
    found = _KNOWN[flag][1].match(text, at)
    return found.end() if found else at
