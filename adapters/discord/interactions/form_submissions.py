"""What happens when somebody sends a form, also one that was opened before a restart."""

from adapters.discord.actions.first_answer import leave_as_it_is
from adapters.discord.actions.replies import reporting_errors
from adapters.discord.context import Context, Interaction
from adapters.discord.forms.modals import Written
from adapters.discord.interactions import buttons, case_buttons, message_menu
from adapters.discord.interactions.buttons import context_of
from adapters.discord.rendering.form_ids import FormId
from bot.domain.asker import Asker
from bot.domain.case import Decision
from bot.errors import Conflict


async def submitted(interaction: Interaction) -> None:
    """Handle a sent form; if it is refused, what was written is given back."""
    here = context_of(interaction)

    async def act() -> None:
        written = Written.of(interaction)
        interaction.extras["written"] = written.words
        form = FormId.read(written.form)
        if form is None:
            raise Conflict("form")
        if form.verb in set(Decision):
            await leave_as_it_is(interaction)
        await act_on_form(here, interaction, await here.asker(interaction), form, written)

    await reporting_errors(interaction, act)


async def act_on_form(
    here: Context, interaction: Interaction, asker: Asker, form: FormId, written: Written
) -> None:
    """Do what a sent form asks for. Raises BotError."""
    match form.verb:
        case "edit":
            await buttons.edit(here, interaction, asker, form.id, written)
        case "start":
            await message_menu.draw_from_result(here, interaction, asker, form.id, written)
        case "upload":
            await message_menu.draw_from_upload(here, interaction, asker, form.id, written)
        case "report":
            category, reason = written.category, written.reason
            await buttons.report(here, interaction, asker, form.id, reason, category)
        case verb:
            decision, reason = Decision(verb), written.reason
            await case_buttons.decide_with_reason(
                here, interaction, asker, form.id, decision, reason
            )
