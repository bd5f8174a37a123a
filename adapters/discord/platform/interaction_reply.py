"""Replying to an interaction by its token alone, which also works after a restart."""

from collections.abc import Sequence

import discord
from discord.http import handle_message_parameters
from discord.webhook.async_ import async_context

QUIET = discord.AllowedMentions.none()


async def edit_reply(
    client: discord.Client,
    application_id: int,
    token: str,
    layout: discord.ui.LayoutView,
    files: Sequence[discord.File] = (),
) -> int:
    """Make the reply look like `layout`, with `files` and no others. Returns the message's id."""
    hook = discord.Webhook.partial(application_id, token, client=client)
    with handle_message_parameters(
        view=layout, attachments=list(files), allowed_mentions=QUIET
    ) as sent:
        answer = await async_context.get().edit_original_interaction_response(
            application_id,
            token,
            session=hook.session,
            proxy=hook.proxy,
            proxy_auth=hook.proxy_auth,
            payload=sent.payload,
            multipart=sent.multipart,
            files=sent.files,
        )
    return int(answer["id"])


async def delete_reply(client: discord.Client, application_id: int, token: str) -> None:
    hook = discord.Webhook.partial(application_id, token, client=client)
    await async_context.get().delete_original_interaction_response(
        application_id,
        token,
        session=hook.session,
        proxy=hook.proxy,
        proxy_auth=hook.proxy_auth,
    )


async def whisper(
    client: discord.Client,
    application_id: int,
    token: str,
    layout: discord.ui.LayoutView,
    files: Sequence[discord.File] = (),
) -> None:
    """A follow-up that only the one who asked sees; the reply itself must stand already."""
    hook = discord.Webhook.partial(application_id, token, client=client)
    hook.type = discord.WebhookType.application  # only such may be seen by one person alone
    await hook.send(view=layout, files=files, ephemeral=True, allowed_mentions=QUIET)
