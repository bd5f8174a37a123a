"""Flags of other bots, which people type here: read together with their value, and ignored."""

import re

_NUMBER = r"\d+(?:\.\d+)?"
_URLS = r"(?:<[^>]{0,500}>|https?://\S+|\d+|random)(?:\s+(?:<[^>]{0,500}>|https?://\S+))*"
_WORD = r"(?!-)\S+"
_CODE = r"[a-z0-9]*\d[a-z0-9]*"

# By flag the pattern of its value, "" for none. What doesn't match is left in the prompt.
# Source: Midjourney's parameter list; aiyabot's and the common web interfaces' option names.
_VALUES = {
    **dict.fromkeys(
        (
            *("v", "version", "niji", "stylize", "s", "chaos", "c", "quality", "q", "weird"),
            *("iw", "cw", "sw", "sv", "ow", "stop", "repeat", "r", "exp", "bs", "batch_size"),
            *("batch", "n_iter", "clip_skip", "eta", "hypernet", "upscale", "zoom"),
        ),
        _NUMBER,
    ),
    **dict.fromkeys(("style", "motion", "mode", "sampler", "scheduler", "data_model"), _WORD),
    **dict.fromkeys(("styles", "facefix", "highres_fix", "upscaler", "extra_net"), _WORD),
    **dict.fromkeys(("sref", "cref", "oref", "init_image", "end"), _URLS),
    **dict.fromkeys(("profile", "personalize", "p"), _CODE),
    **dict.fromkeys(
        (
            *("tile", "raw", "video", "fast", "relax", "turbo", "draft", "hd", "test", "testp"),
            *("creative", "upbeta", "uplight", "upanime", "stealth", "public", "loop", "spoiler"),
            *("tiling", "restore_faces", "remix"),
        ),
        "",
    ),
}
_PATTERNS = {
    flag: re.compile(rf"\s+{value}(?!\S)" if value else "", re.IGNORECASE)
    for flag, value in _VALUES.items()
}


def is_foreign(flag: str) -> bool:
    return flag in _PATTERNS


def value_end(flag: str, text: str, at: int) -> int:
    """Where the value of `flag` ends, which is written in `text` up to `at`."""
    found = _PATTERNS[flag].match(text, at)
    return found.end() if found else at
