"""The link with which an admin adds the bot to a server."""


def discord_invite(token: str) -> str:
    """With no more permissions than the bot needs; "" where the token tells nothing."""
    from adapters.discord.app import application_id_of, invite_url  # noqa: PLC0415  (heavy)

    application_id = application_id_of(token)
    return invite_url(application_id) if application_id else ""
