"""Named sets of options: a few styles that everybody has, and what people save themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.asker import Asker
from bot.errors import BadRequest, NotFound, Problem
from bot.request import options
from bot.request.forms import STYLE_NAME_MAX_CHARS
from bot.store import ChatStore

# Not part of a preset, which says how to draw and not what.
_NOT_KEPT = frozenset({"prompt", "image", "seed", "webhook"})


@dataclass(frozen=True, slots=True)
class Preset:
    """`words` are appended to the prompt, `values` fill options that were left open."""

    name: str
    words: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


STYLES = (
    Preset("photo", "photograph, natural light, 35 mm", {"negative_prompt": "drawing, cartoon"}),
    Preset("ink", "ink drawing, black lines on white paper", {"negative_prompt": "photo"}),
    Preset("watercolour", "watercolour painting on rough paper", {"negative_prompt": "photo"}),
    Preset("oil", "oil painting, visible brush strokes", {"negative_prompt": "photo"}),
    Preset("comic", "comic panel, bold outlines, flat colours", {"negative_prompt": "photo"}),
    Preset("pixel", "pixel art, 16 bit", {"negative_prompt": "photo, blurry"}),
    Preset("3d", "3D render, soft studio light", {"negative_prompt": "photo, drawing"}),
)
_STYLES = {style.name: style for style in STYLES}


class Presets:
    def __init__(self, store: ChatStore) -> None:
        self._store = store

    async def names(self, asker: Asker) -> tuple[str, ...]:
        """The names of all presets that `asker` may use, their own first."""
        own = await self._store.presets(asker)
        return (*own, *(style.name for style in STYLES if style.name not in own))

    async def apply(self, asker: Asker, name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """`fields`, filled up from the preset called `name`. Raises NotFound."""
        preset = await self._find(asker, name.strip().lower())
        prompt = str(fields.get("prompt", ""))
        words = f"{prompt}, {preset.words}" if prompt and preset.words else prompt
        return {**preset.values, **fields, **({"prompt": words} if words else {})}

    async def save(self, asker: Asker, name: str, values: Mapping[str, Any]) -> None:
        """Keep `values` under `name`; without values delete the preset. Raises BadRequest."""
        name = name.strip().lower()
        if not name or len(name) > STYLE_NAME_MAX_CHARS:
            data = {"limit": STYLE_NAME_MAX_CHARS, "got": len(name)}
            raise BadRequest((Problem("style", "too_long", data),))
        wished = options.validate({"prompt": "picture", **values})
        kept = wished.model_dump(include=wished.model_fields_set - _NOT_KEPT)
        await self._store.save_preset(asker, name, kept or None)

    async def _find(self, asker: Asker, name: str) -> Preset:
        own = await self._store.presets(asker)
        if name in own:
            return Preset(name, values=own[name])
        if name in _STYLES:
            return _STYLES[name]
        raise NotFound("preset", name)
