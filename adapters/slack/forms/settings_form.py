"""The form for a person's defaults, which can also save them as a style."""

from collections.abc import Mapping
from typing import Any

from adapters.slack.context import Context
from adapters.slack.forms import fields
from adapters.slack.forms.form_errors import Refusal, checked
from adapters.slack.forms.modals import Origin, View, opened
from adapters.slack.forms.request_form import field_for, too_long
from adapters.slack.platform.call import Call
from adapters.slack.rendering import blocks
from bot.request import options
from bot.request.forms import SIZE, STYLE_NAME_MAX_CHARS, settings_options
from bot.wording import labels


async def open_settings(here: Context, call: Call) -> None:
    async def build() -> View:
        asker = await here.asker(call)
        kept = await here.services.studio.defaults(asker)
        before = options.validate({"prompt": "picture", **kept})
        wanted = [SIZE, *(o for o in settings_options() if o.name not in ("width", "height"))]
        made = [await field_for(here, asker, each, before) for each in wanted]
        made = [{n: v for n, v in each.items() if n != "dispatch_action"} for each in made]
        name = blocks.text_input(fields.SAVE_AS, max_chars=STYLE_NAME_MAX_CHARS)
        hint = labels.SAVE_AS_HINT
        made.append(blocks.field(fields.SAVE_AS, labels.SAVE_AS, name, hint=hint))
        origin = str(Origin(channel=call.channel, kept=too_long(wanted, before)))
        title, keep = labels.YOUR_DEFAULTS, labels.KEEP
        return blocks.modal("settings", title, made, submit=keep, metadata=origin)

    await opened(here, call, build, labels.YOUR_DEFAULTS)


async def on_settings(here: Context, call: Call, view: Mapping[str, Any]) -> Refusal:
    """Store what was filled in, or return what is wrong."""

    async def check() -> None:
        asker = await here.asker(call)
        known = await here.services.studio.defaults(asker)
        origin = Origin.read(view.get("private_metadata", ""))
        kept = {name: known[name] for name in origin.kept if name in known}
        values = {**kept, **fields.with_size(fields.values_of(view))}
        if name := values.pop(fields.SAVE_AS, ""):
            await here.services.presets.save(asker, name, values)
        else:
            await here.services.studio.set_defaults(asker, values)

    wrong, _ = await checked(view, check())
    return wrong
