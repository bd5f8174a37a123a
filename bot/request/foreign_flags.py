"""Flags of other bots and tools, which people type here: read together with their value, ignored.

What means the same as an option of ours is a spelling of that: `--neg`, `--denoise`.
Source: Midjourney's parameter list; the web interface of A1111 and its forks; ComfyUI's samplers;
aiyabot's commands; OpenAI's image parameters.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Patterns of values. What doesn't match is left in the prompt.
_NUMBER = r"-?(?:[0-9]+(?:[.,][0-9]+)?|\.[0-9]+)%?"
_SWITCH = r"(?:true|false)"
_WORD = r"(?!-)\S+"
# Codes of styles and profiles, each perhaps with its weight. Words have no digits; but one letter
# is none, nor are seven at the end.
_CODE = r"(?:[a-z0-9]*[0-9][a-z0-9]*|[a-z](?![^\s,;.])|[a-z]{7}(?=\s*$))(?:::[0-9.]+)?"
_CODES = rf"{_CODE}(?:\s+{_CODE})*"
_URL = r"(?:<[^>\s]{1,500}(?:\|[^>]{0,500})?>|https?://\S+)(?:::[0-9.]+)?"
_SOURCE = rf"(?:{_URL}|\S+\.(?:png|jpe?g|webp)|{_CODE}|random)"
_SOURCES = rf"{_SOURCE}(?:\s+{_SOURCE})*"
_SCHEDULERS = (
    r"(?:karras|exponential|polyexponential|sgm|ddim|uniform|trailing|simple|normal|beta|kl|optimal"
    r"|align|your|steps|automatic|turbo|linear|cosine)"
)
# "DPM++ 2M SDE Karras", "Euler a", "Heun", "DDIM CFG++": a family, then what it is made of.
_SAMPLER = (
    r"(?:(?:dpm\+\+|dpm2?|euler|heun|lms|ddim|ddpm|plms|unipc|lcm|restart|deis|ipndm|res)"
    rf"(?:\s+(?:a|ancestral|[23][ms]|bh[12]|sde|heun|fast|adaptive|cfg\+\+|gpu|{_SCHEDULERS}))*"
    rf"|{_WORD})"
)
_SCHEDULE = rf"(?:{_SCHEDULERS}(?:\s+{_SCHEDULERS})*|{_WORD})"
_QUOTED = r"""["'\u2018\u201c\u201e\u00ab][^"'\u2019\u201d\u00bb]{0,200}["'\u2019\u201d\u00bb]"""


@dataclass(frozen=True, slots=True)
class Group:
    """Flags of one tool that take the same kind of value."""

    tool: str
    value: str
    flags: str


# Of a flag that several tools know, the first whose value it has.
_GROUPS = (
    Group("Midjourney", _NUMBER, "v version niji stylize s chaos c weird iw cw sw sv ow dw exp"),
    Group("Midjourney", _NUMBER, "repeat r stop seeds same_seed sameseed bs zoom quality q"),
    Group("Midjourney", r"(?:raw|scenic|cute|expressive|original|4[abc])", "style"),
    Group("Midjourney", _WORD, "motion mode"),
    Group("Midjourney", _SOURCES, "sref cref oref dref end edit"),
    Group("Midjourney", _CODES, "profile personalize p"),
    Group("Midjourney", _SWITCH, "tile raw video fast relax turbo draft hd sd test testp"),
    Group("Midjourney", _SWITCH, "creative upbeta uplight upanime stealth public loop remix"),
    Group("Midjourney", _SWITCH, "beta old hq newclip nostretch vibe vibefast"),
    Group("OpenAI", r"(?:low|medium|high|auto|standard|hd|best|ultra)", "quality q"),
    Group("OpenAI", r"(?:vivid|natural)", "style"),
    Group("OpenAI", _WORD, "background output_format output_compression moderation"),
    Group("OpenAI", _WORD, "response_format input_fidelity partial_images user"),
    Group("OpenAI", _SWITCH, "stream transparent"),
    Group(
        "A1111", _NUMBER, "batch n_iter clip_skip clipskip eta hypernet subseed subseed_strength"
    ),
    Group("A1111", _NUMBER, "hr_scale hr_steps lora_scale ddim_eta lora_weight ensd"),
    Group("A1111", _SAMPLER, "sampler sampler_name sampling_method sampler_index"),
    Group("A1111", _SCHEDULE, "scheduler schedule_type schedule"),
    Group("A1111", _WORD, "checkpoint ckpt vae refiner hr_upscaler styles upscaler embedding"),
    Group("A1111", _WORD, "controlnet adetailer face_restore"),
    Group("A1111", _SWITCH, "tiling restore_faces enable_hr hires_fix hires hiresfix img2img"),
    Group("Fooocus", _WORD, "performance preset"),
    Group("Fooocus", _NUMBER, "sharpness"),
    Group("NovelAI", _NUMBER, "ucpreset uc_preset cfg_rescale rescale noise"),
    Group("NovelAI", _SWITCH, "qualitytoggle quality_toggle sm smea sm_dyn dyn"),
    Group("NovelAI", _SCHEDULE, "noise_schedule"),
    Group("InvokeAI", _NUMBER, "perlin threshold cfg_rescale_multiplier"),
    Group("InvokeAI", _WORD, "facetool"),
    Group("InvokeAI", _SWITCH, "seamless hires_fix"),
    Group("another bot", _NUMBER, "upscale"),
    Group("another bot", _WORD, "facefix highres_fix extra_net data_model style format"),
    Group("another bot", _SOURCES, "init_image init_img"),
    Group("another bot", _SWITCH, "spoiler"),
)
# What is called otherwise elsewhere, and means one of our options.
TRANSLATED: Mapping[str, str] = {
    **dict.fromkeys(("uc", "undesired", "negprompt", "negative_prompts"), "no"),
    **dict.fromkeys(("sampling_steps", "ddim_steps", "num_steps"), "steps"),
    **dict.fromkeys(("n_samples", "num", "number", "samples"), "images"),
    **dict.fromkeys(("prompt_guidance", "guidance_strength", "gs"), "guidance"),
    **dict.fromkeys(("denoising", "img2img_strength", "image_strength"), "strength"),
    **dict.fromkeys(("resolution", "res", "dimensions"), "size"),
    "aspectratio": "ar",
}


def _patterns() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    for group in _GROUPS:
        value = rf"(?:\s*=\s*|\s+)(?:{_QUOTED}|{group.value})(?=[,;.]*(?!\S))[,;.]*"
        pattern = re.compile(value, re.IGNORECASE)
        for flag in group.flags.split():
            yield flag, group.tool, pattern


_KNOWN: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
for _flag, _tool, _pattern in _patterns():
    _KNOWN.setdefault(_flag, []).append((_tool, _pattern))


def is_foreign(flag: str) -> bool:
    return flag in _KNOWN


def value_of(flag: str, text: str, at: int, end: int) -> tuple[str, int]:
    """Whose `flag` it is, as people know it, and where its value ends, which is written in `text`
    from `at`, before `end`.
    """
    for tool, pattern in _KNOWN[flag]:
        if found := pattern.match(text, at, end):
            return tool, found.end()
    return _KNOWN[flag][0][0], at
