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
from bot.request.forms import settings_options


async def open_settings(here: Context, call: Call) -> None:
    async def build() -> View:
        asker = await here.asker(call)
        kept = await here.services.studio.defaults(asker)
        before = options.validate({"prompt": "picture", **kept})
        hidden = ("width", "height", "prompt")
        wanted = [each for each in settings_options() if each.name not in hidden]
        made = [await field_for(here, asker, each, before) for each in wanted]
        made = [{n: v for n, v in each.items() if n != "dispatch_action"} for each in made]
        element = blocks.text_input(fields.SAVE_AS, max_chars=32)
        hint = "Keeps these options as a style of this name, not as your defaults."
        made.append(blocks.field(fields.SAVE_AS, "Save as a style", element, hint=hint))
        origin = str(Origin(channel=call.channel, kept=too_long(wanted, before)))
        return blocks.modal("settings", "Your defaults", made, submit="Keep", metadata=origin)

    await opened(here, call, build, "Your defaults")


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
